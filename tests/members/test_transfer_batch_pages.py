"""Coming by letter, going together and mending a draft, by the pages."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from members.models import Member, Transfer, TransferBatch
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory
from tests.members.transfer_steps import drafted_letter, person, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def text_of(response) -> str:
    body = response.content.decode().split("<main", 1)[1]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def letter_form(branch, today, **changes):
    values = {
        "foreign_number": "2026-321",
        "source_name": "中共江城市高新区工委",
        "issued_on": today.isoformat(),
        "valid_days": "30",
        "dues_paid_to": "2026-10",
        "destination": "residence",
        "organization": branch.pk,
        "starts_on": today.isoformat(),
        "id_number": person()["id_number"],
        "name": "雷新来",
        "ethnicity": "Han",
        "category": "other",
        "member_type": "full",
        "joined_on": "2010-07-01",
        "confirmed_on": "2011-07",
        "phone": "139 0000 1234",
    }
    return values | changes


OUT_FORM = {
    "destination": "workplace",
    "addressee": "中共江城市高新区工委",
    "target_name": "中共江城市某公司支部委员会",
    "valid_days": "30",
    "dues_paid_to": "2026-10",
}


# By letter from outside -------------------------------------------------------------


def test_a_letter_is_typed_once_and_the_person_is_there(
    secretary, staff, branch_a1, committee_staff, today
):
    answer = secretary.post(
        url("transfer-in"), letter_form(branch_a1, today), follow=True
    )
    said = text_of(answer)
    assert "已接收雷新来的组织关系，编入沿江社区第一党支部" in said
    assert "来函编号2026-321" in said
    member = Member.objects.get()
    assert (member.phone, member.confirmed_precision) == ("13900001234", "month")
    assert "登记已寄回执" not in said
    # The reply is the street's: on its to-do list, as a paper, as a step.
    alert = registry.alert("members.receipt_to_send")
    (item,) = alert.rows(committee_staff, today)
    assert item.label == "雷新来"
    transfer = Transfer.objects.get()
    assert "登记已寄回执" in text_of(staff.get(transfer.get_absolute_url()))
    assert "回执" in text_of(staff.get(url("transfer-letter", transfer.pk)))
    step = {"version": transfer.version, "day": today.isoformat()}
    done = staff.post(url("transfer-step", transfer.pk, "receipt"), step, follow=True)
    assert "回执已寄" in text_of(done)
    assert not alert.count(committee_staff, today)


def test_a_refused_letter_keeps_what_was_typed(secretary, branch_a1, today):
    form = letter_form(branch_a1, today, valid_days="99", dues_paid_to="2026")
    answer = secretary.post(url("transfer-in"), form)
    assert answer.status_code == 422
    assert "请写到月份" in text_of(answer)
    assert 'value="2026-321"' in answer.content.decode()
    answer = secretary.post(url("transfer-in"), form | {"dues_paid_to": "2026-09"})
    assert "介绍信有效期应为1至90天" in text_of(answer)
    assert not Member.objects.exists()


def test_somebody_known_elsewhere_goes_to_the_street(
    secretary, branch_a1, branch_b1, today
):
    known = person()
    MemberFactory(
        branch=branch_b1,
        name="雷新来",
        id_number=known["id_number"],
        born_on=date(1985, 3, 4),
    )
    answer = secretary.post(url("transfer-in"), letter_form(branch_a1, today))
    assert answer.status_code == 422
    assert "没有直接登记，已转交街道核对" in text_of(answer)
    assert branch_b1.short_name not in text_of(answer)


# Together ---------------------------------------------------------------------------


def test_a_branch_goes_together_and_gets_a_letter_each(
    secretary, staff, branch_a1, today
):
    people = MemberFactory.create_batch(3, branch=branch_a1)
    page = secretary.get(url("transfer-batch-add") + "?way=out").content.decode()
    rolls = re.findall(r'name="person" value="(\d+)"', page)
    assert len(rolls) == 3
    answer = secretary.post(
        url("transfer-batch-add") + "?way=out",
        OUT_FORM | {"person": rolls[:2]},
        follow=True,
    )
    batch = TransferBatch.objects.get()
    assert "共2人：待开具2人" in text_of(answer)
    assert "批量开具" not in text_of(answer)
    ticked = {"transfer": list(batch.transfers.values_list("pk", flat=True))}
    asked = staff.post(url("transfers-together", "issue"), ticked)
    assert "为下列2人各开具一封介绍信？" in text_of(asked)
    assert not batch.transfers.filter(serial__isnull=False).exists()
    done = staff.post(
        url("transfers-together", "issue"), ticked | {"confirmed": "1"}, follow=True
    )
    assert done.redirect_chain[-1][0] == batch.get_absolute_url()
    assert "已编号开具2封介绍信" in text_of(done)
    letters = text_of(staff.get(url("batch-letters", batch.pk)))
    assert letters.count("请转接组织关系") == 2
    viewed = AuditEvent.objects.filter(action="member_viewed")
    assert viewed.filter(details={"page": "letter"}).count() == 2
    document = staff.get(url("batch-document", batch.pk))
    assert document.content[:2] == b"PK"
    day = {"confirmed": "1", "day": today.isoformat()}
    secretary.post(url("transfers-together", "accept"), ticked | day)
    gone = Member.objects.filter(status="transferred_out")
    assert set(gone) < set(people)
    assert gone.count() == 2


def test_a_refusal_of_many_names_everybody_and_keeps_the_ticks(
    secretary, staff, branch_a1, branch_secretary
):
    people = MemberFactory.create_batch(2, branch=branch_a1)
    drafts = [drafted_letter(each, branch_secretary) for each in people]
    Member.objects.filter(pk=people[0].pk).update(status="suspended")
    ticked = {"transfer": [each.pk for each in drafts], "confirmed": "1"}
    answer = staff.post(url("transfers-together", "issue"), ticked)
    assert answer.status_code == 422
    assert f"{people[0].name}：该同志党籍状态" in text_of(answer)
    assert answer.content.decode().count("checked") == 2


def test_nobody_ticked_is_said_and_strangers_are_not_there(
    staff, secretary, secretary_b, client_for, branch_a1, branch_secretary
):
    together = url("transfers-together", "issue")
    answer = staff.post(together, {}, follow=True)
    assert "还没有勾选" in answer.content.decode()
    draft = drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
    ticked = {"transfer": [draft.pk, "1; drop"], "confirmed": "1"}
    assert secretary.post(together, ticked).status_code == 403
    other = client_for(secretary_b)
    answer = other.post(url("transfers-together", "accept"), ticked, follow=True)
    assert "还没有勾选" in answer.content.decode()
    assert staff.post(url("transfers-together", "lose"), ticked).status_code == 404
    draft.refresh_from_db()
    assert draft.state == "drafted"


def test_who_keeps_several_branches_chooses_one_first(staff, branch_a1, branch_b1):
    page = staff.get(url("transfer-batch-add"))
    assert "哪个支部的党员要转接" in text_of(page)
    chosen = staff.get(url("transfer-batch-add") + f"?organization={branch_b1.pk}")
    assert "临湖社区第一党支部" in text_of(chosen)


def test_the_pages_of_a_batch_ask_the_same_for_few_and_many(
    staff, branch_a1, branch_secretary, django_assert_max_num_queries
):
    batch = TransferBatch.objects.create(title="批量", drafted_by=branch_secretary)

    def draft():
        transfer = drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
        Transfer.objects.filter(pk=transfer.pk).update(batch=batch)

    draft()
    with django_assert_max_num_queries(12) as one:
        staff.get(batch.get_absolute_url())
    for _ in range(20):
        draft()
    with django_assert_max_num_queries(len(one)):
        staff.get(batch.get_absolute_url())


# Mending ----------------------------------------------------------------------------


def test_a_draft_is_mended_and_the_second_of_two_loses_nothing(
    secretary, branch_a1, branch_secretary
):
    draft = drafted_letter(MemberFactory(branch=branch_a1), branch_secretary)
    page = secretary.get(url("transfer-amend", draft.pk)).content.decode()
    assert 'value="2026-10"' in page
    form = OUT_FORM | {"version": draft.version}
    first = form | {"target_name": "中共甲公司支部"}
    assert secretary.post(url("transfer-amend", draft.pk), first).status_code == 302
    second = secretary.post(
        url("transfer-amend", draft.pk), form | {"target_name": "中共乙公司支部"}
    )
    assert second.status_code == 409
    assert "转往党组织中共乙公司支部中共甲公司支部" in text_of(second)
    draft.refresh_from_db()
    assert draft.target_name == "中共甲公司支部"
    again = form | {"target_name": "中共乙公司支部", "version": draft.version}
    assert secretary.post(url("transfer-amend", draft.pk), again).status_code == 302


def test_what_is_numbered_is_not_mended(secretary, branch_a1, branch_secretary, today):
    transfer = received(branch_a1, branch_secretary)
    answer = secretary.get(url("transfer-amend", transfer.pk), follow=True)
    assert "不能再修改" in answer.content.decode()
    assert url("transfer-amend", transfer.pk) not in answer.content.decode()
