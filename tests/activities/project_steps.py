"""Steps of a project of community services; tests name what differs."""

from datetime import date

from activities.services.project_people import (
    add_post,
    end_placement,
    place_person,
    withdraw_placement,
)
from activities.services.projects import ProjectFacts, close_project, open_project
from members.models import EmploymentSpell, Lead
from tests.members.employment_steps import spell

OPENED = date(2026, 3, 2)


def facts(place, **changes) -> ProjectFacts:
    values = {
        "name": "便民缝补店",
        "field": "repair",
        "community_id": place.community.pk,
        "place": "沿江路2号",
        "phone": "88886666",
    }
    return ProjectFacts(**values | changes)


def laid_off(member, actor):
    """He is, since long before."""
    spell(member, actor, "laid_off", date(2025, 1, 6))
    return member


def opened(founder, actor, place, *others, opened_on=OPENED, **changes):
    return open_project(
        facts=facts(place, **changes),
        opened_on=opened_on,
        founder_ids=[founder.pk, *(other.pk for other in others)],
        actor=actor,
    )


def posted(project, actor, places=2, name="缝纫工", created_on=OPENED):
    return add_post(
        project_id=project.pk,
        name=name,
        places=places,
        created_on=created_on,
        actor=actor,
    )


def placed(post, actor, member=None, name="", starts_on=date(2026, 4, 1), **changes):
    values = {"founder_id": post.project.founders.get(is_first=True).pk}
    return place_person(
        post_id=post.pk,
        starts_on=starts_on,
        member_id=member and member.pk,
        person_name=name,
        actor=actor,
        **values | changes,
    )


def left(placement, actor, reason="quit", ends_on=date(2026, 6, 1), words=""):
    return end_placement(
        placement_id=placement.pk,
        ends_on=ends_on,
        reason=reason,
        words=words,
        actor=actor,
    )


def mistaken(placement, actor):
    return withdraw_placement(placement_id=placement.pk, reason="记错了", actor=actor)


def closed(project, actor, closed_on=date(2026, 9, 1), **changes):
    return close_project(
        project_id=project.pk,
        closed_on=closed_on,
        reason="房租到期",
        actor=actor,
        **changes,
    )


def line_of(member):
    """(day, status) of everything that counts, the first first."""
    rows = EmploymentSpell.objects.counted().filter(member=member)
    return list(rows.order_by("starts_on").values_list("starts_on", "status"))


def deeds_of(member):
    rows = Lead.objects.counted().filter(member=member).order_by("pk")
    return [(r.kind, r.starts_on, r.people_count, r.posts_count) for r in rows]
