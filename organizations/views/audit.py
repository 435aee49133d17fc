"""The audit trail, for auditors."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from config.lib.htmx import FragmentMixin
from organizations import audit_text
from organizations.access import Right
from organizations.filters import AuditFilter
from organizations.models import AuditEvent

PAGE_SIZE = 50


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
        page, previous_url, next_url = self._page(found.order_by("-id"))
        rows = [
            (event, audit_text.target_text(event), audit_text.details_text(event))
            for event in page
        ]
        return super().get_context_data(
            rows=rows,
            form=filters.form,
            is_filtered=filters.is_filtered,
            previous_url=previous_url,
            next_url=next_url,
            clear_url=self.request.path,
            **kwargs,
        )

    def _page(self, found: QuerySet) -> tuple[list[AuditEvent], str, str]:
        """Return one page and the addresses of its neighbours, "" where none is."""
        older_than = self._key("before")
        newer_than = self._key("after")
        if newer_than is not None:
            newer = found.filter(id__gt=newer_than).order_by("id")
            page = list(newer[: PAGE_SIZE + 1])
            has_newer, has_older = len(page) > PAGE_SIZE, True
            page = page[:PAGE_SIZE][::-1]
        else:
            if older_than is not None:
                found = found.filter(id__lt=older_than)
            page = list(found[: PAGE_SIZE + 1])
            has_newer, has_older = older_than is not None, len(page) > PAGE_SIZE
            page = page[:PAGE_SIZE]
        newer_url = self._url(after=page[0].id) if page and has_newer else ""
        older_url = self._url(before=page[-1].id) if page and has_older else ""
        return page, newer_url, older_url

    def _key(self, name: str) -> int | None:
        value = self.request.GET.get(name, "")
        is_key = value.isascii() and value.isdigit() and len(value) < 19
        return int(value) if is_key else None

    def _url(self, **key: int) -> str:
        query = self.request.GET.copy()
        for name in ("before", "after"):
            query.pop(name, None)
        for name, value in key.items():
            query[name] = str(value)
        return f"{self.request.path}?{query.urlencode()}"
