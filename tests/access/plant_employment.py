"""Members out of work in every branch: how it stands, needs, help, a deed."""

from __future__ import annotations

from datetime import date

from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead
from tests.access.world import World


def plant_employment(world: World, place: str) -> None:
    """The branch's member out of work: how it stands, needs, help, a deed."""
    bird, owner = world.bird(place), world.owner(place)
    own = {
        "member": world.rows[f"member-{place}"],
        "organization": world.orgs[place],
        "recorded_by": owner,
    }
    spell = EmploymentSpell.objects.create(
        **own,
        status="flexible",
        starts_on=date(2026, 9, 28),
        workplace=f"{bird}小店",
    )
    step = HelpStep.objects.create(
        **own,
        kind="job_offer",
        given_on=date(2026, 9, 29),
        provider=f"{bird}公司",
        content=f"{bird}岗位",
        result_words=f"{bird}结果",
    )
    lead = Lead.objects.create(
        **own,
        kind="service",
        starts_on=date(2026, 9, 30),
        title=f"{bird}缝补店",
        posts_count=2,
        evidence=f"{bird}执照",
    )
    world.put("spell", place, spell.pk)
    world.put("help", place, step.pk)
    world.put("lead", place, lead.pk)
    own.pop("organization")
    world.rows[f"need-{place}"] = EmploymentNeed.objects.create(
        **own, needs=f"{bird}困难", skills=f"{bird}手艺"
    )
