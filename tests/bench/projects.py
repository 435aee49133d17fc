"""Projects of services of the synthetic street, with posts and people."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from activities.models import Placement, ProjectFounder, ServicePost, ServiceProject
from members.models import Lead
from organizations.models import Community, Organization, User
from tests.bench.people import Size, branch_of

POSTS, PEOPLE = 3, 4


def projects(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    writer: User,
) -> None:
    """A project in each branch by its first member, where three of its people work."""
    day = today - timedelta(days=200)
    people = defaultdict(list)
    for number, pk in enumerate(members):
        if len(people[branch_of(number, size)]) <= PEOPLE:
            people[branch_of(number, size)].append(pk)
    communities = dict(Community.objects.values_list("organization_id", "pk"))
    homes = [(branch, people[place]) for place, branch in enumerate(branches)]

    def leads(kind: str, each: int, **counts: int) -> list[Lead]:
        return Lead.objects.bulk_create(
            Lead(
                member_id=own[0],
                organization=branch,
                recorded_by=writer,
                kind=kind,
                source="project",
                starts_on=day,
                title="便民小店",
                **counts,
            )
            for branch, own in homes
            for _ in range(each)
        )

    found = ServiceProject.objects.bulk_create(
        ServiceProject(
            organization=branch,
            community_id=communities[branch.parent_id],
            name="便民小店",
            field="retail",
            place="小区门口",
            opened_on=day,
            lead=lead,
            recorded_by=writer,
        )
        for (branch, _), lead in zip(homes, leads("service", 1), strict=True)
    )
    founders = ProjectFounder.objects.bulk_create(
        ProjectFounder(project=project, member_id=own[0], is_first=True)
        for project, (_, own) in zip(found, homes, strict=True)
    )
    earned = iter(leads("posts", POSTS, posts_count=PEOPLE))
    posts = ServicePost.objects.bulk_create(
        ServicePost(
            project=project,
            name=f"岗位{number}",
            places=PEOPLE,
            created_on=day,
            lead=next(earned),
            recorded_by=writer,
        )
        for project in found
        for number in range(POSTS)
    )
    _people(posts, founders, homes, iter(leads("people", PEOPLE, people_count=1)), day)


def _people(posts: Any, founders: Any, homes: Any, earned: Any, day: date) -> None:
    """Members of the branch, and a resident who has left."""
    rows = []
    for place, (_, own) in enumerate(homes):
        founder = founders[place]
        for number, member in enumerate([*own[1:PEOPLE], None]):
            rows.append(
                Placement(
                    post=posts[place * POSTS + number % POSTS],
                    member_id=member,
                    person_name="" if member else "王芳",
                    led_by=founder,
                    starts_on=day,
                    ends_on=None if member else day + timedelta(days=60),
                    leaving="" if member else "quit",
                    lead=next(earned),
                    recorded_by=posts[0].recorded_by,
                )
            )
    Placement.objects.bulk_create(rows)
