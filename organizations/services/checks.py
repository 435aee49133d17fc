"""What a change of the tree's shape must fulfil, asked before and while it is made.

Confirmation pages ask first and show the sentence; the services ask again under lock.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import is_within
from organizations import rules
from organizations.models import Organization
from organizations.services.census import check_covers_nobody


def check_fields(organization: Organization) -> None:
    """Raise RuleError or ValidationError, by field, for what cannot be saved."""
    rules.check_dates(organization.founded_on, organization.term_ends_on)
    if organization.founded_on and organization.founded_on > timezone.localdate():
        raise RuleError("成立日期晚于今天，请核对。", code="date_future")
    same_name = Organization.objects.filter(name=organization.name)
    if same_name.exclude(pk=organization.pk).exists():
        raise ValidationError(
            {
                "name": RuleError(
                    f"已有名为“{organization.name}”的党组织，请核对全称。",
                    code="duplicate",
                )
            }
        )
    organization.full_clean(validate_unique=False)


def check_term_free(organization: Organization) -> None:
    """Raise RuleError where elections and approvals say when the term ends."""
    if organization.terms.current().exists():
        raise RuleError(
            "这个党组织已登记换届选举，届满日期由选举和延期、提前的批准决定，"
            "请在“班子与换届”里办理。",
            code="term_kept",
        )


def check_kind_in_place(organization: Organization) -> None:
    """Raise RuleError unless its kind fits the parent above and the children below."""
    parent = organization.parent
    rules.check_kind(organization.kind, parent.kind if parent else "")
    for child in organization.children.open():
        rules.check_kind(child.kind, organization.kind)


def check_move(organization: Organization, new_parent: Organization) -> None:
    """Raise RuleError when `organization` may not stand under `new_parent`."""
    if organization.parent_id is None:
        raise RuleError("最高一级的党组织不能划转。", code="root")
    if not organization.is_open:
        raise RuleError(f"“{organization}”已撤销，不能划转。", code="closed")
    if not new_parent.is_open:
        raise RuleError(f"“{new_parent}”已撤销，请选择其他上级党组织。", code="closed")
    if organization.parent_id == new_parent.pk:
        raise RuleError(f"“{organization}”已在“{new_parent}”之下。", code="no_change")
    if is_within(new_parent.path, organization.path):
        raise RuleError(
            f"不能把“{organization}”划转到它自己或它的下级之下，请另选上级。",
            code="loop",
        )
    rules.check_kind(organization.kind, new_parent.kind)


def check_merge(source: Organization, target: Organization, on_date: date) -> None:
    """Raise RuleError when `source` may not become part of `target`."""
    if source.pk == target.pk:
        raise RuleError("不能并入自己，请选择另一个党组织。", code="same")
    if source.parent_id is None:
        raise RuleError("最高一级的党组织不能并入别的组织。", code="root")
    for organization in (source, target):
        if not organization.is_open:
            raise RuleError(f"“{organization}”已撤销，不能合并。", code="closed")
    if source.kind != target.kind:
        raise RuleError(
            f"类别不同不能合并：“{source}”是{source.get_kind_display()}，"
            f"“{target}”是{target.get_kind_display()}。请先改为同一类别。",
            code="kind_differs",
        )
    if is_within(target.path, source.path):
        raise RuleError(
            f"“{target}”在“{source}”之下，请先把它划转出来再合并。", code="loop"
        )
    _check_closing_date(source, on_date)


def check_close(organization: Organization, on_date: date) -> None:
    """Raise RuleError when `organization` may not be closed on `on_date`."""
    if organization.parent_id is None:
        raise RuleError("最高一级的党组织不能撤销。", code="root")
    if not organization.is_open:
        raise RuleError(f"“{organization}”早已撤销，无需再办。", code="closed")
    if children := organization.children.open().count():
        raise RuleError(
            f"“{organization}”还有{children}个下级党组织，请先划转、合并或撤销它们。",
            code="has_children",
        )
    check_covers_nobody(organization)
    _check_closing_date(organization, on_date)


def _check_closing_date(organization: Organization, on_date: date) -> None:
    if on_date > timezone.localdate():
        raise RuleError("日期不能晚于今天，请填写决定生效的日期。", code="date_future")
    if organization.founded_on and on_date < organization.founded_on:
        raise RuleError(
            f"日期早于“{organization}”的成立日期，请核对。", code="before_founding"
        )
