"""Letters of many people at once: written down, numbered, accepted."""

from __future__ import annotations

from django.db import transaction

from members.choices import AffiliationKind
from members.models import Affiliation, LetterCounter, Transfer
from members.services.letters import issue_letters
from members.services.transfers import Course
from members.services.transfers_together import accept_transfers, draft_transfers
from tests.bench.clock import Result, Sample, check_references, queries_of, timed
from tests.bench.street import Street

COURSE = Course(
    direction="out",
    destination="workplace",
    addressee="中共江城市临江区工作委员会",
    target_name="中共临江机械公司支部委员会",
    valid_days=30,
)
MOST = 500


def leaving(street: Street, count: int) -> list[int]:
    """Relations of so many people without a transfer, from one branch after another."""
    rolls = Affiliation.objects.open().filter(
        kind=AffiliationKind.ON_ROLL,
        organization__in=street.branches,
        member__is_lost=False,
    )
    free = rolls.exclude(member__in=Transfer.objects.values("member"))
    return list(
        free.order_by("organization", "pk").values_list("pk", flat=True)[:count]
    )


def drafted(street: Street, rolls: list[int]) -> list[int]:
    batch = draft_transfers(
        affiliation_ids=rolls,
        course=COURSE,
        dues_paid_to=street.last_month.start,
        title="批量转接",
        actor=street.users["staff"],
    )
    return list(batch.transfers.values_list("pk", flat=True))


def issued(street: Street, rolls: list[int]) -> list[int]:
    """Everybody's letter with its number."""
    found = drafted(street, rolls)
    issue_letters(transfer_ids=found, actor=street.users["staff"])
    return found


def check(found: list[int], last: int) -> None:
    """One letter each, numbered on from `last` without gap or double."""
    rows = Transfer.objects.filter(pk__in=found).values_list("serial", "member")
    assert sorted(serial for serial, _ in rows) == list(
        range(last + 1, last + len(found) + 1)
    )
    assert len({member for _, member in rows}) == len(found)


def last_number() -> int:
    """The serial of the street's last letter this year."""
    return LetterCounter.objects.get().last


def measure(street: Street, rounds: int) -> list[Result]:
    rolls = leaving(street, MOST)
    last = last_number()

    def letters() -> None:
        check(issued(street, rolls), last)
        check_references()

    def accepted(found: list[int]) -> None:
        accept_transfers(
            transfer_ids=found, accepted_on=street.today, actor=street.users["staff"]
        )
        check_references()

    def taken_back(number: int) -> tuple[Sample, Sample]:
        with transaction.atomic():
            first = timed(letters)
            found = list(
                Transfer.objects.filter(serial__gt=last).values_list("pk", flat=True)
            )
            second = timed(lambda: accepted(found))
            left = Affiliation.objects.open().filter(pk__in=rolls).count()
            assert left == 0, left
            transaction.set_rollback(True)
        return first, second

    with transaction.atomic():
        queries = queries_of(letters)
        transaction.set_rollback(True)
    runs = [taken_back(number) for number in range(rounds)]
    lines = [
        Result(
            f"letters of {len(rolls)} people, written down and numbered",
            "< 2 s",
            [first for first, _ in runs],
            queries=queries,
        ),
        Result(
            f"{len(rolls)} letters accepted, the relations moved",
            "< 2 s",
            [second for _, second in runs],
        ),
    ]
    for line in lines:
        line.is_met = line.cpu < 2
    return lines
