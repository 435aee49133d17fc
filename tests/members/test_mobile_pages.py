"""The pages of members away: the board, registering, the steps, the stay."""

import pytest
from django.urls import reverse

from members.models import Contact, Member, MobileStay
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory, synthetic_id_number
from tests.members.mobile_steps import ago, came, ended, out, placed, verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷远行")


@pytest.fixture
def client(client_for, branch_secretary):
    return client_for(branch_secretary)


def board(client, **params):
    answer = client.get(reverse("members:mobile-list"), params)
    assert answer.status_code == 200
    return answer


def tiles(answer):
    return {tile["label"]: tile["value"] for tile in answer.context["tiles"]}


def names(answer):
    return [row["name"] for row in answer.context["rows"]]


def test_registering_out_from_the_members_own_page(client, member):
    page = client.get(reverse("members:mobile-member", args=[member.pk]))
    roll = member.affiliations.get()
    url = reverse("members:mobile-out", args=[roll.pk])
    assert url in page.content.decode()
    data = {
        "division": "330100",
        "reason": "work",
        "started_on": str(ago(30)),
        "home_phone": "一三九",
        "place": "某工地",
    }
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "某工地" in answer.content.decode()
    answer = client.post(url, data | {"home_phone": "139 0000 1111"}, follow=True)
    text = answer.content.decode()
    assert "浙江省杭州市" in text
    assert "13900001111" in text
    # A second look leads to the stay that is open.
    assert client.get(url).url == MobileStay.objects.get().get_absolute_url()
    assert "雷远行" in client.get(reverse("members:list")).content.decode()


def test_whom_to_write_down_is_found_by_name(client, member, branch_b1):
    MemberFactory(branch=branch_b1, name="雷他乡")
    answer = client.get(reverse("members:mobile-choose"), {"q": "雷"})
    text = answer.content.decode()
    assert "雷远行" in text
    assert "雷他乡" not in text


def test_a_branch_of_the_street_is_named_by_its_name(client, member, branch_b1):
    roll = member.affiliations.get()
    url = reverse("members:mobile-out", args=[roll.pk])
    data = {"reason": "residence", "started_on": str(ago(30))}
    answer = client.post(url, data)
    assert "不掌握流向" in answer.content.decode()
    answer = client.post(url, data | {"host": "没有这个支部"})
    assert "本街道没有叫" in answer.content.decode()
    answer = client.post(url, data | {"host": branch_b1.short_name})
    assert answer.status_code == 302
    assert MobileStay.objects.get().host == branch_b1


def test_from_registering_to_placing_on_the_pages(client, branch_a1, branch_secretary):
    data = {
        "organization": branch_a1.pk,
        "id_number": synthetic_id_number(ago(12000), 9, "female"),
        "name": "顾远来",
        "ethnicity": "Han",
        "member_type": "full",
        "joined_on": "2015.07",
        "phone": "13700001234",
        "division": "340100",
        "reason": "family",
        "started_on": str(ago(40)),
        "home_name": "中共某县某村支部委员会",
    }
    answer = client.post(reverse("members:mobile-in"), data)
    stay = MobileStay.objects.get()
    assert answer.url == stay.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "登记身份核实" in page
    assert "编入党支部" not in page
    assert "13700001234" not in page
    assert data["id_number"] not in page

    def step(name):
        return reverse("members:mobile-step", args=[stay.pk, name])

    # An address typed by hand is refused with the rule.
    early = {"version": 1, "organization": branch_a1.pk, "placed_on": str(ago(0))}
    answer = client.post(step("place"), early)
    assert answer.status_code == 422
    assert "还没有核实党员身份" in answer.content.decode()
    assert client.post(step("verify"), {"version": 1}).status_code == 422
    verify = {"version": 1, "proof": "card", "verified_on": str(ago(0))}
    assert client.post(step("verify"), verify).status_code == 302
    answer = client.post(step("place"), early)
    assert answer.status_code == 409
    answer = client.post(step("place"), early | {"version": 2})
    assert answer.status_code == 302
    member = Member.objects.get()
    assert str(member.joined_on) == "2015-07-01"
    assert member.joined_precision == "month"
    page = client.get(stay.get_absolute_url()).content.decode()
    assert member.get_absolute_url() in page
    end = {"version": 4, "end_reason": "returned", "ended_on": str(ago(0))}
    stay.refresh_from_db()
    answer = client.post(step("end"), end | {"version": stay.version})
    assert answer.status_code == 302
    # Nobody of the branch any more: the record of the stay is kept.
    assert client.get(stay.get_absolute_url()).status_code == 200
    assert names(board(client, side="in", show="ended")) == ["顾远来"]


def test_the_board_counts_and_lists(client, member, branch_a1, branch_secretary):
    first = out(member, branch_secretary)
    out(MemberFactory(branch=branch_a1, name="何在外"), branch_secretary)
    MobileStay.objects.filter(pk=first.pk).update(last_contact_on=ago(95))
    answer = board(client)
    assert tiles(answer)["现在在外的"] == 2
    assert tiles(answer)["90至179天没有联系"] == 1
    assert names(answer) == ["雷远行", "何在外"]
    assert names(board(client, show="silent2")) == ["雷远行"]
    assert names(board(client, q="hzw")) == ["何在外"]
    assert names(board(client, province="33")) == ["雷远行", "何在外"]
    assert names(board(client, province="11")) == []
    came(branch_a1, branch_secretary)
    answer = board(client, side="in")
    assert tiles(answer)["待核实身份"] == 1
    assert names(answer) == ["顾远来"]
    assert "还没有设置本街道所在的省份" in answer.content.decode()


def test_the_placement_board_lists_who_is_verified(client, branch_a1, branch_secretary):
    stay = verified(came(branch_a1, branch_secretary), branch_secretary)
    assert names(board(client, side="in", show="unplaced")) == ["顾远来"]
    placed(stay, branch_a1, branch_secretary)
    assert names(board(client, side="in", show="unplaced")) == []


def test_the_board_goes_on_by_key(client, branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    stay = out(member, branch_secretary)
    rows = []
    for _ in range(59):
        other = MemberFactory(branch=branch_a1)
        values = {
            field.attname: getattr(stay, field.attname)
            for field in MobileStay._meta.concrete_fields
            if field.name != "id"
        }
        rows.append(MobileStay(**values | {"member_id": other.pk}))
    MobileStay.objects.bulk_create(rows)
    first = board(client)
    assert len(names(first)) == 50
    second = client.get(reverse("members:mobile-list") + first.context["page"].next_url)
    urls = [row["url"] for page in (first, second) for row in page.context["rows"]]
    assert len(urls) == len(set(urls)) == 60


def test_a_contact_is_written_down_on_the_stay(client, member, branch_secretary):
    stay = out(member, branch_secretary)
    url = stay.get_absolute_url()
    data = {"way": "message", "contacted_on": str(ago(-1)), "content": "在外平安"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "在外平安" in answer.content.decode()
    answer = client.post(url, data | {"contacted_on": str(ago(0))}, follow=True)
    assert "在外平安" in answer.content.decode()
    assert Contact.objects.count() == 1


def test_half_a_year_of_silence_is_told_on_the_stay(client, member, branch_secretary):
    stay = out(member, branch_secretary)
    MobileStay.objects.update(registered_on=ago(181), last_contact_on=ago(181))
    page = client.get(stay.get_absolute_url()).content.decode()
    assert "已经181天没有联系" in page


def test_two_who_mend_at_once_see_both_values(client, member, branch_secretary):
    stay = out(member, branch_secretary)
    url = reverse("members:mobile-amend", args=[stay.pk])
    form = client.get(url).context["form"]
    data = {k: v for k, v in form.initial.items() if v not in (None, "")}
    data = {k: str(v) for k, v in data.items()} | {"version": "1"}
    assert client.post(url, data | {"host_contact": "先到"}).status_code == 302
    answer = client.post(url, data | {"host_contact": "后到"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "先到" in text
    assert "后到" in text
    stay.refresh_from_db()
    assert stay.host_contact == "先到"
    ended(stay, branch_secretary)
    assert client.get(url).status_code == 302


def test_the_host_sees_who_comes_before_he_is_its_own(
    client_for, member, branch_b1, branch_secretary, secretary_b
):
    stay = out(member, branch_secretary, host=branch_b1)
    host = client_for(secretary_b)
    page = host.get(stay.get_absolute_url()).content.decode()
    assert "雷远行" in page
    assert "13900001111" in page
    assert member.get_absolute_url() not in page
    assert host.get(member.get_absolute_url()).status_code == 404
    assert host.post(stay.get_absolute_url(), {"way": "phone"}).status_code == 403
    assert names(board(host, side="in")) == ["雷远行"]


def test_an_unknown_step_is_not_found(client, member, branch_secretary):
    stay = out(member, branch_secretary)
    for step, status in (("fly", 404), ("verify", 403)):
        url = reverse("members:mobile-step", args=[stay.pk, step])
        assert client.get(url).status_code == status


def test_the_registers_are_printed_with_masked_numbers(
    client, member, branch_secretary
):
    Member.objects.filter(pk=member.pk).update(phone="13900001234")
    out(member, branch_secretary)
    page = client.get(reverse("members:mobile-register"))
    text = page.content.decode()
    assert "流出党员花名册" in text
    assert "雷远行" in text
    assert "13900001234" not in text
    assert "139****1234" in text
    viewed = AuditEvent.objects.filter(action="member_viewed", target_id=member.pk)
    assert viewed.get().details == {"page": "mobile-register"}
    came(member.affiliations.get().organization, branch_secretary)
    other = client.get(reverse("members:mobile-register"), {"side": "in"})
    assert "顾远来" in other.content.decode()
    assert "雷远行" not in other.content.decode()
