"""No page asks more than twelve questions, and none asks more for more people."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from tests.bench.lists import shown
from tests.bench.pages import MOST_QUERIES, client_of, query_counts
from tests.bench.people import Size, person
from tests.bench.street import load

SMALL = Size(
    members=30, communities=2, branches=2, units=3, activities=4, audit_events=5
)
LARGE = Size(
    members=300, communities=3, branches=3, units=12, activities=12, audit_events=80
)
# A list that fits on its page is its own count; a longer one is counted, once.
COUNTED_WHEN_LONG = {
    "住户台账",
    "走访记录",
    "自学与提问",
    "党员名册",
    "党员名册末页",
    "党员筛选 没有挂牌",
    "党员挂牌",
    "就业帮扶",
    "双带台账",
    "党费 按人",
}


def counts_at(size: Size) -> dict[tuple[str, str], int]:
    """Queries of every page over a street of this size, which is taken back."""
    with transaction.atomic():
        counts = query_counts(load(size, timezone.localdate()))
        transaction.set_rollback(True)
    return counts


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return counts_at(SMALL), counts_at(LARGE)


def test_no_page_asks_more_than_twelve_queries(counts):
    _, large = counts
    over = {page: number for page, number in large.items() if number > MOST_QUERIES}
    assert over == {}


def test_ten_times_the_members_cost_no_query_more(counts):
    small, large = counts
    grown = {
        page: (small[page], number)
        for page, number in large.items()
        if number > small[page] + (page[0] in COUNTED_WHEN_LONG)
    }
    assert grown == {}, sorted(grown.items())


def test_the_benchmark_draws_the_people_it_counts_on(db):
    with transaction.atomic():
        street = load(SMALL, timezone.localdate())
        names = [person(n, SMALL, street.today)["name"] for n in range(SMALL.members)]
        listed = shown(client_of(street.users["staff"]), "/members/")
        transaction.set_rollback(True)
    assert sorted(listed) == sorted(names)


def test_the_member_list_asks_each_chooser_once(counts):
    _, large = counts
    lists = [number for (name, _), number in large.items() if name == "党员名册"]
    assert max(lists) == 9
