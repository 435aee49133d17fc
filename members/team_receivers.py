"""What happens to committees when an organization, a roll or a double record ends."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.dispatch import receiver

from members.models import Affiliation, Member
from members.services import team_endings
from members.signals import members_merging, relations_ended
from organizations.models import Organization
from organizations.signals import organization_closing, organization_merging


@receiver(organization_merging)
def end_with_the_source(
    sender: Any, source: Organization, on_date: date, actor: Any, **kwargs: Any
) -> None:
    team_endings.end_team(source, on_date, actor)


@receiver(organization_closing)
def end_with_the_organization(
    sender: Any, organization: Organization, on_date: date, actor: Any, **kwargs: Any
) -> None:
    team_endings.end_team(organization, on_date, actor)


@receiver(relations_ended)
def follow_rolls(
    sender: Any, affiliations: Collection[Affiliation], actor: Any, **kwargs: Any
) -> None:
    team_endings.follow_rolls(affiliations, actor)


@receiver(members_merging)
def end_double_posts(
    sender: Any, kept: Member, gone: Member, actor: Any, **kwargs: Any
) -> None:
    team_endings.end_double_posts(kept, gone, actor)
