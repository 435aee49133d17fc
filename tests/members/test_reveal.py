"""Showing one masked field of one person."""

import pytest
from django.core.exceptions import PermissionDenied

from config.lib.errors import RuleError
from members.models import Member
from members.services.reveal import reveal_field
from organizations import parameters
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, phone="13900001234")


def reveal(member, actor, field="phone", reason="通知本人开会"):
    return reveal_field(member_id=member.pk, field=field, reason=reason, actor=actor)


def test_a_secretary_reads_a_phone_for_a_reason(branch_secretary, member):
    assert reveal(member, branch_secretary) == "13900001234"
    event = AuditEvent.objects.get()
    assert (event.action, event.details) == (
        "field_revealed",
        {"field": "phone", "reason": "通知本人开会"},
    )


def test_a_branch_secretary_does_not_read_id_numbers(branch_secretary, member):
    with pytest.raises(PermissionDenied):
        reveal(member, branch_secretary, "id_number")
    assert AuditEvent.objects.get().result == "denied"


def test_a_community_secretary_reads_id_numbers(community_secretary, member):
    assert reveal(member, community_secretary, "id_number") == member.id_number


def test_nothing_is_shown_without_a_reason(branch_secretary, member):
    with pytest.raises(RuleError, match="查看原因"):
        reveal(member, branch_secretary, reason=" 无 ")


def test_a_person_out_of_scope_is_not_found(secretary_b, member):
    with pytest.raises(Member.DoesNotExist):
        reveal(member, secretary_b)


def test_the_hourly_limit_refuses_and_records(branch_secretary, member):
    for _ in range(parameters.get("members.reveals_an_hour")):
        reveal(member, branch_secretary)
    with pytest.raises(RuleError, match="次数已到上限"):
        reveal(member, branch_secretary)
    assert AuditEvent.objects.filter(result="denied").count() == 1


def test_an_hour_later_the_count_begins_again(branch_secretary, member, time_machine):
    time_machine.move_to("2026-10-05T09:00:00+08:00")
    for _ in range(30):
        reveal(member, branch_secretary)
    time_machine.move_to("2026-10-05T10:00:01+08:00")
    assert reveal(member, branch_secretary) == "13900001234"


@pytest.mark.parametrize("field", ["note", "pk", "id_index"])
def test_other_fields_are_not_revealed(branch_secretary, member, field):
    with pytest.raises(RuleError):
        reveal(member, branch_secretary, field)


def test_the_page_asks_first_and_shows_once(client_for, branch_secretary, member):
    client = client_for(branch_secretary)
    address = f"/members/{member.pk}/reveal/phone/"
    assert "13900001234" not in client.get(address).content.decode()
    response = client.post(address, {"reason": "通知本人开会"})
    assert "13900001234" in response.content.decode()
    fragment = client.post(
        address, {"reason": "通知本人开会"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in fragment.content.decode()


def test_the_page_without_a_reason_is_422(client_for, branch_secretary, member):
    response = client_for(branch_secretary).post(
        f"/members/{member.pk}/reveal/phone/", {"reason": ""}
    )
    assert response.status_code == 422
    assert "13900001234" not in response.content.decode()


def test_an_unknown_field_is_not_found(client_for, branch_secretary, member):
    client = client_for(branch_secretary)
    assert client.get(f"/members/{member.pk}/reveal/note/").status_code == 404
