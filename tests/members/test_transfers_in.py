"""Somebody comes with a letter from outside: onto the roll, and the reply goes back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import DuplicateClaim, Member, Transfer
from members.services.letters import issue_letter
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    return_receipt,
)
from organizations.models import AuditEvent, Organization
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.transfer_steps import drafted_letter, incoming, person, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def known(branch=None, **values):
    """Somebody whose number is that of `person()`."""
    number = person()["id_number"]
    fields = {"name": "雷新来", "id_number": number, "born_on": date(1985, 3, 4)}
    return MemberFactory(branch=branch, **fields | values)


def test_a_new_person_is_entered_and_on_the_roll_from_that_day(
    branch_a1, branch_secretary, today
):
    transfer = received(branch_a1, branch_secretary)
    member = Member.objects.get()
    roll = member.affiliations.get()
    assert (roll.organization, roll.kind, roll.start_reason) == (
        branch_a1,
        "on_roll",
        "transferred_in",
    )
    assert (transfer.state, transfer.member, transfer.place) == (
        "accepted",
        member,
        branch_a1,
    )
    assert (transfer.number, transfer.origin_name) == (
        incoming().foreign_number,
        "中共江城市高新区工委",
    )
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert "member_created" in actions
    assert actions.count("transfer_changed") == 1


def test_who_left_and_comes_back_keeps_the_file(
    branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff, today
):
    member = known(branch_a1, education="master")
    draft = drafted_letter(member, branch_secretary)
    letter = issue_letter(transfer_id=draft.pk, actor=committee_staff)
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    # Another branch, that never saw him: number, name and letter are enough.
    received(branch_b1, secretary_b, education="college")
    member.refresh_from_db()
    assert (member.status, member.education) == ("normal", "master")
    assert member.affiliations.open().get().organization == branch_b1
    assert Member.objects.count() == 1


def test_who_is_co_managed_there_is_on_the_roll_only(branch_a1, branch_secretary):
    member = known()
    AffiliationFactory(member=member, organization=branch_a1, kind="co_managed")
    received(branch_a1, branch_secretary)
    kinds = member.affiliations.open().values_list("kind", flat=True)
    assert list(kinds) == ["on_roll"]


def test_who_is_on_a_roll_in_sight_moves_within_the_street(
    branch_a1, branch_a2, community_secretary
):
    known(branch_a1)
    with pytest.raises(RuleError, match=r"沿江社区第一党支部.*街道内转接"):
        received(branch_a2, community_secretary)
    assert not Transfer.objects.exists()


def test_who_is_on_a_roll_out_of_sight_is_the_streets_to_settle(
    branch_a1, branch_b1, secretary_b
):
    member = known(branch_a1)
    with pytest.raises(RuleError, match="由街道核对") as refused:
        received(branch_b1, secretary_b)
    assert "沿江" not in refused.value.text
    claim = DuplicateClaim.objects.get()
    assert (claim.member, claim.organization) == (member, branch_b1)
    assert "介绍信" in claim.source
    assert not Transfer.objects.exists()


def test_a_number_under_another_name_tells_nothing(
    branch_a1, branch_b1, secretary_b, committee_staff
):
    known(status="transferred_out")
    with pytest.raises(RuleError, match="由街道核对"):
        received(branch_b1, secretary_b, name="雷别人")
    assert not Member.objects.filter(name="雷别人").exists()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("deceased", "已登记为去世"), ("expelled", "恢复党籍")],
)
def test_not_everybody_can_come_back(status, sentence, branch_a1, branch_secretary):
    known(status=status)
    with pytest.raises(RuleError, match=sentence):
        received(branch_a1, branch_secretary)


@pytest.mark.parametrize(
    ("changes", "days", "sentence"),
    [
        ({"valid_days": 3}, 0, r"已失效.*重新开具"),
        ({"valid_days": 91}, 0, "1至90天"),
        ({}, 1, "不能晚于今天"),
        ({}, -4, "不能早于介绍信的开具日期"),
        ({"foreign_number": " "}, 0, "来函编号"),
        ({"source_name": ""}, 0, "转出党组织"),
        ({"dues_paid_to": date(1900, 1, 1)}, 0, "党费交至"),
    ],
)
def test_a_letter_that_cannot_be_accepted_changes_nothing(
    changes, days, sentence, branch_a1, branch_secretary, today
):
    with pytest.raises(RuleError, match=sentence):
        received(
            branch_a1,
            branch_secretary,
            letter=incoming(**changes),
            accepted_on=today + timedelta(days=days),
        )
    assert not Member.objects.exists()
    assert not Transfer.objects.exists()


def test_only_for_a_branch_of_ones_own(branch_b1, branch_secretary, auditor):
    for stranger in (branch_secretary, auditor):
        with pytest.raises(Organization.DoesNotExist):
            received(branch_b1, stranger)


def test_the_street_sends_the_reply(
    branch_a1, branch_secretary, committee_staff, today
):
    transfer = received(branch_a1, branch_secretary)
    with pytest.raises(PermissionDenied):
        return_receipt(
            transfer_id=transfer.pk, receipt_on=today, actor=branch_secretary
        )
    done = return_receipt(
        transfer_id=transfer.pk, receipt_on=today, actor=committee_staff
    )
    assert done.state_label == "回执已寄"


def test_what_was_entered_by_mistake_is_taken_back(branch_a1, branch_secretary):
    transfer = received(branch_a1, branch_secretary)
    done = give_up_transfer(
        transfer_id=transfer.pk,
        state="withdrawn",
        words="看错了人",
        actor=branch_secretary,
    )
    ended = transfer.member.affiliations.get()
    assert (done.state, ended.end_reason) == ("withdrawn", "mistake")
    with pytest.raises(RuleError, match="不能办理"):
        give_up_transfer(
            transfer_id=transfer.pk, state="lost", words="x", actor=branch_secretary
        )


def test_what_left_is_not_taken_back(
    branch_a1, branch_secretary, committee_staff, today
):
    """Only what came in can be a mistake of ours; a relation outside is not ours."""
    draft = drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
    letter = issue_letter(transfer_id=draft.pk, actor=committee_staff)
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    with pytest.raises(RuleError, match="不能办理"):
        give_up_transfer(
            transfer_id=letter.pk, state="withdrawn", words="x", actor=committee_staff
        )
