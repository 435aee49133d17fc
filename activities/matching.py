"""Who could help: members with a talent, free at a time, the nearest first.

Local rule: nobody is ranked. The order is how near somebody is to the community, then
the name; who has not been asked when he is free stands among the others, marked.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from activities.models import TeamPlace
from config.lib.paths import parent_path, successor
from members.choices import MembershipStatus
from members.models import Affiliation, Member, MobileStay, Talent
from organizations.models import Community, User

# What a place of the order means; nearer than these no register knows.
NEARNESS = {
    0: "住在本社区",
    1: "组织关系在本社区",
    2: "相邻社区（同一上级党组织）",
    3: "本街道其他社区",
}
# More people than this nobody asks in turn.
MOST_SHOWN = 50


def matches(
    user: User,
    *,
    talent: Talent | None,
    needed_at: str,
    community: Community | None,
) -> QuerySet[Member]:
    """Members whom `user` sees and who could be asked, annotated with `nearness`.

    Left out is who said that he is not free then, is out of touch, lives away, or
    whose membership does not stand as normal.
    """
    away = MobileStay.objects.open().filter(
        member=OuterRef("pk"), direction=MobileStay.Direction.OUT
    )
    found = (
        Member.objects.visible_to(user)
        .filter(status=MembershipStatus.NORMAL, is_lost=False)
        .filter(~Exists(away))
    )
    if talent is not None:
        having = Member.talents.through.objects.filter(
            member=OuterRef("pk"), talent=talent
        )
        found = found.filter(Exists(having))
    if needed_at:
        found = found.filter(
            Q(availability__isnull=True) | Q(**{f"availability__{needed_at}": True})
        )
    return (
        found.annotate(
            nearness=_nearness(community),
            is_in_team=Exists(
                TeamPlace.objects.current().filter(member=OuterRef("pk"))
            ),
        )
        .select_related("community", "availability")
        .order_by("nearness", "name_pinyin", "pk")
    )


def _nearness(community: Community | None) -> Case:
    """The place in `NEARNESS`: by where he lives, then where he belongs.

    Which communities lie side by side is on no record; those under one committee
    below the street stand for it.
    """
    steps: list[When] = []
    if community is not None:
        path: Any = community.organization.path
        belongs = Affiliation.objects.open().filter(
            member=OuterRef("pk"),
            organization__path__gte=path,
            organization__path__lt=successor(path),
        )
        steps = [When(community=community, then=0), When(Exists(belongs), then=1)]
        above = parent_path(path)
        if above and parent_path(above):
            near = Q(
                community__organization__path__gte=above,
                community__organization__path__lt=successor(above),
            )
            steps.append(When(near, then=2))
    return Case(*steps, default=3, output_field=IntegerField())
