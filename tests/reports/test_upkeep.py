"""The clock keeps the rows fresh and throws old ones away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Member
from reports.models import MonthSummary, SummaryMark
from reports.services import summaries, upkeep
from tests.factories.members import MemberFactory


@pytest.mark.django_db
def test_every_kept_month_is_counted_before_anybody_asks(tree, today):
    upkeep.refresh_marked(today)
    counted = set(
        MonthSummary.objects.filter(organization=tree[0]).values_list(
            "month", flat=True
        )
    )
    assert counted == {month.start for month in summaries.kept_months(today)}


@pytest.mark.django_db
def test_marks_are_worked_off(tree, today):
    MemberFactory(branch=tree[3])
    summaries.mark([tree[3].pk], today, today)
    upkeep.refresh_marked(today)
    assert not SummaryMark.objects.exists()
    assert upkeep.refresh_marked(today) == 0


@pytest.mark.django_db
def test_a_change_without_a_mark_is_healed_at_night(tree, month, today):
    MemberFactory(branch=tree[3], category="in_post")
    summaries.figures(tree[0], month, today)
    Member.objects.update(category="retired")
    assert summaries.figures(tree[0], month, today)["members.category_retired"] == 0
    upkeep.recount(today)
    assert summaries.figures(tree[0], month, today)["members.category_retired"] == 1


@pytest.mark.django_db
def test_what_is_no_longer_kept_is_purged(tree, today):
    old = summaries.kept_months(today)[0].previous().start
    SummaryMark.objects.create(organization=tree[0], month=old)
    MonthSummary.objects.create(
        organization=tree[0],
        month=old,
        own={},
        values={},
        computed_at="2020-01-01T00:00Z",
    )
    upkeep.recount(today)
    assert not SummaryMark.objects.filter(month=old).exists()
    assert not MonthSummary.objects.filter(month=old).exists()


@pytest.mark.django_db
def test_refreshing_costs_the_same_for_many_members(tree, month, today):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            summaries.refresh(tree[0].path, month, everything=True)
        return len(queries)

    MemberFactory.create_batch(2, branch=tree[3])
    summaries.refresh(tree[0].path, month)
    few = cost()
    MemberFactory.create_batch(20, branch=tree[4])
    summaries.refresh(tree[0].path, month, everything=True)
    assert cost() <= few
