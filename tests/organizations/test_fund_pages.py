"""Pages of funds: two people and a payment, refusals in words, what is published."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from config.lib import registry
from organizations.models import AuditEvent, FundLine, FundPayment, FundProject
from tests.organizations.fund_steps import (
    TODAY,
    entered,
    funded,
    paid,
    project_of,
    stepped_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield TODAY


def url(name, *args):
    return reverse(f"organizations:fund-{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_payment_of_two_people(
    community_a, community_secretary, committee_staff, client_for
):
    first, second = client_for(community_secretary), client_for(committee_staff)
    asked = {
        "organization": community_a.pk,
        "year": 2026,
        "source": "finance",
        "name": "为民服务专项",
        "budget": "20万",
    }
    refused = first.post(url("line-add"), asked)
    assert refused.status_code == 422
    assert "“20万”不是金额" in text(refused)
    first.post(url("line-add"), asked | {"budget": "200,000"})
    line = FundLine.objects.get()
    first.post(
        url("receipt-add", line.pk),
        {"kind": "allotted", "amount": "1000", "received_on": "2026-12-01"},
    )
    sent = {
        "paid_on": "2026-12-18",
        "amount": "1000.01",
        "voucher": "记12-1",
        "payee": "某某商店",
        "purpose": "桌椅",
    }
    refused = first.post(url("line-pay", line.pk), sent)
    assert refused.status_code == 422
    assert "只剩 1,000.00 元可用" in text(refused)
    assert "记12-1" in text(refused)
    first.post(url("line-pay", line.pk), sent | {"amount": "600"})
    payment = FundPayment.objects.get()
    own = first.post(url("payment-confirm", payment.pk))
    assert own.status_code == 422
    assert "要由另一个人确认" in text(own)
    assert "记12-1" in text(second.get(url("payment-list")))
    assert "某某商店" in text(second.get(url("payment-confirm", payment.pk)))
    done = second.post(url("payment-confirm", payment.pk))
    assert done.status_code == 302
    page = text(first.get(url("line", line.pk)))
    assert "400.00 元" in page
    overview = text(second.get(url("list"), {"year": 2026}))
    assert "600.00" in overview
    assert "100.0%" in overview


def test_steps_of_a_project_and_what_residents_read(
    community_a, community_secretary, committee_staff, client_for
):
    staff = client_for(committee_staff)
    line = funded(community_a, committee_staff)
    project = stepped_to(project_of(line, committee_staff), committee_staff, "filed")
    page = staff.get(url("project-step", project.pk))
    assert "可用 1,000.00 元" in text(page)
    step = {
        "done_on": "2026-12-20",
        "decided_by": "街道",
        "decision": "同意",
        "version": project.version,
    }
    missing = staff.post(url("project-step", project.pk), step)
    assert missing.status_code == 422
    staff.post(url("project-step", project.pk), step | {"amount": "500"})
    stale = staff.post(url("project-step", project.pk), step)
    assert stale.status_code == 409
    project = stepped_to(
        FundProject.objects.get(pk=project.pk), committee_staff, "carried_out"
    )
    paid(line, (committee_staff, community_secretary), "321", project=project)
    assert project.title not in text(staff.get(url("published")))
    stepped_to(project, committee_staff, "published")
    published = text(staff.get(url("published"), {"year": 2026}))
    assert project.title in published
    assert "321.00" in published
    assert "某商店" not in published
    assert "退回一步" in text(staff.get(url("project", project.pk)))


def test_a_budget_of_a_project_is_changed_with_a_reason(
    community_a, committee_staff, client_for
):
    staff = client_for(committee_staff)
    project = project_of(funded(community_a, committee_staff), committee_staff)
    form = staff.get(url("project-edit", project.pk)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    # Another name needs none.
    staff.post(url("project-edit", project.pk), sent | {"title": "修理点"})
    sent |= {"title": "修理点", "budget": "600", "version": 2}
    refused = staff.post(url("project-edit", project.pk), sent)
    assert refused.status_code == 422
    assert "请写明修改的原因" in text(refused)
    sent["reason"] = "增加一处"
    assert staff.post(url("project-edit", project.pk), sent).status_code == 302
    details = AuditEvent.objects.filter(action="fund_saved").first().details
    assert details["reason"] == "增加一处"
    assert (details["before"], details["after"]) == ("500.00", "600.00")


def test_a_year_is_closed_on_its_page(community_a, committee_staff, client_for):
    staff = client_for(committee_staff)
    line = funded(community_a, committee_staff)
    page = staff.get(url("year-close", community_a.pk, 2026))
    assert "1,000.00 元" in text(page)
    done = staff.post(url("year-close", community_a.pk, 2026), follow=True)
    assert "上年结转" not in text(done)
    assert "1,000.00" in text(done)
    assert "不能再登记" in text(staff.get(url("year", community_a.pk, 2026)))
    assert "登记付款" not in text(staff.get(url("line", line.pk)))


@pytest.mark.parametrize("name", ["list", "project-list", "published", "payment-list"])
def test_branch_secretaries_are_refused(name, branch_secretary, client_for):
    assert client_for(branch_secretary).get(url(name)).status_code == 403


def test_warnings_name_what_is_late_waiting_and_unspent(
    community_a, community_secretary, committee_staff
):
    line = funded(community_a, committee_staff)
    project = project_of(line, committee_staff)
    FundProject.objects.filter(pk=project.pk).update(planned_end=date(2026, 12, 1))
    entered(line, committee_staff, "10")

    def counted(name, user):
        return registry.alert(f"organizations.fund_{name}").count(user, TODAY)

    assert counted("project_late", community_secretary) == 1
    assert counted("payment_waiting", community_secretary) == 1
    assert counted("payment_waiting", committee_staff) == 0
    assert counted("unspent", committee_staff) == 1
    stepped_to(project, committee_staff, "allotted")
    payment = entered(line, committee_staff, "500", project=project, voucher="记5")
    assert payment.state == "waiting"
    FundPayment.objects.update(state="withdrawn")
    FundProject.objects.update(stage="accepted", accepted_on=date(2026, 12, 1))
    assert counted("project_unpublished", committee_staff) == 1
    assert counted("project_late", committee_staff) == 0
