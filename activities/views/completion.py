"""Who has fulfilled what: members by item, branches by level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from activities.completion import (
    audience,
    branch_progress,
    progress_of_people,
)
from activities.models import Pledge, Program, ProgramItem
from activities.unfinished import ANY_ITEM, PLEDGED, lacking, wanted_items
from config.lib.errors import RuleError
from config.lib.paging import capped_count, page_by_key
from config.lib.periods import Month, Period, parse_period, period_containing
from members.models import Affiliation
from organizations.access import Right
from organizations.choices import OrganizationKind
from organizations.models import Organization

PERIODS_OFFERED = 4
# More names than this are no list to call up: each place prints its own.
MOST_REMINDED = 1000


@dataclass(frozen=True)
class Question:
    """What the page shows: `on` is the day whose people count, None for today's."""

    program: Program
    period: Period
    end: date
    on: date | None
    month: Month | None
    # "" for everybody, "any" or the key of an item for those who lack it, "pledged"
    # for those who lack what they took upon themselves.
    missing: str = ""

    @property
    def items(self) -> list[ProgramItem]:
        return list(self.program.items.all())

    @property
    def missing_items(self) -> list[ProgramItem]:
        return wanted_items(self.items, self.missing)


@require_safe
def completion(request: HttpRequest) -> HttpResponse:
    programs = _programs(request)
    if not programs:
        return render(request, "activities/completion.html", {"programs": []})
    asked = _question(request, programs, timezone.localdate())
    node = _node(request)
    context = _choosers(request, programs, asked, node)
    is_branch = node is not None and node.kind == OrganizationKind.BRANCH
    by_member = bool(asked.missing) or request.GET.get("by") == "member"
    if is_branch or (node is not None and by_member):
        context |= _members(request, asked, node)
    else:
        context |= _places(request, asked, node)
    context["not_started"] = context["total"] - context["started"]
    return render(request, "activities/completion.html", context)


@require_safe
def reminder(request: HttpRequest) -> HttpResponse:
    """Who lacks what, by branch and name, to print and to call up."""
    programs = _programs(request)
    node = _node(request)
    if not programs or node is None:
        return redirect("activities:completion")
    asked = _question(request, programs, timezone.localdate())
    if not asked.missing:
        asked = replace(asked, missing=ANY_ITEM)
    here = _below(request, node)
    people = lacking(
        audience(asked.program, here, asked.on),
        asked.missing_items,
        asked.period.start,
        asked.end,
        pledged=asked.missing == PLEDGED,
    )
    found = list(
        people.select_related("member", "organization").order_by(
            "organization__path", "member__name_pinyin", "member_id"
        )[: MOST_REMINDED + 1]
    )
    shown = found[:MOST_REMINDED]
    context = {
        "asked": asked,
        "node": node,
        "lines": _lines(asked, shown),
        "is_cut": len(found) > MOST_REMINDED,
        "most": MOST_REMINDED,
        "today": timezone.localdate(),
        "breadcrumbs": [
            ("项目完成", _url(asked)),
            (str(node), _url(asked, node)),
            ("催办名单", ""),
        ],
    }
    return render(request, "activities/reminder.html", context)


def _lines(asked: Question, rows: list[Affiliation]) -> list[dict[str, Any]]:
    people = [(row.member_id, row.member.name, row.organization_id) for row in rows]
    progress = progress_of_people(asked.program, people, asked.period.start, asked.end)
    wanted = {item.pk for item in asked.missing_items}
    return [
        {
            "member": row.member,
            "branch": row.organization,
            "missing": [
                item
                for item in one.items
                if item.item_id in wanted and not item.is_done
            ],
        }
        for row, one in zip(rows, progress, strict=True)
    ]


def _programs(request: HttpRequest) -> list[Program]:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    return list(
        Program.objects.prefetch_related("items").order_by(
            "sort_order", "key", "valid_from"
        )
    )


def _question(request: HttpRequest, programs: list[Program], today: date) -> Question:
    lines = {program.line for program in programs}
    line = request.GET.get("program", "")
    if line not in lines:
        line = programs[0].line
    month = _parsed(request, "month")
    month = month if isinstance(month, Month) else None
    wanted = month or _parsed(request, "period")
    day = min(wanted.end - timedelta(days=1), today) if wanted else today
    if month:
        day = month.end - timedelta(days=1)
    versions = [program for program in programs if program.line == line]
    in_force = [program for program in versions if program.is_in_force(day)]
    program = (in_force or versions)[-1]
    period = period_containing(program.period, day)
    asked = Question(
        program=program,
        period=period,
        end=month.end if month else period.end,
        on=day if month else None,
        month=month,
        missing=request.GET.get("missing", ""),
    )
    # An item of the program shown before, say: everybody then.
    return asked if asked.missing_items else replace(asked, missing="")


def _parsed(request: HttpRequest, name: str) -> Period | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return parse_period(text)
    except RuleError:
        raise Http404 from None


def _node(request: HttpRequest) -> Organization | None:
    """The place asked for, or the user's own; None where he has several."""
    seen = Organization.objects.with_members_visible_to(request.user)
    wanted = request.GET.get("organization", "")
    if wanted:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
            raise Http404
        return get_object_or_404(seen, pk=wanted)
    roots = list(seen.filter(path__in=request.user.member_paths)[:2])
    return roots[0] if len(roots) == 1 else None


def _choosers(
    request: HttpRequest,
    programs: list[Program],
    asked: Question,
    node: Organization | None,
) -> dict[str, Any]:
    periods = [period_containing(asked.program.period, timezone.localdate())]
    while len(periods) < PERIODS_OFFERED:
        periods.append(periods[-1].previous())
    if asked.period not in periods:
        periods.append(asked.period)
    newest = {program.line: program.name for program in programs}
    crumbs = [("项目完成", _url(asked))]
    if node is not None:
        above = Organization.objects.ancestors_of(node.path)
        seen = above & Organization.objects.with_members_visible_to(request.user)
        crumbs += [(str(one), _url(asked, one)) for one in seen]
    return {
        "asked": asked,
        "node": node,
        "programs": [
            {"line": line, "name": name, "is_current": line == asked.program.line}
            for line, name in newest.items()
        ],
        "periods": [
            {
                "label": period.label,
                "title": period.title,
                "is_current": period == asked.period,
            }
            for period in periods
        ],
        "items": asked.items,
        "missing_title": _missing_title(asked),
        "missing_choices": _missing_choices(asked) if node else [],
        "reminder_url": _reminder_url(asked, node) if node else "",
        "breadcrumbs": crumbs,
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }


def _missing_choices(asked: Question) -> list[dict[str, Any]]:
    choices = [
        ("", "全部对象"),
        (ANY_ITEM, "未全部完成"),
        (PLEDGED, "认领了还没有做到"),
    ]
    choices += [(item.key, f"缺：{item.name}") for item in asked.items]
    return [
        {"value": value, "label": label, "is_current": value == asked.missing}
        for value, label in choices
    ]


def _missing_title(asked: Question) -> str:
    current = [one for one in _missing_choices(asked) if one["is_current"]]
    return str(current[0]["label"])


def _reminder_url(asked: Question, node: Organization) -> str:
    query = _url(asked, node, missing=asked.missing or ANY_ITEM).partition("?")[2]
    return f"{reverse('activities:completion-reminder')}?{query}"


def _url(asked: Question, node: Organization | None = None, **more: str) -> str:
    query = {"program": asked.program.line}
    if asked.month:
        query["month"] = asked.month.label
    else:
        query["period"] = asked.period.label
    if node is not None:
        query["organization"] = str(node.pk)
    return f"{reverse('activities:completion')}?{urlencode(query | more)}"


def _below(request: HttpRequest, node: Organization | None) -> QuerySet[Organization]:
    seen = Organization.objects.with_members_visible_to(request.user)
    return seen if node is None else seen & Organization.objects.subtree(node)


def _members(
    request: HttpRequest, asked: Question, node: Organization
) -> dict[str, Any]:
    here = _below(request, node)
    people = audience(asked.program, here, asked.on)
    if asked.missing:
        wanted, start = asked.missing_items, asked.period.start
        is_pledged = asked.missing == PLEDGED
        people = lacking(people, wanted, start, asked.end, pledged=is_pledged)
    page = page_by_key(
        people.select_related("member", "organization"),
        request.GET,
        "member__name_pinyin",
    )
    names = [(row.member_id, row.member.name, row.organization_id) for row in page.rows]
    progress = progress_of_people(asked.program, names, asked.period.start, asked.end)
    sums = branch_progress(asked.program, here, asked.period.start, asked.end, asked.on)
    pledged = Pledge.objects.visible_to(request.user).standing()
    taken = set(
        pledged.filter(
            member__in=[row.member_id for row in page.rows],
            item__program=asked.program,
            starts_on=asked.period.start,
        ).values_list("member_id", "item_id")
    )
    rows = [
        {
            "member": affiliation.member,
            "branch": affiliation.organization,
            "progress": one,
            "pledged": {item for member, item in taken if member == one.member_id},
        }
        for affiliation, one in zip(page.rows, progress, strict=True)
    ]
    return {
        "rows": rows,
        "shows_branch": node.kind != OrganizationKind.BRANCH,
        "total": sum(row.audience for row in sums),
        "complete": sum(row.complete for row in sums),
        "started": sum(row.started for row in sums),
        "found": capped_count(people) if asked.missing else "",
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "by_member": True,
    }


def _places(
    request: HttpRequest, asked: Question, node: Organization | None
) -> dict[str, Any]:
    """Children of the node (or the user's own roots), each with all below it."""
    seen = _below(request, node)
    path_of = dict(seen.order_by().values_list("pk", "path"))
    progress = {
        row.organization_id: row
        for row in branch_progress(
            asked.program, seen, asked.period.start, asked.end, asked.on
        )
    }
    here = Q(path__in=request.user.member_paths) if node is None else Q(parent=node)
    rows = []
    for child in seen.filter(here).order_by("path"):
        own = [
            row for pk, row in progress.items() if path_of[pk].startswith(child.path)
        ]
        if child.is_open or own:
            rows.append(_place_row(child, own, _url(asked, child)))
    if node is not None and node.pk in progress:
        url = _url(asked, node, by="member")
        rows.insert(0, _place_row(node, [progress[node.pk]], url, "本级"))
    totals = _place_row(node, list(progress.values()), "")
    return {
        "places": rows,
        "total": totals["audience"],
        "complete": totals["complete"],
        "started": totals["started"],
        "members_url": _url(asked, node, by="member") if node else "",
    }


def _place_row(
    place: Any, parts: list[Any], url: str, note: str = ""
) -> dict[str, Any]:
    return {
        "place": place,
        "note": note,
        "url": url,
        "audience": sum(part.audience for part in parts),
        "complete": sum(part.complete for part in parts),
        "started": sum(part.started for part in parts),
    }
