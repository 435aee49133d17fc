"""What the warnings find of members away, and what the months count."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.periods import Month
from members.indicators.mobile import compute_months
from members.models import MobileStay
from members.parameters.mobile import HOME_PROVINCE
from members.services.contacts import record_contact
from organizations.models import Organization, Parameter
from tests.factories.members import MemberFactory
from tests.members.mobile_steps import ago, came, ended, out, placed, verified

pytestmark = pytest.mark.django_db


def silent(stay, days):
    MobileStay.objects.filter(pk=stay.pk).update(
        registered_on=ago(days), last_contact_on=ago(days)
    )


def found(user, key):
    alert = registry.alert(f"members.{key}")
    today = timezone.localdate()
    items = list(alert.rows(user, today))
    assert alert.count(user, today) == len(items)
    return items


@pytest.fixture
def stay(branch_a1, branch_secretary):
    return out(MemberFactory(branch=branch_a1), branch_secretary)


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (29, ""),
        (30, "mobile_silent_first"),
        (59, "mobile_silent_first"),
        (60, "mobile_silent_second"),
        (90, "mobile_silent_third"),
        (179, "mobile_silent_third"),
        (180, "mobile_lost"),
    ],
)
def test_each_silence_is_one_warning(stay, branch_secretary, secretary_b, days, key):
    silent(stay, days)
    keys = [
        *("mobile_silent_first", "mobile_silent_second"),
        *("mobile_silent_third", "mobile_lost"),
    ]
    assert [k for k in keys if found(branch_secretary, k)] == ([key] if key else [])
    assert not any(found(secretary_b, k) for k in keys)
    if key:
        (item,) = found(branch_secretary, key)
        assert f"{days}天没有联系" in item.detail
        assert item.organization_id == stay.home_id


def test_who_comes_is_warned_of_until_placed(
    branch_a1, branch_secretary, community_secretary
):
    stay = came(branch_a1, branch_secretary)
    assert found(branch_secretary, "mobile_unverified") == []
    silent(stay, 15)
    assert len(found(community_secretary, "mobile_unverified")) == 1
    verified(stay, branch_secretary)
    assert found(branch_secretary, "mobile_unverified") == []
    (item,) = found(branch_secretary, "mobile_unplaced")
    assert (item.label, item.organization_id) == ("顾远来", branch_a1.pk)
    placed(stay, branch_a1, branch_secretary)
    assert found(branch_secretary, "mobile_unplaced") == []
    # Here for half a year, with neither a transfer nor a card.
    assert len(found(branch_secretary, "mobile_settled")) == 1
    MobileStay.objects.update(card_number="鄂1")
    assert found(branch_secretary, "mobile_settled") == []


def test_past_the_expected_end_and_marked_without_a_stay(
    stay, branch_a1, branch_secretary
):
    MobileStay.objects.update(expected_end_on=ago(1))
    assert len(found(branch_secretary, "mobile_overdue")) == 1
    assert found(branch_secretary, "mobile_unregistered") == []
    marked = MemberFactory(branch=branch_a1, is_mobile=True)
    (item,) = found(branch_secretary, "mobile_unregistered")
    roll = marked.affiliations.get()
    assert item.url == reverse("members:mobile-out", args=[roll.pk])
    ended(stay, branch_secretary)
    assert found(branch_secretary, "mobile_overdue") == []


def figures(month):
    got = compute_months(Organization.objects.all(), [month])[0]
    return {
        pk: {key.removeprefix("members.mobile_"): n for key, n in values.items() if n}
        for pk, values in got.items()
        if any(values.values())
    }


def test_a_month_counts_both_sides_at_their_branches(
    branch_a1, branch_b1, branch_secretary, secretary_b
):
    Parameter.objects.create(key=HOME_PROVINCE, value="42")
    start = ago(20)
    far = out(MemberFactory(branch=branch_a1), branch_secretary, started_on=start)
    out(
        MemberFactory(branch=branch_a1),
        branch_secretary,
        started_on=start,
        division="420600",
        card_number="鄂1",
        card_issued_on=start,
    )
    out(
        MemberFactory(branch=branch_a1),
        branch_secretary,
        started_on=start,
        division="000000",
    )
    out(
        MemberFactory(branch=branch_a1),
        branch_secretary,
        started_on=start,
        division="990000",
    )
    within = out(
        MemberFactory(branch=branch_a1),
        branch_secretary,
        host=branch_b1,
        started_on=start,
    )
    newcomer = came(branch_b1, secretary_b, started_on=start)
    month = Month.containing(timezone.localdate())
    verified(within, secretary_b)
    verified(newcomer, secretary_b)
    assert figures(month) == {
        branch_a1.pk: {"out_far": 2, "out_near": 2, "out_unknown": 1, "out_card": 1},
        branch_b1.pk: {"unplaced": 2},
    }
    placed(within, branch_b1, secretary_b)
    placed(newcomer, branch_b1, secretary_b)
    ended(far, branch_secretary)
    assert figures(month) == {
        branch_a1.pk: {"out_far": 1, "out_near": 2, "out_unknown": 1, "out_card": 1},
        branch_b1.pk: {"in_far": 1, "in_near": 1},
    }


def test_silence_is_counted_at_the_end_of_each_month(stay, branch_a1, branch_secretary):
    MobileStay.objects.update(
        registered_on=ago(400), last_contact_on=ago(400), started_on=ago(400)
    )
    this = Month.containing(timezone.localdate())
    before = this.previous()
    for month in (before, this):
        assert figures(month)[branch_a1.pk]["silent"] == 1
    record_contact(
        member_id=stay.member_id,
        contacted_on=before.end - timedelta(days=1),
        way="phone",
        actor=branch_secretary,
    )
    for month in (before, this):
        assert "silent" not in figures(month)[branch_a1.pk]
    assert figures(before.previous())[branch_a1.pk]["silent"] == 1
