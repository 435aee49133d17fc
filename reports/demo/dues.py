"""The demo's dues and commendations: a year of months, some behind, some excused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from members.choices import AffiliationKind, Category, MembershipStatus, StartReason
from members.choices.commendations import CommendationLevel
from members.choices.dues import PayerKind
from members.models import Commendation, DuesBase, DuesMonth, DuesStanding
from members.parameters.dues import table
from members.rules import dues as rules
from organizations.models import User
from reports.demo.people import Person

_KINDS = {
    Category.RETIRED: (PayerKind.RETIRED, 2800, 6400),
    Category.IN_POST: (PayerKind.EMPLOYED, 3600, 12800),
    Category.MOBILE: (PayerKind.EMPLOYED, 2900, 6900),
    Category.OTHER: (PayerKind.SELF_EMPLOYED, 2600, 8800),
}
_MONTHS = 13
# The branch whose secretary tries the portal waits with the last month; two others
# have not kept up.
_WAITING = 0
_LATE = (7, 13)
_DEEDS = (
    (
        "优秀共产党员",
        CommendationLevel.STREET,
        "带头参加社区值守，服务群众四十余次",
    ),
    ("优秀党务工作者", CommendationLevel.STREET, "规范组织生活，支部工作扎实有序"),
    ("敬业奉献模范", CommendationLevel.DISTRICT, "坚守岗位，完成重点工程建设任务"),
    ("助人为乐模范", CommendationLevel.COMMUNITY, "长期照料同楼独居老人"),
    ("合法经营的模范", CommendationLevel.STREET, "诚信经营，带头吸纳下岗失业人员"),
)


def make_dues(people: list[Person], writer: User, random: Random, today: date) -> None:
    payers = [
        person
        for person in people
        if person.kind == AffiliationKind.ON_ROLL
        and person.ends_on is None
        and person.member.status == MembershipStatus.NORMAL
    ]
    bases = [base for person in payers for base in _bases(person, random, today)]
    for base in bases:
        base.recorded_by = writer
    DuesBase.objects.bulk_create(bases)
    branches = list(dict.fromkeys(person.branch for person in people))
    months, standings = [], []
    for number, person in enumerate(payers):
        place = branches.index(person.branch)
        owed = _owed(number, place)
        first = _first(person, today)
        last = rules.step(rules.last_due(today), -owed)
        paid = rules.months_of(first, last) if first <= last else []
        own = [base for base in bases if base.member_id == person.member.pk]
        months += [_month(person, own, month, writer) for month in paid]
        opened = rules.step(first, -1)
        standings.append(
            DuesStanding(
                member=person.member,
                opened_to=opened,
                paid_to=max(opened, last),
                words="纸质台账",
            )
        )
    DuesMonth.objects.bulk_create(months)
    DuesStanding.objects.bulk_create(standings)


def _first(person: Person, today: date) -> date:
    """The first month of the ledger: a year ago, or that of coming."""
    year_ago = rules.step(today.replace(day=1), -_MONTHS)
    came = person.starts_on.replace(day=1)
    return max(year_ago, came)


def _owed(number: int, place: int) -> int:
    """Months left open: one by one few people, and two branches as a whole."""
    if number % 41 == 5:
        return 7
    if number % 29 == 3:
        return 4
    return {_WAITING: 1}.get(place, 1 if place in _LATE else 0)


def _bases(person: Person, random: Random, today: date) -> list[DuesBase]:
    rates, first = table(), _first(person, today)
    kind, low, high = _KINDS.get(person.member.category, (PayerKind.LAID_OFF, 0, 0))
    value = Decimal(random.randrange(low, high + 1, 10)) if high else None
    base = DuesBase(
        member=person.member,
        kind=kind,
        base=f"{value:f}" if value is not None else "",
        monthly=rules.due_of(kind, value, rates),
        starts_on=first,
    )
    is_new = person.start_reason == StartReason.NEW_MEMBER
    if random.random() >= 0.02 or is_new:
        return [base]
    base.ends_on = max(rules.step(today.replace(day=1), -4), rules.step(first, 1))
    less = DuesBase(
        member=person.member,
        kind=PayerKind.REDUCED,
        base="0",
        monthly=Decimal(0),
        starts_on=base.ends_on,
        ends_on=rules.step(base.ends_on, 12),
        reason="重病住院，医疗支出大，家庭生活困难",
        approver="社区党委",
        approved_on=base.ends_on - timedelta(days=6),
    )
    return [base, less]


def _month(
    person: Person, bases: list[DuesBase], month: date, writer: User
) -> DuesMonth:
    due = next((base.monthly for base in bases if base.holds(month)), None)
    return DuesMonth(
        member=person.member,
        organization=person.branch,
        month=month,
        due=due,
        paid=due or Decimal("0.20"),
        paid_on=month + timedelta(days=14),
        recorded_by=writer,
    )


def make_commendations(people: list[Person], writer: User, today: date) -> None:
    """Some of each year, on the Party's day and at the year's end."""
    present = [
        person
        for person in people
        if person.kind == AffiliationKind.ON_ROLL and person.ends_on is None
    ]
    days = [
        day
        for year in (today.year - 1, today.year)
        for day in (date(year, 7, 1), date(year, 12, 25))
        if day < today
    ]
    rows = []
    for number, person in enumerate(present[::23]):
        title, level, deed = _DEEDS[number % len(_DEEDS)]
        day = days[number % len(days)]
        if day <= person.member.joined_on:
            continue
        rows.append(
            Commendation(
                member=person.member,
                organization=person.branch,
                title=title,
                level=level,
                deed=deed,
                awarded_on=day,
                approver="中共江滨街道工作委员会",
                recorded_by=writer,
            )
        )
    Commendation.objects.bulk_create(rows)
