"""An agreement in force and a draft in every branch, with all that hangs on them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from activities.models import Activity
from liaison.models import (
    Agreement,
    AgreementParty,
    AgreementReport,
    Clause,
    Evidence,
    ListItem,
    Obligation,
    ResourceUse,
)
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES
from tests.access.world import World

BEGIN = date(2026, 1, 5)
_UNITS = {"a1": "u1", "a2": "u2", "b1": "u2", "x1": "u3"}


def plant_agreements(world: World) -> None:
    for place in BRANCHES:
        signed = _agreement(world, place, "协议", signed_on=BEGIN)
        draft = _agreement(world, place, "草稿")
        world.put("agreement", place, signed.pk)
        world.put("agreement-draft", place, draft.pk)
        world.put("clause", place, _clause(world, place, draft).pk)
        _owed(world, place, signed)


def _agreement(world: World, place: str, word: str, **more: object) -> Agreement:
    bird, work = world.bird(place), world.word(WORK, place)
    agreement = Agreement.objects.create(
        organization=world.orgs[place],
        title=f"{work}{word}",
        purpose=f"{bird}目标",
        liaison_name=f"{bird}联络",
        starts_on=BEGIN,
        ends_on=timezone.localdate() + timedelta(days=400),
        drawn_by=world.owner(place),
        **more,
    )
    party = AgreementParty.objects.create(
        agreement=agreement, unit=world.units[_UNITS[place]], signatory=f"{bird}签字"
    )
    world.rows[f"party-{place}"] = party
    return agreement


def _clause(world: World, place: str, agreement: Agreement) -> Clause:
    return Clause.objects.create(
        agreement=agreement,
        number=1,
        field="culture",
        words=f"{world.bird(place)}条款",
        rhythm="quarter",
    )


def _owed(world: World, place: str, agreement: Agreement) -> None:
    bird, owner = world.bird(place), world.owner(place)
    obligation = Obligation.objects.create(
        agreement=agreement,
        clause=_clause(world, place, agreement),
        starts_on=BEGIN,
        due_on=date(2026, 4, 4),
        times=5,
    )
    item = ListItem.objects.create(
        agreement=agreement, kind="resource", category="place", words=f"{bird}教室"
    )
    spare = ListItem.objects.create(
        agreement=agreement, kind="resource", category="place", words=f"{bird}操场"
    )
    need = ListItem.objects.create(
        agreement=agreement, kind="need", category="place", words=f"{bird}需求"
    )
    use = ResourceUse.objects.create(
        item=item, used_on=date(2026, 3, 3), words=f"{bird}上课", recorded_by=owner
    )
    ResourceUse.objects.create(
        item=item, used_on=date(2026, 3, 9), words=f"{bird}再用", recorded_by=owner
    )
    evidence = Evidence.objects.create(obligation=obligation, use=use, given_by=owner)
    activity = Activity.objects.filter(organization=world.orgs[place]).first()
    Evidence.objects.create(obligation=obligation, activity=activity, given_by=owner)
    AgreementReport.objects.create(
        agreement=agreement,
        quarter_start=date(2026, 4, 1),
        words=f"{bird}履行情况",
        due=1,
        done=0,
        overdue=1,
        filed_by=owner,
    )
    for kind, row in (
        ("obligation", obligation),
        ("list-item", item),
        ("list-item-spare", spare),
        ("list-need", need),
        ("resource-use", use),
        ("evidence-row", evidence),
    ):
        world.put(kind, place, row.pk)
