"""What the audit says so far."""

from organizations.models import AuditEvent


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))
