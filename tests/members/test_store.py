import pytest
from django.db import connection

from members.imports import store
from members.models import Affiliation, Member
from tests.factories.members import MemberFactory

AWKWARD = [
    ("a\\b", None, 1),
    ("tab\there", "line\nbreak\r", True),
    ("\x1e", None, None),
    ("a\x1fb", "\x1e\x1e", None),
    ("\\N", "", None),
    ("平常", "党员", None),
]


@pytest.mark.django_db
def test_awkward_characters_come_back_as_they_were_written():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE awkward (a text, b text, c text)")
        store._insert("awkward", ["a", "b", "c"], AWKWARD)
        cursor.execute("SELECT a, b FROM awkward")
        found = cursor.fetchall()
        cursor.execute("DROP TABLE awkward")
    assert sorted(map(repr, found)) == sorted(repr(row[:2]) for row in AWKWARD)


def test_a_history_row_is_the_row_as_it_stands(branch_a1):
    members = [MemberFactory(branch=branch_a1) for _ in range(3)]
    event = {
        "history_date": store.moment(members[0].created_at),
        "history_change_reason": "花名册导入",
        "history_type": "+",
        "history_user_id": None,
    }
    ids = [m.pk for m in members[:2]]
    found = store.copy_history(Member, ids, event, with_keys=True)
    assert sorted(found) == sorted(m.pk for m in members[:2])
    for member in members[:2]:
        row = Member.history.get(history_id=found[member.pk])
        assert (row.name, row.joined_on) == (member.name, member.joined_on)
        assert row.history_change_reason == "花名册导入"
    assert not Affiliation.history.filter(history_change_reason="花名册导入").exists()


@pytest.mark.django_db
def test_reserved_keys_are_never_given_out_again():
    first = store.new_ids(Member, 3)
    assert len(set(first)) == 3
    if connection.vendor == "postgresql":  # elsewhere they are taken by the insert
        assert not set(first) & set(store.new_ids(Member, 3))
