"""The liaison part of the matrix."""

import pytest

from tests.access.cases import report, try_entry
from tests.access.matrix import LIAISON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("entry", LIAISON, ids=lambda entry: entry.name)
def test_access(entry, visitor):
    faults = try_entry(visitor, entry)
    assert not faults, report(faults)
