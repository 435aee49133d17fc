"""No order of steps, and no number of hands at once, loses a person or a number."""

from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.models import Affiliation, Member, Transfer
from members.services.letters import (
    expire_letters,
    issue_letter,
    issue_letters,
    reissue_letter,
)
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    return_receipt,
)
from members.services.transfers_together import accept_transfers
from organizations.choices import Role
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.transfer_steps import drafted_letter, received, sent_within
from tests.races import needs_server, race

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("letter", "within", "issue", "issue", "accept", "accept"),
                *("receipt", "lose", "withdraw", "expire", "reissue"),
                *("come", "come", "issue all", "accept all"),
            ]
        ),
        st.integers(0, 5),
    ),
    max_size=14,
)


def attempt(step, pick, members, branches, actor):
    """Try one step on what is there; a refusal is fine."""
    today = timezone.localdate()
    transfers = list(Transfer.objects.order_by("pk"))
    one = transfers[pick % len(transfers)].pk if transfers else 0
    member = members[pick % len(members)]
    try:
        if step == "letter":
            drafted_letter(member, actor)
        elif step == "within":
            sent_within(member, branches[pick % len(branches)], actor)
        elif step == "come":
            received(branches[pick % len(branches)], actor, serial=pick)
        elif step == "issue all":
            issue_letters(transfer_ids=_in_state("drafted"), actor=actor)
        elif step == "accept all":
            accept_transfers(
                transfer_ids=_in_state("issued"), accepted_on=today, actor=actor
            )
        elif step == "issue":
            issue_letter(transfer_id=one, actor=actor)
        elif step == "accept":
            accept_transfer(transfer_id=one, accepted_on=today, actor=actor)
        elif step == "receipt":
            return_receipt(transfer_id=one, receipt_on=today, actor=actor)
        elif step in {"lose", "withdraw"}:
            state = "lost" if step == "lose" else "withdrawn"
            give_up_transfer(transfer_id=one, state=state, words="原因", actor=actor)
        elif step == "expire":
            expire_letters(today.replace(year=today.year + 1))
        else:
            reissue_letter(transfer_id=one, valid_days=10, actor=actor)
    except (RuleError, Transfer.DoesNotExist, Affiliation.DoesNotExist):
        pass


def _in_state(state):
    return list(Transfer.objects.filter(state=state).values_list("pk", flat=True))


def assert_nobody_is_lost():
    """One roll each or a reason why not; letters numbered 1 to n."""
    for member in Member.objects.all():
        rolls = member.affiliations.open().filter(kind="on_roll").count()
        assert rolls <= 1
        if not rolls:
            went = member.transfers.filter(direction="out", accepted_on__isnull=False)
            wrong = member.transfers.filter(direction="in", state="withdrawn")
            assert went.exists() or wrong.exists()
            if not wrong.exists():
                assert member.status == "transferred_out"
    for transfer in Transfer.objects.all():
        is_over = transfer.state in {"accepted", "receipted", "withdrawn"}
        is_over |= hasattr(transfer, "replaced_by")
        assert (transfer.ended_on is not None) == is_over
    serials = Transfer.objects.filter(serial__isnull=False)
    numbers = sorted(serials.values_list("serial", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    letters = Transfer.objects.filter(direction="out")
    for letter in letters.exclude(state__in=["drafted", "withdrawn"]):
        assert letter.number
        assert letter.issued_on
    waiting = Counter(Transfer.objects.waiting().values_list("member_id", flat=True))
    assert max(waiting.values(), default=0) <= 1


class TransferProperties(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_loses_a_person(self, steps):
        street = OrganizationFactory(kind="work_committee")
        branches = [OrganizationFactory(kind="branch", parent=street) for _ in "12"]
        staff = UserFactory()
        PostFactory(user=staff, role=Role.COMMITTEE_STAFF, organization=street)
        members = [MemberFactory(branch=branches[n % 2]) for n in range(3)]
        for step, pick in steps:
            attempt(step, pick, members, branches, staff)
        assert_nobody_is_lost()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_letters_at_once_are_numbered_without_gap_or_double(
    branch_a1, branch_secretary, committee_staff
):
    drafts = [
        drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
        for _ in range(20)
    ]
    numbers = race(
        lambda n: issue_letter(transfer_id=drafts[n].pk, actor=committee_staff).serial
    )
    assert sorted(numbers) == list(range(1, 21))


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_submits_at_once_make_one_transfer(
    branch_a1, branch_b1, branch_secretary
):
    member = MemberFactory(branch=branch_a1)
    found = race(lambda n: sent_within(member, branch_b1, branch_secretary).state)
    assert Counter(found) == {"issued": 1, "transfer_waiting": 19}
    assert Transfer.objects.count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_acceptances_at_once_move_once(
    branch_a1, branch_b1, branch_secretary, secretary_b
):
    member = MemberFactory(branch=branch_a1)
    transfer = sent_within(member, branch_b1, branch_secretary)
    today = timezone.localdate()
    found = race(
        lambda n: (
            accept_transfer(
                transfer_id=transfer.pk, accepted_on=today, actor=secretary_b
            ).state
        )
    )
    assert Counter(found) == {"accepted": 1, "transfer_state": 19}
    assert member.affiliations.open().get().organization == branch_b1
    assert member.affiliations.count() == 2


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_branches_issue_together_without_gap_or_double(
    branch_a1, branch_secretary, committee_staff
):
    drafts = [
        drafted_letter(MemberFactory(branch=branch_a1), branch_secretary).pk
        for _ in range(60)
    ]
    race(
        lambda n: issue_letters(
            transfer_ids=drafts[n * 3 : n * 3 + 3], actor=committee_staff
        )
    )
    serials = Transfer.objects.values_list("serial", flat=True)
    assert sorted(serials) == list(range(1, 61))


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_secretaries_enter_the_same_letter_once(branch_a1, branch_secretary):
    found = race(lambda n: received(branch_a1, branch_secretary).state)
    assert Counter(found) == {"accepted": 1, "known_here": 19}
    assert Transfer.objects.count() == Member.objects.count() == 1
    assert Affiliation.objects.count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_two_branches_that_enter_one_person_end_in_a_sentence(
    branch_a1, branch_b1, committee_staff
):
    branches = [branch_a1, branch_b1]
    found = race(lambda n: received(branches[n % 2], committee_staff).state)
    assert found.count("accepted") == 1
    assert set(found) <= {"accepted", "known_here", "known_now"}
    assert Affiliation.objects.count() == 1
