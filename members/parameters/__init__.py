"""What the committee may set for members."""

from members.parameters.people import (
    AGE_BANDS,
    AGE_SLOTS,
)
from members.parameters.transfers import (
    EXPIRY_NOTICE,
    LIMBO_DAYS,
    MOST_DAYS,
    RECEIPT_DAYS,
    USUAL_DAYS,
)

__all__ = [
    "AGE_BANDS",
    "AGE_SLOTS",
    "EXPIRY_NOTICE",
    "LIMBO_DAYS",
    "MOST_DAYS",
    "RECEIPT_DAYS",
    "USUAL_DAYS",
]
