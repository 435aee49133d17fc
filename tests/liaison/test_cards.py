"""Opening, keeping and closing liaison cards."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.models import CardEntry, LiaisonCard
from liaison.service_record import records
from liaison.services import cards
from members.models import Member
from organizations.models import AuditEvent
from organizations.services.structure import merge_organizations
from tests.factories.activities import ActivityFactory
from tests.factories.liaison import (
    CardEntryFactory,
    LiaisonCardFactory,
    reported_member,
)
from tests.factories.members import AffiliationFactory
from tests.factories.organizations import WorkUnitFactory

DAY = date(2026, 8, 3)


@pytest.fixture
def reported(branch_a1, work_unit):
    return reported_member(branch_a1, home_unit=work_unit)


def open_card(member, actor, starts_on=date(2026, 7, 1)) -> LiaisonCard:
    return cards.open_card(member_id=member.pk, starts_on=starts_on, actor=actor)


def add_entry(card, actor, **changes) -> CardEntry:
    values = {
        "card_id": card.pk,
        "kind": "service",
        "occurred_on": DAY,
        "hours": Decimal("1.5"),
        "content": "义务巡逻",
        "actor": actor,
        "today": date(2026, 9, 1),
    } | changes
    return cards.add_entry(**values)


def test_a_card_is_opened_at_the_branch_that_educates(reported, branch_secretary):
    card = open_card(reported, branch_secretary)
    assert card.organization_id == branch_secretary.current_posts[0].organization_id
    assert card.home_unit == reported.home_unit
    assert card.number.endswith("-2026-0001")
    assert AuditEvent.objects.filter(action="card_opened").count() == 1


def test_numbers_of_a_branch_follow_one_another(branch_a1, branch_secretary):
    first, second = (
        open_card(reported_member(branch_a1), branch_secretary) for _ in range(2)
    )
    assert [first.number[-4:], second.number[-4:]] == ["0001", "0002"]


def test_a_second_card_is_refused(reported, branch_secretary):
    open_card(reported, branch_secretary)
    with pytest.raises(ValidationError, match="已有一张在用的联系卡"):
        open_card(reported, branch_secretary)


def test_only_members_in_post_get_a_card(branch_a1, branch_secretary):
    retired = reported_member(branch_a1, category=Member.Category.RETIRED)
    with pytest.raises(RuleError, match="只为在职党员"):
        open_card(retired, branch_secretary)


def test_a_card_needs_a_home_unit(branch_a1, branch_secretary):
    member = reported_member(branch_a1, home_unit=None)
    with pytest.raises(RuleError, match="工作单位"):
        open_card(member, branch_secretary)


def test_a_member_out_of_scope_is_not_found(reported, secretary_b):
    with pytest.raises(Member.DoesNotExist):
        open_card(reported, secretary_b)


def test_the_roll_branch_does_not_open_the_communitys_card(
    reported, branch_b1, secretary_b
):
    AffiliationFactory(member=reported, organization=branch_b1)
    with pytest.raises(PermissionDenied):
        open_card(reported, secretary_b)


def test_a_card_of_a_branch_left_ends_when_the_next_opens(
    reported, branch_secretary, branch_b1, secretary_b
):
    old = open_card(reported, branch_secretary)
    reported.affiliations.update(organization=branch_b1)
    new = open_card(reported, secretary_b, starts_on=date(2026, 9, 1))
    old.refresh_from_db()
    assert (old.ends_on, old.end_reason) == (date(2026, 9, 1), "moved_home")
    assert new.organization_id == branch_b1.pk


def test_a_card_counts_from_the_first_day_of_its_round(
    reported, branch_secretary, period, facts_sent
):
    card = open_card(reported, branch_secretary, starts_on=date(2026, 9, 15))
    assert facts_sent == [({card.organization_id}, date(2026, 7, 1))]


def test_a_stale_change_is_refused(card, branch_secretary):
    cards.update_card(
        card_id=card.pk,
        version=1,
        profession="教师",
        wishes="",
        free_time="周末",
        actor=branch_secretary,
    )
    with pytest.raises(StaleError):
        cards.update_card(
            card_id=card.pk,
            version=1,
            profession="医生",
            wishes="",
            free_time="",
            actor=branch_secretary,
        )
    card.refresh_from_db()
    assert (card.profession, card.version) == ("教师", 2)


def test_a_closed_card_keeps_its_record(card, branch_secretary):
    CardEntryFactory(card=card)
    cards.close_card(
        card_id=card.pk, ends_on=DAY, reason="retired", actor=branch_secretary
    )
    card.refresh_from_db()
    assert card.ends_on == DAY
    assert card.entries.counted().count() == 1


def test_closing_twice_is_refused(card, branch_secretary):
    closing = {"card_id": card.pk, "ends_on": DAY, "actor": branch_secretary}
    cards.close_card(reason="other", **closing)
    with pytest.raises(RuleError, match="已经注销"):
        cards.close_card(reason="other", **closing)


def test_a_card_cannot_end_before_it_begins(card, branch_secretary):
    with pytest.raises(ValidationError, match="不能早于建卡日期"):
        cards.close_card(
            card_id=card.pk,
            ends_on=date(2025, 12, 31),
            reason="other",
            actor=branch_secretary,
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"occurred_on": date(2026, 9, 2)}, "还没有到"),
        ({"occurred_on": date(2025, 12, 31)}, "早于建卡日期"),
        ({"hours": Decimal("24.5")}, "0 到 24"),
        ({"content": " "}, "不能为空|此字段"),
    ],
)
def test_an_implausible_entry_is_refused(card, branch_secretary, changes, words):
    with pytest.raises(ValidationError, match=words):
        add_entry(card, branch_secretary, **changes)


def test_the_same_form_sent_twice_writes_once(card, branch_secretary):
    request_id = uuid4()
    first, second = (
        add_entry(card, branch_secretary, request_id=request_id) for _ in range(2)
    )
    assert first == second
    assert card.entries.count() == 1


def test_a_withdrawn_entry_leaves_the_record(card, branch_secretary):
    entry = add_entry(card, branch_secretary)
    cards.withdraw_entry(entry_id=entry.pk, reason="重复", actor=branch_secretary)
    record = records([card], date(2026, 7, 1), date(2026, 10, 1))[card.pk]
    assert record.times == 0


def test_withdrawing_needs_a_reason(card, branch_secretary):
    entry = add_entry(card, branch_secretary)
    with pytest.raises(RuleError, match="原因"):
        cards.withdraw_entry(entry_id=entry.pk, reason=" ", actor=branch_secretary)


def test_another_communitys_secretary_reaches_no_card(card, secretary_b):
    with pytest.raises(LiaisonCard.DoesNotExist):
        add_entry(card, secretary_b)


# The record ---------------------------------------------------------------------


def test_the_record_joins_entries_and_activities(card, branch_a1):
    CardEntryFactory(card=card, hours=Decimal("1.5"))
    CardEntryFactory(card=card, kind="daily", hours=Decimal(0))
    ActivityFactory(
        organization=branch_a1, held_on=date(2026, 8, 20), present=[card.member]
    )
    record = records([card], date(2026, 7, 1), date(2026, 10, 1))[card.pk]
    assert (record.times, record.hours) == (2, Decimal("3.5"))


def test_the_record_ends_before_the_next_period(card):
    CardEntryFactory(card=card, occurred_on=date(2026, 10, 1))
    record = records([card], date(2026, 7, 1), date(2026, 10, 1))[card.pk]
    assert not record.deeds


def test_an_activity_goes_to_the_card_in_force_on_its_day(branch_a1, branch_b1):
    old = LiaisonCardFactory(organization=branch_a1, ends_on=date(2026, 8, 15))
    new = LiaisonCardFactory(
        organization=branch_b1,
        member=old.member,
        home_unit=old.home_unit,
        starts_on=date(2026, 8, 20),
    )
    for day in (10, 17, 25):
        ActivityFactory(
            organization=branch_a1, held_on=date(2026, 8, day), present=[old.member]
        )
    found = records([old, new], date(2026, 7, 1), date(2026, 10, 1))
    assert (found[old.pk].times, found[new.pk].times) == (1, 2)


def test_records_take_three_queries_for_any_number(
    branch_a1, django_assert_num_queries
):
    few = [LiaisonCardFactory(organization=branch_a1) for _ in range(5)]
    with django_assert_num_queries(3):
        records(few, date(2026, 7, 1), date(2026, 10, 1))


# Following the person and the tree ---------------------------------------------------


def test_open_cards_follow_a_new_employer(card, street):
    card.member.home_unit = unit = WorkUnitFactory()
    card.member.save()
    assert cards.follow_home_units(street) == 1
    card.refresh_from_db()
    assert card.home_unit == unit


def test_a_merger_takes_open_cards_along(card, branch_a2, committee_staff):
    merge_organizations(
        source_id=card.organization_id,
        target_id=branch_a2.pk,
        on_date=timezone.localdate() - timedelta(days=1),
        actor=committee_staff,
    )
    card.refresh_from_db()
    assert card.organization_id == branch_a2.pk
