"""Moving the formal relation: who may do what, when, and what moves with it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Affiliation, LetterCounter, Member, Transfer
from members.rules import transfers as transfer_rules
from members.services.decisions import record_death
from members.services.letters import expire_letters, issue_letter, reissue_letter
from members.services.transfers import (
    accept_transfer,
    draft_transfer,
    give_up_transfer,
    return_receipt,
)
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.transfer_steps import OUT, PAID, drafted_letter, sent_within


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def letter(member, branch_secretary, committee_staff):
    """A letter on its way."""
    draft = drafted_letter(member, branch_secretary)
    return issue_letter(transfer_id=draft.pk, actor=committee_staff)


def age(transfer, days):
    """Let a letter have been issued so many days ago."""
    issued_on = timezone.localdate() - timedelta(days=days)
    last_day = transfer_rules.valid_until(issued_on, transfer.valid_days)
    Transfer.objects.filter(pk=transfer.pk).update(
        issued_on=issued_on, last_day=last_day
    )
    return issued_on


def roll_of(member):
    return member.affiliations.open().get(kind="on_roll").organization


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


# Within the street ----------------------------------------------------------------


def test_the_target_branch_accepts_and_the_relation_moves(
    member, branch_a1, branch_b1, branch_secretary, secretary_b, today
):
    transfer = sent_within(member, branch_b1, branch_secretary)
    assert (transfer.state, transfer.number) == ("issued", "")
    assert roll_of(member) == branch_a1  # responsible until it is accepted
    accept_transfer(transfer_id=transfer.pk, accepted_on=today, actor=secretary_b)
    assert roll_of(member) == branch_b1
    ended = member.affiliations.get(ends_on__isnull=False)
    assert (ended.end_reason, ended.ends_on) == ("moved_within", today)
    assert actions()[0] == "transfer_drafted"
    assert actions()[-1] == "transfer_changed"


def test_who_was_co_managed_there_is_on_the_roll_only(
    member, branch_b1, branch_secretary, secretary_b, today
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    transfer = sent_within(member, branch_b1, branch_secretary)
    accept_transfer(transfer_id=transfer.pk, accepted_on=today, actor=secretary_b)
    kinds = member.affiliations.open().values_list("kind", flat=True)
    assert list(kinds) == ["on_roll"]


def test_only_the_target_branch_accepts(
    member, branch_b1, branch_secretary, secretary_b, outsider, today
):
    transfer = sent_within(member, branch_b1, branch_secretary)
    with pytest.raises(Exception, match="Organization") as refused:
        accept_transfer(
            transfer_id=transfer.pk, accepted_on=today, actor=branch_secretary
        )
    assert refused.type.__name__ == "DoesNotExist"
    with pytest.raises(Transfer.DoesNotExist):
        accept_transfer(transfer_id=transfer.pk, accepted_on=today, actor=outsider)
    transfer.refresh_from_db()
    assert transfer.state == "issued"


def test_a_branch_of_another_street_needs_a_letter(
    member, other_street, branch_a1, branch_secretary
):
    for wrong, sentence in (
        (other_street, "请选择接收的党支部"),
        (branch_a1, "已在这个党支部"),
    ):
        with pytest.raises(RuleError, match=sentence):
            sent_within(member, wrong, branch_secretary)


# Out of the street ----------------------------------------------------------------


def test_a_letter_gets_the_next_number_and_moves_nothing(
    member, branch_a1, branch_secretary, committee_staff, today
):
    first = drafted_letter(member, branch_secretary)
    assert (first.state, first.number) == ("drafted", "")
    second = drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
    for number, draft in enumerate((second, first), start=1):
        issued = issue_letter(transfer_id=draft.pk, actor=committee_staff)
        assert issued.number == f"\u3014{today.year}\u3015第{number:04d}号"
        assert issued.last_day == today + timedelta(days=29)
    assert LetterCounter.objects.get().last == 2
    assert roll_of(member) == branch_a1


def test_only_the_street_issues_letters(member, branch_secretary):
    draft = drafted_letter(member, branch_secretary)
    with pytest.raises(PermissionDenied):
        issue_letter(transfer_id=draft.pk, actor=branch_secretary)
    assert not LetterCounter.objects.exists()


def test_accepted_outside_the_person_leaves_and_the_receipt_closes_it(
    letter, member, branch_secretary, today
):
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    member.refresh_from_db()
    assert member.status == "transferred_out"
    assert not member.affiliations.open().exists()
    done = return_receipt(
        transfer_id=letter.pk, receipt_on=today, actor=branch_secretary
    )
    assert (done.state, done.receipt_on) == ("receipted", today)
    with pytest.raises(RuleError, match="不能办理"):
        return_receipt(transfer_id=letter.pk, receipt_on=today, actor=branch_secretary)


def test_a_letter_past_its_days_is_told_and_issued_anew(
    letter, member, branch_secretary, committee_staff, today
):
    issued_on = age(letter, 30)
    assert expire_letters(today) == 1
    assert expire_letters(today) == 0
    with pytest.raises(RuleError, match="已失效"):
        accept_transfer(
            transfer_id=letter.pk, accepted_on=today, actor=branch_secretary
        )
    new = reissue_letter(transfer_id=letter.pk, valid_days=10, actor=committee_staff)
    assert new.serial == letter.serial + 1
    with pytest.raises(RuleError, match="代替"):
        accept_transfer(
            transfer_id=letter.pk, accepted_on=issued_on, actor=branch_secretary
        )
    with pytest.raises(RuleError, match="代替"):
        reissue_letter(transfer_id=letter.pk, valid_days=10, actor=committee_staff)
    accept_transfer(transfer_id=new.pk, accepted_on=today, actor=branch_secretary)
    assert not member.affiliations.open().exists()


def test_what_was_accepted_in_time_may_be_told_late(letter, branch_secretary, today):
    issued_on = age(letter, 40)
    expire_letters(today)
    done = accept_transfer(
        transfer_id=letter.pk, accepted_on=issued_on, actor=branch_secretary
    )
    assert done.state == "accepted"


def test_a_lost_letter_is_void_and_issued_anew(
    letter, branch_secretary, committee_staff
):
    lost = {"transfer_id": letter.pk, "state": "lost"}
    with pytest.raises(PermissionDenied):
        give_up_transfer(**lost, words="邮寄丢失", actor=branch_secretary)
    with pytest.raises(RuleError, match="请写明原因"):
        give_up_transfer(**lost, words=" ", actor=committee_staff)
    give_up_transfer(**lost, words="邮寄丢失", actor=committee_staff)
    withdrawn = {"transfer_id": letter.pk, "state": "withdrawn"}
    with pytest.raises(RuleError, match="缩短到395字以内"):
        give_up_transfer(**withdrawn, words="长" * 396, actor=committee_staff)
    new = reissue_letter(transfer_id=letter.pk, valid_days=30, actor=committee_staff)
    assert new.replaces_id == letter.pk
    with pytest.raises(RuleError, match="代替"):
        give_up_transfer(
            transfer_id=letter.pk, state="withdrawn", words="x", actor=committee_staff
        )


def test_why_it_was_lost_stays_beside_why_it_was_withdrawn(letter, committee_staff):
    for state, words in (("lost", "邮寄丢失"), ("withdrawn", "本人不调动了")):
        done = give_up_transfer(
            transfer_id=letter.pk, state=state, words=words, actor=committee_staff
        )
    assert done.closing_note == "邮寄丢失；本人不调动了"


# What a rule refuses --------------------------------------------------------------


def test_a_person_has_one_transfer_on_its_way(member, branch_b1, branch_secretary):
    drafted_letter(member, branch_secretary)
    with pytest.raises(RuleError, match="已有一件转接正在办理"):
        sent_within(member, branch_b1, branch_secretary)


@pytest.mark.parametrize("status", ["suspended", "deceased"])
def test_only_a_normal_membership_moves(status, member, branch_secretary):
    Member.objects.filter(pk=member.pk).update(status=status)
    with pytest.raises(RuleError, match="第二十四、二十五条"):
        drafted_letter(member, branch_secretary)


def test_only_the_formal_relation_moves(member, branch_b1, secretary_b):
    relation = AffiliationFactory(
        member=member, organization=branch_b1, kind="co_managed"
    )
    with pytest.raises(RuleError, match="只有在册党员"):
        draft_transfer(
            affiliation_id=relation.pk,
            course=OUT,
            dues_paid_to=PAID,
            actor=secretary_b,
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"valid_days": 91}, "1至90天"),
        ({"valid_days": 0}, "1至90天"),
        ({"valid_days": None}, "1至90天"),
        ({"addressee": " "}, "介绍信抬头"),
        ({"target_name": ""}, "介绍信抬头"),
        ({"dues_paid_to": date(1900, 1, 1)}, "党费交至"),
    ],
)
def test_a_letter_that_could_not_be_used_is_not_drafted(
    changes, sentence, member, branch_secretary
):
    with pytest.raises(RuleError, match=sentence):
        drafted_letter(member, branch_secretary, **changes)
    assert not Transfer.objects.exists()


def test_days_that_cannot_be_are_refused(letter, branch_secretary, today):
    for day, sentence in (
        (today + timedelta(days=1), "不能晚于今天"),
        (today - timedelta(days=1), "不能早于"),
    ):
        with pytest.raises(RuleError, match=sentence):
            accept_transfer(
                transfer_id=letter.pk, accepted_on=day, actor=branch_secretary
            )
    accept_transfer(transfer_id=letter.pk, accepted_on=today, actor=branch_secretary)
    with pytest.raises(RuleError, match="回执日期"):
        return_receipt(
            transfer_id=letter.pk,
            receipt_on=today + timedelta(days=1),
            actor=branch_secretary,
        )


def test_a_relation_that_ended_otherwise_does_not_move(
    letter, member, branch_secretary, committee_staff, today
):
    record_death(member_id=member.pk, died_on=today, actor=branch_secretary)
    with pytest.raises(RuleError, match="已不在"):
        accept_transfer(
            transfer_id=letter.pk, accepted_on=today, actor=branch_secretary
        )
    give_up_transfer(
        transfer_id=letter.pk, state="withdrawn", words="去世", actor=committee_staff
    )


def test_who_saw_an_older_version_is_told(letter, branch_secretary, today):
    with pytest.raises(StaleError):
        accept_transfer(
            transfer_id=letter.pk,
            accepted_on=today,
            version=letter.version - 1,
            actor=branch_secretary,
        )
    assert Affiliation.objects.open().count() == 1


# Pure rules -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "壹"),
        (10, "壹拾"),
        (15, "壹拾伍"),
        (30, "叁拾"),
        (90, "玖拾"),
        (100, "壹佰"),
        (105, "壹佰零伍"),
        (180, "壹佰捌拾"),
        (999, "玖佰玖拾玖"),
    ],
)
def test_days_are_written_as_on_cheques(number, text):
    assert transfer_rules.in_capitals(number) == text


@pytest.mark.parametrize("number", [0, 1000])
def test_more_days_than_that_are_a_mistake(number):
    with pytest.raises(ValueError, match="999"):
        transfer_rules.in_capitals(number)
