"""The page of one person's membership, and the register of all that is under way."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.dates import PartialDate
from config.lib.paging import page_by_key, total_of
from members.choices import AffiliationKind
from members.choices.standing import DecisionState
from members.models import (
    Affiliation,
    LostCase,
    Member,
    MembershipDecision,
    SearchStep,
)
from members.querysets.standing import OPEN_STATES
from members.services.viewing import record_view
from members.standing import sections_for
from members.tabs import tabs
from members.views.decisions import TONES as DECISION_TONES
from members.views.lost import TONES as CASE_TONES
from members.views.members import member_crumbs, readable_member, require_right
from organizations.access import Right
from organizations.models import User

TITLE = "失联与党籍处理"
_TONES = {str(key): tone for key, tone in (DECISION_TONES | CASE_TONES).items()}


@require_GET
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """How the membership stands and how it came to that."""
    member, is_gone = readable_member(request, pk)
    record_view(member=member, page="standing", actor=request.user)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "党籍"),
        "tabs": tabs(member, "standing", request.user),
        "facts": _facts(member),
        "sections": sections_for(member, request.user, timezone.localdate()),
        "is_gone": is_gone,
    }
    return render(request, "members/standing.html", context)


def _facts(member: Member) -> list[tuple[str, object]]:
    confirmed = member.confirmed_on and PartialDate(
        member.confirmed_on, member.confirmed_precision
    )
    return [
        ("人员类别", member.get_member_type_display()),
        ("党籍状态", member.get_status_display()),
        ("入党日期", PartialDate(member.joined_on, member.joined_precision)),
        ("转正日期", confirmed or ""),
    ]


@require_GET
def standing_list(request: HttpRequest) -> HttpResponse:
    """Cases, proposals and decisions, and whom nobody was in contact with."""
    require_right(request, Right.VIEW_MEMBERS)
    user, group = request.user, request.GET.get("group", "")
    if group not in GROUPS:
        group = ""
    label, build, headings, empty = GROUPS[group]
    found, key = build(user)
    page = page_by_key(found, request.GET, key, descending=key == "pk")
    total = total_of(page, found)
    address = reverse("members:standing-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("党员名册", reverse("members:list")), (TITLE, "")],
        "group": group,
        "caption": label,
        "headings": headings,
        "empty": empty,
        "page": page,
        "total": total,
        "may_edit": user.has_right(Right.EDIT_MEMBERS),
        "tabs": [
            {
                "label": label,
                "url": f"{address}?group={name}" if name else address,
                "is_current": name == group,
            }
            for name, (label, *_) in GROUPS.items()
        ],
    }
    for row in page.rows:
        row.tone = _TONES.get(getattr(row, "state", ""), "mute")
    return render(request, "members/standing_list.html", context)


def _cases(user: User) -> tuple[QuerySet, str]:
    last = SearchStep.objects.visible_to(user).filter(case=OuterRef("pk"))
    cases = LostCase.objects.visible_to(user).open()
    cases = cases.select_related("member", "organization").annotate(
        searched_on=Subquery(last.values("taken_on")[:1])
    )
    return cases, "since"


def _closed(user: User) -> tuple[QuerySet, str]:
    closed = LostCase.objects.visible_to(user).exclude(state__in=OPEN_STATES)
    return closed.select_related("member", "organization"), "pk"


def _waiting(user: User) -> tuple[QuerySet, str]:
    waiting = MembershipDecision.objects.visible_to(user).waiting()
    return waiting.select_related("member", "organization"), "meeting_on"


def _decided(user: User) -> tuple[QuerySet, str]:
    decided = MembershipDecision.objects.visible_to(user).exclude(
        state=DecisionState.PROPOSED
    )
    return decided.select_related("member", "organization"), "pk"


def _silent(user: User) -> tuple[QuerySet, str]:
    rolls = Affiliation.objects.visible_to(user).open()
    silent = rolls.filter(
        kind=AffiliationKind.ON_ROLL, member__out_of_touch__isnull=False
    )
    silent = silent.select_related("member__out_of_touch", "organization")
    return silent, "member__out_of_touch__since"


# Key -> label, rows and their order, headings, what to say where there is none.
GROUPS: dict[str, tuple[str, Any, list[str], str]] = {
    "": (
        "失联处置",
        _cases,
        ["姓名", "党支部", "失去联系", "失联原因", "最近查找", "状态"],
        "没有在办的失联处置。失联的，在“久未联系”中或党员的“党籍”页登记。",
    ),
    "silent": (
        "久未联系",
        _silent,
        ["姓名", "党支部", "最后联系", "办理"],
        "在册党员都有联系。联系记录和参加活动都算联系。",
    ),
    "waiting": (
        "待批准",
        _waiting,
        ["姓名", "党支部", "处理", "支部大会", "状态"],
        "没有等待批准的党籍处理。",
    ),
    "decided": (
        "已办理",
        _decided,
        ["姓名", "党支部", "处理", "批准日期", "状态"],
        "还没有办理过党籍处理。",
    ),
    "closed": (
        "失联已办结",
        _closed,
        ["姓名", "党支部", "失去联系", "失联原因", "办结日期", "状态"],
        "还没有办结的失联处置。",
    ),
}
