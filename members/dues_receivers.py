"""What becomes of dues when people join, records merge and rates change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from members.choices import AffiliationKind, StartReason
from members.models import Affiliation, DuesBase, DuesMonth, Member
from members.parameters.dues import TABLE_KEYS
from members.rules.dues import step
from members.services.dues import JOINED
from members.services.dues_bases import RECKON_KIND, reckon_again
from members.services.dues_rows import open_standings, refresh, withdraw
from members.signals import members_merging, relation_started, rows_moved
from organizations.models import Parameter
from organizations.services.jobs import request_job
from organizations.signals import parameter_changed

_MERGED = "重复建档，已合并"


@receiver(relation_started)
def begin_with_joining(
    sender: Any, affiliation: Affiliation, actor: Any, **kwargs: Any
) -> None:
    """A new member pays from the month in which the meeting passed him; 第八条."""
    is_new = affiliation.start_reason == StartReason.NEW_MEMBER
    if is_new and affiliation.kind == AffiliationKind.ON_ROLL:
        joined = affiliation.member.joined_on.replace(day=1)
        open_standings([affiliation.member_id], step(joined, -1), JOINED)


@receiver(members_merging)
def withdraw_doubles(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    """Of what stands in both records that of the kept one counts."""
    if DuesBase.objects.counted().filter(member=kept).exists():
        for base in DuesBase.objects.counted().filter(member=gone):
            withdraw(base, actor, _MERGED)
    held = DuesMonth.objects.counted().filter(member=kept).values("month")
    for month in DuesMonth.objects.counted().filter(member=gone, month__in=held):
        withdraw(month, actor, _MERGED)


@receiver(rows_moved)
def reckon_standing(
    sender: Any, kept: Member, gone: Member, is_undone: bool, **kwargs: Any
) -> None:
    if is_undone:
        for model in (DuesBase, DuesMonth):
            model._base_manager.filter(member=gone, withdrawal=_MERGED).update(
                withdrawn_by=None, withdrawn_at=None, withdrawal=""
            )
    refresh([kept.pk, gone.pk])


@receiver(parameter_changed)
def reckon_dues(sender: Any, key: str, **kwargs: Any) -> None:
    if key not in TABLE_KEYS or not DuesBase.objects.exists():
        return
    changed_by = Parameter.objects.select_related("changed_by").get(pk=key).changed_by
    if changed_by is None:
        reckon_again()
        return
    request_job(
        kind=RECKON_KIND,
        title="按新的党费标准重新计算",
        actor=changed_by,
        key=f"{RECKON_KIND}:{changed_by.pk}",
    )
