"""Looking for two records of one person, and saying that they are two people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices.quality import PairReason, PairState
from members.models import Affiliation, DuplicatePair, Member
from organizations import audit
from organizations.access import Right, require_right
from organizations.choices import AuditAction
from organizations.models import User

# What two records share that are likely one person.
_ALIKE: dict[PairReason, tuple[str, ...]] = {
    PairReason.BIRTH: ("name", "born_on"),
    PairReason.JOINED: ("name", "sex", "joined_on"),
}
# A name that so many share on one day is no typing error.
_MOST = 6


def find_pairs() -> int:
    """Write down pairs that are not yet known; return how many. For the daily job."""
    before = DuplicatePair.objects.count()
    for reason, fields in _ALIKE.items():
        DuplicatePair.objects.bulk_create(
            (
                DuplicatePair(first_id=first, second_id=second, reason=reason)
                for first, second in _pairs(reason, fields)
            ),
            ignore_conflicts=True,
            batch_size=1000,
        )
    return DuplicatePair.objects.count() - before


def _pairs(reason: PairReason, fields: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    people = _present()
    if reason == PairReason.JOINED:
        people = people.filter(joined_precision="day")
    doubled = (
        people.order_by()
        .values(*fields)
        .annotate(number=Count("pk"))
        .filter(number__gt=1, number__lte=_MOST)
    )
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    names = {row["name"] for row in doubled}
    wanted = {tuple(row[field] for field in fields) for row in doubled}
    for pk, *values in people.filter(name__in=names).values_list("pk", *fields):
        if tuple(values) in wanted:
            groups[tuple(values)].append(pk)
    for ids in groups.values():
        yield from combinations(sorted(ids), 2)


def _present() -> QuerySet[Member]:
    """Everybody who belongs somewhere; a record that was given up belongs nowhere."""
    open_ones = Affiliation.objects.open().order_by().values("member")
    return Member._base_manager.filter(pk__in=open_ones)


@transaction.atomic
def tell_apart(*, pair_id: int, words: str, actor: User) -> DuplicatePair:
    """Say that the two are different people; the pair is not found again."""
    require_right(actor, Right.SETTLE_CLAIMS)
    pair = (
        DuplicatePair.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=pair_id)
    )
    if pair.state == PairState.MERGED:
        raise RuleError("这两份档案已经合并。", code="pair_state")
    if not words.strip():
        raise RuleError("请写明怎样核对的，如“身份证原件不同”。", code="words")
    settle_pair(pair, PairState.DIFFERENT, words.strip(), actor)
    return pair


def settle_pair(pair: DuplicatePair, state: PairState, words: str, actor: User) -> None:
    """Write the answer about a locked pair."""
    pair.state, pair.words = state, words
    pair.settled_by, pair.settled_at = actor, timezone.now()
    pair.save(update_fields=["state", "words", "settled_by", "settled_at"])
    audit.record(
        actor=actor,
        action=AuditAction.PAIR_SETTLED,
        target=pair,
        details={"pair_state": state},
    )
