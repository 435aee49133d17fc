"""What teams and requests do when relations end, records merge, branches close."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from activities.models import ServiceRequest
from activities.services import teams
from activities.services.requests import hand_over_requests
from config.lib.errors import RuleError
from members.choices import EndReason
from members.models import Affiliation, Member
from members.rules.quality import MERGED_NOTE
from members.signals import members_merging, relation_started, relations_ended
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(relations_ended)
def leave_with_relations(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    """A relation that moves within the street begins anew at once: see below."""
    left = {
        each.member_id: each.ends_on
        for each in affiliations
        if each.end_reason != EndReason.MOVED_WITHIN and each.note != MERGED_NOTE
    }
    if left:
        teams.end_places_outside(left, actor)


@receiver(relation_started)
def leave_with_a_move(
    sender: Any, affiliation: Affiliation, actor: Any, **kwargs: Any
) -> None:
    if affiliation.note.endswith(f"并入{affiliation.organization}"):
        return  # the branch merges; its teams move over right after its relations
    teams.end_places_outside({affiliation.member_id: affiliation.starts_on}, actor)


@receiver(members_merging)
def keep_one_place(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    teams.end_twin_places(kept=kept, gone=gone, actor=actor)


@receiver(organization_merging)
def hand_over(
    sender: Any,
    source: Organization,
    target: Organization,
    on_date: date,
    actor: Any,
    **kwargs: Any,
) -> None:
    teams.hand_over_teams(source=source, target=target, on_date=on_date, actor=actor)
    hand_over_requests(source=source, target=target)


@receiver(organization_closing)
def refuse_with_work(sender: Any, organization: Organization, **kwargs: Any) -> None:
    number = organization.volunteer_teams.open().count()
    if number:
        raise RuleError(
            f"{organization}还有 {number} 支志愿服务队没有解散，不能撤销。"
            "请先解散，或者改用合并。",
            code="has_teams",
        )
    waiting = ServiceRequest.objects.pending().filter(
        Q(organization=organization) | Q(taker=organization)
    )
    if number := waiting.count():
        raise RuleError(
            f"{organization}还有 {number} 件服务需求没有办好，不能撤销。"
            "请先办结或退回，或者改用合并。",
            code="has_requests",
        )
