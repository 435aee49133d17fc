"""An organization that still has money is neither merged away nor closed."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from config.lib.money import yuan
from organizations.models import FundLine, FundPayment, FundProject, Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def refuse_merging_with_money(sender: Any, source: Organization, **kwargs: Any) -> None:
    _refuse(source, "合并")


@receiver(organization_closing)
def refuse_closing_with_money(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    _refuse(organization, "撤销")


def _refuse(organization: Organization, what: str) -> None:
    lines = FundLine.objects.filter(
        fund_year__organization=organization, fund_year__closed_at__isnull=True
    )
    # Whoever books money holds its line: wait for those, and count only then.
    list(lines.select_for_update(of=("self",), no_key=True).order_by("pk"))
    left = sum(line.balance for line in lines.with_money())
    payments = FundPayment.objects.filter(line__in=lines).waiting().count()
    projects = FundProject.objects.filter(organization=organization).under_way().count()
    if not (left or payments or projects):
        return
    raise RuleError(
        f"{organization}的经费还有余额 {yuan(left)} 元、待确认付款 {payments} 笔、"
        f"在办项目 {projects} 个，不能{what}。请先付清、办完或终止项目，"
        "余额登记“收回上缴”以后再办。",
        code="has_funds",
    )
