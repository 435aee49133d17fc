"""What stays do when relations, records and contacts change."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.dispatch import receiver

from config.lib.errors import RuleError
from members.models import Affiliation, Member, MobileStay
from members.services import mobile_links as links
from members.signals import (
    contacts_changed,
    members_merging,
    relation_started,
    relations_ended,
    rows_moved,
)
from organizations.models import Organization
from organizations.signals import organization_closing


@receiver(relation_started)
def follow_start(
    sender: Any, affiliation: Affiliation, actor: Any, **kwargs: Any
) -> None:
    links.follow_start(affiliation, actor)


@receiver(relations_ended)
def follow_ends(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    links.follow_ends(affiliations, actor)


@receiver(members_merging)
def end_double(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    links.end_double(kept, gone, actor)


@receiver(rows_moved)
def agree_again(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    people = [kept.pk, gone.pk]
    links.agree_with_rolls(people, actor)
    links.refresh_contacts(people, date.min)


@receiver(contacts_changed)
def refresh_contacts(
    sender: Any, member_ids: Iterable[int], since: date, **kwargs: Any
) -> None:
    links.refresh_contacts(member_ids, since)


@receiver(organization_closing)
def refuse_with_stays(sender: Any, organization: Organization, **kwargs: Any) -> None:
    waiting = MobileStay.objects.open().filter(host=organization).count()
    if waiting:
        raise RuleError(
            f"{organization}还有 {waiting} 条没有结束的流入登记，不能撤销。"
            "请先编入其他党支部或结束登记，或者改用合并。",
            code="has_stays",
        )
