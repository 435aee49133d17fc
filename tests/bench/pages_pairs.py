"""Pages of pair building, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from liaison.models import Pair
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def pair_pages(street: Street) -> Iterator[Page]:
    pair = Pair.objects.filter(organization=street.communities[0]).first()
    assert pair is not None
    task = pair.tasks.first()
    assert task is not None
    lists = reverse("liaison:pair-list")
    found = {
        "结对共建": lists,
        "结对共建 没有计划": f"{lists}?group=unplanned",
        "结对共建 久无活动": f"{lists}?group=idle",
        "结对共建 全部": f"{lists}?group=all&field=culture",
        "结对推荐": reverse("liaison:pair-suggestions"),
        "结对示意图": reverse("liaison:pair-map"),
        "登记结对": reverse("liaison:pair-add"),
        "结对共建 一对": pair.get_absolute_url(),
        "结对共建 修改": reverse("liaison:pair-edit", args=[pair.pk]),
        "结对共建 列入活动": reverse("liaison:pair-activity-add", args=[pair.pk]),
        "结对共建 计划事项": reverse("liaison:pair-task-edit", args=[task.pk]),
    }
    for role in ("staff", "community"):
        for name, url in found.items():
            yield name, role, url
