"""Pages of delegated matters: refused in words, stale edits, the list by day."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from organizations.models import DelegatedMatter
from tests.organizations.matter_steps import TODAY, admitted, handover

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield TODAY


def url(name, *args):
    return reverse(f"organizations:matter{name}", args=args)


def text(response):
    return response.content.decode()


def test_from_the_application_to_the_money(
    community_a, community_secretary, committee_staff, client_for
):
    community, staff = client_for(community_secretary), client_for(committee_staff)
    sent = {
        "organization": community_a.pk,
        "title": "流动人口信息采集",
        "department": "区公安分局",
        "kind": "assisted",
        "span": "long",
        "legal_basis": "《流动人口管理条例》",
        "starts_on": "2026-10-01",
        "money_due": "2万",
        "applied_on": "2026-08-03",
    }
    refused = community.post(url("-add"), sent)
    assert refused.status_code == 422
    assert "“2万”不是金额" in text(refused)
    refused = community.post(url("-add"), sent | {"money_due": "20,000"})
    assert "请填写应到日期" in text(refused)
    community.post(
        url("-add"), sent | {"money_due": "20,000", "money_due_on": "2026-11-01"}
    )
    matter = DelegatedMatter.objects.get()
    page = text(community.get(url("", matter.pk)))
    assert "没有权限、人员" in page
    assert url("-step", matter.pk, "refused") in page
    assert url("-step", matter.pk, "examined") not in page
    step = {"done_on": "2026-09-01", "decided_by": "街道党建办", "version": 1}
    assert community.post(url("-step", matter.pk, "examined"), step).status_code == 403
    staff.post(url("-step", matter.pk, "examined"), step)
    stale = staff.post(url("-step", matter.pk, "refused"), step | {"words": "不合"})
    assert stale.status_code == 409
    missing = staff.post(url("-step", matter.pk, "admitted"), step | {"version": 2})
    assert missing.status_code == 422
    assert "会列入“权责利不一致”" in text(missing)
    staff.post(
        url("-step", matter.pk, "admitted"), step | {"version": 2, "document": "3号"}
    )
    money = {"amount": "20000.01", "received_on": "2026-11-02"}
    assert "还应到 20,000.00 元" in text(
        community.post(url("-arrival-add", matter.pk), money)
    )
    community.post(url("-arrival-add", matter.pk), money | {"amount": "5000"})
    assert "5,000.00" in text(community.get(url("-list"), {"group": "unpaid"}))
    assert staff.get(url("-step", matter.pk, "applied")).status_code == 404


def test_the_list_of_a_day_and_its_tabs(community_a, committee_staff, client_for):
    admitted(community_a, committee_staff, starts_on=date(2026, 9, 1))
    admitted(
        community_a,
        committee_staff,
        title="人口普查",
        along=handover("", 0),
        starts_on=date(2026, 10, 1),
    )
    staff = client_for(committee_staff)
    early = text(staff.get(url("-list"), {"day": "2026-09-15"}))
    assert "流动人口信息采集" in early
    assert "人口普查" not in early
    unbalanced = text(staff.get(url("-list"), {"group": "unbalanced"}))
    assert "人口普查" in unbalanced
    assert "没有权限、人员" in unbalanced
    assert "流动人口信息采集" not in unbalanced
    assert "人口普查" in text(staff.get(url("-list"), {"group": "unpaid"}))
    assert "这里没有事项" in text(staff.get(url("-list"), {"group": "waiting"}))
    assert staff.get(url("-list"), {"day": "九月"}).status_code == 200


def test_branch_secretaries_are_refused(branch_secretary, client_for):
    assert client_for(branch_secretary).get(url("-list")).status_code == 403
