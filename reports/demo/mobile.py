"""The demo's members away: most are called now and then, some fell silent."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from config.lib.identity import check_character
from members import rules
from members.choices import AffiliationKind, Category
from members.choices.contacts import ContactWay
from members.choices.mobile import (
    IdentityProof,
    MobileDirection,
    MobileEnd,
    MobileReason,
    MobileState,
    MobileWork,
)
from members.models import Contact, MobileStay
from members.parameters.mobile import HOME_PROVINCE
from members.services.mobile_links import refresh_contacts
from organizations.models import Parameter, User
from reports.demo.people import REGION, Person
from reports.demo.street import Street

_AWAY = (
    ("310115", "某电子厂", MobileReason.WORK, MobileWork.PRIVATE_FIRM),
    ("110105", "随女儿居住", MobileReason.FAMILY, MobileWork.URBAN),
    ("220100", "建筑工地", MobileReason.WORK, MobileWork.STATE_FIRM),
    ("440300", "自营小店", MobileReason.WORK, MobileWork.OWN_BUSINESS),
    ("222400", "承包工程", MobileReason.WORK, MobileWork.PRIVATE_FIRM),
    ("990000", "随子女出国居住", MobileReason.FAMILY, ""),
    ("000000", "", MobileReason.OTHER, ""),
)
_ORIGINS = (
    ("230100", "中共松江县柳河村支部委员会"),
    ("220500", "中共梅城市机械厂支部委员会"),
    ("370600", "中共海州区渔港社区支部委员会"),
)
_NAMES = ("田远来", "石新居", "江同舟", "白家和", "云外青", "水长流", "安若素")
# Days since each was written down: some are verified soon, some fall silent.
_SINCE = (4, 11, 18, 35, 66, 100, 190)


def make_stays(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Write down who is away and who has come, as both sides would."""
    Parameter.objects.create(key=HOME_PROVINCE, value=REGION[:2])
    present = [person for person in people if person.ends_on is None]
    stays = [*_out(street, present, random, today), *_returned(present, random, today)]
    placed = [p for p in present if p.kind == AffiliationKind.MOBILE_IN]
    stays += [_placed(n, person, today) for n, person in enumerate(placed)]
    stays += _arriving(street, today)
    for stay in stays:
        stay.registered_by = writer
        if stay.verified_on:
            stay.verified_by = writer
    MobileStay.objects.bulk_create(stays)
    Contact.objects.bulk_create(
        Contact(
            member=person.member,
            organization=person.branch,
            contacted_on=today - timedelta(days=random.randrange(4, 80)),
            way=ContactWay.PHONE,
            content="在本社区居住，参加了支部活动",
            recorded_by=writer,
        )
        for person in placed
    )
    known = {stay.member_id for stay in stays if stay.member_id}
    refresh_contacts(known, date.min)


def _out(
    street: Street, present: list[Person], random: Random, today: date
) -> list[MobileStay]:
    """Of those marked as mobile; every ninth is not written down yet."""
    away = [
        person
        for person in present
        if person.kind == AffiliationKind.ON_ROLL
        and person.member.category == Category.MOBILE
    ]
    found = []
    for number, person in enumerate(away):
        if number % 9 == 8:
            continue
        division, place, reason, work = _AWAY[number % len(_AWAY)]
        started_on = today - timedelta(days=random.randrange(190, 900))
        stay = _stay(
            person.member,
            MobileDirection.OUT,
            MobileState.AWAY,
            home=person.branch,
            division=division,
            place=place,
            reason=reason,
            work=work,
            started_on=started_on,
            registered_on=today - timedelta(days=random.randrange(20, 170)),
        )
        if number % 3 == 0:
            stay.card_number = f"{started_on.year}{number:04d}"
            stay.card_issued_on = started_on
        if number % 8 == 5:
            stay.expected_end_on = today + timedelta(days=random.randrange(-40, 200))
        if number == 1:  # half a year of silence
            stay.registered_on = stay.last_contact_on = today - timedelta(days=205)
        found.append(stay)
    _within(found[4], street, MobileState.REGISTERED, today)
    return found


def _within(stay: MobileStay, street: Street, state: str, today: date) -> None:
    """He lives in another community of the street: one record for both branches."""
    host = next(b for b in street.branches if b.parent_id != stay.home.parent_id)
    stay.direction, stay.state, stay.host = MobileDirection.WITHIN, state, host
    stay.division, stay.reason, stay.place = "", MobileReason.RESIDENCE, "新居"
    stay.registered_on = today - timedelta(days=6)


def _returned(present: list[Person], random: Random, today: date) -> list[MobileStay]:
    back = [
        person
        for person in present
        if person.kind == AffiliationKind.ON_ROLL
        and person.member.category == Category.OTHER
    ]
    found = []
    for person in back[:6]:
        ended_on = today - timedelta(days=random.randrange(20, 200))
        found.append(
            _stay(
                person.member,
                MobileDirection.OUT,
                MobileState.ENDED,
                home=person.branch,
                division="210200",
                reason=MobileReason.WORK,
                started_on=ended_on - timedelta(days=300),
                registered_on=ended_on - timedelta(days=290),
                ended_on=ended_on,
                end_reason=MobileEnd.RETURNED,
            )
        )
    return found


def _placed(number: int, person: Person, today: date) -> MobileStay:
    division, home_name = _ORIGINS[number % len(_ORIGINS)]
    day = person.starts_on
    return _stay(
        person.member,
        MobileDirection.IN,
        MobileState.PLACED,
        host=person.branch,
        home_name=home_name,
        home_contact="组织委员",
        division=division,
        reason=MobileReason.FAMILY if number % 2 else MobileReason.WORK,
        started_on=day - timedelta(days=20),
        registered_on=day - timedelta(days=9),
        proof=IdentityProof.CALL if number % 2 else IdentityProof.CARD,
        verified_on=day - timedelta(days=3),
        placed_on=day,
        card_number="" if number % 2 else f"外{number:04d}",
        card_issued_on=None if number % 2 else day - timedelta(days=30),
    )


def _arriving(street: Street, today: date) -> list[MobileStay]:
    """Written down by communities and branches; every second is verified."""
    found = []
    for number, name in enumerate(_NAMES):
        branch = street.branches[number % 3]
        born_on = date(1978 + number, 3, 5)
        body = f"{REGION}{born_on:%Y%m%d}{880 + number}"
        identity = rules.identity_fields(body + check_character(body), today=today)
        division, home_name = _ORIGINS[number % len(_ORIGINS)]
        registered_on = today - timedelta(days=_SINCE[number])
        is_verified = number % 2 == 1
        found.append(
            _stay(
                None,
                MobileDirection.IN,
                MobileState.VERIFIED if is_verified else MobileState.REGISTERED,
                host=branch if number < 3 else branch.parent,
                name=name,
                id_number=identity["id_number"],
                id_index=identity["id_index"],
                phone=f"1990001{number:04d}",
                ethnicity="Han",
                member_type="full",
                education="college",
                joined_on=date(2008, 7, 1),
                home_name=home_name,
                division=division,
                reason=MobileReason.RESIDENCE,
                started_on=registered_on - timedelta(days=30),
                registered_on=registered_on,
                proof=IdentityProof.LETTER if is_verified else "",
                verified_on=registered_on + timedelta(days=2) if is_verified else None,
            )
        )
    return found


def _stay(member: Any, direction: str, state: str, **values: Any) -> MobileStay:
    values.setdefault("last_contact_on", values["registered_on"])
    return MobileStay(member=member, direction=direction, state=state, **values)
