"""A project in every branch: who opened it, who works and worked there."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.models import Placement, ProjectFounder, ServicePost, ServiceProject
from members.models import EmploymentSpell, Lead
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES, PARENTS
from tests.access.plant_members import person
from tests.access.world import World
from tests.factories.members import AffiliationFactory

OPENED = date(2026, 3, 2)


def plant_projects(world: World) -> None:
    for place in BRANCHES:
        _project(world, place)


def _project(world: World, place: str) -> None:
    bird, work, owner = world.bird(place), world.word(WORK, place), world.owner(place)
    founder = world.rows[f"member-{place}"]
    name = f"{work}小店"

    def lead(kind: str, **counts: int) -> Lead:
        return Lead.objects.create(
            member=founder,
            organization=world.orgs[place],
            recorded_by=owner,
            source="project",
            kind=kind,
            starts_on=OPENED,
            title=f"{bird}小店",
            **counts,
        )

    project = ServiceProject.objects.create(
        organization=world.orgs[place],
        community=world.communities[PARENTS[place]],
        name=name,
        field="repair",
        place=f"{bird}地点",
        phone=f"{bird}电话",
        opened_on=OPENED,
        lead=lead("service"),
        recorded_by=owner,
    )
    first = ProjectFounder.objects.create(
        project=project, member=founder, is_first=True
    )
    post = ServicePost.objects.create(
        project=project,
        name=f"{work}缝补",
        places=3,
        created_on=OPENED,
        lead=lead("posts", posts_count=3),
        recorded_by=owner,
    )
    empty = ServicePost.objects.create(
        project=project,
        name=f"{work}收银",
        places=1,
        created_on=OPENED,
        lead=lead("posts", posts_count=1),
        recorded_by=owner,
    )

    def placed(**values: Any) -> Placement:
        values.setdefault("starts_on", OPENED)
        return Placement.objects.create(
            post=post,
            led_by=first,
            lead=lead("people", people_count=1),
            recorded_by=owner,
            **values,
        )

    worker = person(world, f"{bird}工")
    AffiliationFactory(member=worker, organization=world.orgs[place])
    spell = EmploymentSpell.objects.create(
        member=worker,
        organization=world.orgs[place],
        recorded_by=owner,
        source="project",
        status="by_unit",
        starts_on=OPENED,
        workplace=f"{bird}小店",
    )
    working = placed(member=worker, spell=spell)
    placed(
        person_name=f"{bird}居民",
        ends_on=timezone.localdate() - timedelta(days=40),
        leaving="other",
        leaving_words=f"{bird}搬走",
    )
    world.rows[f"founder-{place}"] = first
    world.rows[f"post-{place}"] = post
    world.put("project", place, project.pk)
    world.put("service-post", place, post.pk)
    world.put("empty-post", place, empty.pk)
    world.put("placement", place, working.pk)
