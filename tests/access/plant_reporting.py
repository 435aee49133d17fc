"""Slips, plaques and what residents said, in every branch."""

from __future__ import annotations

from datetime import date

from config.lib.crypto import blind_index
from members.models import Plaque, PlaqueMember, ReportSlip, ResidentComment
from organizations.choices import FilePurpose
from tests.access.cast import BRANCHES, OWNERS, PARENTS
from tests.access.files import picture, stored_file, workbook
from tests.access.plant_members import person
from tests.access.world import World
from tests.factories.members import AffiliationFactory, synthetic_id_number

_LATER = 900


def plant_reporting(world: World) -> None:
    for number, place in enumerate(BRANCHES, start=1):
        _slip(world, place, number)
        _sheet(world, place)
        _plaque(world, place)
        _comment(world, place)


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
    reported = AffiliationFactory(
        member=person(world, bird), organization=world.orgs[place], kind="co_managed"
    )
    world.put("reported", place, reported.pk)


def _sheet(world: World, place: str) -> None:
    """A list that its owner has not confirmed."""
    bird = world.bird(place)
    rows = [["姓名", "公民身份号码", "工作单位"], [bird, "不详", f"{bird}公司"]]
    stored = stored_file(
        world, place, FilePurpose.SLIPS, f"{bird}报到.xlsx", workbook(rows)
    )
    world.put("slip-sheet", place, stored.pk, owner=OWNERS[place])


def _plaque(world: World, place: str) -> None:
    """A plaque of the branch's member with a photo, and one more at the door."""
    bird, owner = world.bird(place), world.owner(place)
    plaque = Plaque.objects.create(
        organization=world.orgs[place],
        community=world.communities[PARENTS[place]],
        building=f"{bird}花园",
        address=f"{world.canaries.secret(f'4{place[-1]}{ord(place[0])}弄6号')}",
        hung_on=date(2026, 9, 22),
        badge_number=f"{bird}徽",
        photo=stored_file(
            world, place, FilePurpose.PLAQUE, f"{bird}门牌.jpg", picture()
        ),
        recorded_by=owner,
    )
    people = [world.rows[f"member-{place}"], person(world, bird)]
    AffiliationFactory(member=people[1], organization=world.orgs[place])
    places = [
        PlaqueMember.objects.create(
            plaque=plaque, member=member, covered_on=plaque.hung_on
        )
        for member in people
    ]
    world.put("plaque", place, plaque.pk)
    world.put("household", place, places[1].pk)


def _comment(world: World, place: str) -> None:
    bird = world.bird(place)
    comment = ResidentComment.objects.create(
        member=world.rows[f"member-{place}"],
        organization=world.orgs[place],
        received_on=date(2026, 9, 25),
        source="call",
        kind="advice",
        content=f"{bird}的意见",
        informant=f"{bird}的邻居",
        handler=f"{bird}处理人",
        handling=f"{bird}已核实",
        handled_on=date(2026, 9, 26),
        state="handling",
        recorded_by=world.owner(place),
    )
    world.put("comment", place, comment.pk)
