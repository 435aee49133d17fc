"""An organization that keeps mutual aid is neither merged away nor closed."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from members.models import AidFund
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def refuse_merging_with_mutual_aid(
    sender: Any, source: Organization, **kwargs: Any
) -> None:
    _refuse(source, "合并")


@receiver(organization_closing)
def refuse_closing_with_mutual_aid(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    _refuse(organization, "撤销")


def _refuse(organization: Organization, what: str) -> None:
    names = AidFund.objects.open().filter(organization=organization)
    if found := "、".join(names.values_list("name", flat=True)):
        raise RuleError(
            f"{organization}还有没有关闭的互助金账户（{found}），不能{what}。"
            "请先把余额划转、物品发完，再关闭账户。",
            code="has_mutual_aid",
        )
