"""Views that belong to no app: reading preferences and error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

BIG_TYPE_COOKIE = "big_type"
ONE_YEAR_SECONDS = 365 * 24 * 60 * 60


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return the `next` parameter where it stays on this host, else `default`."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_safe else default


@login_not_required
@require_POST
def toggle_big_type(request: HttpRequest) -> HttpResponse:
    """Switch the big type on or off for this browser and go back to the page.

    Open to visitors too: the login page is where small type hurts first.
    """
    response = redirect(safe_next(request))
    if request.COOKIES.get(BIG_TYPE_COOKIE) == "1":
        response.delete_cookie(BIG_TYPE_COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            BIG_TYPE_COOKIE,
            "1",
            max_age=ONE_YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@login_not_required
def admin_login(request: HttpRequest) -> HttpResponse:
    """Send the admin's own login page to the portal's, which locks and times out."""
    query = urlencode({"next": safe_next(request, default="/admin/")})
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in Chinese why a form was refused; the technical reason stays in the log."""
    return render(request, "403_csrf.html", status=403)
