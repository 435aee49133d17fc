from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from organizations import audit_text
from organizations.access import Right
from organizations.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyScopedAdmin):
    """Auditors have their own page; here for a role that has both."""

    view_right = Right.VIEW_AUDIT
    list_display = ["at", "actor_label", "action", "result", "target", "address"]
    list_filter = ["action", "result"]
    date_hierarchy = "at"
    fields = [*list_display, "organization", "content"]
    readonly_fields = ["target", "content"]

    def place_of(self, obj: AuditEvent) -> None:
        return None

    @admin.display(description="对象")
    def target(self, event: AuditEvent) -> str:
        return audit_text.target_text(event)

    @admin.display(description="内容")
    def content(self, event: AuditEvent) -> str:
        return audit_text.details_text(event)
