"""Pages of homes that are visited, and of democratic reviews."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from activities.models import (
    Review,
    VisitMatter,
)
from organizations.models import Organization
from tests.bench.street import Street

Page = tuple[str, str, str]  # name, who opens it, address


def home_pages(street: Street) -> Iterator[Page]:
    """One household, a visit to it, and what was asked for."""
    matter = (
        VisitMatter.objects.filter(visit__organization=street.branches[0])
        .select_related("visit__household")
        .order_by("pk")
        .first()
    )
    assert matter is not None
    home = matter.visit.household
    found = {
        "住户": home.get_absolute_url(),
        "记一次走访": f"{reverse('activities:visit-record')}?household={home.pk}",
        "一次走访": matter.visit.get_absolute_url(),
        "一件走访事项": matter.get_absolute_url(),
        "走访事项 办理": reverse(
            "activities:visit-matter-step", args=[matter.pk, "progress"]
        ),
    }
    for role in ("community", "branch"):
        for name, url in found.items():
            yield name, role, url
    yield "修改住户", "community", reverse("activities:household-amend", args=[home.pk])
    yield "登记住户", "community", reverse("activities:household-add")
    yield "导入台账", "community", reverse("activities:ledger-upload")


def review_pages(branch: Organization) -> dict[str, str]:
    """Pages of a branch's reviews: last year's is approved, this year's has ballots."""
    voted = Review.objects.get(organization=branch, state="voted")
    done = Review.objects.get(organization=branch, state="approved")
    result = done.results.order_by("pk").first()
    said = voted.results.order_by("pk").first()
    assert result is not None
    assert said is not None
    return {
        "民主评议 已批准": done.get_absolute_url(),
        "民主评议 已测评": voted.get_absolute_url(),
        "开始评议": reverse("activities:review-add"),
        **{
            f"民主评议 {label}": reverse(f"activities:review-{name}", args=[voted.pk])
            for name, label in (
                ("people", "加入党员"),
                ("paper", "测评表"),
                ("ballots", "登记测评"),
                ("verdicts", "审定"),
            )
        },
        "民主评议 通知书": reverse("activities:review-letters", args=[done.pk]),
        "民主评议 送达": reverse("activities:review-step", args=[done.pk, "deliver"]),
        "民主评议 一人": result.get_absolute_url(),
        "民主评议 自评互评": said.get_absolute_url(),
        "民主评议 移出": reverse("activities:review-remove", args=[said.pk]),
        "党员民主评议": reverse("activities:member-reviews", args=[result.member_id]),
    }
