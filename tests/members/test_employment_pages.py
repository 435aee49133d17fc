"""The pages about employment, as a secretary uses them."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.periods import Quarter
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead
from members.services.contacts import record_contact
from members.services.employment import amend_spell, save_needs, withdraw_record
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory
from tests.members.employment_steps import helped, led, spell

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳", category="laid_off")


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def url(name, *arguments):
    return reverse(f"members:{name}", args=arguments)


def text_of(response) -> str:
    body = response.content.decode()
    body = body.split("<main", 1)[-1].split("</main", 1)[0]
    return "".join(re.sub(r"<[^>]*>", "", body).split())


def names_on(client, **query) -> set[str]:
    body = client.get(url("employment-list"), query).content.decode()
    return set(re.findall(r'data-label="姓名"><a href="[^"]*">([^<]*)<', body))


def test_from_laid_off_to_work_in_four_forms(secretary, member, today):
    page = url("employment", member.pk)
    answer = secretary.post(
        url("needs", member.pk),
        {"needs": "要照顾老人", "skills": "烹饪", "version": 0},
        follow=True,
    )
    assert "要照顾老人" in text_of(answer)
    offer = {"kind": "job_offer", "given_on": today, "provider": "江滨饭店"}
    secretary.post(url("help-add", member.pk), offer | {"result": "pending"})
    step = HelpStep.objects.get()
    result = {"result": "succeeded", "result_on": today, "version": step.version}
    answer = secretary.post(url("help-result", step.pk), result, follow=True)
    assert answer.redirect_chain[-1][0] == url("spell-add", member.pk)
    assert "请接着登记就业状况" in answer.content.decode()
    work = {"status": "by_unit", "starts_on": today, "workplace": "江滨饭店"}
    secretary.post(url("spell-add", member.pk), work | {"set_category": "on"})
    member.refresh_from_db()
    assert member.category == "in_post"
    lead = {"kind": "people", "starts_on": today, "title": "到饭店帮厨"}
    answer = secretary.post(
        url("lead-add", member.pk), lead | {"people_count": 2}, follow=True
    )
    assert answer.redirect_chain[-1][0] == page
    for words in ("单位招用", "江滨饭店", "有成效", "带领2人"):
        assert words in text_of(answer)


def test_the_category_is_offered_and_the_page_says_that_it_was_left(
    secretary, member, today
):
    form = {"status": "flexible", "starts_on": today, "workplace": "送外卖"}
    answer = secretary.post(url("spell-add", member.pk), form, follow=True)
    assert "党员类别没有改，仍是“下岗失业党员”" in answer.content.decode()
    assert "党员类别仍是“下岗失业党员”。如需改为“在职党员”" in text_of(answer)
    spell_id = EmploymentSpell.objects.get().pk
    amended = form | {"set_category": "on"}
    answer = secretary.post(url("spell-amend", spell_id), amended, follow=True)
    assert "党员类别仍是" not in text_of(answer)
    assert EmploymentSpell.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed(secretary, member, today):
    tomorrow = (today + timedelta(days=1)).isoformat()
    for name, form, sentence, kept in (
        (
            "spell-add",
            {"status": "by_unit", "starts_on": tomorrow, "workplace": "某店"},
            "开始日期不能晚于今天",
            'value="某店"',
        ),
        (
            "help-add",
            {"kind": "training", "given_on": today, "result": "failed"}
            | {"content": "学电工"},
            "没有办成的请写明原因",
            "学电工</textarea>",
        ),
        (
            "lead-add",
            {"kind": "service", "starts_on": today, "title": "小店"}
            | {"people_count": 5},
            "吸收的人填在“新增岗位”里",
            'value="小店"',
        ),
    ):
        refused = secretary.post(url(name, member.pk), form)
        assert refused.status_code == 422
        assert sentence in text_of(refused)
        assert kept in refused.content.decode()
    counts = [each.objects.count() for each in (EmploymentSpell, HelpStep, Lead)]
    assert counts == [0, 0, 0]


def test_the_second_editor_of_a_spell_sees_both_and_saves_over_it(
    secretary, member, branch_secretary, today
):
    opened = spell(member, branch_secretary, "laid_off", date(2025, 3, 1))
    fresh = amend_spell(
        spell_id=opened.pk,
        status="seeking",
        starts_on=date(2025, 3, 1),
        actor=branch_secretary,
    )
    form = {"status": "flexible", "starts_on": "2025-03-02", "workplace": "跑腿"}
    answer = secretary.post(url("spell-amend", opened.pk), form)
    assert answer.status_code == 409
    assert "正在求职" in text_of(answer)
    assert 'value="跑腿"' in answer.content.decode()
    assert f'action="{url("spell-amend", fresh.pk)}"' in answer.content.decode()
    secretary.post(url("spell-amend", fresh.pk), form)
    latest = EmploymentSpell.objects.counted().get()
    assert (latest.status, latest.replaces) == ("flexible", fresh)
    assert "已更正" in text_of(secretary.get(url("employment", member.pk)))


def test_a_spell_taken_back_meanwhile_is_not_corrected(
    secretary, member, branch_secretary
):
    opened = spell(member, branch_secretary, "laid_off", date(2025, 3, 1))
    withdraw_record(model=EmploymentSpell, record_id=opened.pk, actor=branch_secretary)
    answer = secretary.get(url("spell-amend", opened.pk), follow=True)
    assert "已撤回，不能更正" in answer.content.decode()


def test_the_second_editor_of_needs_and_results_sees_both(
    secretary, member, branch_secretary, today
):
    save_needs(
        member_id=member.pk,
        needs="缺资金",
        skills="",
        version=0,
        actor=branch_secretary,
    )
    answer = secretary.post(
        url("needs", member.pk), {"needs": "离家近", "skills": "", "version": 0}
    )
    assert answer.status_code == 409
    assert "缺资金" in text_of(answer)
    assert "离家近" in answer.content.decode()
    step = helped(member, branch_secretary)
    form = {"result": "failed", "result_on": today, "result_words": "嫌远"}
    secretary.post(url("help-result", step.pk), form | {"version": 1})
    answer = secretary.post(
        url("help-result", step.pk), form | {"result": "succeeded", "version": 1}
    )
    assert answer.status_code == 409
    assert EmploymentNeed.objects.count() == 1
    assert HelpStep.objects.get().result == "failed"


def test_what_was_wrong_is_taken_back_and_stays_on_the_page(
    secretary, member, branch_secretary
):
    rows = {
        "spell": spell(member, branch_secretary),
        "help": helped(member, branch_secretary),
        "lead": led(member, branch_secretary),
    }
    for kind, row in rows.items():
        address = url(f"{kind}-withdraw", row.pk)
        assert "不再计入统计" in text_of(secretary.get(address))
        answer = secretary.post(address, follow=True)
        assert secretary.get(address).status_code == 404
    assert text_of(answer).count("已撤回") == 4  # one says that it is done


def test_the_list_finds_those_whom_nobody_saw_this_quarter(
    secretary, branch_a1, branch_secretary, today
):
    start = Quarter.containing(today).start
    people = {
        name: MemberFactory(branch=branch_a1, name=name, category="laid_off")
        for name in ("雷一", "雷二", "雷三", "雷四")
    }
    at_work = MemberFactory(branch=branch_a1, name="雷五")
    for name, day in (("雷一", start), ("雷二", start - timedelta(days=1))):
        record_contact(
            member_id=people[name].pk,
            contacted_on=day,
            way="phone",
            actor=branch_secretary,
        )
    helped(people["雷三"], branch_secretary, days_ago=(today - start).days)
    spell(people["雷四"], branch_secretary, "laid_off", date(2025, 3, 1))
    spell(people["雷四"], branch_secretary, "flexible", start)
    spell(at_work, branch_secretary, "seeking", start)
    assert names_on(secretary) == {"雷一", "雷二", "雷三", "雷五"}
    assert names_on(secretary, silent="1") == {"雷二", "雷五"}
    assert names_on(secretary, group="reemployed") == {"雷四"}
    assert names_on(secretary, group="all") == {*people, "雷五"}
    assert "查询条件有误" in text_of(
        secretary.get(url("employment-list"), {"group": "x"})
    )


def test_help_is_written_down_from_the_list_and_leads_back_there(
    secretary, member, today
):
    listed = secretary.get(url("employment-list"), {"silent": "1"})
    [link] = re.findall(r'href="([^"]*/help/[^"]*)"', listed.content.decode())
    form = {"kind": "guidance", "given_on": today, "result": "succeeded"}
    answer = secretary.post(link, form, follow=True)
    assert answer.redirect_chain[-1][0] == url("employment-list") + "?silent=1"
    assert "也算一次联系" in answer.content.decode()


def test_the_ledger_adds_up_and_names_nobody_who_has_left(
    client_for, secretary, member, branch_a1, branch_secretary, community_secretary
):
    gone = MemberFactory(branch=branch_a1, name="卫远")
    led(member, branch_secretary)
    led(gone, branch_secretary, people_count=4)
    led(member, branch_secretary, kind="service", people_count=0, posts_count=6)
    withdrawn = led(member, branch_secretary, people_count=9)
    withdraw_record(model=Lead, record_id=withdrawn.pk, actor=branch_secretary)
    gone.affiliations.update(ends_on=date(2026, 1, 1), end_reason="transferred_out")
    text = text_of(secretary.get(url("lead-list")))
    assert "带领就业7人，开办服务项目1个，新增岗位6个" in text
    assert "其中1件属于已经转走的党员" in text
    assert "雷芳" in text
    assert "卫远" not in text
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    query = {"month": f"{month:%Y-%m}"}
    assert "带领就业0人" in text_of(secretary.get(url("lead-list"), query))
    services = text_of(secretary.get(url("lead-list"), {"kind": "service"}))
    assert "带领就业0人，开办服务项目1个" in services


def test_opening_a_record_is_written_down(secretary, member):
    secretary.get(url("employment", member.pk))
    event = AuditEvent.objects.get(action="member_viewed")
    assert event.details == {"page": "employment"}


def test_another_branch_finds_nothing_and_a_reader_writes_nothing(
    client_for, secretary_b, member, branch_b1, branch_secretary
):
    step = helped(member, branch_secretary)
    other = client_for(secretary_b)
    assert "雷芳" not in text_of(other.get(url("employment-list")))
    for name in ("employment", "spell-add", "needs", "help-add", "lead-add"):
        assert other.get(url(name, member.pk)).status_code == 404
    assert other.post(url("help-result", step.pk)).status_code == 404
    assert other.post(url("help-withdraw", step.pk)).status_code == 404


def test_twenty_people_cost_as_many_questions_as_one(
    secretary, branch_a1, branch_secretary, member, django_assert_max_num_queries
):
    def one_more():
        person = MemberFactory(branch=branch_a1, category="laid_off")
        spell(person, branch_secretary)
        helped(person, branch_secretary)

    one_more()
    with django_assert_max_num_queries(12) as one:
        secretary.get(url("employment-list"))
    for _ in range(20):
        one_more()
    with django_assert_max_num_queries(len(one)):
        secretary.get(url("employment-list"))
