"""The pages of report slips."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Affiliation, ReportSlip
from tests.factories.members import MemberFactory, synthetic_id_number
from tests.members.slip_steps import accepted, filed

pytestmark = pytest.mark.django_db


def form(organization, **changes):
    values = {
        "organization": organization.pk,
        "name": "雷报到",
        "id_number": synthetic_id_number(serial=801),
        "source": "unit",
        "reported_on": str(timezone.localdate()),
        "unit_name": "江滨医院",
        "member_type": "full",
        "ethnicity": "Han",
        "joined_on": "2010-07",
        "skills": "医疗",
    }
    return values | changes


def test_a_slip_is_written_down_accepted_and_leads_to_the_file(
    client_for, community_a, branch_a1, community_secretary
):
    client = client_for(community_secretary)
    answer = client.post(reverse("members:slip-add"), form(community_a), follow=True)
    assert "等待受理" in answer.content.decode()
    slip = ReportSlip.objects.get()
    assert (slip.source, slip.joined_precision) == ("unit", "month")
    url = reverse("members:slip-step", args=[slip.pk, "accept"])
    page = client.get(url).content.decode()
    assert branch_a1.short_name in page
    data = {
        "branch": branch_a1.pk,
        "starts_on": str(timezone.localdate()),
        "version": slip.version,
    }
    page = client.post(url, data, follow=True).content.decode()
    assert "打开档案，建立联系卡" in page
    assert Affiliation.objects.get().organization == branch_a1


def test_a_branch_secretary_finds_his_branch_chosen(
    client_for, branch_a1, branch_secretary
):
    client = client_for(branch_secretary)
    page = client.get(reverse("members:slip-add")).content.decode()
    assert f'value="{branch_a1.pk}" selected' in page
    client.post(reverse("members:slip-add"), form(branch_a1))
    slip = ReportSlip.objects.get()
    page = client.get(reverse("members:slip-step", args=[slip.pk, "accept"]))
    assert f'value="{branch_a1.pk}" selected' in page.content.decode()


def test_a_refused_form_keeps_what_was_typed(
    client_for, community_a, community_secretary
):
    client = client_for(community_secretary)
    data = form(community_a, id_number="12345", wishes="周末义诊")
    answer = client.post(reverse("members:slip-add"), data)
    assert answer.status_code == 422
    assert "周末义诊" in answer.content.decode()
    filed(community_a, community_secretary, id_number=synthetic_id_number(serial=801))
    answer = client.post(reverse("members:slip-add"), form(community_a))
    assert answer.status_code == 422
    assert "已有一张待受理的报到单" in answer.content.decode()


def test_mending_keeps_the_number_that_is_not_shown(
    client_for, community_a, community_secretary
):
    slip = filed(community_a, community_secretary)
    number = slip.id_number
    client = client_for(community_secretary)
    url = reverse("members:slip-amend", args=[slip.pk])
    page = client.get(url).content.decode()
    assert slip.id_number not in page
    assert slip.phone not in page
    data = form(community_a, id_number="", phone="", version=slip.version)
    assert client.post(url, data).status_code == 302
    slip.refresh_from_db()
    assert (slip.unit_name, slip.phone) == ("江滨医院", "13900007001")
    assert slip.id_number == number
    late = client.post(url, data | {"job_title": "主任", "address": "别处"})
    assert late.status_code == 409
    page = late.content.decode()
    assert 'value="主任"' in page
    assert "滨江路8号" not in page


def test_a_late_step_shows_how_things_stand(
    client_for, community_a, branch_a1, community_secretary
):
    slip = filed(community_a, community_secretary)
    accepted(slip, branch_a1, community_secretary)
    client = client_for(community_secretary)
    url = reverse("members:slip-step", args=[slip.pk, "refuse"])
    answer = client.post(url, {"version": 1, "words": "不住这里"})
    assert answer.status_code == 409
    assert "不住这里" in answer.content.decode()
    answer = client.post(url, {"version": 2, "words": "不住这里"})
    assert answer.status_code == 422
    assert "现在是“已受理”" in answer.content.decode()


def test_the_list_is_searched_by_name_and_way_and_counts(
    client_for, community_a, community_secretary
):
    filed(community_a, community_secretary)
    filed(community_a, community_secretary, 2, name="方报到", source="unit")
    client = client_for(community_secretary)
    url = reverse("members:slip-list")

    def names(query):
        page = client.get(f"{url}?{query}").content.decode()
        return [name for name in ("雷报到", "方报到") if name in page]

    assert names("") == ["雷报到", "方报到"]
    assert names("q=方") == ["方报到"]
    assert names("source=self") == ["雷报到"]
    assert names("group=accepted") == []
    assert "<strong>2</strong> 张" in client.get(url).content.decode()
    answer = client.get(f"{url}?q=330199198001010017")
    assert answer["Location"] == reverse("members:find")


def test_somebody_kept_elsewhere_is_told_as_gone_to_the_street(
    client_for, community_a, branch_a1, branch_b1, community_secretary
):
    member = MemberFactory(branch=branch_b1)
    slip = filed(
        community_a, community_secretary, name=member.name, id_number=member.id_number
    )
    url = reverse("members:slip-step", args=[slip.pk, "accept"])
    data = {"branch": branch_a1.pk, "starts_on": str(timezone.localdate())}
    answer = client_for(community_secretary).post(url, data)
    assert answer.status_code == 422
    assert "已转交街道核对" in answer.content.decode()
