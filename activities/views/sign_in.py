"""The code on the secretary's screen, and the page it leads people to."""

from __future__ import annotations

import segno
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.sign_in import SessionForm, SignInForm
from activities.models import SignIn, SignInSession
from activities.people import recordable
from activities.rules import sign_in as rules
from activities.services.sign_in import GONE, open_session, sign_in, ticket_for
from config.lib.calls import calls_this_minute
from config.lib.errors import RuleError
from organizations.access import Right

# A hall of people may stand behind one address of the office's network.
CALLS_A_MINUTE = 240


@require_http_methods(["GET", "HEAD", "POST"])
def session_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a sign-in of an organization."""
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    branch = get_object_or_404(recordable(request.user), pk=pk)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = open_session(
            organization_id=branch.pk,
            title=form.cleaned_data["title"],
            actor=request.user,
            now=timezone.now(),
        )
        return redirect(session)
    context = {
        "form": form,
        "branch": branch,
        "page_title": "扫码签到",
        "cancel_url": f"{reverse('activities:record')}?branch={branch.pk}",
        "breadcrumbs": [("活动", reverse("activities:list")), ("扫码签到", "")],
    }
    status = 422 if form.errors else 200
    return render(request, "activities/sign_in_open.html", context, status=status)


@never_cache
@require_safe
def session_show(request: HttpRequest, pk: int) -> HttpResponse:
    """The code and who has signed in; the part that changes is asked for again."""
    session = get_object_or_404(
        SignInSession.objects.visible_to(request.user).select_related("organization"),
        pk=pk,
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, session.organization):
        raise PermissionDenied
    now = timezone.now()
    is_open = session.closes_at > now and session.activity_id is None
    address = ""
    if is_open:
        code = rules.code_at(session.secret, now)
        path = reverse("activities:sign-in", args=[session.slug, code])
        address = request.build_absolute_uri(path)
    signed = SignIn.objects.visible_to(request.user).filter(session=session)
    query = urlencode({"branch": session.organization_id, "session": session.pk})
    context = {
        "session": session,
        "is_open": is_open,
        "qr_data_uri": segno.make(address, error="m").svg_data_uri(scale=8)
        if address
        else "",
        "signed": list(signed.select_related("member")),
        "record_url": f"{reverse('activities:record')}?{query}",
        "page_title": str(session),
        "breadcrumbs": [("活动", reverse("activities:list")), ("扫码签到", "")],
    }
    template = "activities/sign_in_session.html"
    if request.htmx:
        template = "activities/_sign_in_code.html"
    return render(request, template, context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visitor_sign_in(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Where the code leads: the answer is the same whoever the visitor is."""
    if calls_this_minute(request, "activities.sign_in") > CALLS_A_MINUTE:
        return _say(request, "签到的人太多，请过一分钟再扫一次二维码。", 429)
    now = timezone.now()
    if request.method != "POST":
        try:
            ticket = ticket_for(slug, code, now)
        except RuleError as error:
            return _say(request, error.text, 404)
        return _form(request, SignInForm(initial={"ticket": ticket}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        if "ticket" in form.errors:
            return _say(request, GONE, 404)
        return _form(request, form)
    try:
        sign_in(**form.cleaned_data, now=now)
    except RuleError as error:
        if error.code == "code_gone":
            return _say(request, error.text, 404)
        form.add_error("last_four", error)
        return _form(request, form)
    return _say(request, "", 200)


def _form(request: HttpRequest, form: SignInForm) -> HttpResponse:
    context = {"form": form, "heading": "活动签到"}
    status = 422 if form.errors else 200
    return render(request, "activities/sign_in_form.html", context, status=status)


def _say(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    context = {"problem": problem, "heading": "活动签到"}
    return render(request, "activities/sign_in_done.html", context, status=status)
