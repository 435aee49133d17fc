"""The demo's report slips, plaques and residents' comments."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from config.lib.identity import check_character
from members import rules
from members.choices import AffiliationKind
from members.choices.comments import CommentKind, CommentSource, CommentState
from members.choices.reporting import SlipSource, SlipState
from members.models import Plaque, PlaqueMember, ReportSlip, ResidentComment
from organizations.models import User
from reports.demo.people import REGION, Person
from reports.demo.street import Street

# Who reports anew: name, way, days ago, community, unit; the last is too late already.
_NEW = (
    ("金晓峰", SlipSource.SELF, 3, 0, 0),
    ("朴春花", SlipSource.UNIT, 6, 0, 1),
    ("邵志远", SlipSource.SHEET, 9, 1, 2),
    ("邵文静", SlipSource.SHEET, 9, 1, 2),
    ("佟立新", SlipSource.SELF, 12, 2, 3),
    ("鲍雪梅", SlipSource.UNIT, 27, 0, 4),
)
# Reported to a second community as well.
_TWICE = ("佟立新", 3)
_REFUSED = (("冷国栋", 40, "不住在本社区，已告知到居住社区报到"),)
_WISHES = ("周末义诊", "假期辅导学生", "参加治安巡逻", "法律咨询", "")
_SAID = (
    (CommentKind.PRAISE, "主动清扫楼道积雪，帮邻居提东西上楼"),
    (CommentKind.PRAISE, "疫情和汛期值守认真，对老人有耐心"),
    (CommentKind.ADVICE, "建议牵头商量楼前停车，大家都愿意听"),
    (CommentKind.CRITICISM, "楼道里堆放杂物，请带头清理"),
    (CommentKind.ADVICE, "希望多在小区公布党员能办什么事"),
)
_HANDLED = "已上门核实，本人当场表态"
_ANSWERED = "已当面答复反映人，表示满意"


def make_reporting(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Slips of who is co-managed and of some who wait; doors; what residents said."""
    present = [person for person in people if person.ends_on is None]
    slips = [
        _accepted(person, writer, random)
        for person in present
        if person.kind == AffiliationKind.CO_MANAGED
    ]
    slips += _new_slips(street, writer, random, today)
    slips.append(_doubled(street, slips, writer, today))
    ReportSlip.objects.bulk_create(slips)
    _plaques(present, writer, random, today)
    _comments(present, writer, random, today)


def _accepted(person: Person, writer: User, random: Random) -> ReportSlip:
    member = person.member
    return ReportSlip(
        community=member.community,
        organization=person.branch,
        branch=person.branch,
        member=member,
        state=SlipState.ACCEPTED,
        name=member.name,
        id_number=member.id_number,
        id_index=member.id_index,
        ethnicity=member.ethnicity,
        joined_on=member.joined_on,
        phone=member.phone,
        address=member.address,
        work_unit=member.home_unit,
        job_title=member.job_title,
        skills="、".join(person.talents),
        wishes=random.choice(_WISHES),
        source=random.choice(SlipSource.values),
        reported_on=person.starts_on,
        settled_on=person.starts_on,
        settled_by=writer,
        recorded_by=writer,
    )


def _new_slips(
    street: Street, writer: User, random: Random, today: date
) -> list[ReportSlip]:
    slips = []
    for number, (name, source, days, place, unit) in enumerate(_NEW):
        slip = _slip(street, name, number, place, today - timedelta(days=days))
        slip.source, slip.work_unit = source, street.units[unit]
        slip.wishes = random.choice(_WISHES)
        slips.append(slip)
        if (name, place) == ("佟立新", 2):
            again = _slip(street, name, number, _TWICE[1], today - timedelta(days=8))
            again.source, again.unit_name = SlipSource.UNIT, "江城市第二医院"
            slips.append(again)
    for number, (name, days, reason) in enumerate(_REFUSED, start=len(_NEW)):
        slip = _slip(street, name, number, 0, today - timedelta(days=days))
        slip.state, slip.reason = SlipState.REFUSED, reason
        slip.settled_on, slip.settled_by = today - timedelta(days=days - 2), writer
        slip.unit_name = "江城市供电公司"
        slips.append(slip)
    for slip in slips:
        slip.recorded_by = writer
    return slips


def _slip(
    street: Street, name: str, number: int, place: int, reported_on: date
) -> ReportSlip:
    community = street.communities[place]
    born_on = date(1987, 11, 3) + timedelta(days=number)
    body = f"{REGION}{born_on:%Y%m%d}{970 + number % 20:03d}"
    identity = rules.identity_fields(body + check_character(body), today=reported_on)
    return ReportSlip(
        community=community,
        organization=community.organization,
        name=name,
        id_number=identity["id_number"],
        id_index=identity["id_index"],
        joined_on=date(2012, 7, 1),
        phone=f"1990001{number:04d}",
        address=f"江滨街道{community}{number + 1}号楼1单元201室",
        source=SlipSource.SELF,
        reported_on=reported_on,
    )


def _doubled(
    street: Street, slips: list[ReportSlip], writer: User, today: date
) -> ReportSlip:
    """Somebody co-managed here, who reported to the next community as well."""
    held = slips[0]
    place = next(each for each in street.communities if each != held.community)
    return ReportSlip(
        community=place,
        organization=place.organization,
        name=held.name,
        id_number=held.id_number,
        id_index=held.id_index,
        joined_on=held.joined_on,
        phone=held.phone,
        work_unit=held.work_unit,
        source=SlipSource.SELF,
        reported_on=today - timedelta(days=5),
        recorded_by=writer,
    )


def _plaques(present: list[Person], writer: User, random: Random, today: date) -> None:
    """About six in ten have a plaque; some share a door, a few were taken down."""
    plaques, places = [], []
    waiting: Person | None = None
    for person in present:
        if random.random() > 0.6 or person.member.community is None:
            continue
        if waiting is not None and waiting.branch == person.branch:
            # Lives behind the door of the last one.
            places.append((len(plaques) - 1, person))
            waiting = None
            continue
        days = random.randrange(5, 600)
        hung_on = max(today - timedelta(days=days), person.starts_on)
        is_down = random.random() < 0.04 and hung_on < today - timedelta(days=60)
        plaques.append(
            Plaque(
                organization=person.branch,
                community=person.member.community,
                building=f"{random.randint(1, 12)}号楼",
                address=person.member.address,
                hung_on=hung_on,
                badge_given_on=hung_on,
                badge_number=f"{len(plaques) + 1:04d}",
                taken_down_on=today - timedelta(days=30) if is_down else None,
                taken_down_reason="迁出本社区" if is_down else "",
                recorded_by=writer,
            )
        )
        places.append((len(plaques) - 1, person))
        waiting = person if not is_down and random.random() < 0.2 else None
    stored = Plaque.objects.bulk_create(plaques)
    PlaqueMember.objects.bulk_create(
        PlaqueMember(
            plaque=stored[number],
            member=person.member,
            covered_on=max(stored[number].hung_on, person.starts_on),
            left_on=stored[number].taken_down_on,
        )
        for number, person in places
    )


def _comments(present: list[Person], writer: User, random: Random, today: date) -> None:
    """Three a month over the year; the latest wait, one of them too long already."""
    comments = []
    for number in range(36):
        person = random.choice(present)
        kind, content = random.choice(_SAID)
        received_on = today - timedelta(days=4 + number * 10)
        comment = ResidentComment(
            member=person.member,
            organization=person.branch,
            received_on=max(received_on, person.starts_on),
            source=random.choice(CommentSource.values),
            kind=kind,
            content=content,
            informant=random.choice(("", "", "本楼居民")),
            recorded_by=writer,
        )
        _go_on(comment, number)
        comments.append(comment)
    # One in the first branch's own hands, for whoever tries the portal.
    own = ResidentComment(
        member=present[0].member,
        organization=present[0].branch,
        received_on=today - timedelta(days=35),
        source=CommentSource.GRID,
        kind=CommentKind.ADVICE,
        content=_SAID[2][1],
        recorded_by=writer,
    )
    ResidentComment.objects.bulk_create([*comments, own])


def _go_on(comment: ResidentComment, number: int) -> None:
    """Let an older comment be further on its way."""
    if number < 2:
        return
    comment.handler, comment.handling = "支部书记", _HANDLED
    comment.handled_on = comment.received_on + timedelta(days=2)
    comment.state = CommentState.HANDLING
    if number > 2:
        comment.answer = _ANSWERED
        comment.answered_on = comment.received_on + timedelta(days=3)
        comment.state = CommentState.ANSWERED
    if number > 6:
        comment.closed_on = comment.answered_on
        comment.state = CommentState.CLOSED
