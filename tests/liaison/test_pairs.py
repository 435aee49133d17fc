"""Pairs: begun, planned, filled from recorded activities, ended, handed over."""

from uuid import uuid4

import pytest
from django.utils import timezone

from activities.models import Activity
from activities.services.activities import cancel_activity
from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Quarter
from config.lib.versions import StaleError
from liaison.models import Agreement, Pair, PairActivity, PairTask
from liaison.services.pair_parts import TaskFacts as Item
from liaison.services.pair_parts import (
    add_activity,
    amend_task,
    figures_by_year,
    take_activity_out,
    waive_task,
    write_outcome,
)
from liaison.services.pairs import PairFacts, amend_pair, begin_pair, end_pair
from organizations.models import AuditEvent, Organization
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.agreement_steps import ago, drafted, held, promised, signed
from tests.liaison.pair_steps import paired, planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(community_a, community_secretary, work_unit):
    return paired(community_a, community_secretary, work_unit)


def warned(key, user):
    rows = registry.alert(f"liaison.{key}").rows(user, timezone.localdate())
    return [row.label for row in rows]


def test_a_pair_names_its_sides_and_gets_a_title(pair, community_a, work_unit):
    assert [str(each) for each in pair.partners.all()] == [work_unit.name]
    assert pair.title == f"{community_a.short_name}与{work_unit.name}文化共建"
    assert pair.partners.get().liaison_name == work_unit.contact_name
    event = AuditEvent.objects.latest("pk")
    assert event.details == {"pair_step": "begun"}


def test_a_community_pairs_for_itself_alone(
    community_b, branch_a1, community_secretary, branch_secretary, work_unit
):
    with pytest.raises(Organization.DoesNotExist):
        paired(community_b, community_secretary, work_unit)
    with pytest.raises(Organization.DoesNotExist):
        paired(branch_a1, branch_secretary, work_unit)
    assert paired(branch_a1, community_secretary, work_unit).organization == branch_a1


def test_a_pair_sent_twice_is_one_and_a_field_is_paired_once(
    community_a, community_secretary, work_unit
):
    asked = {
        "organization_id": community_a.pk,
        "facts": PairFacts("culture", ago(10)),
        "unit_ids": [work_unit.pk],
        "actor": community_secretary,
    }
    first = begin_pair(**asked, request_id=(key := uuid4()))
    assert begin_pair(**asked, request_id=key) == first
    with pytest.raises(RuleError, match="同一领域不用再结一对"):
        begin_pair(**asked, request_id=uuid4())
    paired(community_a, community_secretary, work_unit, field="security")
    assert Pair.objects.count() == 2


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (PairFacts("party", ago(1)), "领域只有"),
        (PairFacts("culture", ago(-1)), "不能晚于今天"),
    ],
)
def test_what_no_pair_may_be(community_a, community_secretary, work_unit, facts, words):
    with pytest.raises(RuleError, match=words):
        begin_pair(
            organization_id=community_a.pk,
            facts=facts,
            unit_ids=[work_unit.pk],
            actor=community_secretary,
        )


def test_a_pair_needs_somebody_else(community_a, community_secretary):
    with pytest.raises(RuleError, match="至少选一个"):
        paired(community_a, community_secretary)
    with pytest.raises(RuleError, match="和自己结对"):
        paired(community_a, community_secretary, others=[community_a])


def test_it_rests_on_an_agreement_of_its_own_line(
    community_a, community_b, committee_staff, work_unit
):
    foreign = drafted(community_b, committee_staff, work_unit)
    with pytest.raises(Agreement.DoesNotExist):
        paired(community_a, committee_staff, work_unit, agreement_id=foreign.pk)
    promised(foreign, committee_staff)
    signed(foreign, committee_staff)
    with pytest.raises(RuleError, match="不能作为依据"):
        paired(community_a, committee_staff, work_unit, agreement_id=foreign.pk)
    pair = paired(community_b, committee_staff, work_unit, agreement_id=foreign.pk)
    assert pair.agreement == foreign


def test_partners_change_but_not_those_who_lead_something(pair, community_secretary):
    partner, other = pair.partners.get(), WorkUnitFactory()
    planned(pair, community_secretary, ago(-30), partner_id=partner.pk)
    asked = {
        "pair_id": pair.pk,
        "facts": PairFacts("security", ago(300), title="改名"),
        "actor": community_secretary,
    }
    with pytest.raises(RuleError, match="还有牵头的计划事项"):
        amend_pair(**asked, unit_ids=[other.pk])
    both = [partner.unit_id, other.pk]
    changed = amend_pair(
        **asked, unit_ids=both, liaisons={partner.pk: "周主任"}, version=1
    )
    assert (changed.title, changed.field) == ("改名", "security")
    assert {str(each) for each in pair.partners.all()} == {
        str(partner.unit),
        other.name,
    }
    assert pair.partners.get(pk=partner.pk).liaison_name == "周主任"
    with pytest.raises(StaleError):
        amend_pair(**asked, unit_ids=both, version=1)


def test_a_plan_is_done_by_an_activity_alone(pair, community_secretary, branch_a1):
    task = planned(pair, community_secretary, ago(20))
    assert warned("pair_task_overdue", community_secretary) == [task.words]
    activity = held(branch_a1, ago(40))
    for _ in range(2):
        add_activity(
            pair_id=pair.pk,
            activity_id=activity.pk,
            task_id=task.pk,
            actor=community_secretary,
        )
    assert PairActivity.objects.count() == 1
    assert warned("pair_task_overdue", community_secretary) == []
    cancel_activity(activity_id=activity.pk, reason="下雨", actor=community_secretary)
    assert warned("pair_task_overdue", community_secretary) == [task.words]


def test_an_activity_of_another_community_is_not_its_deed(
    pair, committee_staff, branch_a1, branch_b1
):
    for branch, day, error in (
        (branch_b1, ago(10), Activity.DoesNotExist),
        (branch_a1, ago(201), RuleError),
    ):
        with pytest.raises(error):
            add_activity(
                pair_id=pair.pk,
                activity_id=held(branch, day).pk,
                actor=committee_staff,
            )


def test_a_quarter_is_due_on_its_last_day(pair, community_secretary):
    quarter = Quarter.containing(timezone.localdate()).next()
    task = planned(pair, community_secretary, quarter=quarter)
    assert (task.due_on, task.due_text) == (
        quarter.next().start - (ago(0) - ago(1)),
        quarter.title,
    )
    for facts, words in (
        (Item("某"), "请填完成日期"),
        (Item("某", ago(-5), quarter), "只填一个"),
        (Item("某", ago(300)), "不能早于结对日期"),
        (Item("某", ago(-2000)), "太远"),
    ):
        with pytest.raises(RuleError, match=words):
            amend_task(task_id=task.pk, facts=facts, actor=community_secretary)


def test_what_is_dropped_is_owed_no_more(pair, community_secretary):
    task = planned(pair, community_secretary, ago(20))
    with pytest.raises(RuleError, match="原因"):
        waive_task(task_id=task.pk, reason=" ", actor=community_secretary)
    waive_task(task_id=task.pk, reason="单位搬迁", actor=community_secretary)
    assert warned("pair_task_overdue", community_secretary) == []
    assert warned("pair_unplanned", community_secretary) == [pair.title]


def test_no_plan_and_no_activity_are_warned_of(
    pair, community_secretary, secretary_b, branch_a1
):
    assert warned("pair_unplanned", community_secretary) == [pair.title]
    assert warned("pair_idle", community_secretary) == [pair.title]
    assert warned("pair_idle", secretary_b) == []
    planned(pair, community_secretary, timezone.localdate())
    row = add_activity(
        pair_id=pair.pk,
        activity_id=held(branch_a1, ago(90)).pk,
        actor=community_secretary,
    )
    assert warned("pair_unplanned", community_secretary) == []
    assert warned("pair_idle", community_secretary) == []
    take_activity_out(pair_activity_id=row.pk, actor=community_secretary)
    assert warned("pair_idle", community_secretary) == [pair.title]


def test_outcomes_have_words_and_counted_figures(pair, community_secretary, branch_a1):
    activity = held(branch_a1, ago(0))
    Activity.objects.filter(pk=activity.pk).update(people_served=30)
    add_activity(pair_id=pair.pk, activity_id=activity.pk, actor=community_secretary)
    year = timezone.localdate().year
    asked = {"pair_id": pair.pk, "year": year, "actor": community_secretary}
    write_outcome(**asked, words="居民多了一处阅览室", version=0)
    with pytest.raises(StaleError):
        write_outcome(**asked, words="又一人写", version=0)
    with pytest.raises(RuleError, match="结对以来"):
        write_outcome(**{**asked, "year": year - 5}, words="某")
    row = figures_by_year(pair, timezone.localdate())[0]
    assert (row["year"], row["activities"], row["served"]) == (year, 1, 30)
    assert row["outcome"].words == "居民多了一处阅览室"


def test_an_ended_pair_stands_and_owes_nothing_later(
    pair, community_secretary, branch_a1
):
    planned(pair, community_secretary, ago(5))
    late = held(branch_a1, ago(3))
    row = add_activity(pair_id=pair.pk, activity_id=late.pk, actor=community_secretary)
    ends = {"pair_id": pair.pk, "reason": "单位搬迁", "actor": community_secretary}
    with pytest.raises(RuleError, match="在结束日期以后"):
        end_pair(**ends, ended_on=ago(10))
    take_activity_out(pair_activity_id=row.pk, actor=community_secretary)
    end_pair(**ends, ended_on=ago(10), version=1)
    for key in ("pair_task_overdue", "pair_unplanned", "pair_idle"):
        assert warned(key, community_secretary) == []
    with pytest.raises(RuleError, match="已于"):
        planned(pair, community_secretary, ago(5))
    with pytest.raises(RuleError, match="结束"):
        add_activity(pair_id=pair.pk, activity_id=late.pk, actor=community_secretary)


def test_a_merger_takes_pairs_along_and_ends_one_with_itself(
    pair, community_a, community_b, committee_staff, work_unit, branch_a1, branch_a2
):
    inner = paired(branch_a1, committee_staff, others=[branch_a2])
    outer = paired(community_b, committee_staff, work_unit, others=[branch_a1])
    with pytest.raises(RuleError, match="1 个结对没有结束"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=ago(0),
            reason="撤并",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=ago(0),
        actor=committee_staff,
    )
    inner.refresh_from_db()
    assert (inner.organization, inner.ended_on) == (branch_a2, ago(0))
    outer.refresh_from_db()
    assert outer.ended_on is None
    assert outer.partners.filter(organization=branch_a2).exists()
    assert PairTask.objects.count() == 0
