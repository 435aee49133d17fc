"""The matrix is whole: every address has its entry, every right its line."""

from organizations.access import ROLE_RIGHTS
from tests.access.cases import report
from tests.access.cast import RIGHTS
from tests.access.matrix import ENTRIES, mismatches
from tests.access.walk import url_names


def test_every_address_has_one_entry_and_every_entry_an_address():
    faults = mismatches(url_names(), ENTRIES)
    assert not faults, report(faults)


def test_the_rights_are_those_the_matrix_was_written_for():
    granted = {
        str(role): {str(r) for r in rights} for role, rights in ROLE_RIGHTS.items()
    }
    assert granted == RIGHTS


def test_an_address_without_an_entry_is_named():
    found = mismatches({"members:list", "members:new"}, [])
    assert "no entry for the URL members:new" in found


def test_an_entry_without_an_address_is_named():
    assert f"no URL for the entry {ENTRIES[0].name}" in mismatches(set(), ENTRIES[:1])
