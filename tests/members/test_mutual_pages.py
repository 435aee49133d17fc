"""Pages of mutual aid: two people, receipts, nobody named to whoever may not know."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from members.models import AidFund, AidPayment, Donation, HardshipAid
from members.services.affiliations import end_affiliation
from members.services.mutual import publish_drive
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory
from tests.members.hardship_steps import recognized
from tests.members.mutual_steps import (
    drive_of,
    entered,
    funded,
    given,
    goods,
    opened,
    paid,
    to_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷有难")


@pytest.fixture
def case(member, branch_secretary, hardship_officer):
    return recognized(member, branch_secretary, hardship_officer)


def url(name, *args):
    return reverse(f"members:{name}", args=args)


def text(response):
    return response.content.decode()


def test_from_the_account_to_the_case(
    community_a, community_secretary, committee_staff, member, case, client_for
):
    first, second = client_for(community_secretary), client_for(committee_staff)
    today = timezone.localdate().isoformat()
    first.post(
        url("mutual-add"),
        {"organization": community_a.pk, "name": "互助金", "opened_on": "2020-01-01"},
    )
    fund = AidFund.objects.get()
    gift = {"donor_kind": "member", "form": "money", "donated_on": today}
    gift |= {"member_name": "无此人", "amount": "12,005"}
    refused = first.post(url("donation-add", fund.pk), gift)
    assert refused.status_code == 422
    assert "没有这个姓名的党员" in text(refused)
    assert "12,005" in text(refused)
    donor = MemberFactory(branch=case.organization, name="同名人")
    twin = MemberFactory(branch=case.organization, name="同名人")
    gift |= {"member_name": "同名人"}
    refused = first.post(url("donation-add", fund.pk), gift)
    assert "是哪一位" in text(refused)
    first.post(url("donation-add", fund.pk), gift | {"member": twin.pk})
    donation = Donation.objects.get()
    assert donation.member == twin != donor
    receipt = text(first.get(url("donation-receipt", donation.pk)))
    assert "人民币壹万贰仟零伍元整" in receipt
    assert f"互助{today[:4]}年第0001号" in receipt
    assert first.get(url("donation-certificate", donation.pk)).status_code == 200
    asked = text(first.get(url("aid-pay-member", member.pk)))
    assert "自动记入帮扶记录" in asked
    assert "互助金，可用 12,005.00 元" in asked
    sent = {"fund": fund.pk, "kind": "", "amount": "600", "paid_on": today}
    sent |= {"voucher": "记1"}
    refused = first.post(url("aid-pay-member", member.pk), sent)
    assert "kind" in refused.context["form"].errors
    sent |= {"kind": "慰问金"}
    first.post(url("aid-pay-member", member.pk), sent)
    payment = AidPayment.objects.get()
    assert payment.case == case
    hidden = text(second.get(url("aid-payment-confirm", payment.pk)))
    assert "保密" in hidden
    assert member.name not in hidden
    second.post(url("aid-payment-confirm", payment.pk))
    assert HardshipAid.objects.get().amount == 600
    assert "互助金支出" in text(first.get(case.get_absolute_url()))


def test_whoever_may_know_is_told_and_that_is_on_record(
    community_a, community_secretary, committee_staff, member, case, client_for
):
    fund = funded(community_a, community_secretary)
    joined = to_member(fund, member, community_secretary)
    household = entered(fund, community_secretary, voucher="记2")
    staff, secretary = client_for(committee_staff), client_for(community_secretary)
    for payment, name in ((joined, member.name), (household, "三号楼一户")):
        for page in ("aid-payment", "aid-payment-withdraw"):
            assert name not in text(staff.get(url(page, payment.pk)))
        assert not AuditEvent.objects.filter(action="hardship_viewed").exists()
    for payment, name in ((joined, member.name), (household, "三号楼一户")):
        assert name in text(secretary.get(url("aid-payment", payment.pk)))
    looks = AuditEvent.objects.filter(action="hardship_viewed")
    assert {look.details["page"] for look in looks} == {"mutual-payment"}
    assert looks.count() == 2
    for page in ("aid-payment-list", "mutual-fund", "donation-list"):
        said = text(secretary.get(url(page, fund.pk)))
        assert member.name not in said
        assert "三号楼一户" not in said


def test_the_publication_list_names_nobody(
    community_a, community_secretary, client_for
):
    today = timezone.localdate()
    fund = funded(community_a, community_secretary)
    day = today - timedelta(days=1)
    drive = drive_of(fund, community_secretary, day, day)
    given(
        fund,
        community_secretary,
        "77",
        kind="resident",
        donor_name="不愿公开",
        drive=drive,
        donated_on=day,
    )
    publish_drive(
        drive_id=drive.pk,
        published_on=today,
        published_where="公示栏",
        actor=community_secretary,
    )
    client = client_for(community_secretary)
    said = text(client.get(f"{url('mutual-published')}?year={day.year}"))
    assert "共产党员献爱心" in said
    assert "居民或其他个人 1" in said
    assert "77.00" in said
    assert "不愿公开" not in said


def test_what_waits_too_long_and_what_is_not_published_is_told(
    community_a, community_secretary, committee_staff
):
    today = timezone.localdate()
    fund = funded(community_a, community_secretary)
    payment = entered(fund, community_secretary)
    begin = today - timedelta(days=40)
    drive = drive_of(fund, community_secretary, begin, begin)
    alerts = {alert.key: alert for alert in registry.alerts()}
    waiting = alerts["members.mutual_payment_waiting"]
    assert not waiting.queryset(committee_staff, today).exists()
    later = today + timedelta(days=4)
    assert list(waiting.queryset(committee_staff, later)) == [payment]
    assert not waiting.queryset(community_secretary, later).exists()
    unpublished = alerts["members.mutual_drive_unpublished"]
    # A drive to which nobody gave has nothing to publish.
    assert not unpublished.queryset(committee_staff, today).exists()
    given(fund, community_secretary, "5", drive=drive, donated_on=begin)
    assert list(unpublished.queryset(committee_staff, today)) == [drive]


def test_a_year_made_public_adds_up(fund_of_two_years, client_for, community_secretary):
    client, year = client_for(community_secretary), timezone.localdate().year
    for asked, *sums in (
        (year - 1, "1000.00", "200.00", "800.00", "0.00"),
        (year, "50.00", "0.00", "850.00", "40.00"),
    ):
        response = client.get(f"{url('mutual-published')}?year={asked}")
        (fund,) = response.context["funds"]
        assert [
            f"{fund.year_came:.2f}",
            f"{fund.year_paid:.2f}",
            f"{fund.year_left:.2f}",
            f"{fund.year_given:.2f}",
        ] == sums


@pytest.fixture
def fund_of_two_years(community_a, community_secretary, committee_staff):
    fund = opened(community_a, community_secretary)
    earlier = date(timezone.localdate().year - 1, 6, 1)
    given(fund, community_secretary, "1000", donated_on=earlier)
    given(fund, community_secretary, "50")
    lot = goods(fund, community_secretary, "100", quantity=5)
    actors = (community_secretary, committee_staff)
    paid(fund, actors, "200", paid_on=earlier)
    paid(fund, actors, None, voucher="领1", lot_id=lot.pk, quantity=2)
    # Waits, so it is not paid yet.
    entered(fund, community_secretary, "30", voucher="记3")
    return fund


def test_money_that_an_office_puts_in_gets_a_slip_and_no_thanks(
    community_a, community_secretary, client_for
):
    fund = opened(community_a, community_secretary)
    inflow = given(
        fund, community_secretary, "9000", kind="inflow", donor_name="街道财政拨入"
    )
    client = client_for(community_secretary)
    said = text(client.get(url("donation-receipt", inflow.pk)))
    assert "入账凭单" in said
    assert "捐赠收据" not in said
    assert client.get(url("donation-certificate", inflow.pk)).status_code == 404
    gift = given(fund, community_secretary, "5")
    said = text(client.get(url("donation-receipt", gift.pk)))
    assert said.count("捐赠收据") == 2
    # Numbers begin anew in each account, so the receipt says which it is.
    assert fund.name in said


def test_the_gifts_of_a_drive_are_listed_from_it(
    community_a, community_secretary, client_for
):
    today = timezone.localdate()
    fund = funded(community_a, community_secretary)
    drive = drive_of(fund, community_secretary, today, today)
    given(fund, community_secretary, "77", drive=drive)
    client = client_for(community_secretary)
    listed = f"{url('donation-list', fund.pk)}?drive={drive.pk}"
    assert listed in text(client.get(drive.get_absolute_url()))
    said = text(client.get(listed))
    assert "77.00" in said
    assert "1,000.00" not in said


def test_a_form_sent_again_for_another_account_pays_once(
    community_a, street, committee_staff, hardship_officer, member, client_for
):
    """Back, another account chosen, sent again: the same form, so nothing more."""
    near = funded(community_a, committee_staff)
    far = funded(street, committee_staff)
    sent = {
        "amount": "600",
        "paid_on": timezone.localdate().isoformat(),
        "voucher": "记1",
        "request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0099",
    }
    client = client_for(hardship_officer)
    for fund in (near, far):
        response = client.post(
            url("aid-pay-member", member.pk), sent | {"fund": fund.pk}
        )
        assert response.status_code == 302
    assert AidPayment.objects.get().fund == near


def test_a_case_shows_what_waits(
    community_a,
    community_secretary,
    member,
    case,
    client_for,
    django_assert_max_num_queries,
):
    fund = funded(community_a, community_secretary)
    to_member(fund, member, community_secretary, "600", voucher="记7")
    client = client_for(community_secretary)
    with django_assert_max_num_queries(12):
        said = text(client.get(case.get_absolute_url()))
    assert "支出 记7 600.00 元" in said


def test_of_one_who_left_the_officer_alone_is_told(
    community_a,
    community_secretary,
    committee_staff,
    hardship_officer,
    member,
    client_for,
):
    fund = funded(community_a, community_secretary)
    payment = to_member(fund, member, community_secretary, kind="")
    end_affiliation(
        affiliation_id=member.affiliations.get().pk,
        ends_on=timezone.localdate(),
        end_reason="transferred_out",
        actor=committee_staff,
    )
    for user, is_told in (
        (hardship_officer, True),
        (community_secretary, False),
        (committee_staff, False),
    ):
        said = text(client_for(user).get(payment.get_absolute_url()))
        assert (member.name in said) == is_told
