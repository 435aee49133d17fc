"""What is decided about a membership: proposed, answered, carried out."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import LostCase, Member, MembershipDecision
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
)
from members.services.decisions import answer_decision, record_death
from members.services.merging import merge_members
from organizations.models import AuditEvent
from organizations.services.structure import merge_organizations
from reports.models import SummaryMark
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.standing_steps import (
    age,
    approved,
    lost,
    months_ago,
    proposed,
    searched,
    suspended,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷芳")


@pytest.fixture
def today():
    return timezone.localdate()


def status(member):
    member.refresh_from_db()
    return member.status


def test_a_lost_member_is_suspended_once_approved_above(
    member, branch_secretary, committee_staff, branch_a1
):
    case = searched(lost(member, branch_secretary), branch_secretary)
    decision = proposed(member, branch_secretary, ground="lost")
    assert (decision.case, status(member)) == (case, "normal")
    with pytest.raises(PermissionDenied):
        approved(decision, branch_secretary)
    SummaryMark.objects.all().delete()
    approved(decision, committee_staff)
    assert status(member) == "suspended"
    assert member.affiliations.open().count() == 1
    case.refresh_from_db()
    assert (case.state, member.is_lost) == ("suspended", True)
    assert SummaryMark.objects.filter(organization=branch_a1).exists()
    with pytest.raises(RuleError, match="已批准，不能再办理"):
        approved(decision, committee_staff)
    made = AuditEvent.objects.filter(action="decision_made").get()
    assert made.target_label == f"党籍处理决定 {decision.pk}"


def test_two_years_later_the_suspended_is_removed_as_self_quit(
    member, branch_secretary, committee_staff, today, branch_b1
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    first = suspended(member, branch_secretary, committee_staff)
    with pytest.raises(RuleError, match=r"停止党籍满2年.*第二十四条"):
        proposed(member, branch_secretary, "self_quit", "still_lost")
    age(first, 3)
    removal = proposed(member, branch_secretary, "self_quit", "still_lost")
    approved(removal, committee_staff)
    assert status(member) == "self_quit"
    assert not member.affiliations.open().exists()
    assert not member.is_lost
    ended = member.affiliations.values_list("ends_on", "end_reason", "note")
    assert set(ended) == {(today, "removed", "自行脱党除名")}
    case, first = LostCase.objects.get(), MembershipDecision.objects.get(pk=first.pk)
    assert (case.state, case.closed_on) == ("removed", today)
    assert first.ended_on == today
    assert not Member.objects.visible_to(branch_secretary).exists()


def test_who_is_found_again_is_reinstated(
    member, branch_secretary, committee_staff, today
):
    first = suspended(member, branch_secretary, committee_staff)
    back = proposed(
        member, branch_secretary, "reinstated", "returned", meeting_on=today
    )
    approved(back, committee_staff)
    assert status(member) == "normal"
    assert not member.is_lost
    first.refresh_from_db()
    assert first.ended_on == today
    assert LostCase.objects.get().state == "found"
    assert member.affiliations.open().get().start_reason == "registered"


def test_who_was_removed_comes_back_only_where_that_was_corrected(
    member, branch_secretary, committee_staff, branch_a1, today
):
    approved(proposed(member, branch_secretary, "expelled"), committee_staff)
    assert status(member) == "expelled"
    with pytest.raises(RuleError, match="原则上不能恢复党籍"):
        proposed(
            *(member, committee_staff, "reinstated", "returned", branch_a1),
            meeting_on=today,
        )
    with pytest.raises(RuleError, match="编入的党支部"):
        proposed(member, committee_staff, "reinstated", "corrected", meeting_on=today)
    back = proposed(
        *(member, committee_staff, "reinstated", "corrected", branch_a1),
        meeting_on=today,
    )
    with pytest.raises(RuleError, match="文号"):
        approved(back, committee_staff, document_number=" ")
    approved(back, committee_staff)
    assert status(member) == "normal"
    relation = member.affiliations.open().get()
    assert (relation.organization, relation.start_reason, relation.starts_on) == (
        branch_a1,
        "reinstated",
        today,
    )


def test_a_lost_probationary_member_loses_probation_instead(
    branch_a1, branch_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1, member_type="probationary")
    searched(lost(member, branch_secretary), branch_secretary)
    with pytest.raises(RuleError, match=r"取消预备党员资格.*第七条"):
        proposed(member, branch_secretary, ground="lost")
    decision = proposed(member, branch_secretary, "probation_cancelled", "lost")
    approved(decision, committee_staff)
    assert status(member) == "probation_cancelled"


REFUSED = [
    ({"kind": "suspended", "ground": "lost"}, "请先登记失联"),
    ({"kind": "suspended"}, "请选择依据"),
    ({"kind": "withdrew", "ground": "lost"}, "不需要选择依据"),
    ({"kind": "suspended", "ground": "study_abroad"}, "起算日期"),
    ({"kind": "self_quit", "ground": "still_lost"}, "应先停止党籍"),
    ({"kind": "self_quit", "ground": "inactive"}, "起算日期"),
    ({"kind": "reinstated", "ground": "returned"}, "不能办理恢复党籍"),
    ({"kind": "probation_cancelled", "ground": "lost"}, "不能办理取消预备资格"),
]


@pytest.mark.parametrize(("asked", "sentence"), REFUSED)
def test_what_the_rules_do_not_allow_is_refused(
    asked, sentence, member, branch_secretary
):
    with pytest.raises(RuleError, match=sentence):
        proposed(member, branch_secretary, **asked)
    assert not MembershipDecision.objects.exists()


def test_days_count_from_the_day_the_ground_names(member, branch_secretary, today):
    for kind, ground, months, sentence in (
        ("self_quit", "inactive", 5, r"连续六个月.*第九条"),
        ("suspended", "study_abroad", 59, "超过5年"),
    ):
        with pytest.raises(RuleError, match=sentence):
            proposed(member, branch_secretary, kind, ground, since=months_ago(months))
    for meeting_on, sentence in (
        (today + timedelta(days=1), "不能晚于今天"),
        (member.joined_on - timedelta(days=1), "入党日期"),
    ):
        with pytest.raises(RuleError, match=sentence):
            proposed(member, branch_secretary, "withdrew", meeting_on=meeting_on)
    abroad = proposed(
        *(member, branch_secretary, "suspended", "study_abroad"), since=months_ago(62)
    )
    assert abroad.case is None


def test_a_search_must_have_lasted_and_tried_several_ways(member, branch_secretary):
    case = searched(lost(member, branch_secretary, months=5), branch_secretary, 2)
    with pytest.raises(RuleError, match=r"须满6个月.*第二十四条"):
        proposed(member, branch_secretary, ground="lost")
    LostCase.objects.filter(pk=case.pk).update(since=months_ago(8))
    with pytest.raises(RuleError, match="只记录了2种"):
        proposed(member, branch_secretary, ground="lost")
    for kind in ("withdrew", "persuaded_out", "refused_out"):
        with pytest.raises(RuleError, match="本人没有到会"):
            proposed(member, branch_secretary, kind)
    with pytest.raises(RuleError, match="不用这一依据"):
        proposed(
            *(member, branch_secretary, "self_quit", "inactive"), since=months_ago(8)
        )


def test_what_changed_meanwhile_is_checked_again(
    member, branch_secretary, committee_staff
):
    searched(lost(member, branch_secretary), branch_secretary)
    decision = proposed(member, branch_secretary, ground="lost")
    LostCase.objects.update(state="found", closed_on=timezone.localdate())
    with pytest.raises(RuleError, match="请先登记失联"):
        approved(decision, committee_staff)
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_an_approval_has_its_day(member, branch_secretary, committee_staff, today):
    decision = proposed(member, branch_secretary, "withdrew")
    for day, sentence in (
        (today + timedelta(days=1), "不能晚于今天"),
        (today - timedelta(days=2), "不能早于支部大会日期"),
    ):
        with pytest.raises(RuleError, match=sentence):
            approved(decision, committee_staff, day)
    member.affiliations.update(starts_on=today)
    with pytest.raises(RuleError, match="编入本支部的日期"):
        approved(decision, committee_staff, today - timedelta(days=1))


def test_a_proposal_is_refused_or_withdrawn_with_words(
    member, branch_secretary, committee_staff
):
    first = proposed(member, branch_secretary, "withdrew")
    with pytest.raises(RuleError, match="已有一件党籍处理"):
        proposed(member, branch_secretary, "expelled")
    with pytest.raises(PermissionDenied):
        answer(first, "refused", branch_secretary)
    with pytest.raises(RuleError, match="写明原因"):
        answer(first, "refused", committee_staff, words=" ")
    assert answer(first, "refused", committee_staff).state == "refused"
    second = proposed(member, branch_secretary, "withdrew")
    assert answer(second, "withdrawn", branch_secretary).state == "withdrawn"
    with pytest.raises(RuleError, match="已撤回，不能再办理"):
        approved(second, committee_staff)
    assert status(member) == "normal"


def answer(decision, state, actor, words="材料不全"):
    return answer_decision(
        decision_id=decision.pk, state=state, words=words, actor=actor
    )


def test_death_ends_everything_and_can_be_taken_back(
    member, branch_secretary, committee_staff, branch_b1, today
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    suspended(member, branch_secretary, committee_staff)
    waiting = proposed(
        member, branch_secretary, "reinstated", "returned", meeting_on=today
    )
    death = record_death(member_id=member.pk, died_on=today, actor=branch_secretary)
    assert (status(member), death.state_label) == ("deceased", "已登记")
    assert not member.affiliations.open().exists()
    assert LostCase.objects.get().state == "ended"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reply) == ("withdrawn", "该同志去世")
    roll = member.affiliations.get(kind="on_roll")
    reopen_affiliation(affiliation_id=roll.pk, actor=committee_staff)
    death.refresh_from_db()
    assert (status(member), death.state) == ("suspended", "revoked")
    kept = MembershipDecision.objects.get(kind="suspended")
    assert kept.ended_on is None


def test_a_death_is_told_by_the_branch_of_the_roll(
    member, secretary_b, branch_b1, today
):
    AffiliationFactory(member=member, organization=branch_b1, kind="co_managed")
    with pytest.raises(RuleError, match="不在您管理的党支部"):
        record_death(member_id=member.pk, died_on=today, actor=secretary_b)
    guest = MemberFactory(name="雷客")
    AffiliationFactory(member=guest, organization=branch_b1, kind="co_managed")
    record_death(member_id=guest.pk, died_on=today, actor=secretary_b)
    assert status(guest) == "deceased"


def test_a_day_on_which_nobody_can_have_died_is_refused(
    member, branch_secretary, today
):
    for day, sentence in (
        (today + timedelta(days=1), "不能晚于今天"),
        (member.joined_on - timedelta(days=1), "入党日期"),
        (member.affiliations.get().starts_on - timedelta(days=1), "编入本支部"),
    ):
        with pytest.raises(RuleError, match=sentence):
            record_death(member_id=member.pk, died_on=day, actor=branch_secretary)


def test_out_of_scope_there_is_nothing_to_decide(
    member, branch_secretary, secretary_b, today
):
    with pytest.raises(Member.DoesNotExist):
        proposed(member, secretary_b, "withdrew")
    decision = proposed(member, branch_secretary, "withdrew")
    with pytest.raises(MembershipDecision.DoesNotExist):
        answer(decision, "withdrawn", secretary_b)


def test_what_is_under_way_follows_the_roll_and_stops_with_it(
    member, branch_secretary, community_secretary, branch_a2, today
):
    lost(member, branch_secretary)
    decision = proposed(member, branch_secretary, "expelled")
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=branch_a2.pk,
        moved_on=today,
        actor=community_secretary,
    )
    decision.refresh_from_db()
    assert decision.organization == LostCase.objects.get().organization == branch_a2
    end_affiliation(
        affiliation_id=member.affiliations.open().get().pk,
        ends_on=today,
        end_reason="mistake",
        actor=community_secretary,
    )
    decision.refresh_from_db()
    case = LostCase.objects.get()
    assert (decision.state, case.state) == ("withdrawn", "ended")
    assert case.closing == "组织关系已结束：登记有误"
    member.refresh_from_db()
    assert not member.is_lost


def test_a_branch_that_merges_hands_over_what_is_under_way(
    member, branch_a1, branch_a2, branch_secretary, committee_staff, today
):
    lost(member, branch_secretary)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=today,
        actor=committee_staff,
    )
    assert LostCase.objects.get().organization == branch_a2


def test_records_with_something_under_way_are_not_merged(
    member, branch_a1, branch_secretary, committee_staff
):
    twin = MemberFactory(branch=branch_a1)
    lost(member, branch_secretary)
    with pytest.raises(RuleError, match="请先办结或撤回"):
        merge_members(
            kept_id=twin.pk, gone_id=member.pk, taken=(), actor=committee_staff
        )
