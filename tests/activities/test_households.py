"""A community's list: one household a door, shown masked, cleared after it ends."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Household, Visit
from activities.rules.households import door_key
from activities.services.households import (
    HouseholdFacts,
    amend_household,
    clear_ended,
    end_household,
    reveal_household,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.models import AuditEvent
from organizations.services.structure import close_organization, merge_organizations
from tests.activities.household_steps import (
    asked,
    community_of,
    listed,
    stepped,
    visited,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def home(community_a, community_secretary):
    return listed(community_a, community_secretary)


def test_the_same_door_stands_once(home, community_a, community_secretary):
    with pytest.raises(RuleError, match="已在本社区的台账里"):
        listed(community_a, community_secretary, room="101室", householder="别人")
    assert Household.objects.count() == 1


def test_what_is_sent_twice_is_one_household(home, community_a, community_secretary):
    assert listed(community_a, community_secretary) == home
    assert AuditEvent.objects.filter(action="household_saved").count() == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("2单元501室", "2-501"), ("2 单元 501", "2—501室"), ("501", "501房")],
)
def test_two_spellings_are_one_door(one, other):
    assert door_key("滨江 3幢", one) == door_key("滨江3幢", other)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_no_two_doors_are_one(unit, room, other_unit, other_room):
    mine = door_key("1幢", f"{unit}单元{room}室")
    other = door_key("1幢", f"{other_unit}-{other_room}")
    assert (mine == other) == ((unit, room) == (other_unit, other_room))


def test_a_branch_is_chosen_below_the_community(
    community_a, branch_a1, branch_b1, community_secretary
):
    assert (
        listed(community_a, community_secretary, organization=branch_a1).organization
        == branch_a1
    )
    with pytest.raises(RuleError, match="其下的党支部"):
        listed(community_a, community_secretary, room="102", organization=branch_b1)


def test_who_sees_and_who_keeps(
    home,
    community_a,
    branch_a1,
    community_secretary,
    branch_secretary,
    secretary_b,
    committee_staff,
    hardship_officer,
):
    own = listed(community_a, community_secretary, room="202", organization=branch_a1)

    def seen(user):
        return set(Household.objects.visible_to(user))

    assert seen(community_secretary) == seen(committee_staff) == {home, own}
    assert seen(branch_secretary) == {own}
    assert seen(secretary_b) == seen(hardship_officer) == set()
    facts = HouseholdFacts(own.community, "1号楼", "203")
    with pytest.raises(PermissionDenied):
        amend_household(household_id=own.pk, facts=facts, actor=branch_secretary)
    with pytest.raises(Household.DoesNotExist):
        amend_household(household_id=home.pk, facts=facts, actor=branch_secretary)


def test_an_empty_name_stays_and_a_stale_form_is_refused(home, community_secretary):
    facts = HouseholdFacts(home.community, "2号楼", "303", people_count=2)
    saved = amend_household(
        household_id=home.pk, facts=facts, version=1, actor=community_secretary
    )
    assert (saved.householder, saved.building, saved.people_count) == (
        "欧阳春花",
        "2号楼",
        2,
    )
    with pytest.raises(StaleError):
        amend_household(
            household_id=home.pk, facts=facts, version=1, actor=community_secretary
        )


def test_names_are_masked_and_shown_once_for_a_reason(
    home, client_for, community_secretary
):
    client = client_for(community_secretary)
    for url in (reverse("activities:household-list"), home.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "欧***" in page
        assert "欧阳春花" not in page
        assert "13800001111" not in page
    url = reverse("activities:household-reveal", args=[home.pk, "householder"])
    assert client.post(url, {"reason": "看"}).status_code == 422
    shown = client.post(url, {"reason": "约定上门时间"}).content.decode()
    assert "欧阳春花" in shown
    event = AuditEvent.objects.get(action="field_revealed")
    assert event.details == {"field": "householder", "reason": "约定上门时间"}
    assert client.get(url.replace("householder", "note")).status_code == 404
    with pytest.raises(RuleError):
        reveal_household(
            household_id=home.pk,
            field="room",
            reason="试试",
            actor=community_secretary,
        )


def test_a_household_ends_once_nothing_waits(home, community_secretary):
    matter = asked(home, community_secretary)

    def end():
        return end_household(
            household_id=home.pk,
            reason="moved",
            ended_on=timezone.localdate(),
            actor=community_secretary,
        )

    with pytest.raises(RuleError, match="1件走访事项没有办结"):
        end()
    stepped(matter, "solve", community_secretary)
    stepped(matter, "answer", community_secretary)
    end()
    with pytest.raises(RuleError, match="销户"):
        end()
    with pytest.raises(RuleError, match="已经销户"):
        visited(home, community_secretary)


def test_a_door_can_be_listed_again_after_its_household_ended(
    home, community_a, community_secretary
):
    end_household(
        household_id=home.pk,
        reason="moved",
        ended_on=timezone.localdate(),
        actor=community_secretary,
    )
    again = listed(community_a, community_secretary, householder="新住户")
    assert again.pk != home.pk


def test_what_is_personal_is_cleared_in_time_and_visits_stay(
    home, community_secretary, today
):
    matter = asked(home, community_secretary)
    stepped(matter, "solve", community_secretary)
    stepped(matter, "answer", community_secretary)
    end_household(
        household_id=home.pk, reason="moved", ended_on=today, actor=community_secretary
    )
    assert clear_ended(today + timedelta(days=180)) == 0
    assert clear_ended(today + timedelta(days=181)) == 1
    assert clear_ended(today + timedelta(days=181)) == 0
    home.refresh_from_db()
    assert home.cleared_at is not None
    left = (home.room, home.householder, home.phone, home.note, home.circumstances)
    assert left == ("", "", "", "", "")
    visit = Visit.objects.get()
    assert (visit.situation, visit.matters.get().content) == ("", "")
    assert {step.words for step in visit.matters.get().steps.all()} == {""}
    event = AuditEvent.objects.filter(action="household_saved").latest("pk")
    assert event.actor is None


def test_households_follow_a_merger_and_hold_up_a_closing(
    community_a, branch_a1, branch_a2, community_secretary, committee_staff, today
):
    home = listed(community_a, community_secretary, organization=branch_a1)
    visit = visited(home, community_secretary)
    with pytest.raises(RuleError, match="还负责走访 1 户"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=today,
            reason="撤并",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=today,
        actor=committee_staff,
    )
    home.refresh_from_db()
    visit.refresh_from_db()
    assert home.organization == visit.organization == branch_a2


def test_two_communities_become_one_without_a_door_twice(
    community_a, community_b, community_secretary, committee_staff, today
):
    home = listed(community_a, community_secretary)
    twin = listed(community_b, committee_staff)
    other = listed(community_b, committee_staff, room="909")
    merge_organizations(
        source_id=community_b.pk,
        target_id=community_a.pk,
        on_date=today,
        actor=committee_staff,
    )
    on_list = Household.objects.listed().filter(community=community_of(community_a))
    assert set(on_list) == {home, other}
    twin.refresh_from_db()
    assert twin.ended_reason == "mistake"
