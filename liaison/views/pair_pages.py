"""What pages of pairs share: crumbs, scope, how things stand."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from liaison.choices.agreements import OBLIGATION_TONES, ObligationState
from liaison.models import Pair, PairTask
from organizations.access import Right, require

TITLE = "结对共建"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("liaison:pair-list")), *steps]


def pair_crumbs(pair: Pair, here: str) -> list[tuple[str, str]]:
    return crumbs((pair.title, pair.get_absolute_url()), (here, ""))


def kept_pair(request: HttpRequest, pk: int) -> Pair:
    """The pair, where the user keeps it."""
    pair = get_object_or_404(
        Pair.objects.visible_to(request.user).select_related(
            "organization", "agreement"
        ),
        pk=pk,
    )
    require(request.user, Right.KEEP_AGREEMENTS, pair.organization)
    return pair


def kept_task(request: HttpRequest, pk: int) -> PairTask:
    task = get_object_or_404(PairTask.objects.visible_to(request.user), pk=pk)
    task.pair = kept_pair(request, task.pair_id)
    return task


def tasks_of(pair: Pair) -> list[Any]:
    """Planned items by their days, with `state`, `state_label` and `state_tone`."""
    rows = pair.tasks.with_done().select_related(
        "partner__unit", "partner__organization"
    )
    if pair.ended_on is not None:
        rows = rows.filter(due_on__lt=pair.ended_on)
    found = list(rows)
    for task in found:
        state = ObligationState(task.state_on(timezone.localdate()))
        task.state, task.state_tone = state, OBLIGATION_TONES[state]
        task.state_label = "已取消" if state == ObligationState.WAIVED else state.label
        task.side = str(task.partner) if task.partner else "社区"
    return found
