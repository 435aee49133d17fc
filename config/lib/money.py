"""Money in yuan as it is shown."""

from decimal import Decimal


def yuan(amount: Decimal) -> str:
    """Return 12,000.00: two places, thousands apart."""
    return f"{amount:,.2f}"
