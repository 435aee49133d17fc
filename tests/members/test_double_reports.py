"""Reported in two communities: shown to the street, which says where he stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from members.models import Affiliation, ReportSlip
from members.services.double_reports import double_reports, keep_report
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.slip_steps import accepted, filed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_slips(community_a, community_b, community_secretary, committee_staff):
    return filed(community_a, community_secretary), filed(community_b, committee_staff)


def alerts(key, user):
    alert = registry.alert(f"members.{key}")
    return list(alert.rows(user, timezone.localdate()))


def test_two_waiting_slips_are_shown_to_the_street_alone(
    client_for, two_slips, committee_staff, community_secretary
):
    (found,) = double_reports(committee_staff)
    assert found.slips == list(two_slips)
    assert len(alerts("slips_doubled", committee_staff)) == 2
    url = reverse("members:double-list")
    page = client_for(committee_staff).get(url).content.decode()
    assert two_slips[0].name in page
    assert two_slips[0].id_number not in page
    client = client_for(community_secretary)
    assert client.get(url).status_code == 403
    page = client.get(two_slips[0].get_absolute_url()).content.decode()
    assert "重复报到" not in page


def test_whom_another_community_co_manages_cannot_be_accepted_before_it_is_settled(
    two_slips, branch_a1, branch_b1, committee_staff, community_secretary
):
    slip_a, slip_b = two_slips
    slip_a = accepted(slip_a, branch_a1, community_secretary)
    with pytest.raises(RuleError, match="确定留在哪里"):
        accepted(slip_b, branch_b1, committee_staff)
    (found,) = double_reports(committee_staff)
    assert (found.slips, [r.organization for r in found.relations]) == (
        [slip_b],
        [branch_a1],
    )
    settled = keep_report(kept=slip_b, words="已搬到临湖", actor=committee_staff)
    assert settled == 1
    relation = Affiliation.objects.get()
    assert (relation.end_reason, relation.note) == ("mistake", "已搬到临湖")
    assert accepted(slip_b, branch_b1, committee_staff).state == "accepted"
    assert double_reports(committee_staff) == []


def test_keeping_what_is_there_refuses_the_other_slip(
    client_for, two_slips, branch_a1, committee_staff, community_secretary
):
    slip_a, slip_b = two_slips
    accepted(slip_a, branch_a1, community_secretary)
    relation = Affiliation.objects.get()
    client = client_for(committee_staff)
    url = reverse("members:keep-relation", args=[relation.pk])
    assert "end_reason" not in client.get(url).content.decode()
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "住在沿江"}).status_code == 302
    slip_b.refresh_from_db()
    assert (slip_b.state, slip_b.reason) == ("refused", "住在沿江")
    again = client.post(url, {"words": "住在沿江"})
    assert again.status_code == 422
    assert "没有重复" in again.content.decode()


def test_two_relations_are_doubled_too(branch_a1, branch_b1, committee_staff):
    member = MemberFactory()
    for branch in (branch_a1, branch_b1):
        AffiliationFactory(member=member, organization=branch, kind="co_managed")
    MemberFactory(branch=branch_a1)
    assert len(alerts("co_managed_twice", committee_staff)) == 1
    (found,) = double_reports(committee_staff)
    kept = next(r for r in found.relations if r.organization == branch_b1)
    keep_report(
        kept=kept, words="登记重了", end_reason="left_unit", actor=committee_staff
    )
    assert member.affiliations.open().get() == kept
    assert alerts("co_managed_twice", committee_staff) == []


def test_only_who_settles_settles(two_slips, community_secretary):
    with pytest.raises(PermissionDenied):
        keep_report(kept=two_slips[0], words="住这里", actor=community_secretary)
    assert ReportSlip.objects.received().count() == 2


def test_a_slip_that_waits_too_long_is_a_to_do(
    community_a, community_secretary, branch_secretary
):
    today = timezone.localdate()
    filed(community_a, community_secretary, reported_on=today - timedelta(days=15))
    assert alerts("slips_waiting", community_secretary) == []
    late = filed(
        community_a, community_secretary, 2, reported_on=today - timedelta(days=16)
    )
    (item,) = alerts("slips_waiting", community_secretary)
    assert (item.label, item.url) == (late.name, late.get_absolute_url())
    assert alerts("slips_waiting", branch_secretary) == []
