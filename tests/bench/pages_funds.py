"""Pages of funds, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from organizations.models import FundPayment, FundProject
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def fund_pages(street: Street) -> Iterator[Page]:
    own = FundProject.objects.filter(organization=street.communities[0])
    project = own.filter(stage="allotted").first()
    assert project is not None
    payment = FundPayment.objects.filter(project=project).first()
    assert payment is not None
    line, year = project.line_id, [street.communities[0].pk, street.today.year]

    def page(name: str, *args: object) -> str:
        return reverse(f"organizations:fund-{name}", args=args)

    projects = page("project-list")
    found = {
        "经费": page("list"),
        "经费 一年": page("year", *year),
        "经费 年结": page("year-close", *year),
        "经费 预算": page("line", line),
        "经费 登记付款": page("line-pay", line),
        "经费 编制预算": page("line-add"),
        "经费项目": projects,
        "经费项目 逾期": f"{projects}?group=late",
        "经费项目 全部": f"{projects}?group=all&category=service",
        "经费项目 一个": project.get_absolute_url(),
        "经费项目 一步": page("project-step", project.pk),
        "经费公示": page("published"),
        "付款待确认": page("payment-list"),
        "付款": payment.get_absolute_url(),
    }
    for role in ("staff", "community"):
        for name, url in found.items():
            yield name, role, url
