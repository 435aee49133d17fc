"""Agreements: drafted, signed, met by what is recorded elsewhere, renewed, ended."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from activities.models import Activity
from activities.services.activities import cancel_activity
from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.periods import Quarter
from config.lib.versions import StaleError
from liaison.models import Agreement, Evidence, Obligation
from liaison.services.agreements import (
    AgreementFacts,
    amend_agreement,
    discard_draft,
    draft_agreement,
    end_agreement,
)
from liaison.services.clauses import remove_clause
from liaison.services.obligations import (
    file_report,
    give_evidence,
    meet_need,
    remove_item,
    take_evidence_back,
    waive_obligation,
    withdraw_use,
)
from liaison.services.renewals import renew_agreement
from organizations.models import AuditEvent, Organization
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.agreement_steps import (
    ago,
    drafted,
    held,
    listed,
    promised,
    signed,
    used,
)
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(community_a, community_secretary, work_unit):
    return drafted(community_a, community_secretary, work_unit)


@pytest.fixture
def running(agreement, community_secretary):
    """Signed 200 days ago, one clause a quarter: two of its four are past."""
    promised(agreement, community_secretary)
    return signed(agreement, community_secretary)


def progress(agreement):
    rows = Obligation.objects.filter(agreement=agreement).with_progress()
    return [(row.given, row.state_on(timezone.localdate())) for row in rows]


def test_a_draft_names_its_units_and_its_witness(agreement, street, work_unit):
    assert [party.unit for party in agreement.parties.all()] == [work_unit]
    assert agreement.witness == street
    assert agreement.is_draft
    event = AuditEvent.objects.latest("pk")
    assert event.details == {"agreement_step": "drafted"}


def test_a_community_drafts_for_itself_alone(
    community_b, community_secretary, branch_secretary, branch_a1, work_unit
):
    with pytest.raises(Organization.DoesNotExist):
        drafted(community_b, community_secretary, work_unit)
    with pytest.raises(Organization.DoesNotExist):
        drafted(branch_a1, branch_secretary, work_unit)


def test_a_draft_sent_twice_is_one(community_a, community_secretary, work_unit):
    asked = {
        "organization_id": community_a.pk,
        "facts": AgreementFacts("共建", ago(10), ago(-300)),
        "unit_ids": [work_unit.pk],
        "request_id": uuid4(),
        "actor": community_secretary,
    }
    assert draft_agreement(**asked) == draft_agreement(**asked)
    assert Agreement.objects.count() == 1


def test_a_unit_with_a_clause_stays(agreement, community_secretary):
    promised(agreement, community_secretary, party=agreement.parties.get())
    facts = AgreementFacts(agreement.title, agreement.starts_on, agreement.ends_on)
    asked = {"agreement_id": agreement.pk, "facts": facts, "actor": community_secretary}
    with pytest.raises(RuleError, match="还有条款或清单事项"):
        amend_agreement(unit_ids=[WorkUnitFactory().pk], **asked)
    with pytest.raises(StaleError):
        amend_agreement(unit_ids=[WorkUnitFactory().pk], version=0, **asked)


def test_a_due_date_outside_the_new_term_is_told(agreement, community_secretary):
    promised(agreement, community_secretary, "once", due_on=agreement.ends_on)
    facts = AgreementFacts(
        agreement.title, agreement.starts_on, agreement.ends_on - timedelta(days=1)
    )
    with pytest.raises(RuleError, match="第1条的办结期限"):
        amend_agreement(
            agreement_id=agreement.pk,
            facts=facts,
            unit_ids=[party.unit_id for party in agreement.parties.all()],
            actor=community_secretary,
        )


def test_clauses_behind_a_removed_one_move_up(agreement, community_secretary):
    first, *_ = [promised(agreement, community_secretary) for _ in range(3)]
    remove_clause(clause_id=first.pk, actor=community_secretary)
    assert [clause.number for clause in agreement.clauses.all()] == [1, 2]


def test_signing_writes_down_what_is_owed(agreement, community_secretary):
    with pytest.raises(RuleError, match="还没有条款"):
        signed(agreement, community_secretary)
    promised(agreement, community_secretary, "quarter", times=2)
    promised(agreement, community_secretary, "once", due_on=ago(-20))
    listed(agreement, community_secretary, "project", due_on=ago(-30))
    signed(agreement, community_secretary)

    owed = Obligation.objects.filter(agreement=agreement)
    begin = agreement.starts_on
    quarters = [months_after(begin, n) - timedelta(days=1) for n in (3, 6, 9, 12)]
    assert [each.due_on for each in owed.filter(times=2)] == quarters
    assert {each.due_on for each in owed.filter(times=1)} == {ago(-20), ago(-30)}
    with pytest.raises(RuleError, match="已经签订，内容不能再改"):
        promised(agreement, community_secretary)


def test_a_signing_to_come_or_after_the_beginning_is_refused(
    agreement, community_secretary
):
    promised(agreement, community_secretary)
    with pytest.raises(RuleError, match="不能晚于今天"):
        signed(agreement, community_secretary, ago(-1))
    with pytest.raises(RuleError, match="不能晚于生效日期"):
        signed(agreement, community_secretary, agreement.starts_on + timedelta(1))


def test_an_activity_recorded_elsewhere_meets_an_obligation(
    running, branch_a1, community_secretary
):
    obligation = running.obligations.first()
    activity = held(branch_a1, obligation.starts_on + timedelta(days=3))
    assert progress(running)[0] == (0, "overdue")
    for _ in range(2):
        give_evidence(
            obligation_id=obligation.pk,
            activity_id=activity.pk,
            actor=community_secretary,
        )
    assert progress(running)[0] == (1, "done")
    Activity.objects.update(state="cancelled")
    assert progress(running)[0] == (0, "overdue")


def test_evidence_is_of_its_time_and_in_scope(
    running, branch_a1, branch_b1, community_secretary, committee_staff
):
    second = running.obligations.all()[1]
    early = held(branch_a1, second.starts_on - timedelta(days=1))
    with pytest.raises(RuleError, match="应算在上一期"):
        give_evidence(
            obligation_id=second.pk, activity_id=early.pk, actor=community_secretary
        )
    elsewhere = held(branch_b1, second.starts_on)
    with pytest.raises(Activity.DoesNotExist):
        give_evidence(
            obligation_id=second.pk, activity_id=elsewhere.pk, actor=community_secretary
        )
    # The street sees it, and yet it is no deed of this community.
    with pytest.raises(Activity.DoesNotExist):
        give_evidence(
            obligation_id=second.pk, activity_id=elsewhere.pk, actor=committee_staff
        )


def test_evidence_taken_back_is_owed_again(running, branch_a1, community_secretary):
    obligation = running.obligations.first()
    activity = held(branch_a1, obligation.starts_on)
    evidence = give_evidence(
        obligation_id=obligation.pk, activity_id=activity.pk, actor=community_secretary
    )
    take_evidence_back(evidence_id=evidence.pk, actor=community_secretary)
    assert progress(running)[0] == (0, "overdue")
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_a_resource_given_is_evidence_until_it_is_taken_back(
    running, community_secretary
):
    room = listed(running, community_secretary)
    use = used(room, community_secretary, ago(5), people=40)
    third = running.obligations.all()[2]
    give_evidence(obligation_id=third.pk, use_id=use.pk, actor=community_secretary)
    assert progress(running)[2] == (1, "done")
    with pytest.raises(RuleError, match="已有使用记录"):
        remove_item(item_id=room.pk, reason="错", actor=community_secretary)
    withdraw_use(use_id=use.pk, reason="没有用成", actor=community_secretary)
    assert progress(running)[2] == (0, "coming")


def test_uses_have_plausible_days_and_money(running, community_secretary):
    room = listed(running, community_secretary)
    for day, words in ((ago(-1), "不能晚于今天"), (ago(201), "不能早于协议生效日期")):
        with pytest.raises(RuleError, match=words):
            used(room, community_secretary, day)
    with pytest.raises(ValidationError, match="金额应大于0"):
        used(room, community_secretary, money=0)


def test_a_waived_time_is_neither_late_nor_done(running, community_secretary):
    obligation = running.obligations.first()
    waive_obligation(
        obligation_id=obligation.pk, reason="操场大修", actor=community_secretary
    )
    assert progress(running)[0] == (0, "waived")
    [row] = Agreement.objects.with_numbers(timezone.localdate())
    assert (row.owed, row.met, row.late) == (3, 0, 1)


def test_a_need_is_met_by_a_resource_of_the_agreement(running, community_secretary):
    need = listed(running, community_secretary, "need")
    room = listed(running, community_secretary)
    meet_need(item_id=need.pk, met_by_id=room.pk, actor=community_secretary)
    need.refresh_from_db()
    assert need.met_by == room
    remove_item(item_id=room.pk, reason="另有他用", actor=community_secretary)
    need.refresh_from_db()
    assert need.met_by is None


def test_a_project_taken_off_owes_nothing(running, community_secretary):
    project = listed(running, community_secretary, "project", due_on=ago(3))
    assert progress(running)[2] == (0, "overdue")
    remove_item(item_id=project.pk, reason="改由街道实施", actor=community_secretary)
    assert (0, "waived") in progress(running)


def test_an_early_end_makes_void_what_falls_due_after(running, community_secretary):
    due = running.obligations.all()
    with pytest.raises(RuleError, match="不能晚于今天"):
        _end(running, community_secretary, ago(-1))
    _end(running, community_secretary, due[1].due_on)
    [row] = Agreement.objects.with_numbers(timezone.localdate())
    assert (row.owed, row.late) == (1, 1)
    with pytest.raises(RuleError, match="已经终止"):
        give_evidence(obligation_id=due[2].pk, use_id=1, actor=community_secretary)


def _end(agreement, actor, day):
    return end_agreement(
        agreement_id=agreement.pk, ended_on=day, reason="学校搬迁", actor=actor
    )


def test_a_renewal_begins_where_the_old_one_ends(
    agreement, community_secretary, work_unit
):
    once = promised(agreement, community_secretary, "once", due_on=agreement.ends_on)
    promised(agreement, community_secretary, party=agreement.parties.get())
    room = listed(agreement, community_secretary, party_id=agreement.parties.get().pk)
    signed(agreement, community_secretary)
    new = renew_agreement(agreement_id=agreement.pk, actor=community_secretary)

    assert renew_agreement(agreement_id=agreement.pk, actor=community_secretary) == new
    assert new.is_draft
    assert new.starts_on == agreement.ends_on + timedelta(days=1)
    assert new.ends_on == months_after(new.starts_on, 12) - timedelta(days=1)
    assert [each.words for each in new.clauses.all()] == [once.words] * 2
    assert new.clauses.last().party.unit == work_unit
    assert new.items.get().words == room.words
    discard_draft(agreement_id=new.pk, actor=community_secretary)
    again = renew_agreement(agreement_id=agreement.pk, actor=community_secretary)
    assert again != new


def test_the_quarter_is_reported_with_its_figures(
    running, branch_a1, community_secretary
):
    obligation = running.obligations.first()
    quarter = Quarter.containing(obligation.due_on)
    report = _filed(running, quarter, community_secretary)
    assert (report.due, report.done, report.overdue) == (1, 0, 1)
    activity = held(branch_a1, obligation.starts_on)
    give_evidence(
        obligation_id=obligation.pk, activity_id=activity.pk, actor=community_secretary
    )
    report.refresh_from_db()
    assert report.done == 0  # as it was sent
    assert _filed(running, quarter, community_secretary).done == 1
    with pytest.raises(RuleError, match="还没有结束"):
        _filed(running, Quarter.containing(timezone.localdate()), community_secretary)


def _filed(agreement, quarter, actor):
    return file_report(
        agreement_id=agreement.pk, quarter=quarter, words="开放两次", actor=actor
    )


def test_agreements_move_with_a_merger_and_keep_a_place_open(
    running, community_a, community_b, committee_staff
):
    with pytest.raises(RuleError, match="还有 1 份共建协议"):
        close_organization(
            organization_id=community_a.pk,
            on_date=timezone.localdate(),
            reason="撤销",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=community_a.pk,
        target_id=community_b.pk,
        on_date=timezone.localdate(),
        actor=committee_staff,
    )
    running.refresh_from_db()
    assert running.organization == community_b


def test_a_cancelled_activity_tells_the_figures_of_the_agreement(
    running, community_a, branch_a1, community_secretary, facts_sent
):
    obligation = running.obligations.first()
    activity = held(branch_a1, obligation.starts_on)
    give_evidence(
        obligation_id=obligation.pk, activity_id=activity.pk, actor=community_secretary
    )
    facts_sent.clear()
    cancel_activity(activity_id=activity.pk, reason="下雨", actor=community_secretary)
    assert ({community_a.pk}, obligation.due_on) in facts_sent


@needs_server
@pytest.mark.django_db(transaction=True)
def test_the_same_evidence_given_at_once_stands_once(
    running, branch_a1, community_secretary
):
    obligation = running.obligations.first()
    activity = held(branch_a1, obligation.starts_on)

    def give(number):
        give_evidence(
            obligation_id=obligation.pk,
            activity_id=activity.pk,
            actor=community_secretary,
        )

    race(give)
    assert Evidence.objects.count() == 1
