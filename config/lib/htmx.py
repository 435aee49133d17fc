"""Serve one view both as a whole page and as the fragment htmx swaps in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of the page it already shows.

    A boosted link and a restored history entry both need the whole page.
    """
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page_or_fragment(
    request: HttpRequest,
    template_name: str,
    fragment_name: str,
    context: dict[str, Any] | None = None,
    status: int | None = None,
) -> HttpResponse:
    """Render `fragment_name` for htmx and `template_name` for everybody else."""
    name = fragment_name if wants_fragment(request) else template_name
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


class FragmentMixin:
    """Pick `fragment_name` for htmx in a class-based view with templates."""

    request: HttpRequest
    fragment_name: str = ""

    def get_template_names(self) -> list[str]:
        if self.fragment_name and wants_fragment(self.request):
            return [self.fragment_name]
        return super().get_template_names()  # type: ignore[misc]

    def render_to_response(self, context, **response_kwargs):
        response = super().render_to_response(context, **response_kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response
