from datetime import date

import pytest

from config.lib import registry
from organizations import parameters
from tests.factories.activities import AchievementFactory, ActivityFactory
from tests.factories.members import MemberFactory

THEME_DAY = "activities.theme_day_missing"
MEETING = "activities.members_meeting_missing"
MOBILE = "activities.mobile_without_item"
LATE_MAY, LATE_JUNE = date(2026, 5, 21), date(2026, 6, 21)


def labels(key, user, today) -> list[str]:
    alert = registry.alert(key)
    rows = [item.label for item in alert.rows(user, today)]
    assert alert.count(user, today) == len(rows)
    return rows


@pytest.fixture
def peopled(branch_a1, branch_b1):
    MemberFactory(branch=branch_a1)
    MemberFactory(branch=branch_b1)


def test_a_branch_without_theme_day_is_named_late_in_the_month(
    peopled, branch_secretary
):
    assert labels(THEME_DAY, branch_secretary, LATE_MAY) == ["沿江社区第一党支部"]


def test_before_the_day_of_reminding_nothing_is_said(peopled, branch_secretary):
    assert labels(THEME_DAY, branch_secretary, date(2026, 5, 19)) == []


def test_the_committee_may_remind_sooner(peopled, branch_secretary, committee_staff):
    parameters.change(key="activities.remind_from_day", value=5, actor=committee_staff)
    assert labels(THEME_DAY, branch_secretary, date(2026, 5, 6))


def test_a_held_theme_day_settles_it(peopled, branch_secretary, branch_a1):
    ActivityFactory(organization=branch_a1, kind="theme_day", held_on=date(2026, 5, 4))
    assert labels(THEME_DAY, branch_secretary, LATE_MAY) == []


def test_a_cancelled_theme_day_does_not(peopled, branch_secretary, branch_a1):
    ActivityFactory(
        organization=branch_a1,
        kind="theme_day",
        held_on=date(2026, 5, 4),
        state="cancelled",
    )
    assert labels(THEME_DAY, branch_secretary, LATE_MAY)


def test_a_branch_without_people_has_nothing_to_hold(branch_a1, branch_secretary):
    assert labels(THEME_DAY, branch_secretary, LATE_MAY) == []


def test_the_members_meeting_is_asked_for_in_the_quarters_last_month(
    peopled, branch_secretary
):
    assert labels(MEETING, branch_secretary, LATE_MAY) == []
    assert labels(MEETING, branch_secretary, LATE_JUNE) == ["沿江社区第一党支部"]


def test_a_silent_mobile_member_is_named_to_his_secretary(
    mobile, branch_secretary, secretary_b
):
    assert labels(MOBILE, branch_secretary, LATE_JUNE) == ["流水平"]
    assert labels(MOBILE, secretary_b, LATE_JUNE) == []


def test_one_item_in_the_half_year_settles_it(
    mobile, five_ones, branch_secretary, branch_a1
):
    AchievementFactory(
        member=mobile,
        item=five_ones.items.first(),
        organization=branch_a1,
        achieved_on=date(2026, 1, 5),
    )
    assert labels(MOBILE, branch_secretary, LATE_JUNE) == []


def test_the_alert_opens_the_recording_page_with_its_kind(
    peopled, branch_secretary, client_for
):
    [item] = registry.alert(THEME_DAY).rows(branch_secretary, LATE_MAY)
    page = client_for(branch_secretary).get(item.url)
    assert page.context["form"]["kind"].value() == "theme_day"
