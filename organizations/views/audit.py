"""The audit trail, for auditors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from config.lib.htmx import FragmentMixin
from config.lib.paging import page_by_key
from organizations import audit_text
from organizations.access import Right
from organizations.filters import AuditFilter
from organizations.models import AuditEvent


class AuditListView(FragmentMixin, TemplateView):
    """Newest first, paged by key: the last page costs what the first does."""

    template_name = "organizations/audit_list.html"
    fragment_name = "organizations/_audit_table.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_right(Right.VIEW_AUDIT):
            raise PermissionDenied("只有审计员可以查看审计记录。")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        events = AuditEvent.objects.visible_to(user).select_related("organization")
        filters = AuditFilter(self.request.GET, events, user=user)
        found = filters.qs if filters.form.is_valid() else events.none()
        page = page_by_key(found, self.request.GET, descending=True)
        rows = [
            (event, audit_text.target_text(event), audit_text.details_text(event))
            for event in page.rows
        ]
        return super().get_context_data(
            rows=rows,
            form=filters.form,
            is_filtered=filters.is_filtered,
            previous_url=page.previous_url,
            next_url=page.next_url,
            clear_url=self.request.path,
            **kwargs,
        )
