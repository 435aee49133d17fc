"""Pages by key, over organizations as rows of any kind."""

from itertools import chain

import pytest
from django.http import QueryDict

from config.lib.paging import capped_count, page_by_key, total_of
from organizations.models import Organization
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
SIZE = 3


@pytest.fixture
def rows():
    """Eight organizations, of which four share one field."""
    root = OrganizationFactory(kind="work_committee")
    fields = ["community"] * 4 + ["resident_unit", "agency", "non_public"]
    for field in fields:
        OrganizationFactory(parent=root, field=field)
    return Organization.objects.all()


def page(rows, query="", **options):
    return page_by_key(rows, QueryDict(query.removeprefix("?")), size=SIZE, **options)


def walk(rows, query, word, **options):
    """The pks of each page from `query` on, following one address."""
    found = []
    while True:
        here = page(rows, query, **options)
        found.append([row.pk for row in here.rows])
        query = getattr(here, f"{word}_url")
        if not query:
            return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("shown", [None, Organization.objects.all()])
def test_pages_forth_and_back_hold_every_row_once(rows, descending, shown):
    sign = "-" if descending else ""
    rows = rows.exclude(field="agency")
    ordered = rows.order_by(f"{sign}field", f"{sign}pk").values_list("pk", flat=True)
    options = {"key": "field", "descending": descending, "shown": shown}
    forth = walk(rows, "", "next", **options)
    assert [*chain(*forth)] == list(ordered)
    back = walk(rows, "last=1", "previous", **options)
    assert [*chain(*reversed(back))] == list(ordered)


def test_an_address_names_rows_by_pk_and_keeps_the_filter(rows):
    here = page(rows, "kind=branch&after=1&page=2", key="name")
    assert here.next_url == f"?kind=branch&after={here.rows[-1].pk}"
    assert here.last_url == "?kind=branch&last=1"


@pytest.mark.parametrize("boundary", ["x", "-5", "9" * 30, "0"])
def test_a_boundary_that_is_not_there_means_the_first_page(rows, boundary):
    first = page(rows).rows
    assert page(rows, f"after={boundary}").rows == first


def test_rows_may_be_plain_values(rows):
    here = page(rows.values("pk", "name"), key="name")
    assert f"after={here.rows[-1]['pk']}" in here.next_url


def test_a_count_stops_where_it_would_cost(rows, monkeypatch):
    assert capped_count(rows) == "8"
    monkeypatch.setattr("config.lib.paging.COUNT_LIMIT", 5)
    assert capped_count(rows) == "5以上"


def test_a_page_that_shows_all_is_its_own_count(rows, django_assert_num_queries):
    whole = page_by_key(rows, QueryDict(), size=8)
    with django_assert_num_queries(0):
        assert total_of(whole, rows) == "8"
    for query in ("", "last=1", f"after={rows.last().pk}"):
        assert total_of(page(rows, query), rows) == "8"


def test_a_full_page_that_leads_on_is_more_than_its_limit(
    rows, django_assert_num_queries
):
    for query in ("", f"after={rows.order_by('pk')[1].pk}"):
        here = page(rows, query)
        with django_assert_num_queries(0):
            assert total_of(here, rows, limit=SIZE) == f"{SIZE}以上"
    # The last page leads nowhere, and what is shown may be all there is by now.
    assert total_of(page(rows, "last=1"), rows, limit=SIZE) == f"{SIZE}以上"
    assert total_of(page(rows), rows, limit=SIZE + 5) == "8"
