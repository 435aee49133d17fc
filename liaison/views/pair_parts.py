"""Parts of a pair: items of the plan, activities, what came of a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from activities.models import Activity
from liaison.forms.pairs import (
    OutcomeForm,
    PairActivityForm,
    PairReasonForm,
    TaskForm,
)
from liaison.models import Pair, PairActivity, PairPartner
from liaison.services.pair_parts import (
    add_activity,
    amend_task,
    plan_task,
    take_activity_out,
    waive_task,
    write_outcome,
)
from liaison.views.pair_pages import kept_pair, kept_task, pair_crumbs
from members.views.asking import confirm_page, form_page

MOST_OFFERED = 200


def _partners(pair: Pair) -> list[PairPartner]:
    return list(pair.partners.select_related("unit", "organization"))


@require_http_methods(["GET", "HEAD", "POST"])
def task_add(request: HttpRequest, pk: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    form = TaskForm(
        request.POST or None, partners=_partners(pair), today=timezone.localdate()
    )
    return form_page(
        request,
        form,
        "添加计划事项",
        pair_crumbs(pair, "添加计划事项"),
        pair.get_absolute_url(),
        lambda data: plan_task(
            pair_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已列入计划。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    task = kept_task(request, pk)
    form = TaskForm(
        request.POST or None,
        partners=_partners(task.pair),
        today=timezone.localdate(),
        task=task,
    )
    return form_page(
        request,
        form,
        "修改计划事项",
        pair_crumbs(task.pair, "修改计划事项"),
        task.pair.get_absolute_url(),
        lambda data: amend_task(
            task_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept_task(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def task_waive(request: HttpRequest, pk: int) -> HttpResponse:
    task = kept_task(request, pk)
    return confirm_page(
        request,
        PairReasonForm(request.POST or None),
        "取消这一项",
        pair_crumbs(task.pair, "取消计划事项"),
        task.pair.get_absolute_url(),
        f"不再办“{task}”（{task.due_text}）？",
        ["这一项留在计划里，写明原因，不再提醒。"],
        lambda data: waive_task(task_id=pk, actor=request.user, **data),
        "已取消这一项。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pair_activity_add(request: HttpRequest, pk: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    form = PairActivityForm(
        request.POST or None,
        offered=_offered(request, pair),
        tasks=list(pair.tasks.filter(waived_at__isnull=True)),
        initial={"task": request.GET.get("task", "")},
    )
    return form_page(
        request,
        form,
        "列入活动",
        pair_crumbs(pair, "列入活动"),
        pair.get_absolute_url(),
        lambda data: add_activity(
            pair_id=pk,
            activity_id=data["activity"],
            task_id=data["task"],
            actor=request.user,
        ),
        "已列入这个对子的活动。",
        form_note="活动照常在“活动”里登记一次，在这里选上即可，不用另填。",
    )


def _offered(request: HttpRequest, pair: Pair) -> list[tuple[int, str]]:
    """Activities held while the pair stood, the latest first."""
    rows = (
        Activity.objects.visible_to(request.user)
        .lying_below([pair.organization.path])
        .held()
        .filter(held_on__gte=pair.starts_on)
    )
    if pair.ended_on is not None:
        rows = rows.filter(held_on__lt=pair.ended_on)
    found = rows.order_by("-held_on", "-pk").values_list("pk", "title", "held_on")
    return [(key, f"{day} {title}") for key, title, day in found[:MOST_OFFERED]]


@require_POST
def pair_activity_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PairActivity.objects.visible_to(request.user), pk=pk)
    kept_pair(request, row.pair_id)
    pair = take_activity_out(pair_activity_id=pk, actor=request.user)
    messages.success(request, "已移出这个对子，活动记录不变。")
    return redirect(pair)


@require_http_methods(["GET", "HEAD", "POST"])
def pair_outcome(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    pair = kept_pair(request, pk)
    if not pair.starts_on.year <= year <= timezone.localdate().year:
        raise Http404
    written = pair.outcomes.filter(year=year).first()
    form = OutcomeForm(
        request.POST or None,
        initial={
            "words": written.words if written else "",
            "version": written.version if written else 0,
        },
    )
    return form_page(
        request,
        form,
        f"{year}年的成效",
        pair_crumbs(pair, f"{year}年的成效"),
        pair.get_absolute_url(),
        lambda data: write_outcome(pair_id=pk, year=year, actor=request.user, **data),
        "已保存。",
        latest=lambda: pair.outcomes.get(year=year),
    )
