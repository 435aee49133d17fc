"""The steps of a case: what each button says and asks, and taking it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.caring import dress, facts_of
from members.choices.hardship import CaseState
from members.forms.hardship import (
    CaseStepForm,
    EndForm,
    MeetingForm,
    ReasonForm,
    RecognizeForm,
    ReviewForm,
)
from members.forms.refusals import refusals
from members.models import HardshipCase, HardshipFinding
from members.parameters.hardship import PUBLICITY_DAYS
from members.rules import hardship as rules
from members.services.hardship import (
    discuss_case,
    place_of,
    recognize_case,
    refuse_case,
    withdraw_case,
)
from members.services.hardship_reviews import end_case, review_case
from members.services.viewing import record_cases
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization, User

_FILES, _RECOGNIZES = Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP
Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What a button says and asks, who may press it, and what it does.

    `states` are those from which it goes on; `rights` any of which is enough.
    """

    label: str
    question: str
    done: str
    form: type[CaseStepForm]
    states: tuple[str, ...]
    rights: tuple[Right, ...]
    take: Callable[[HardshipCase, User, CaseStepForm], HardshipCase]
    initial: Callable[[HardshipCase, date], Data] = lambda case, today: {}
    again: str = ""
    consequences: tuple[str, ...] = ()
    is_main: bool = True
    is_danger: bool = False

    def may(self, case: HardshipCase, user: User, place: Organization) -> bool:
        return any(user.has_right_at(right, place) for right in self.rights)

    def label_for(self, case: HardshipCase) -> str:
        is_again = self.again and case.state == CaseState.DISCUSSED
        return self.again if is_again else self.label


def _meeting(case: HardshipCase, today: date) -> Data:
    if case.met_on is None:
        days = parameters.get(PUBLICITY_DAYS)
        until = today + timedelta(days=days - 1)
        return {"met_on": today, "public_from": today, "public_until": until}
    return {
        "met_on": case.met_on,
        "words": case.meeting_words,
        "public_from": case.public_from,
        "public_until": case.public_until,
        "is_eligible": True,
    }


def _found_last(case: HardshipCase, today: date) -> Data:
    found = case.findings.filter(ends_on=None).first() or HardshipFinding()
    return {
        "reviewed_on": today,
        "level": case.level,
        "household_size": found.household_size,
        "income_per_head": found.income_per_head,
    }


STEPS: dict[str, Step] = {
    "discuss": Step(
        label="登记支部讨论",
        again="更正支部讨论",
        question="支部大会已讨论{name}的申请？",
        done="已登记。公示期满没有异议的，由困难帮扶专干认定。",
        form=MeetingForm,
        states=rules.WAITING_STATES,
        rights=(_FILES,),
        initial=_meeting,
        take=lambda case, user, form: discuss_case(
            case_id=case.pk,
            meeting=form.meeting(),
            version=form.cleaned_data["version"],
            actor=user,
        ),
        consequences=("公示只写姓名、支部和级别建议，不写病情、收入等具体情况。",),
    ),
    "recognize": Step(
        label="认定",
        question="认定{name}为困难党员？",
        done="已认定，可以登记帮扶。",
        form=RecognizeForm,
        states=(CaseState.DISCUSSED,),
        rights=(_RECOGNIZES,),
        initial=lambda case, today: {
            "recognized_on": today,
            "body": str(case.street),
        },
        take=lambda case, user, form: recognize_case(
            case_id=case.pk, actor=user, **form.cleaned_data
        ),
        consequences=("认定以后每年复核一次。",),
    ),
    "review": Step(
        label="年度复核",
        question="复核{name}的困难情况？",
        done="复核已登记。",
        form=ReviewForm,
        states=(CaseState.RECOGNIZED,),
        rights=(_FILES, _RECOGNIZES),
        initial=_found_last,
        take=lambda case, user, form: review_case(
            case_id=case.pk,
            review=form.review(),
            version=form.cleaned_data["version"],
            actor=user,
        ),
        consequences=(
            "级别不变的，支部就可以登记；级别有变化、或不再困难的，由困难帮扶专干登记。",
        ),
    ),
    "refuse": Step(
        label="不予认定",
        question="{name}的申请不予认定？",
        done="已登记不予认定。",
        form=ReasonForm,
        states=rules.WAITING_STATES,
        rights=(_RECOGNIZES,),
        take=lambda case, user, form: refuse_case(
            case_id=case.pk, actor=user, **form.cleaned_data
        ),
        consequences=("申请保留并写明原因；情况有变化的可以重新申请。",),
        is_main=False,
        is_danger=True,
    ),
    "withdraw": Step(
        label="撤回申请",
        question="撤回{name}的申请？",
        done="已撤回，记录保留。",
        form=ReasonForm,
        states=rules.WAITING_STATES,
        rights=(_FILES, _RECOGNIZES),
        take=lambda case, user, form: withdraw_case(
            case_id=case.pk, actor=user, **form.cleaned_data
        ),
        is_main=False,
        is_danger=True,
    ),
    "end": Step(
        label="结束帮扶",
        question="结束对{name}的帮扶？",
        done="已结束，记录保留。",
        form=EndForm,
        states=(CaseState.RECOGNIZED,),
        rights=(_RECOGNIZES,),
        initial=lambda case, today: {"ended_on": today},
        take=lambda case, user, form: end_case(
            case_id=case.pk, actor=user, **form.cleaned_data
        ),
        consequences=("帮扶记录和历次认定都保留；再有困难的重新申请。",),
        is_main=False,
        is_danger=True,
    ),
}


def open_steps(
    case: HardshipCase, user: User, place: Organization
) -> list[dict[str, Any]]:
    """Buttons of the steps that `user` may take now."""
    return [
        {
            "label": step.label_for(case),
            "url": reverse("members:hardship-step", args=[case.pk, name]),
            "is_main": step.is_main,
        }
        for name, step in STEPS.items()
        if case.state in step.states and step.may(case, user, place)
    ]


def visible_case(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(
        HardshipCase.objects.visible_to(request.user)
        .with_branch()
        .select_related("member", "organization", "street"),
        pk=pk,
    )


def case_crumbs(case: HardshipCase, last: str) -> list[tuple[str, str]]:
    listed = ("困难党员", reverse("members:hardship-list"))
    if not last:
        return [listed, (case.member.name, "")]
    return [listed, (case.member.name, case.get_absolute_url()), (last, "")]


@require_http_methods(["GET", "POST"])
def hardship_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a case: asked for on GET, taken on POST."""
    case = visible_case(request, pk)
    if (wanted := STEPS.get(step)) is None:
        raise Http404
    if not wanted.may(case, request.user, place_of(case)):
        raise PermissionDenied("您的岗位不能办理这一步，请联系困难帮扶专干或所在支部。")
    initial = wanted.initial(case, timezone.localdate())
    form = wanted.form(request.POST or None, instance=case, initial=initial)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: visible_case(request, pk)) as refusal:
            if form.is_valid():
                wanted.take(case, request.user, form)
                messages.success(request, wanted.done)
                return redirect(case)
        status, case = refusal.status, refusal.latest or case
    (case,) = dress([case])
    record_cases(cases=[case], page="hardship", actor=request.user)
    label = wanted.label_for(case)
    context = {
        "title": label,
        "page_title": label,
        "breadcrumbs": case_crumbs(case, label),
        "question": wanted.question.format(name=case.member.name),
        "consequences": wanted.consequences,
        "facts": facts_of(case),
        "form": form,
        "confirm_label": label,
        "is_danger": wanted.is_danger,
        "cancel_url": case.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)
