from datetime import date

from config.lib import registry
from tests.factories.activities import AchievementFactory

MOBILE = "activities.mobile_without_item"
LATE_JUNE = date(2026, 6, 21)


def labels(key, user, today) -> list[str]:
    alert = registry.alert(key)
    rows = [item.label for item in alert.rows(user, today)]
    assert alert.count(user, today) == len(rows)
    return rows


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
