"""Slips, plaques and what residents said, in every branch."""

from __future__ import annotations

from datetime import date

from config.lib.crypto import blind_index
from members.models import ReportSlip
from organizations.choices import FilePurpose
from tests.access.cast import BRANCHES, OWNERS, PARENTS
from tests.access.files import stored_file, workbook
from tests.access.world import World
from tests.factories.members import synthetic_id_number

_LATER = 900


def plant_reporting(world: World) -> None:
    for number, place in enumerate(BRANCHES, start=1):
        _slip(world, place, number)
        _sheet(world, place)


def _slip(world: World, place: str, number: int) -> None:
    bird, secret = world.bird(place), world.canaries.secret
    serial = _LATER + number
    id_number = secret(synthetic_id_number(date(1971, 3, number), serial, "male"))
    slip = ReportSlip.objects.create(
        community=world.communities[PARENTS[place]],
        organization=world.orgs[place],
        name=bird,
        id_number=id_number,
        id_index=blind_index(id_number, purpose="members.id_number"),
        phone=secret(f"1391{serial:03d}{6000 + number}"),
        address=f"江滨街道滨江路{secret(f'5{serial:04d}弄7号')}",
        joined_on=date(2001, 7, 1),
        unit_name=f"{bird}公司",
        job_title=f"{bird}科长",
        skills=f"{bird}特长",
        wishes=f"{bird}意向",
        source="self",
        reported_on=date(2026, 9, 20),
        recorded_by=world.owner(place),
    )
    world.put("slip", place, slip.pk)


def _sheet(world: World, place: str) -> None:
    """A list that its owner has not confirmed."""
    bird = world.bird(place)
    rows = [["姓名", "公民身份号码", "工作单位"], [bird, "不详", f"{bird}公司"]]
    stored = stored_file(
        world, place, FilePurpose.SLIPS, f"{bird}报到.xlsx", workbook(rows)
    )
    world.put("slip-sheet", place, stored.pk, owner=OWNERS[place])
