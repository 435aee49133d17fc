"""Building packets: exactly one a unit, however roughly it runs."""

import contextlib
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.lib.errors import RuleError
from liaison.choices import FeedbackState
from liaison.models import FeedbackPacket, FeedbackPeriod
from liaison.services import packets
from liaison.services.periods import close_period
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory
from tests.factories.liaison import (
    CardEntryFactory,
    FeedbackRemarkFactory,
    LiaisonCardFactory,
)
from tests.factories.organizations import WorkUnitFactory


class Killed(BaseException):
    """Stands for the end of the worker's process."""


@pytest.fixture
def busy_round(period, branch_a1, branch_b1):
    """Seven units, ten cards, entries, an activity, some words."""
    units = WorkUnitFactory.create_batch(7)
    cards = [
        LiaisonCardFactory(
            organization=branch_a1 if number % 3 else branch_b1,
            home_unit=units[number % 7],
        )
        for number in range(10)
    ]
    for card in cards[::2]:
        CardEntryFactory(card=card)
    ActivityFactory(
        organization=branch_a1,
        held_on=date(2026, 9, 1),
        present=[card.member for card in cards[:4]],
    )
    for card in cards[:6]:
        FeedbackRemarkFactory(period=period, card=card)
    return period


def contents(period: FeedbackPeriod) -> dict[str, dict]:
    return dict(period.packets.values_list("work_unit__name", "content"))


@given(kills=st.lists(st.integers(0, 4), max_size=6))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_an_interrupted_build_ends_like_a_quiet_one(busy_round, build, kills):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packets, "UNITS_A_BATCH", 7)
        build(busy_round)
        quiet = contents(busy_round)
        _forget(busy_round)

        patch.setattr(packets, "UNITS_A_BATCH", 2)
        for calls in kills:
            with contextlib.suppress(Killed):
                build(busy_round, guard=_dying_after(calls))
        build(busy_round)

    assert contents(busy_round) == quiet
    assert busy_round.packets.count() == 7
    _forget(busy_round)


def _dying_after(calls: int):
    """Return a guard that lives through so many transactions."""
    left = iter(range(calls))

    def guard() -> None:
        if next(left, None) is None:
            raise Killed

    return guard


def _forget(period: FeedbackPeriod) -> None:
    period.packets.all().delete()
    FeedbackPeriod.objects.filter(pk=period.pk).update(state=FeedbackState.CLOSED)


def test_building_twice_builds_nothing_new(busy_round, build):
    assert (build(busy_round), build(busy_round)) == (7, 0)


def test_an_open_round_is_not_built(period):
    with pytest.raises(RuleError, match="先截止"):
        packets.build_packets(
            period_id=period.pk, guard=lambda: None, progress=lambda a, b: None
        )


def test_a_packet_joins_the_members_of_a_unit(packet, card):
    person = packet.content["people"][0]
    assert (packet.member_count, person["name"]) == (1, "雷芳")
    assert person["words"] == packets.NOT_WORDED


def test_a_branch_without_a_short_name_is_called_by_its_whole_one(
    period, card, branch_a1, build
):
    type(branch_a1).objects.filter(pk=branch_a1.pk).update(short_name="")
    build(period)
    person = period.packets.get().content["people"][0]
    assert person["branch"] == branch_a1.name


def test_the_words_and_the_record_are_frozen(period, card, build):
    entry = CardEntryFactory(card=card, content="修剪绿化")
    FeedbackRemarkFactory(period=period, card=card, words="认真负责。")
    build(period)
    entry.content = "别的"
    entry.save()
    person = period.packets.get().content["people"][0]
    assert (person["words"], person["deeds"][0]["content"]) == (
        "认真负责。",
        "修剪绿化",
    )
    assert person["grade"] == "优秀"


def test_the_digest_seals_the_content(packet):
    packet.refresh_from_db()
    assert packets.content_digest(packet.content) == packet.content_sha256
    packet.content["people"][0]["grade"] = "优秀"
    assert packets.content_digest(packet.content) != packet.content_sha256


def test_a_card_of_another_round_is_left_out(period, branch_a1, build):
    LiaisonCardFactory(organization=branch_a1, starts_on=date(2026, 10, 1))
    LiaisonCardFactory(organization=branch_a1, ends_on=date(2026, 7, 1))
    assert build(period) == 0


def test_another_streets_card_is_left_out(period, other_street, build):
    LiaisonCardFactory(organization=other_street)
    assert build(period) == 0


def test_a_late_card_gets_its_own_packet(packet, period, branch_a1, build):
    LiaisonCardFactory(organization=branch_a1)
    assert build(period) == 1
    assert period.packets.count() == 2


def test_numbers_are_told_apart_by_street_round_and_serial(busy_round, build, street):
    build(busy_round)
    numbers = list(busy_round.packets.values_list("number", flat=True))
    assert sorted(numbers) == [f"{street.code}-2026Q3-{n:04d}" for n in range(1, 8)]


def test_building_is_recorded_once(busy_round, build):
    build(busy_round)
    build(busy_round)
    event = AuditEvent.objects.get(action="packets_built")
    assert event.details == {"packets": 7}


def test_a_new_employer_gets_the_packet_and_the_old_one_none(period, card, build):
    old, new = card.home_unit, WorkUnitFactory()
    card.member.home_unit = new
    card.member.save()
    build(period)
    assert not old.packets.exists()
    assert new.packets.count() == 1


def test_a_batch_takes_the_same_queries_for_more_units(
    busy_round, branch_a1, django_assert_max_num_queries
):
    for _ in range(20):
        LiaisonCardFactory(organization=branch_a1)
    close_period(period_id=busy_round.pk)
    with django_assert_max_num_queries(20):
        packets.build_packets(
            period_id=busy_round.pk, guard=lambda: None, progress=lambda a, b: None
        )
    assert FeedbackPacket.objects.count() == 27
