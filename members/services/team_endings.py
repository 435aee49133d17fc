"""Posts that end by themselves: with the organization, the roll, a double record."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from config.lib.errors import RuleError
from members.choices import AffiliationKind, EndReason
from members.models import Affiliation, Candidate, Member, Officer
from members.services.teams import tell, tell_figures
from organizations.models import Organization, User


def end_team(organization: Organization, on_date: date, actor: User) -> None:
    """Nobody holds a post in an organization that is no more."""
    _end(organization.officers.current(), on_date, actor)


def follow_rolls(affiliations: Collection[Affiliation], actor: User) -> None:
    """Who leaves a branch leads it no more; who leaves the street leads nothing.

    Within the street a post above the branch stays: the committee says when it ends.
    """
    for roll in affiliations:
        if roll.kind != AffiliationKind.ON_ROLL or roll.ends_on is None:
            continue
        posts = Officer.objects.current().filter(member=roll.member_id)
        if roll.end_reason == EndReason.MOVED_WITHIN:
            posts = posts.filter(organization=roll.organization_id)
        _end(posts, roll.ends_on, actor)


def end_double_posts(kept: Member, gone: Member, actor: User) -> None:
    """Two records become one person, who holds one post in an organization.

    Raises RuleError where both stood in one election.
    """
    stood = Candidate.objects.filter(member=kept).values("election")
    if Candidate.objects.filter(member=gone, election__in=stood).exists():
        raise RuleError(
            "两份档案在同一次选举里都列为候选人，不像同一个人，请先核对那次选举。",
            code="both_stood",
        )
    held = Officer.objects.current().filter(member=kept).values("organization")
    for post in Officer.objects.current().filter(member=gone, organization__in=held):
        _end(Officer.objects.filter(pk=post.pk), post.starts_on, actor)


def _end(posts: QuerySet[Officer], on_date: date, actor: User) -> None:
    """End `posts` on `on_date`, a post that began later on its first day."""
    ending = list(posts.select_related("member", "organization").order_by("pk"))
    ids = [post.pk for post in ending]
    Officer.objects.filter(pk__in=ids).update(ends_on=Greatest(F("starts_on"), on_date))
    for post in ending:
        tell(post, actor)
        tell_figures(post.member, post.organization, on_date)
