"""People, their relations, rosters and claims, in every branch."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from config.lib.crypto import blind_index
from config.lib.names import initials, pinyin
from members.choices import (
    AffiliationKind,
    EndReason,
    RosterState,
    RowVerdict,
    TransferDestination,
    TransferDirection,
    TransferState,
)
from members.models import (
    Affiliation,
    ColumnMapping,
    Contact,
    DuplicatePair,
    LostCase,
    Member,
    MembershipDecision,
    OutOfTouch,
    RosterBatch,
    RosterRow,
    SearchStep,
    Talent,
    Transfer,
    TransferBatch,
)
from members.models.claim import DuplicateClaim
from members.services.merging import merge_members
from organizations.choices import FilePurpose
from tests.access.canaries import MEMBER
from tests.access.cast import BRANCHES, PARENTS, below, line_of
from tests.access.files import stored_file, workbook
from tests.access.plant_employment import plant_employment
from tests.access.plant_hardship import plant_hardship
from tests.access.plant_mobile import plant_mobile
from tests.access.world import World
from tests.factories.members import AffiliationFactory, synthetic_id_number

# Months of this world: what happened lies in the third quarter of 2026.
JOINED_BRANCH_ON = date(2026, 9, 7)
_LAYOUT = {
    "name": "名册",
    "heading": 1,
    "headings": ["姓名", "公民身份号码"],
    "columns": {"0": "name", "1": "id_number"},
    "row_count": 2,
    "hidden": False,
    "skipped": False,
}


def person(world: World, name: str, *, is_secret: bool = True, **fields: Any) -> Member:
    """A member whose whole numbers and house are secrets; no affiliation yet."""
    serial = world.rows["serial"] = world.rows.get("serial", 0) + 1
    born_on = date(1970 + serial % 20, serial % 12 + 1, serial % 28 + 1)
    secret = world.canaries.secret if is_secret else str
    id_number = secret(synthetic_id_number(born_on, serial, "male"))
    values = {
        "name": name,
        "name_pinyin": pinyin(name),
        "name_initials": initials(name)[:20],
        "sex": "male",
        "ethnicity": "Han",
        "born_on": born_on,
        "id_number": id_number,
        "id_index": blind_index(id_number, purpose="members.id_number"),
        "id_last4": id_number[-4:],
        "category": Member.Category.IN_POST,
        "member_type": Member.Type.FULL,
        "joined_on": date(2005, 7, 1),
        "confirmed_on": date(2006, 7, 1),
        "education": "bachelor",
        "phone": secret(f"1390{serial:03d}{5000 + serial}"),
        "address": f"江滨街道滨江路{secret(f'7{serial:04d}弄9号')}",
        "household_address": f"江滨街道滨江路{secret(f'6{serial:04d}弄8号')}",
        "native_place": f"{name}县",
        "degree": f"{name}学位",
        "job_title": f"{name}职务",
        "note": f"{name}备注",
    }
    return Member.objects.create(**(values | fields))


def _on_roll(world: World, place: str) -> Member:
    """Somebody more on the roll of a branch."""
    member = person(world, world.bird(place))
    AffiliationFactory(member=member, organization=world.orgs[place])
    return member


def plant_members(world: World) -> None:
    for place in BRANCHES:
        _own_member(world, place)
    _shared_member(world)
    _moved_member(world)
    _former_member(world)
    for place in BRANCHES:
        _claim(world, place)
        _transfer(world, place, "transfer", TransferState.DRAFTED)
        _transfer(world, place, "letter", TransferState.ISSUED)
        _brought(world, place)
        _contacts(world, place)
        _twins(world, place)
        plant_employment(world, place)
        plant_hardship(world, place, _on_roll)
        _standing(world, place)
        plant_mobile(world, place, person)
        for state in (RosterState.MAPPING, RosterState.CHECKED, RosterState.IMPORTED):
            _roster(world, place, state)
    ColumnMapping.objects.create(
        signature="0" * 64,
        columns={"姓名": "name"},
        remembered_by=world.users["secretary_b"],
    )


def _own_member(world: World, place: str) -> None:
    """One member on the roll since September, with a past in the same branch."""
    bird = world.bird(place)
    member = person(
        world,
        bird,
        community=world.communities[PARENTS[place]],
        home_unit=world.units["u3" if place == "x1" else "u1"],
    )
    member.talents.add(Talent.objects.get_or_create(name="修理")[0])
    ended = AffiliationFactory(
        member=member,
        organization=world.orgs[place],
        kind=AffiliationKind.MOBILE_IN,
        starts_on=date(2024, 1, 1),
        ends_on=date(2025, 1, 1),
        end_reason=EndReason.OTHER
        if hasattr(EndReason, "OTHER")
        else EndReason.values[0],
        note=f"{bird}旧说明",
    )
    opened = AffiliationFactory(
        member=member,
        organization=world.orgs[place],
        starts_on=JOINED_BRANCH_ON,
        note=f"{bird}说明",
    )
    # A change, so that the history holds two states.
    member.job_title = f"{bird}新职务"
    member.version += 1
    member.save()
    world.rows[f"member-{place}"] = member
    world.rows[f"roll-{place}"] = opened.pk
    world.put("member", place, member.pk)
    world.put("affiliation", place, opened.pk)
    world.put("ended", place, ended.pk)


def _shared_member(world: World) -> None:
    """On the roll of b1, co-managed by a1: both see him, neither the other's note."""
    member = person(world, world.canaries.plant("燕甲乙", MEMBER, "a1", "b1"))
    for place, kind in (
        ("b1", AffiliationKind.ON_ROLL),
        ("a1", AffiliationKind.CO_MANAGED),
    ):
        AffiliationFactory(
            member=member,
            organization=world.orgs[place],
            kind=kind,
            note=f"{world.bird(place)}协管说明",
        )
    world.rows["shared"] = member


def _moved_member(world: World) -> None:
    """Left a2 for a1: a2 sees him no more, a1 sees no note of a2."""
    member = person(world, world.canaries.plant("莺自贰来", MEMBER, "a1"))
    left_on = date(2026, 9, 15)
    Affiliation.objects.create(
        member=member,
        organization=world.orgs["a2"],
        kind=AffiliationKind.ON_ROLL,
        starts_on=date(2022, 1, 1),
        start_reason="registered",
        ends_on=left_on,
        end_reason=EndReason.MOVED_WITHIN,
        note=f"{world.bird('a2')}转出说明",
    )
    AffiliationFactory(
        member=member,
        organization=world.orgs["a1"],
        starts_on=left_on,
        start_reason="moved_within",
        note=f"{world.bird('a1')}转入说明",
    )
    world.rows["moved"] = member


def _former_member(world: World) -> None:
    """Nobody's member any more: only street staff may read the file."""
    # Lists of those who left name him to the branch he left.
    name = world.canaries.plant("鹤离去", MEMBER, "s", "b", "b1")
    member = person(world, name, status="transferred_out")
    AffiliationFactory(
        member=member,
        organization=world.orgs["b1"],
        starts_on=date(2021, 1, 1),
        ends_on=date(2026, 9, 20),
        end_reason="transferred_out",
        note=f"{world.bird('b1')}转出",
    )
    for place in below("s") & set(BRANCHES):
        world.put("former", place, member.pk, org="s")


def _claim(world: World, place: str) -> None:
    bird = world.bird(place)
    claim = DuplicateClaim.objects.create(
        member=person(world, bird),
        organization=world.orgs[place],
        kind=AffiliationKind.ON_ROLL,
        claimed_by=world.owner(place),
        source=f"{bird}名册",
    )
    AffiliationFactory(member=claim.member, organization=world.orgs[place])
    world.put("claim", place, claim.pk)


def _transfer(world: World, place: str, key: str, state: str) -> None:
    """A relation on its way out of the street, drafted or under way by letter."""
    bird = world.bird(place)
    letter: dict[str, Any] = {}
    if state == TransferState.ISSUED:
        issuer = world.orgs[line_of(place)[-1]]
        letter = {
            "issuer": issuer,
            "year": 2026,
            "serial": Transfer.objects.filter(issuer=issuer).count() + 1,
            "issued_on": date(2026, 10, 20),
            "last_day": date(2026, 11, 18),
        }
    # What a letter must show in full to whoever issues it is no secret there.
    member = person(world, bird, is_secret=not letter)
    AffiliationFactory(member=member, organization=world.orgs[place])
    transfer = Transfer.objects.create(
        member=member,
        source=world.orgs[place],
        direction=TransferDirection.OUT,
        destination=TransferDestination.WORKPLACE,
        state=state,
        addressee=f"{bird}工委",
        target_name=f"{bird}新支部",
        reason=f"{bird}调动",
        dues_paid_to=date(2026, 9, 1),
        valid_days=30,
        drafted_by=world.owner(place),
        **letter,
    )
    world.put(key, place, transfer.pk)
    if letter:
        batch = TransferBatch.objects.create(
            title=f"{bird}批量转接", drafted_by=world.owner(place)
        )
        Transfer.objects.filter(pk=transfer.pk).update(batch=batch)
        world.put("batch", place, batch.pk)


def _twins(world: World, place: str) -> None:
    """Two records that may be one, and two that were made one."""
    bird = world.bird(place)
    people = [person(world, bird) for _ in range(4)]
    for member in people:
        AffiliationFactory(member=member, organization=world.orgs[place])
    pair = DuplicatePair.objects.create(
        first=people[0], second=people[1], reason="birth"
    )
    world.put("pair", place, pair.pk)
    merge = merge_members(
        kept_id=people[2].pk,
        gone_id=people[3].pk,
        taken=(),
        actor=world.users["staff_x" if place == "x1" else "committee_staff"],
    )
    world.put("merge", place, merge.pk)


def _standing(world: World, place: str) -> None:
    """Somebody lost, what is asked for about him, and two who are there."""
    bird, owner = world.bird(place), world.owner(place)
    organization = world.orgs[place]
    people = [person(world, bird) for _ in range(3)]
    for member in people:
        AffiliationFactory(member=member, organization=organization)
    seeker, member, silent = people
    world.put("seeker", place, seeker.pk)
    case = LostCase.objects.create(
        member=member,
        organization=organization,
        since=date(2026, 1, 5),
        reason="moved",
        circumstances=f"{bird}搬走以前",
        opened_on=date(2026, 9, 1),
        opened_by=owner,
    )
    SearchStep.objects.create(
        case=case,
        taken_on=date(2026, 9, 2),
        way="family",
        result=f"{bird}家属不知",
        recorded_by=owner,
    )
    decision = MembershipDecision.objects.create(
        member=member,
        organization=organization,
        case=case,
        kind="suspended",
        ground="lost",
        meeting_on=date(2026, 10, 8),
        facts=f"{bird}查找无果",
        status_before="normal",
        proposed_by=owner,
    )
    OutOfTouch.objects.create(member=silent, since=date(2026, 2, 1))
    world.put("lost", place, case.pk)
    world.put("decision", place, decision.pk)


def _contacts(world: World, place: str) -> None:
    """What was said with the branch's member, and somebody to be called."""
    bird, owner = world.bird(place), world.owner(place)
    contact = Contact.objects.create(
        member=world.rows[f"member-{place}"],
        organization=world.orgs[place],
        contacted_on=date(2026, 9, 30),
        way="visit",
        content=f"{bird}谈了近况",
        recorded_by=owner,
    )
    world.put("contact", place, contact.pk)
    # Whoever calls is shown the number, which is no secret there.
    callee = person(world, bird, is_secret=False)
    AffiliationFactory(member=callee, organization=world.orgs[place])
    world.put("callee", place, callee.pk)


def _brought(world: World, place: str) -> None:
    """Somebody who came by a letter from outside."""
    bird = world.bird(place)
    member = person(world, bird)
    AffiliationFactory(member=member, organization=world.orgs[place])
    transfer = Transfer.objects.create(
        member=member,
        target=world.orgs[place],
        direction=TransferDirection.IN,
        destination=TransferDestination.RESIDENCE,
        state=TransferState.ACCEPTED,
        source_name=f"{bird}原工委",
        foreign_number=f"{bird}字第1号",
        reason=f"{bird}迁居",
        issued_on=date(2026, 10, 1),
        valid_days=30,
        last_day=date(2026, 10, 30),
        accepted_on=date(2026, 10, 9),
        ended_on=date(2026, 10, 9),
        dues_paid_to=date(2026, 9, 1),
        drafted_by=world.owner(place),
    )
    world.put("brought", place, transfer.pk)


def _roster(world: World, place: str, state: str) -> None:
    bird = world.bird(place)
    rows = [["姓名", "公民身份号码"], [bird, "略"]]
    original = stored_file(
        world, place, FilePurpose.ROSTER, f"{bird}花名册.xlsx", workbook(rows)
    )
    is_done = state == RosterState.IMPORTED
    batch = RosterBatch.objects.create(
        organization=world.orgs[place],
        original=original,
        uploaded_by=world.owner(place),
        state=state,
        layout=[_LAYOUT | {"name": f"{bird}表"}],
        counts={"new": 1, "changed": 1, "unchanged": 0, "error": 1, "warnings": 1}
        | {"street": 0, "rows": 3},
        alarms=[],
        problem="",
        job=world.rows[f"job-{place}"] if is_done else None,
        imported_at=timezone.now() - timedelta(hours=1) if is_done else None,
    )
    member = world.rows[f"member-{place}"]
    finding = {"column": "姓名", "code": "name", "message": f"{bird}有误"}
    for number, verdict in enumerate(
        (RowVerdict.CHANGED, RowVerdict.ERROR, RowVerdict.UNCHANGED), start=2
    ):
        RosterRow.objects.create(
            batch=batch,
            sheet=f"{bird}表",
            number=number,
            verdict=verdict,
            name=bird,
            values={"organization_id": world.orgs[place].pk},
            changes={"job_title": [f"{bird}旧职", f"{bird}新职"]},
            errors=[finding] if verdict == RowVerdict.ERROR else [],
            warnings=[finding] if verdict == RowVerdict.UNCHANGED else [],
            member=member,
        )
    world.put(f"roster-{state}", place, batch.pk)
