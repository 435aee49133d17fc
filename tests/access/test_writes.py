"""Reading writes nothing but session, audit and, in three places, a cache of figures.

That nothing else is written is held by every GET of the matrix; here the list of
those allowed to is held to be as short as it can be.
"""

import pytest
from django.db import transaction
from django.http.cookie import SimpleCookie

from reports.models import MonthSummary
from tests.access.cases import address, report
from tests.access.cast import ACTORS
from tests.access.matrix import ENTRIES
from tests.access.matrix_reports import FIGURES
from tests.access.posting import POSTED, way_in

pytestmark = pytest.mark.django_db

READERS = {"home", "reports:closing", "api:summary"}
BY_NAME = {entry.name: entry for entry in ENTRIES}


def test_three_readers_of_figures_may_write_and_only_the_cache():
    assert {entry.name for entry in ENTRIES if entry.writes} == READERS
    assert {table for name in READERS for table in BY_NAME[name].writes} == {*FIGURES}


def test_head_writes_nothing_either(visitor):
    """A view that takes whatever is no GET for a POST would act on it.

    Asked by somebody who may do what a POST does there.
    """
    faults, tried = [], 0
    for entry in POSTED:
        way = way_in(visitor, entry)
        if way is None:
            continue
        actor, planted = way
        answer = visitor.send(actor, "HEAD", address(visitor, entry, planted))
        tried += 1
        if set(answer.writes) - set(entry.writes) or answer.status >= 500:
            faults.append(f"{entry.name}: {answer.status} wrote {answer.writes}")
    assert not faults, report(faults)
    assert tried > 80


@pytest.mark.parametrize("name", sorted(READERS))
def test_the_first_reader_writes_the_cache_and_the_second_nothing(visitor, name):
    actor, entry = ACTORS["branch_secretary"], BY_NAME[name]
    planted = visitor.world.find(entry.at, "a1") if entry.at else None
    url = address(visitor, entry, planted)
    with transaction.atomic():
        MonthSummary.objects.all().delete()
        first = visitor.send(actor, "GET", url)
        # Once more, and this time kept.
        visitor.client.cookies = SimpleCookie()
        for key, morsel in visitor.world.cookies[actor.key].items():
            visitor.client.cookies[key] = morsel.value
        visitor.client.get(url)
        second = visitor.send(actor, "GET", url)
        transaction.set_rollback(True)
    assert first.status == second.status == 200
    assert first.writes
    assert set(first.writes) <= {*FIGURES}
    assert second.writes == []
