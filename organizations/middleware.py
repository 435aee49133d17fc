"""What every request passes: timeouts, account steps, no-store, address, denials."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import urlencode
from django.views.defaults import page_not_found

from organizations import audit, passwords
from organizations.choices import AuditAction, AuditResult

STARTED_KEY = "session_started"
SEEN_KEY = "session_seen"

# How exact the idle time is kept; fewer writes of the session row.
SEEN_STEP_SECONDS = 60

# Pages that ask by themselves: being open is not being used.
PASSIVE_VIEWS = frozenset({"organizations:job-status"})
# Reachable before the account's own steps are done, beside the step itself.
OPEN_VIEWS = frozenset({"logout", "login", "big-type", "healthz"})

GetResponse = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)


def start_session_clock(session, now: float | None = None) -> None:
    """Write the moment of login into the session; the absolute limit starts here."""
    session[STARTED_KEY] = session[SEEN_KEY] = int(now or time.time())


class _ViewMiddleware:
    """Base for hooks that need the resolved view and the messages framework."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class SessionTimeoutMiddleware(_ViewMiddleware):
    """End a session left idle, or one that has lasted its time."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.headers.get("Location", "")
        # htmx would swap the login page into the middle of the one shown.
        if location.startswith(resolve_url(settings.LOGIN_URL)) and _is_htmx(request):
            # This answer, not a new one: it carries no-store and its like already.
            response.status_code = 200
            response.headers["HX-Redirect"] = resolve_url(settings.LOGIN_URL)
            del response.headers["Location"]
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now = int(time.time())
        started = request.session.get(STARTED_KEY, 0)
        seen = request.session.get(SEEN_KEY, 0)
        if now - started >= settings.SESSION_ABSOLUTE_SECONDS:
            hours = settings.SESSION_ABSOLUTE_SECONDS // 3600
            return self._end(request, view, f"登录已满 {hours} 小时，请重新登录。")
        if now - seen >= settings.SESSION_IDLE_SECONDS:
            minutes = settings.SESSION_IDLE_SECONDS // 60
            text = f"您已超过 {minutes} 分钟没有操作，为安全起见请重新登录。"
            return self._end(request, view, text)
        is_passive = request.resolver_match.view_name in PASSIVE_VIEWS
        if now - seen >= SEEN_STEP_SECONDS and not (is_passive and _is_htmx(request)):
            request.session[SEEN_KEY] = now
        return None

    def _end(self, request, view, text: str) -> HttpResponse | None:
        logout(request)
        if not getattr(view, "login_required", True):
            # The API and public pages answer an anonymous caller themselves.
            request.user = AnonymousUser()
            return None
        messages.warning(request, text)
        return _leave(request)


class AccountStepsMiddleware(_ViewMiddleware):
    """The code from the phone, then an own password, then a phone; then the portal."""

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        view_name = request.resolver_match.view_name
        step = "" if view_name in OPEN_VIEWS else self._missing_step(request)
        if step in {"", view_name}:
            return None
        if hasattr(view, "cls"):  # a view of the API
            return JsonResponse({"detail": "请先在网页上完成账号设置。"}, status=403)
        if not getattr(view, "login_required", True):
            return None
        target = resolve_url(step)
        if request.method == "GET":
            target = f"{target}?{urlencode({'next': request.get_full_path()})}"
        return _go(request, target)

    def _missing_step(self, request: HttpRequest) -> str:
        """Return the URL name of the step to do next, "" when none is left."""
        user = request.user
        if user.totp_on and not user.is_verified():
            return "totp-verify"
        if user.must_change_password or passwords.is_expired(user, timezone.now()):
            return "password-change"
        if not user.totp_on and is_totp_required(user):
            return "totp-setup"
        return ""


def is_totp_required(user) -> bool:
    """Whether one of the user's roles must use a second factor here."""
    roles = settings.TOTP_REQUIRED_ROLES
    return bool(roles) and any(post.role in roles for post in user.current_posts)


class MissingMiddleware(_ViewMiddleware):
    """Answer 404 where a service does not find what the view had just found.

    Between the two somebody else ended the relation or moved the branch: what is out
    of scope is as if it were not there.
    """

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, ObjectDoesNotExist):
            return None
        if isinstance(exception, AttributeError):
            return None  # a related object that the code took for granted: a fault
        logger.info("%s is gone while being asked for", request.path)
        return page_not_found(request, exception)


class NoStoreMiddleware(_ViewMiddleware):
    """Keep pages out of every cache, note the address, record refusals."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = audit.current_address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            response = self.get_response(request)
            if response.status_code == 403 and request.user.is_authenticated:
                audit.record(
                    actor=request.user,
                    action=AuditAction.DENIED,
                    result=AuditResult.DENIED,
                    # The path holds ids only; the query might hold a name.
                    details={"method": request.method, "path": request.path[:200]},
                )
        finally:
            audit.current_address.reset(token)
        if response.status_code == 405 and request.method == "GET":
            _explain(request, response)
        response.headers["Cache-Control"] = "no-store"
        return response


def _explain(request: HttpRequest, response: HttpResponse) -> None:
    """Give an empty 405 a page: a browser shows its own, blank and in English.

    It comes of reloading or keeping the address of what is done by a button.
    """
    if not response.content:
        response.content = render_to_string("405.html", request=request)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _leave(request: HttpRequest) -> HttpResponse:
    """Send to the login page, and back to this page after it where that is safe."""
    target = resolve_url(settings.LOGIN_URL)
    if request.method == "GET" and not _is_htmx(request):
        target = f"{target}?{urlencode({'next': request.get_full_path()})}"
    return _go(request, target)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if _is_htmx(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
