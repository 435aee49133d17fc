"""Relations that left the demo street in its year, and some on their way."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from members.choices import (
    AffiliationKind,
    Category,
    EndReason,
    MembershipStatus,
    StartReason,
    TransferDestination,
    TransferDirection,
    TransferState,
)
from members.models import LetterCounter, Transfer, TransferBatch
from members.rules.transfers import letter_number, valid_until
from organizations.models import User
from reports.demo.people import Person
from reports.demo.street import Street

_ADDRESSEE = "中共江城市临江区工作委员会"
_PLACES = (
    (TransferDestination.WORKPLACE, "中共临江机械公司支部委员会", "调入新单位"),
    (TransferDestination.RESIDENCE, "中共临江区柳岸社区支部委员会", "迁居"),
    (TransferDestination.TALENT_CENTRE, "中共临江区人才中心支部委员会", "离职待业"),
)
_DAYS = 30


def make_transfers(
    street: Street, people: list[Person], writer: User, today: date
) -> None:
    """Give everybody who left or came a letter, and put some more on their way."""
    letters = [_gone(person, today) for person in people if _has_left(person)]
    letters += _under_way(street, people, today)
    letters.sort(key=lambda letter: (letter.issued_on, letter.member.name))
    for year, issued in groupby(letters, key=lambda letter: letter.issued_on.year):
        last = 0
        for last, letter in enumerate(issued, start=1):
            letter.issuer, letter.year, letter.serial = street.root, year, last
        LetterCounter.objects.create(issuer=street.root, year=year, last=last)
    waiting = _without_letter(street, people, today)
    for number, transfer in enumerate([*letters, *waiting]):
        if transfer.direction == TransferDirection.OUT:
            # Who is retired only moves house.
            is_retired = transfer.member.category == Category.RETIRED
            place = _PLACES[1 if is_retired else number % len(_PLACES)]
            transfer.destination, transfer.target_name, transfer.reason = place
            transfer.addressee = _ADDRESSEE
        transfer.drafted_by = writer
    came = [_came(n, p, today) for n, p in enumerate(filter(_has_come, people))]
    Transfer.objects.bulk_create([*letters, *waiting, *came])
    _together(street, people, writer, today)


def _has_left(person: Person) -> bool:
    return person.end_reason == EndReason.TRANSFERRED_OUT


def _has_come(person: Person) -> bool:
    return person.start_reason == StartReason.TRANSFERRED_IN


def _came(number: int, person: Person, today: date) -> Transfer:
    """The letter somebody brought; of the last month not every reply has gone."""
    issued_on = person.starts_on - timedelta(days=6)
    back = person.starts_on + timedelta(days=15)
    destination, source_name, reason = _PLACES[number % len(_PLACES)]
    return Transfer(
        member=person.member,
        target=person.branch,
        direction=TransferDirection.IN,
        state=TransferState.RECEIPTED if back < today else TransferState.ACCEPTED,
        destination=destination,
        source_name=source_name,
        foreign_number=letter_number(issued_on.year, 300 + number),
        issued_on=issued_on,
        valid_days=_DAYS,
        last_day=valid_until(issued_on, _DAYS),
        dues_paid_to=_month_before(issued_on),
        accepted_on=person.starts_on,
        ended_on=person.starts_on,
        receipt_on=back if back < today else None,
        reason=reason,
    )


def _together(street: Street, people: list[Person], writer: User, today: date) -> None:
    """Four of one branch who go the same way, not yet issued."""
    branch = street.branches[5]
    batch = TransferBatch.objects.create(title=f"{branch}批量转接", drafted_by=writer)
    destination, target_name, reason = _PLACES[0]
    leaving = [
        _transfer(person, today, valid_days=_DAYS)
        for person in stays(people, branch)[1:5]
    ]
    for transfer in leaving:
        transfer.batch, transfer.drafted_by = batch, writer
        transfer.destination, transfer.reason = destination, reason
        transfer.target_name, transfer.addressee = target_name, _ADDRESSEE
    Transfer.objects.bulk_create(leaving)


def stays(people: list[Person], branch: Any) -> list[Person]:
    """Those of a branch's roll whose relation could move today."""
    return [
        person
        for person in people
        if person.branch == branch
        and person.kind == AffiliationKind.ON_ROLL
        and person.ends_on is None
        and person.member.status == MembershipStatus.NORMAL
    ]


def _gone(person: Person, today: date) -> Transfer:
    """The letter of somebody who left; of the last month the receipt is not back."""
    issued_on = max(person.ends_on - timedelta(days=9), person.starts_on)
    back = person.ends_on + timedelta(days=12)
    return _letter(
        person,
        issued_on,
        state=TransferState.RECEIPTED if back < today else TransferState.ACCEPTED,
        accepted_on=person.ends_on,
        ended_on=person.ends_on,
        receipt_on=back if back < today else None,
    )


def _under_way(street: Street, people: list[Person], today: date) -> list[Transfer]:
    """A letter that expires soon, one past its days and one that was lost."""
    told = (
        (1, 26, TransferState.ISSUED, ""),
        (2, 44, TransferState.EXPIRED, ""),
        (3, 20, TransferState.LOST, "邮寄途中遗失，已核实"),
    )
    return [
        _letter(
            stays(people, street.branches[place])[0],
            today - timedelta(days=days),
            state=state,
            closing_note=note,
        )
        for place, days, state, note in told
    ]


def _without_letter(
    street: Street, people: list[Person], today: date
) -> list[Transfer]:
    """A draft of the first branch, and somebody whom it is asked to take."""
    own, other = street.branches[0], street.branches[4]
    leaving, coming = stays(people, own)[0], stays(people, other)[0]
    draft = _transfer(leaving, today, valid_days=_DAYS)
    within = _transfer(
        coming,
        today,
        direction=TransferDirection.WITHIN,
        state=TransferState.ISSUED,
        issued_on=today - timedelta(days=2),
        target=own,
        destination=TransferDestination.RESIDENCE,
        reason="搬到本社区居住",
    )
    return [draft, within]


def _letter(person: Person, issued_on: date, **values: Any) -> Transfer:
    return _transfer(
        person,
        issued_on,
        issued_on=issued_on,
        last_day=valid_until(issued_on, _DAYS),
        valid_days=_DAYS,
        **values,
    )


def _transfer(person: Person, day: date, **values: Any) -> Transfer:
    return Transfer(
        member=person.member,
        source=person.branch,
        dues_paid_to=_month_before(day),
        **{"direction": TransferDirection.OUT} | values,
    )


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
