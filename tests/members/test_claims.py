"""The queue of people entered twice."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from config.lib.errors import RuleError
from members.models import DuplicateClaim
from members.services.affiliations import move_affiliation
from members.services.claims import accept_claim, refuse_claim
from organizations.models import AuditEvent
from tests.factories.members import (
    AffiliationFactory,
    DuplicateClaimFactory,
    MemberFactory,
)

DAY = date(2025, 6, 1)


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def claim(member, branch_b1, secretary_b):
    return DuplicateClaimFactory(
        member=member, organization=branch_b1, kind="co_managed", claimed_by=secretary_b
    )


@pytest.fixture
def roll_claim(member, branch_b1, secretary_b):
    return DuplicateClaimFactory(
        member=member, organization=branch_b1, claimed_by=secretary_b
    )


def test_accepting_starts_the_relation(committee_staff, claim, member, branch_b1):
    accept_claim(claim_id=claim.pk, starts_on=DAY, actor=committee_staff)
    claim.refresh_from_db()
    assert (claim.state, claim.settled_by) == ("accepted", committee_staff)
    assert member.affiliations.open().filter(organization=branch_b1).exists()
    assert AuditEvent.objects.filter(action="claim_settled").count() == 1


def test_a_roll_is_not_taken_by_a_claim(committee_staff, roll_claim):
    with pytest.raises(RuleError, match="支部调整或转出"):
        accept_claim(claim_id=roll_claim.pk, starts_on=DAY, actor=committee_staff)
    roll_claim.refresh_from_db()
    assert roll_claim.state == "open"


def test_a_claim_is_met_once_the_person_has_moved_there(
    committee_staff, roll_claim, member, branch_b1
):
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=branch_b1.pk,
        moved_on=DAY,
        actor=committee_staff,
    )
    accept_claim(claim_id=roll_claim.pk, starts_on=DAY, actor=committee_staff)
    roll_claim.refresh_from_db()
    assert roll_claim.state == "accepted"
    assert member.affiliations.open().count() == 1


def test_somebody_who_left_comes_back_to_a_roll(
    committee_staff, branch_a1, branch_b1, secretary_b
):
    gone = MemberFactory(status="transferred_out")
    AffiliationFactory(member=gone, organization=branch_a1, ends_on=DAY)
    claim = DuplicateClaimFactory(
        member=gone, organization=branch_b1, claimed_by=secretary_b
    )
    accept_claim(claim_id=claim.pk, starts_on=DAY, actor=committee_staff)
    gone.refresh_from_db()
    assert gone.status == "normal"


def test_refusing_needs_words(committee_staff, claim):
    with pytest.raises(RuleError, match="处理意见"):
        refuse_claim(claim_id=claim.pk, words=" ", actor=committee_staff)
    refuse_claim(claim_id=claim.pk, words="请本人先报到", actor=committee_staff)
    claim.refresh_from_db()
    assert (claim.state, claim.words) == ("refused", "请本人先报到")


def test_a_secretary_settles_nothing(secretary_b, claim):
    with pytest.raises((PermissionDenied, DuplicateClaim.DoesNotExist)):
        accept_claim(claim_id=claim.pk, starts_on=DAY, actor=secretary_b)


def test_a_claim_is_settled_once(committee_staff, claim):
    refuse_claim(claim_id=claim.pk, words="重复", actor=committee_staff)
    with pytest.raises(DuplicateClaim.DoesNotExist):
        refuse_claim(claim_id=claim.pk, words="重复", actor=committee_staff)


def test_the_queue_is_for_street_staff(client_for, committee_staff, secretary_b, claim):
    text = client_for(committee_staff).get("/members/claims/").content.decode()
    assert "雷芳" in text
    assert client_for(secretary_b).get("/members/claims/").status_code == 403
    address = f"/members/claims/{claim.pk}/"
    assert client_for(secretary_b).get(address).status_code == 404


def test_the_page_explains_that_a_roll_needs_a_transfer(
    client_for, committee_staff, roll_claim
):
    client = client_for(committee_staff)
    address = f"/members/claims/{roll_claim.pk}/"
    assert "在册关系不能直接并入" in client.get(address).content.decode()
    response = client.post(address, {"decision": "accept", "starts_on": "2025-06-01"})
    assert response.status_code == 422


def test_the_queue_is_settled_by_form(client_for, committee_staff, claim, roll_claim):
    client = client_for(committee_staff)
    client.post(
        f"/members/claims/{claim.pk}/",
        {"decision": "accept", "starts_on": "2025-06-01"},
    )
    client.post(
        f"/members/claims/{roll_claim.pk}/",
        {"decision": "refuse", "words": "请先办理转出"},
    )
    assert not DuplicateClaim.objects.open().exists()
    text = client.get("/members/claims/?state=settled").content.decode()
    assert "请先办理转出" in text


def test_the_queue_takes_few_queries(
    client_for,
    committee_staff,
    claim,
    branch_b1,
    secretary_b,
    django_assert_max_num_queries,
):
    for _ in range(5):
        DuplicateClaimFactory(organization=branch_b1, claimed_by=secretary_b)
    client = client_for(committee_staff)
    with django_assert_max_num_queries(12):
        client.get("/members/claims/")
