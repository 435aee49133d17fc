"""The paper sheet: numbers read off it tick the people beside them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities.models import Activity
from activities.people import people_of
from activities.rules.sheets import paper_rows
from config.lib.errors import RuleError
from tests.factories.members import MemberFactory


def test_numbers_are_read_as_people_write_them():
    assert paper_rows("1-3 5、7，9；11", 12) == {1, 2, 3, 5, 7, 9, 11}
    assert paper_rows("2至4 6—6", 6) == {2, 3, 4, 6}
    assert paper_rows("  ", 3) == set()


@given(st.sets(st.integers(1, 300)), st.sampled_from([" ", "、", ",", "\n"]))
def test_whatever_is_written_out_is_read_back(numbers, between):
    assert paper_rows(between.join(map(str, sorted(numbers))), 300) == numbers


@pytest.mark.parametrize("text", ["一", "3-", "0", "13", "5-3", "2-20", "1.5x"])
def test_what_is_no_row_is_quoted(text):
    with pytest.raises(RuleError, match="请"):
        paper_rows(text, 12)


def test_rows_and_ticks_count_together(client_for, branch_a1, branch_secretary):
    MemberFactory.create_batch(4, branch=branch_a1)
    people = people_of(branch_a1, branch_secretary)
    client = client_for(branch_secretary)
    url = reverse("activities:record")
    data = {
        "branch": branch_a1.pk,
        "kind": "labour",
        "title": "清扫",
        "starts_at": timezone.localtime().strftime("%Y-%m-%d 00:00"),
        "hours": "1",
        "place": "广场",
        "present": people[0].member_id,
        "rows": "3",
    }
    refused = client.post(url, data | {"rows": "3 9"})
    assert refused.status_code == 422
    assert "没有“9”" in refused.content.decode()
    assert 'value="3 9"' in refused.content.decode()
    assert client.post(url, data).status_code == 302
    came = Activity.objects.get().participations.values_list("member_id", flat=True)
    assert set(came) == {people[0].member_id, people[2].member_id}
