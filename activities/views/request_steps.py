"""The steps of a resident's request: each asked for on GET, taken on POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.choices.requests import RequestState
from activities.forms.requests import (
    CheckForm,
    ClaimForm,
    DoneForm,
    PublishForm,
    WordForm,
    WordsForm,
)
from activities.models import ServiceRequest
from activities.services.claims import (
    claim_request,
    finish_request,
    give_back_request,
)
from activities.services.requests import (
    check_request,
    close_request,
    publish_request,
    refuse_request,
    withdraw_request,
)
from activities.views.request_parts import (
    crumbs,
    public_facts,
    visible_request,
)
from members.forms.refusals import refusals
from organizations.access import Right

_S = RequestState
Take = Callable[[int, Any, Any], object]


@dataclass(frozen=True)
class Step:
    """What a button says and asks, from which states, by whom, and what it does.

    `by` is "keeper" (whose request it is), "hands" (or whose people took it), "any"
    (whoever acts for a team of the street).
    """

    label: str
    states: tuple[str, ...]
    by: str
    form: type[Any]
    take: Take
    consequences: tuple[str, ...] = ()
    is_danger: bool = False


def _worded(service: Callable[..., object]) -> Take:
    return lambda pk, user, form: service(
        request_id=pk,
        words=form.cleaned_data["words"],
        version=form.cleaned_data["version"],
        actor=user,
    )


def _check(pk: int, user: Any, form: Any) -> object:
    return check_request(
        request_id=pk,
        wish=form.wish(),
        publish=form.cleaned_data["publish"],
        version=form.cleaned_data["version"],
        actor=user,
    )


def _publish(pk: int, user: Any, form: Any) -> object:
    return publish_request(
        request_id=pk, version=form.cleaned_data["version"], actor=user
    )


def _claim(pk: int, user: Any, form: Any) -> object:
    team, member = form.cleaned_data.get("team"), form.cleaned_data["member"]
    return claim_request(
        request_id=pk,
        team_id=team.pk if team else None,
        member_id=member.pk if member else None,
        version=form.cleaned_data["version"],
        actor=user,
    )


def _finish(pk: int, user: Any, form: Any) -> object:
    activity = form.cleaned_data["activity"]
    return finish_request(
        request_id=pk,
        result=form.cleaned_data["result"],
        activity_id=activity.pk if activity else None,
        deed=form.deed(),
        version=form.cleaned_data["version"],
        actor=user,
    )


def _close(pk: int, user: Any, form: Any) -> object:
    return close_request(
        request_id=pk,
        satisfaction=form.cleaned_data["satisfaction"],
        words=form.cleaned_data["words"],
        version=form.cleaned_data["version"],
        actor=user,
    )


STEPS: dict[str, Step] = {
    "check": Step(
        "核实",
        (_S.RECEIVED,),
        "keeper",
        CheckForm,
        _check,
        ("发布以后，本街道各党组织都能看到“需要什么”和所在社区，看不到需求人。",),
    ),
    "publish": Step(
        "发布",
        (_S.CHECKED,),
        "keeper",
        PublishForm,
        _publish,
        ("发布以后，本街道各党组织都能看到“需要什么”和所在社区，看不到需求人。",),
    ),
    "claim": Step(
        "认领",
        (_S.PUBLISHED,),
        "any",
        ClaimForm,
        _claim,
        ("认领以后，认领的党组织能看到需求人；办不了的可以退回。",),
    ),
    "done": Step("登记办好", (_S.CLAIMED,), "hands", DoneForm, _finish),
    "word": Step(
        "登记回访",
        (_S.DONE,),
        "keeper",
        WordForm,
        _close,
        ("登记以后这件需求办结，需求人信息到规定天数自动清除。",),
    ),
    "give-back": Step(
        "退回",
        (_S.CLAIMED,),
        "hands",
        WordsForm,
        _worded(give_back_request),
        ("退回以后重新待认领。",),
        is_danger=True,
    ),
    "refuse": Step(
        "不予受理",
        (_S.RECEIVED, _S.CHECKED),
        "keeper",
        WordsForm,
        _worded(refuse_request),
        ("记录保留，请把原因告诉居民。",),
        is_danger=True,
    ),
    "withdraw": Step(
        "撤回",
        (_S.RECEIVED, _S.CHECKED, _S.PUBLISHED, _S.CLAIMED),
        "keeper",
        WordsForm,
        _worded(withdraw_request),
        ("居民不再需要，或者登记有误的，用撤回；记录保留并注明，不再计数。",),
        is_danger=True,
    ),
}


def _may_take(step: Step, user: Any, wanted: ServiceRequest) -> bool:
    if step.by == "any":
        return user.has_right(Right.RECORD_ACTIVITIES)
    places = [wanted.organization]
    if step.by == "hands" and wanted.taker:
        places.append(wanted.taker)
    return any(user.has_right_at(Right.RECORD_ACTIVITIES, place) for place in places)


def steps_of(user: Any, wanted: ServiceRequest) -> list[dict[str, Any]]:
    """The buttons of a request's page."""
    return [
        {
            "name": name,
            "label": step.label,
            "url": reverse("activities:request-step", args=[wanted.pk, name]),
            "is_main": not step.is_danger,
        }
        for name, step in STEPS.items()
        if wanted.state in step.states and _may_take(step, user, wanted)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def request_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    row = visible_request(request, pk)
    if not _may_take(wanted, request.user, row):
        raise PermissionDenied("这件需求不由您的党组织办理。")
    if request.method != "POST" and row.state not in wanted.states:
        messages.warning(
            request,
            f"这件需求现在是“{row.get_state_display()}”，不能再“{wanted.label}”。",
        )
        return redirect(row)
    form = wanted.form(
        request.POST if request.method == "POST" else None,
        instance=row,
        user=request.user,
        initial=_initial(request, row),
    )
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: visible_request(request, pk)) as refusal:
            if form.is_valid():
                wanted.take(pk, request.user, form)
                messages.success(request, "已登记。")
                return redirect(row)
        status, row = refusal.status, refusal.latest or row
    return _page(request, row, wanted, form, status)


def _page(
    request: HttpRequest, row: ServiceRequest, step: Step, form: Any, status: int
) -> HttpResponse:
    member = form["member"].value() if "member" in form.fields else None
    who = _named(form, member) if member else ""
    context = {
        "title": step.label,
        "page_title": step.label,
        "breadcrumbs": crumbs((str(row), row.get_absolute_url()), (step.label, "")),
        "question": f"{step.label}{who}：{row.asked}",
        "consequences": step.consequences,
        "facts": public_facts(row, request.user),
        "form": form,
        "confirm_label": step.label,
        "is_danger": step.is_danger,
        "cancel_url": row.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


def _named(form: Any, member: Any) -> str:
    """Who is to take it, for whoever sees him."""
    found = form.fields["member"].queryset
    name = (
        found.filter(pk=member).values_list("name", flat=True).first()
        if str(member).isdigit()
        else None
    )
    return f"（由{name}）" if name else ""


def _initial(request: HttpRequest, row: ServiceRequest) -> dict[str, Any]:
    return {
        "asked": row.asked,
        "talent": row.talent_id,
        "needed_at": row.needed_at,
        "wanted_by": row.wanted_by,
        "publish": True,
        "member": request.GET.get("member", ""),
        "starts_at": timezone.localtime().replace(minute=0, second=0, microsecond=0),
        "hours": 1,
    }
