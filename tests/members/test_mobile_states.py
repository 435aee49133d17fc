"""No order of steps, and no number of hands at once, loses a member who is away."""

from collections import Counter
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.choices import EndReason
from members.contact_sources import last_contacts
from members.models import Affiliation, Member, MobileStay
from members.services.affiliations import end_affiliation, move_affiliation
from members.services.contacts import record_contact, withdraw_contact
from members.services.decisions import record_death
from members.services.transfers import accept_transfer
from organizations.choices import Role
from tests.factories.members import MemberFactory, synthetic_id_number
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.members.mobile_steps import ago, came, ended, newcomer, out, placed, verified
from tests.members.transfer_steps import sent_within
from tests.races import needs_server, race

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("out", "within", "came", "met", "verify", "verify", "place", "place"),
                *("return", "leave", "mistake", "contact", "withdraw"),
                *("move roll", "move host", "transfer", "leave street", "die"),
            ]
        ),
        st.integers(0, 5),
    ),
    max_size=16,
)
ENDS = {"return": "returned", "leave": "left", "mistake": "mistake"}
_MISSING = (
    RuleError,
    MobileStay.DoesNotExist,
    Affiliation.DoesNotExist,
    Member.DoesNotExist,
)


class Street:
    """A street of three branches, and one who may do everything in it."""

    def __init__(self) -> None:
        self.root = OrganizationFactory(kind="work_committee")
        self.branches = [
            OrganizationFactory(kind="branch", parent=self.root) for _ in "123"
        ]
        self.staff = UserFactory()
        PostFactory(user=self.staff, role=Role.COMMITTEE_STAFF, organization=self.root)
        self.members = [MemberFactory(branch=self.branches[n % 2]) for n in range(3)]

    def attempt(self, step: str, pick: int) -> None:
        """Try one step on what is there; a refusal is fine."""
        with suppress(*_MISSING):
            self._do(step, pick)

    def _do(self, step: str, pick: int) -> None:
        staff, branch = self.staff, self.branches[pick % 3]
        member = self.members[pick % 3]
        stays = list(MobileStay.objects.order_by("pk"))
        stay = stays[pick % len(stays)] if stays else MobileStay(pk=0)
        if step == "out":
            out(member, staff)
        elif step == "within":
            out(member, staff, host=branch)
        elif step == "came":
            number = synthetic_id_number(date(1990, 1, 1), 40 + pick)
            came(branch, staff, newcomer(id_number=number))
        elif step == "met":
            person = newcomer(name=member.name, id_number=member.id_number)
            came(branch, staff, person)
        elif step == "verify":
            verified(stay, staff)
        elif step == "place":
            placed(stay, branch, staff)
        elif step in ENDS:
            ended(stay, staff, ENDS[step])
        elif step in {"contact", "withdraw"}:
            self._contact(step, member, pick)
        else:
            self._relation(step, member, branch, stay)

    def _contact(self, step: str, member: Member, pick: int) -> None:
        if step == "contact":
            record_contact(
                member_id=member.pk,
                contacted_on=ago(pick * 20),
                way="phone",
                actor=self.staff,
            )
        elif (known := member.contacts.counted().first()) is not None:
            withdraw_contact(contact_id=known.pk, actor=self.staff)

    def _relation(self, step, member, branch, stay) -> None:
        roll = member.affiliations.open().filter(kind="on_roll").first()
        if step == "move host":
            held = Affiliation.objects.open().filter(kind="mobile_in").first()
            self._move(held, branch)
        elif roll is None:
            return
        elif step == "move roll":
            self._move(roll, branch)
        elif step == "transfer":
            transfer = sent_within(member, branch, self.staff)
            accept_transfer(
                transfer_id=transfer.pk, accepted_on=ago(0), actor=self.staff
            )
        elif step == "die":
            record_death(member_id=member.pk, died_on=ago(0), actor=self.staff)
        else:
            end_affiliation(
                affiliation_id=roll.pk,
                ends_on=ago(0),
                end_reason=EndReason.TRANSFERRED_OUT,
                actor=self.staff,
            )

    def _move(self, held, branch) -> None:
        if held is not None:
            move_affiliation(
                affiliation_id=held.pk,
                organization_id=branch.pk,
                moved_on=ago(0),
                actor=self.staff,
            )


def assert_both_sides_agree():
    """A stay and the person's relations tell the same, and the mark follows them."""
    open_of = Counter(
        MobileStay.objects.open()
        .exclude(member=None)
        .values_list("member_id", flat=True)
    )
    assert max(open_of.values(), default=0) <= 1
    for stay in MobileStay.objects.select_related("member"):
        relations = (
            set(stay.member.affiliations.open().values_list("kind", "organization_id"))
            if stay.member
            else set()
        )
        assert (stay.ended_on is None) == (stay.state != "ended")
        if stay.state == "ended":
            assert stay.end_reason
            continue
        if stay.home_id:
            assert ("on_roll", stay.home_id) in relations
        if stay.state == "placed":
            assert ("mobile_in", stay.host_id) in relations
            assert stay.verified_on
            assert stay.proof
        if stay.member:
            known = last_contacts([stay.member_id]).get(stay.member_id)
            floor = max(filter(None, (stay.registered_on, stay.verified_on)))
            assert stay.last_contact_on == max(filter(None, (known, floor)))
    for member in Member.objects.all():
        assert member.is_mobile == (member.pk in open_of)
        taken = member.affiliations.open().filter(kind="mobile_in")
        assert taken.count() <= 1
        assert not taken.exists() or member.pk in open_of


class MobileProperties(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(STEPS)
    def test_no_order_of_steps_parts_a_stay_from_its_relations(self, steps):
        street = Street()
        for step, pick in steps:
            street.attempt(step, pick)
            assert_both_sides_agree()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_submits_at_once_register_once(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    found = race(lambda n: out(member, branch_secretary).state)
    assert Counter(found) == {"away": 1, "mobile_double": 19}


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_placings_at_once_make_one_person(branch_a1, branch_secretary):
    stay = verified(came(branch_a1, branch_secretary), branch_secretary)
    found = race(lambda n: placed(stay, branch_a1, branch_secretary).state)
    assert Counter(found) == {"placed": 1, "mobile_state": 19}
    assert Member.objects.count() == Affiliation.objects.count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_contacts_at_once_leave_the_latest_day(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    stay = out(member, branch_secretary)
    MobileStay.objects.update(registered_on=ago(100), last_contact_on=ago(100))
    found = race(
        lambda n: (
            record_contact(
                member_id=member.pk,
                contacted_on=ago(5 + n),
                way="phone",
                actor=branch_secretary,
            ).way
        )
    )
    assert Counter(found) == {"phone": 20}
    stay.refresh_from_db()
    assert stay.last_contact_on == ago(5)
