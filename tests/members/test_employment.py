"""Employment, help towards it and deeds for others': what is kept and what is not."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.contact_sources import last_contacts
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead, Member
from members.rules.employment import timeline
from members.services.affiliations import end_affiliation
from members.services.employment import (
    amend_spell,
    save_needs,
    withdraw_record,
)
from members.services.employment_help import settle_help
from members.services.merging import merge_members, undo_merge
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.employment_steps import helped, led, spell

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, category="laid_off")


@pytest.fixture
def today():
    return timezone.localdate()


def told(member) -> list[tuple]:
    """Status, first day and the day on which the next begins."""
    spells = EmploymentSpell.objects.counted().filter(member=member)
    return [
        (row.status, row.starts_on.isoformat(), end and end.isoformat())
        for row, end in timeline(spells)
    ]


def test_a_new_spell_ends_the_one_before(member, branch_secretary):
    spell(member, branch_secretary, "by_unit", date(2026, 5, 1))
    spell(member, branch_secretary, "laid_off", date(2025, 3, 1))
    assert told(member) == [
        ("laid_off", "2025-03-01", "2026-05-01"),
        ("by_unit", "2026-05-01", None),
    ]
    member.refresh_from_db()
    assert member.category == "laid_off"  # offered, never forced


def test_the_category_follows_where_it_is_asked_to(member, branch_secretary):
    spell(member, branch_secretary, "by_unit", date(2026, 5, 1), set_category=True)
    member.refresh_from_db()
    assert (member.category, member.version) == ("in_post", 2)
    for status, day, sentence in (
        ("laid_off", date(2025, 3, 1), "补记以前的就业状况"),
        ("other", date(2026, 6, 1), "没有对应的党员类别"),
    ):
        with pytest.raises(RuleError, match=sentence):
            spell(member, branch_secretary, status, day, set_category=True)
    assert told(member) == [("by_unit", "2026-05-01", None)]


def test_a_correction_keeps_what_stood_there(member, branch_secretary):
    wrong = spell(member, branch_secretary, "by_unit", date(2026, 5, 1))
    right = amend_spell(
        spell_id=wrong.pk,
        status="flexible",
        starts_on=date(2026, 5, 3),
        workplace="送外卖",
        actor=branch_secretary,
    )
    assert told(member) == [("flexible", "2026-05-03", None)]
    wrong.refresh_from_db()
    assert (wrong.status, wrong.withdrawn_by) == ("by_unit", branch_secretary)
    assert right.replaces == wrong
    with pytest.raises(StaleError):
        amend_spell(
            spell_id=wrong.pk,
            status="retired",
            starts_on=date(2026, 5, 1),
            actor=branch_secretary,
        )


def test_impossible_spells_are_refused_with_a_reason(member, branch_secretary, today):
    spell(member, branch_secretary, "laid_off", date(2025, 3, 1))
    for status, day, changes, sentence in (
        ("seeking", today + timedelta(days=1), {}, "不能晚于今天"),
        ("seeking", member.born_on, {}, "满16周岁.*劳动法》第十五条"),
        ("by_unit", today, {"workplace": " "}, "写明单位或者从事的行业"),
        ("by_unit", today, {"workplace": "长" * 101}, "100字以内"),
        ("seeking", date(2025, 3, 1), {}, "同一天只能有一种"),
        ("laid_off", today, {}, "已登记同样的就业状况"),
        ("laid_off", date(2025, 2, 1), {}, "已登记同样的就业状况"),
    ):
        with pytest.raises(RuleError, match=sentence):
            spell(member, branch_secretary, status, day, **changes)
    assert told(member) == [("laid_off", "2025-03-01", None)]


def test_the_same_once_more_is_the_same(member, branch_secretary):
    for write in (spell, helped, led):
        assert write(member, branch_secretary) == write(member, branch_secretary)
    counts = [each.objects.count() for each in (EmploymentSpell, HelpStep, Lead)]
    assert counts == [1, 1, 1]


def test_needs_are_added_to_and_the_second_editor_is_told(member, branch_secretary):
    def save(needs, version):
        return save_needs(
            member_id=member.pk,
            needs=needs,
            skills="电工",
            version=version,
            actor=branch_secretary,
        )

    first = save("要照顾老人", 0)
    with pytest.raises(StaleError):
        save("缺少资金", 0)
    second = save("缺少资金", first.version)
    assert save("缺少资金 ", second.version) == second
    assert [row.needs for row in EmploymentNeed.objects.all()] == [
        "缺少资金",
        "要照顾老人",
    ]


def test_a_result_is_dated_explained_and_may_be_put_right(
    member, branch_secretary, today
):
    step = helped(member, branch_secretary, days_ago=10)
    for changes, sentence in (
        ({"result": "pending"}, "请选择另一种结果"),
        ({"result": "failed"}, "没有办成的请写明原因"),
        ({"result_on": today - timedelta(days=11)}, "结果日期应在"),
        ({"result_on": today + timedelta(days=1)}, "结果日期应在"),
    ):
        values = {"result": "succeeded", "result_on": today} | changes
        with pytest.raises(RuleError, match=sentence):
            settle_help(step_id=step.pk, actor=branch_secretary, **values)
    settled = {"step_id": step.pk, "result_on": today, "actor": branch_secretary}
    settle_help(result="succeeded", version=1, **settled)
    with pytest.raises(StaleError):
        settle_help(result="failed", result_words="嫌远", version=1, **settled)
    done = settle_help(result="failed", result_words="嫌远", version=2, **settled)
    assert (done.result, done.version) == ("failed", 3)
    details = AuditEvent.objects.filter(action="help_settled").latest("pk").details
    assert details == {"help_before": "succeeded", "help_result": "failed"}


def test_deeds_count_each_person_once(member, branch_secretary):
    for changes, sentence in (
        ({"title": " "}, "写明带到哪里"),
        ({"people_count": 0}, "请填带领人数"),
        ({"posts_count": 2}, "新增岗位填0或不填"),
        ({"kind": "service"}, "以免一人算两次"),
        ({"people_count": 501}, "一次最多500人"),
    ):
        with pytest.raises(RuleError, match=sentence):
            led(member, branch_secretary, **changes)
    led(member, branch_secretary, kind="service", people_count=0, posts_count=4)
    assert Lead.objects.get().posts_count == 4


def test_help_given_counts_as_a_contact_until_it_is_withdrawn(
    member, branch_secretary, today
):
    step = helped(member, branch_secretary, days_ago=3)
    assert last_contacts([member.pk]) == {member.pk: today - timedelta(days=3)}
    for _ in "12":
        withdraw_record(model=HelpStep, record_id=step.pk, actor=branch_secretary)
    assert last_contacts([member.pk]) == {}
    assert HelpStep.objects.count() == 1
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert sorted(actions) == ["employment_withdrawn", "help_recorded"]
    with pytest.raises(HelpStep.DoesNotExist):
        settle_help(
            step_id=step.pk, result="succeeded", result_on=today, actor=branch_secretary
        )


def test_whoever_sees_the_person_reads_the_record_and_nobody_else(
    member, branch_b1, branch_secretary, secretary_b, committee_staff, outsider, today
):
    step = helped(member, branch_secretary)
    readers = (branch_secretary, secretary_b, committee_staff, outsider)

    def seen():
        return [user.username for user in readers if step in _steps(user)]

    assert seen() == ["branch-a1", "staff"]
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    assert seen() == ["branch-a1", "branch-b1", "staff"]
    end_affiliation(
        affiliation_id=member.affiliations.get(kind="on_roll").pk,
        ends_on=today,
        end_reason="transferred_out",
        actor=branch_secretary,
    )
    assert seen() == ["branch-b1", "staff"]  # nothing lost, the new branch helps on


def _steps(user):
    return HelpStep.objects.visible_to(user)


def test_out_of_scope_and_without_the_right(
    member, secretary_b, auditor, branch_secretary
):
    for stranger in (secretary_b, auditor):
        for write in (spell, helped, led):
            with pytest.raises(Member.DoesNotExist):
                write(member, stranger)
    step = helped(member, branch_secretary)
    with pytest.raises(HelpStep.DoesNotExist):
        withdraw_record(model=HelpStep, record_id=step.pk, actor=secretary_b)
    branch_secretary.posts.update(role="auditor")
    actor = type(branch_secretary).objects.get(pk=branch_secretary.pk)
    with pytest.raises((PermissionDenied, Member.DoesNotExist)):
        led(member, actor)


def test_words_about_a_person_are_not_readable_in_the_database(
    member, branch_secretary
):
    spell(member, branch_secretary, "by_unit", date(2026, 5, 1), workplace="乙丙公司")
    helped(member, branch_secretary)
    led(member, branch_secretary, evidence="乙丙为证")
    save_needs(
        member_id=member.pk,
        needs="乙丙",
        skills="乙丙",
        version=0,
        actor=branch_secretary,
    )
    with connection.cursor() as cursor:
        for table in ("employmentspell", "employmentneed", "helpstep", "lead"):
            cursor.execute(f"SELECT * FROM members_{table}")
            text = str(cursor.fetchall())
            assert not [word for word in ("乙丙", "保安", "缝补") if word in text]
    for event in AuditEvent.objects.all():
        assert not [w for w in ("乙丙", "保安", "缝补") if w in str(event.details)]


def test_two_records_made_one_keep_both_histories(
    branch_a1, branch_secretary, committee_staff
):
    kept, gone = (MemberFactory(branch=branch_a1, category="laid_off") for _ in "12")
    for person in (kept, gone):
        spell(person, branch_secretary, "laid_off", date(2025, 3, 1))
    spell(gone, branch_secretary, "flexible", date(2026, 2, 1))
    helped(gone, branch_secretary)
    merge = merge_members(
        kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff
    )
    assert told(kept) == [
        ("laid_off", "2025-03-01", "2026-02-01"),
        ("flexible", "2026-02-01", None),
    ]
    assert kept.helpstep_set.count() == 1
    undo_merge(merge_id=merge.pk, actor=committee_staff)
    assert [len(told(person)) for person in (kept, gone)] == [1, 2]
