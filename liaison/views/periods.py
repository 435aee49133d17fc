"""Rounds of feedback: the list, the boards of branches and units, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from config.lib.errors import RuleError
from config.lib.htmx import render_page_or_fragment
from config.lib.paging import page_by_key
from liaison import boards
from liaison.choices import FeedbackState, PacketState
from liaison.filters import PacketFilter
from liaison.forms.feedback import PaperForm
from liaison.models import FeedbackPacket, FeedbackPeriod
from liaison.services import checks, sending
from liaison.services import periods as service
from organizations import parameters
from organizations.access import Right, require_right
from organizations.models import Job

LIST = "单位反馈"
STATE_TONES = {
    FeedbackState.OPEN: "info",
    FeedbackState.CLOSED: "warn",
    FeedbackState.BUILT: "ok",
}


@require_GET
def period_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    rows = boards.round_rows(request.user)
    context = {
        "page_title": LIST,
        "breadcrumbs": [(LIST, "")],
        "rows": [(row, STATE_TONES[row.period.state]) for row in rows],
        "may_issue": request.user.has_right(Right.ISSUE_FEEDBACK),
    }
    return render(request, "liaison/period_list.html", context)


@require_POST
def period_open(request: HttpRequest) -> HttpResponse:
    """Open the round in hand now, as the clock would do in the morning."""
    require_right(request.user, Right.ISSUE_FEEDBACK)
    known = set(FeedbackPeriod.objects.visible_to(request.user).values_list("pk"))
    opened = service.open_period_in_hand(actor=request.user, today=timezone.localdate())
    if (opened.pk,) not in known:
        messages.success(request, f"{opened.title}反馈已开启，请各支部填写评语。")
    else:
        state = opened.get_state_display()
        note = f"{opened.title}反馈早已开启，现在是“{state}”；下一期到期末前自动开启。"
        messages.info(request, note)
    return redirect(opened)


@require_GET
def period_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of branches."""
    period = readable_period(request, pk)
    rows = boards.branch_rows(request.user, period)
    may_word = period.state == FeedbackState.OPEN and request.user.has_right(
        Right.WORD_FEEDBACK
    )
    context = _board(request, period, "branches") | {
        "rows": rows,
        "total": sum(row.total for row in rows),
        "worded": sum(row.worded for row in rows),
        "may_word": may_word,
        "is_checked": checks.is_asked_for(),
    }
    return render(request, "liaison/period_detail.html", context)


@require_GET
def period_units(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of units, for those who issue feedback."""
    period = issued_period(request, pk)
    form = PacketFilter(request.GET)
    packets = (
        FeedbackPacket.objects.visible_to(request.user)
        .filter(period=period)
        .with_state()
    )
    page = page_by_key(
        form.narrow(packets).select_related("work_unit"), request.GET, "number"
    )
    receipts = boards.receipts_of(page.rows)
    counts = boards.packet_counts(period)
    context = _board(request, period, "units") | {
        "form": form,
        "is_filtered": form.is_filtered,
        "is_searched": form.is_filtered or bool(request.GET.get("q")),
        "clear_url": request.path,
        "fragment_target": "#unit-table",
        "rows": [(packet, receipts.get(packet.pk)) for packet in page.rows],
        "page": page,
        "tiles": _tiles(counts, request.path),
        "has_packets": any(counts.values()),
        "waits_for_approval": period.approved_at is None
        and parameters.get("liaison.street_approval") == "on",
        "has_unsent": bool(counts[PacketState.UNSENT] + counts[PacketState.FAILED]),
    }
    return render_page_or_fragment(
        request, "liaison/period_units.html", "liaison/_unit_table.html", context
    )


def _tiles(counts: dict[str, int], path: str) -> list[dict[str, Any]]:
    tones = {PacketState.FAILED: "bad", PacketState.CONFIRMED: "ok"}
    return [
        {
            "label": state.label,
            "value": counts[state],
            "unit": "份",
            "url": f"{path}?state={state}",
            "tone": tones.get(state, "") if counts[state] else "",
        }
        for state in PacketState
        if counts[state] or state in {PacketState.UNSENT, PacketState.CONFIRMED}
    ]


def _board(
    request: HttpRequest, period: FeedbackPeriod, current: str
) -> dict[str, Any]:
    may_issue = request.user.has_right_at(Right.ISSUE_FEEDBACK, period.organization)
    tabs = [
        {
            "label": label,
            "url": reverse(f"liaison:{name}", args=[period.pk]),
            "is_current": key == current,
        }
        for key, label, name in (
            ("branches", "支部填写", "period-detail"),
            ("units", "单位送达", "period-units"),
        )
    ]
    return {
        "page_title": f"{service.period_of(period).title}反馈",
        "breadcrumbs": [(LIST, reverse("liaison:period-list")), (period.title, "")],
        "period": period,
        "tone": STATE_TONES[period.state],
        "tabs": tabs if may_issue else [],
        "may_issue": may_issue,
        "is_open": period.state == FeedbackState.OPEN,
        "is_built": period.state == FeedbackState.BUILT,
    }


def readable_period(request: HttpRequest, pk: int) -> FeedbackPeriod:
    rounds = FeedbackPeriod.objects.visible_to(request.user)
    return get_object_or_404(rounds.select_related("organization"), pk=pk)


def issued_period(request: HttpRequest, pk: int) -> FeedbackPeriod:
    """A round in scope that the user issues; 403 when it is only to be read."""
    period = readable_period(request, pk)
    if not request.user.has_right_at(Right.ISSUE_FEEDBACK, period.organization):
        raise PermissionDenied("反馈材料由街道工作人员生成和送达。")
    return period


# What to do next -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def period_close(request: HttpRequest, pk: int) -> HttpResponse:
    period = issued_period(request, pk)
    if period.state != FeedbackState.OPEN:
        messages.info(request, "这一期反馈已经截止。")
        return redirect(period)
    if request.method == "POST":
        service.close_period(period_id=pk, actor=request.user)
        messages.success(request, f"{period.title}反馈已截止，可以生成材料。")
        return redirect("liaison:period-units", pk)
    rows = boards.branch_rows(request.user, period)
    total, worded = (
        sum(row.total for row in rows),
        sum(row.worded for row in rows),
    )
    context = {
        "title": "截止填写",
        "breadcrumbs": _crumbs(period, "截止填写"),
        "question": f"截止{period.title}反馈的填写？",
        "facts": [
            ("填写期限", f"{period.due_on:%Y-%m-%d}"),
            ("已填写", f"{worded} / {total} 人"),
        ],
        "consequences": [
            "截止后各支部不能再写评语，也不能重新开启。",
            f"未填写的 {total - worded} 人，材料中写“社区未填写评语”。",
        ],
        "confirm_label": "截止",
        "is_danger": total > worded,
        "cancel_url": period.get_absolute_url(),
    }
    return render(request, "confirm.html", context)


@require_POST
def period_build(request: HttpRequest, pk: int) -> HttpResponse:
    return _order(request, pk, sending.request_building)


@require_POST
def period_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    return _order(request, pk, sending.request_delivery)


@require_POST
def period_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a round go out, where the street asks for that."""
    issued_period(request, pk)
    try:
        sending.approve_round(period_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已批准，可以送达。")
    return redirect("liaison:period-units", pk)


@require_POST
def period_archive(request: HttpRequest, pk: int) -> HttpResponse:
    return _order(request, pk, sending.request_archive)


def _order(request: HttpRequest, pk: int, order: Callable[..., Job]) -> HttpResponse:
    """Order a job and show its page; another person's job has none for this user."""
    issued_period(request, pk)
    try:
        job = order(period_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("liaison:period-units", pk)
    if job.requester_id != request.user.pk:
        messages.info(request, "同事已经提交了同样的任务，正在进行。")
        return redirect("liaison:period-units", pk)
    return redirect(job)


@require_http_methods(["GET", "HEAD", "POST"])
def period_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The list to print and sign, and the noting of what was handed over on paper."""
    period = issued_period(request, pk)
    waiting = (
        FeedbackPacket.objects.visible_to(request.user)
        .filter(period=period, work_unit__feedback_channel="paper")
        .to_hand_over()
    )
    page = page_by_key(waiting.select_related("work_unit"), request.GET, "number")
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        packet_ids=[packet.pk for packet in page.rows],
    )
    if request.method == "POST" and form.is_valid():
        try:
            number = sending.hand_over_on_paper(
                packet_ids=form.cleaned_data["packets"], actor=request.user
            )
        except RuleError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已登记 {number} 份纸质送达。")
            return redirect("liaison:period-paper", pk)
    context = {
        "page_title": "纸质送达清单",
        "breadcrumbs": _crumbs(period, "纸质送达清单"),
        "period": period,
        "form": form,
        "page": page,
    }
    status = 422 if form.errors else 200
    return render(request, "liaison/period_paper.html", context, status=status)


def _crumbs(period: FeedbackPeriod, last: str) -> list[tuple[str, str]]:
    return [
        (LIST, reverse("liaison:period-list")),
        (period.title, period.get_absolute_url()),
        (last, ""),
    ]
