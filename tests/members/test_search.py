"""Finding people by what was typed."""

import pytest
from django.db import connection

from members import search
from members.models import Member
from tests.factories.members import MemberFactory


@pytest.fixture
def people(branch_a1):
    names = ["雷芳", "雷小芳", "张小张小", "曾敏", "阿依·古丽", "Peter O'Neil"]
    return {name: MemberFactory(name=name, branch=branch_a1) for name in names}


def found(text):
    condition = search.condition(text)
    return set(Member.objects.filter(condition).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("雷", {"雷芳", "雷小芳"}),
        ("芳", {"雷芳", "雷小芳"}),
        ("雷芳", {"雷芳"}),
        ("雷 芳", {"雷芳"}),
        ("小张小", {"张小张小"}),
        ("张小张", {"张小张小"}),
        ("小小", set()),
        ("依古丽", {"阿依·古丽"}),
        ("依・古", {"阿依·古丽"}),
        ("oneil", {"Peter O'Neil"}),
        ("zeng", {"曾敏"}),
        ("ZM", {"曾敏"}),
        ("lf", {"雷芳"}),
        ("leixiao", {"雷小芳"}),
        ("100%", set()),
        ("_", set()),
    ],
)
def test_a_fragment_finds_exactly_those_who_have_it(people, text, names):
    assert found(text) == names


def test_the_end_of_the_id_number_finds_its_owner(people):
    member = people["雷芳"]
    assert member.name in found(member.id_last4.lower())


def test_a_whole_number_is_not_searched(people):
    assert found(people["雷芳"].id_number) == set()
    assert found("139 0000 1234") == set()


def test_nothing_typed_is_no_condition():
    assert search.condition(" · ") is None


def test_quotes_and_placeholders_are_plain_text(people):
    assert found("' OR 1=1 --") == set()
    assert found("%s雷") == set()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the index is its")
def test_postgresql_answers_two_characters_by_the_index(people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = Member.objects.filter(name__fragment="雷芳").order_by().explain()
    assert "members_member_name_grams" in plan
