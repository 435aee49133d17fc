"""What instructors do when units move, records become one, organizations end."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from members.models import Instructor, Member
from members.services.instructors import (
    follow_units,
    hand_over_instructors,
)
from members.signals import members_merging
from organizations.models import Organization
from organizations.signals import (
    organization_closing,
    organization_merging,
    units_moved,
)


@receiver(units_moved)
def follow_moved(
    sender: Any, units: Any, places: Collection[int], is_struck: bool, **kwargs: Any
) -> None:
    follow_units(units=units, places=set(places), is_struck=is_struck)


@receiver(organization_merging)
def move_instructors(
    sender: Any, source: Organization, target: Organization, **kwargs: Any
) -> None:
    hand_over_instructors(source=source, target=target)


@receiver(organization_closing)
def refuse_with_instructors(
    sender: Any, organization: Organization, **kwargs: Any
) -> None:
    sent = Instructor.objects.filter(organization=organization).in_office().count()
    if sent:
        raise RuleError(
            f"{organization}选派的党建工作指导员还有 {sent} 名在任，不能撤销。"
            "请先办理离任，或者改用合并。",
            code="has_instructors",
        )


@receiver(members_merging)
def refuse_two_in_office(
    sender: Any, kept: Member, gone: Member, **kwargs: Any
) -> None:
    """One person is sent once; which of the two goes, a person says."""
    rows = Instructor.objects.in_office().filter(member__in=[kept, gone])
    if rows.values("member").distinct().count() > 1:
        raise RuleError(
            "两份档案都是在任的党建工作指导员，请先办理其中一位的离任，再合并。",
            code="excluding",
        )
