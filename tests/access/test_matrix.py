"""Every address, actor and place: who gets in, what the answer holds, what it writes."""

import pytest

from tests.access.cases import report, try_entry
from tests.access.matrix import ENTRIES, mismatches
from tests.access.visits import Visitor
from tests.access.walk import url_names

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def visitor(world):
    return Visitor(world)


def test_every_address_has_one_entry_and_every_entry_an_address():
    faults = mismatches(url_names(), ENTRIES)
    assert not faults, report(faults)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_access(entry, visitor):
    faults = try_entry(visitor, entry)
    assert not faults, report(faults)
