"""Showing one masked field of one person, for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Affiliation, Member
from organizations import audit, parameters
from organizations.access import Right
from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent, User

REVEALABLE: dict[str, Right] = {
    "id_number": Right.REVEAL_ID,
    "phone": Right.REVEAL_CONTACT,
    "address": Right.REVEAL_CONTACT,
    "household_address": Right.REVEAL_CONTACT,
}
LIMIT_PARAMETER = "members.reveals_an_hour"
REASON_LENGTH = (2, 100)


def revealable(affiliations: Iterable[Affiliation], actor: User) -> set[str]:
    """Return the fields that `actor`'s posts open for a person.

    `affiliations` are the person's open ones with their organizations loaded.
    """
    places = [affiliation.organization for affiliation in affiliations]
    return {
        field
        for field, right in REVEALABLE.items()
        if any(actor.has_right_at(right, place) for place in places)
    }


def reveal_field(*, member_id: int, field: str, reason: str, actor: User) -> str:
    """Return the whole value of one field and record who asked and why.

    Raises Member.DoesNotExist out of scope, PermissionDenied without the right (the
    refusal is recorded too), RuleError without a reason or past the hourly limit.
    """
    if field not in REVEALABLE:
        raise RuleError("这一项不提供查看完整信息。", code="field")
    reason = check_reason(reason)
    member = Member.objects.visible_to(actor).get(pk=member_id)
    affiliations = member.affiliations.open().select_related("organization")
    is_open = field in revealable(affiliations, actor)
    return show_once(member, field, reason, actor, is_open=is_open)


def check_reason(reason: str) -> str:
    """Return the reason. Raises RuleError where there is none to speak of."""
    reason = reason.strip()
    if not REASON_LENGTH[0] <= len(reason) <= REASON_LENGTH[1]:
        raise RuleError("请填写查看原因，2 到 100 个字。", code="reason")
    return reason


def show_once(
    target: Any, field: str, reason: str, actor: User, *, is_open: bool
) -> str:
    """Return one field of `target` and write down who asked and why.

    Raises PermissionDenied unless the actor's posts open it (`is_open`), RuleError
    past the hourly limit, which counts whatever anybody looked at; both are recorded.
    """
    if not is_open:
        _record(target, field, reason, actor, AuditResult.DENIED)
        raise PermissionDenied("您的岗位不能查看这一项的完整信息，请联系上级党组织。")
    with transaction.atomic():
        # The lock on the account makes two requests at once count as two.
        User.objects.select_for_update().get(pk=actor.pk)
        is_allowed = _reveals_in_last_hour(actor) < parameters.get(LIMIT_PARAMETER)
        result = AuditResult.DONE if is_allowed else AuditResult.DENIED
        _record(target, field, reason, actor, result)
    if not is_allowed:
        raise RuleError(
            "一小时内查看完整信息的次数已到上限，请稍后再试。"
            "确需批量使用的，请走导出流程。",
            code="reveal_limit",
        )
    return getattr(target, field)


def _reveals_in_last_hour(actor: User) -> int:
    return AuditEvent._base_manager.filter(
        actor=actor,
        action=AuditAction.FIELD_REVEALED,
        result=AuditResult.DONE,
        at__gte=timezone.now() - timedelta(hours=1),
    ).count()


def _record(
    target: Any, field: str, reason: str, actor: User, result: AuditResult
) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.FIELD_REVEALED,
        target=target,
        details={"field": field, "reason": reason},
        result=result,
    )
