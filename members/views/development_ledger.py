"""The ledgers of the way into the Party, to be printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from members.choices.development import Outcome, Stage, StepKind
from members.models import Applicant, DevelopmentStep
from members.views.development import crumbs, probationers
from members.views.members import require_right
from organizations.access import Right

# More than a street has; a page that prints more would not be read.
_MOST = 2000
_PERSON = ("姓名", "性别", "民族", "出生日期", "学历", "单位和职务", "党支部")

Rows = list[list[Any]]


@dataclass(frozen=True)
class Ledger:
    """One list: its title, what stands beside the person, and the rows of a year."""

    title: str
    headings: tuple[str, ...]
    rows: Callable[[Any, date], Rows]
    is_yearly: bool = False


def _person(one: Any, branch: Any) -> list[Any]:
    return [
        one.name,
        one.get_sex_display(),
        one.get_ethnicity_display(),
        one.born_on,
        one.get_education_display(),
        one.job_title,
        branch,
    ]


def _at(stage: str, *days: str) -> Callable[[Any, date], Rows]:
    def rows(user: Any, year: date) -> Rows:
        found = Applicant.objects.visible_to(user).filter(stage=stage)
        ordered = found.select_related("organization").order_by(
            "organization__path", "name_pinyin", "pk"
        )
        return [
            [*_person(one, one.organization), *(getattr(one, day) for day in days)]
            for one in ordered[:_MOST]
        ]

    return rows


def _on_probation(user: Any, year: date) -> Rows:
    found = probationers(user).with_branch().order_by("joined_on", "pk")
    return [
        [
            *_person(member, member.branch_name),
            member.joined_on,
            member.probation_ends_on,
            "是" if member.probation_extended_to else "",
        ]
        for member in found[:_MOST]
    ]


def _admitted(user: Any, year: date) -> Rows:
    found = Applicant.objects.visible_to(user).filter(
        stage=Stage.ADMITTED,
        passed_on__gte=year,
        passed_on__lt=year.replace(year=year.year + 1),
    )
    ordered = found.select_related("organization").order_by("passed_on", "pk")
    return [
        [*_person(one, one.organization), one.applied_on, one.passed_on]
        for one in ordered[:_MOST]
    ]


def _confirmed(user: Any, year: date) -> Rows:
    found = (
        DevelopmentStep.objects.visible_to(user)
        .counted()
        .filter(
            kind=StepKind.DECISION,
            decides=StepKind.CONFIRM,
            outcome=Outcome.YES,
            taken_on__gte=year,
            taken_on__lt=year.replace(year=year.year + 1),
        )
    )
    ordered = found.select_related("organization", "member").order_by("taken_on", "pk")
    return [
        [
            *_person(step.member, step.organization),
            step.member.joined_on,
            step.member.confirmed_on,
            step.taken_on,
        ]
        for step in ordered[:_MOST]
    ]


_LEDGERS: dict[str, Ledger] = {
    Stage.APPLICANT: Ledger(
        "入党申请人", ("申请日期",), _at(Stage.APPLICANT, "applied_on")
    ),
    Stage.ACTIVIST: Ledger(
        "入党积极分子",
        ("申请日期", "确定日期"),
        _at(Stage.ACTIVIST, "applied_on", "activist_on"),
    ),
    Stage.CANDIDATE: Ledger(
        "发展对象",
        ("申请日期", "确定为积极分子", "列为发展对象"),
        _at(Stage.CANDIDATE, "applied_on", "activist_on", "candidate_on"),
    ),
    "probation": Ledger("预备党员", ("入党日期", "预备期至", "延长"), _on_probation),
    "admitted": Ledger("年度新发展", ("申请日期", "支部大会日期"), _admitted, True),
    "confirmed": Ledger(
        "年度转正", ("入党日期", "转正日期", "审批日期"), _confirmed, True
    ),
}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """One of the ledgers, all of it on one page."""
    require_right(request, Right.VIEW_MEMBERS)
    today = timezone.localdate()
    key = request.GET.get("list", "")
    key = key if key in _LEDGERS else Stage.APPLICANT.value
    chosen = _LEDGERS[key]
    text = request.GET.get("year", "")
    year = int(text) if text.isdigit() and len(text) == 4 else today.year
    year = min(max(year, 1921), today.year)
    rows = chosen.rows(request.user, date(year, 1, 1))
    address = reverse("members:development-ledger")
    title = f"{year}年{chosen.title}" if chosen.is_yearly else chosen.title
    context = {
        "page_title": f"{title}台账",
        "breadcrumbs": crumbs("台账"),
        "tabs": [
            {
                "label": each.title,
                "url": f"{address}?list={name}",
                "is_current": name == key,
            }
            for name, each in _LEDGERS.items()
        ],
        "headings": ["序号", *_PERSON, *chosen.headings],
        "rows": [[n, *map(_text, row)] for n, row in enumerate(rows, start=1)],
        "made_on": today,
        "is_cut": len(rows) == _MOST,
        "years": [
            (each, f"{address}?list={key}&year={each}")
            for each in range(today.year, today.year - 5, -1)
        ]
        if chosen.is_yearly
        else [],
    }
    return render(request, "members/ledger.html", context)
