"""Projects of community services: what is written once stands wherever it counts."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.models import (
    Placement,
    ServicePost,
    ServiceProject,
)
from activities.project_receivers import refuse_with_projects
from activities.rules import projects as rules
from activities.services.project_people import (
    amend_post,
    end_post,
    withdraw_post,
)
from activities.services.projects import (
    amend_project,
    close_project,
    open_project,
    withdraw_project,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import EmploymentSpell, Lead, Member
from members.services.employment import withdraw_record
from members.services.merging import merge_members
from organizations.models import AuditEvent, Organization
from organizations.services.structure import merge_organizations
from tests.activities.project_steps import (
    OPENED,
    closed,
    deeds_of,
    facts,
    left,
    line_of,
    mistaken,
    opened,
    placed,
    posted,
)
from tests.factories.members import MemberFactory
from tests.members.employment_steps import led

pytestmark = pytest.mark.django_db


# Opening ----------------------------------------------------------------------


def test_opening_is_the_first_founders_deed_and_work_of_all_who_had_none(
    founder, branch_a1, branch_secretary, community_a
):
    other = MemberFactory(branch=branch_a1)
    project = opened(founder, branch_secretary, community_a, other)
    assert project.organization == branch_a1
    assert deeds_of(founder) == [("service", OPENED, 0, 0)]
    assert deeds_of(other) == []
    assert line_of(founder)[-1] == (OPENED, "self_employed")
    assert line_of(other) == []  # nothing says he was out of work
    spell = EmploymentSpell.objects.get(status="self_employed")
    assert (spell.workplace, spell.source) == ("便民缝补店", "project")
    event = AuditEvent.objects.filter(action="project_saved").get()
    assert event.details == {"project_step": "opened"}


def test_the_form_sent_twice_opens_one_and_a_name_is_borne_once(
    founder, branch_secretary, community_a
):
    values = {
        "facts": facts(community_a),
        "opened_on": OPENED,
        "founder_ids": [founder.pk],
        "actor": branch_secretary,
        "request_id": uuid4(),
    }
    assert open_project(**values) == open_project(**values)
    with pytest.raises(RuleError, match="已有名为“便民缝补店”"):
        open_project(**values | {"request_id": uuid4()})
    assert ServiceProject.objects.count() == 1
    assert len(deeds_of(founder)) == 1


def test_a_service_counts_once_by_hand_or_by_its_project(
    founder, branch_secretary, community_a
):
    by_hand = {"kind": "service", "title": "便民缝补店", "people_count": 0}
    deed = led(founder, branch_secretary, posts_count=2, **by_hand)
    with pytest.raises(RuleError, match="已手工登记“便民缝补店”"):
        opened(founder, branch_secretary, community_a)
    withdraw_record(model=Lead, record_id=deed.pk, actor=branch_secretary)
    opened(founder, branch_secretary, community_a)
    with pytest.raises(RuleError, match="已由服务项目自动记入"):
        led(founder, branch_secretary, posts_count=2, **by_hand)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"opened_on": date(2999, 1, 1)}, "不能晚于今天"),
        ({"opened_on": date(1960, 1, 1)}, "不能早于"),
    ],
)
def test_impossible_days_are_refused(
    change, sentence, founder, branch_secretary, community_a
):
    with pytest.raises(RuleError, match=sentence):
        opened(founder, branch_secretary, community_a, **change)
    assert not Lead.objects.exists()


def test_nobody_founds_twice(founder, branch_secretary, community_a):
    with pytest.raises(RuleError, match="重复"):
        opened(founder, branch_secretary, community_a, founder)


# Scope ------------------------------------------------------------------------


def test_scope_and_right(
    post, worker, founder, branch_b1, branch_secretary, secretary_b, community_b
):
    with pytest.raises(Member.DoesNotExist):
        opened(founder, secretary_b, community_b, name="别的店")
    for step in (
        lambda: posted(post.project, secretary_b, name="收银"),
        lambda: closed(post.project, secretary_b),
    ):
        with pytest.raises(ServiceProject.DoesNotExist):
            step()
    with pytest.raises(ServicePost.DoesNotExist):
        placed(post, secretary_b, name="王芳")
    with pytest.raises(Member.DoesNotExist):
        placed(post, branch_secretary, MemberFactory(branch=branch_b1))
    person = placed(post, branch_secretary, worker)
    with pytest.raises(Placement.DoesNotExist):
        left(person, secretary_b)
    branch_secretary.posts.update(role="hardship_officer")
    watcher = type(branch_secretary).objects.get(pk=branch_secretary.pk)
    with pytest.raises(PermissionDenied):
        left(person, watcher)


def test_a_community_keeps_the_projects_of_its_branches(
    post, worker, community_secretary
):
    person = placed(post, community_secretary, worker)
    assert person.spell is not None
    left(person, community_secretary)


# Posts ------------------------------------------------------------------------


def test_posts_count_from_the_day_they_were_created(project, founder, branch_secretary):
    post = posted(project, branch_secretary, 2)
    assert posted(project, branch_secretary, 2) == post
    later = posted(project, branch_secretary, 3, "收银", date(2026, 5, 4))
    assert deeds_of(founder)[1:] == [
        ("posts", OPENED, 0, 2),
        ("posts", date(2026, 5, 4), 0, 3),
    ]
    with pytest.raises(RuleError, match="已有岗位“缝纫工”"):
        posted(project, branch_secretary, 4)
    withdraw_post(post_id=later.pk, reason="没有设", actor=branch_secretary)
    amended = amend_post(
        post_id=post.pk, name="裁缝", places=1, version=1, actor=branch_secretary
    )
    assert deeds_of(founder)[1:] == [("posts", OPENED, 0, 1)]
    assert amended.lead.title == "便民缝补店：裁缝"
    with pytest.raises(StaleError):
        amend_post(
            post_id=post.pk, name="裁缝", places=5, version=1, actor=branch_secretary
        )


def test_a_post_is_not_smaller_than_who_was_there_and_not_ended_under_anybody(
    post, worker, branch_secretary
):
    one = placed(post, branch_secretary, worker)
    other = placed(post, branch_secretary, name="王芳")
    change = {"post_id": post.pk, "actor": branch_secretary}
    with pytest.raises(RuleError, match="同时有2人在岗"):
        amend_post(**change, name="缝纫工", places=1)
    with pytest.raises(RuleError, match="还有2人在岗"):
        end_post(**change, ended_on=date(2026, 7, 1))
    with pytest.raises(RuleError, match="登记过上岗的人"):
        withdraw_post(**change, reason="错")
    left(one, branch_secretary)
    left(other, branch_secretary)
    with pytest.raises(RuleError, match="不能早于2026-06-01"):
        end_post(**change, ended_on=date(2026, 5, 1))
    end_post(**change, ended_on=date(2026, 6, 1))
    with pytest.raises(RuleError, match="已经撤销"):
        placed(post, branch_secretary, name="李四")


@pytest.mark.parametrize(
    ("spans", "since", "most"),
    [
        ([], 1, 0),
        ([(1, 5)], 1, 1),
        ([(1, 5)], 5, 0),  # who leaves that day makes room
        ([(1, 5), (5, None)], 1, 1),
        ([(1, 9), (5, None)], 1, 2),
        ([(1, 3), (7, None)], 4, 1),
    ],
)
def test_how_many_were_there_at_once(spans, since, most):
    def day(number):
        return None if number is None else date(2026, 1, number)

    rows = [(day(start), day(end)) for start, end in spans]
    assert rules.most_at_once(rows, day(since)) == most


# Closing ----------------------------------------------------------------------


def test_closing_ends_everything_that_day(
    post, worker, founder, project, branch_secretary
):
    placed(post, branch_secretary, worker)
    placed(post, branch_secretary, name="王芳")
    with pytest.raises(RuleError, match="写明停办的原因"):
        close_project(
            project_id=project.pk,
            closed_on=date(2026, 9, 1),
            reason=" ",
            actor=branch_secretary,
        )
    done = closed(project, branch_secretary, version=1)
    assert done.version == 2
    day = date(2026, 9, 1)
    assert set(Placement.objects.values_list("ends_on", "leaving")) == {(day, "closed")}
    assert ServicePost.objects.get().ended_on == day
    assert line_of(worker)[-1] == line_of(founder)[-1] == (day, "seeking")
    with pytest.raises(RuleError, match="已于2026-09-01停办"):
        posted(project, branch_secretary, name="收银")


def test_a_project_closes_after_all_that_is_written_of_it(
    post, worker, project, branch_secretary
):
    placed(post, branch_secretary, worker)
    for day, sentence in (
        (date(2026, 3, 1), "不能早于2026-03-02"),
        (date(2026, 4, 1), "还有人上岗"),
        (date(2999, 4, 1), "不能晚于今天"),
    ):
        with pytest.raises(RuleError, match=sentence):
            closed(project, branch_secretary, day)
    left(Placement.objects.get(), branch_secretary)
    with pytest.raises(RuleError, match="还登记有岗位或上岗情况"):
        closed(project, branch_secretary, date(2026, 5, 31))
    with pytest.raises(StaleError):
        closed(project, branch_secretary, version=9)
    closed(project, branch_secretary)


def test_a_project_written_down_by_mistake_is_taken_back_whole(
    project, post, founder, worker, branch_secretary
):
    person = placed(post, branch_secretary, worker)
    with pytest.raises(RuleError, match="已登记1人上岗"):
        withdraw_project(project_id=project.pk, reason="错", actor=branch_secretary)
    mistaken(person, branch_secretary)
    withdraw_project(project_id=project.pk, reason="错", actor=branch_secretary)
    assert deeds_of(founder) == []
    assert line_of(founder) == [(date(2025, 1, 6), "laid_off")]
    assert not ServiceProject.objects.counted().exists()
    assert ServiceProject.objects.exists()


def test_another_name_is_the_name_of_the_deed(
    project, founder, branch_secretary, community_a
):
    amend_project(
        project_id=project.pk,
        facts=facts(community_a, name="缝补铺"),
        version=1,
        actor=branch_secretary,
    )
    assert Lead.objects.counted().get().title == "缝补铺"
    with pytest.raises(StaleError):
        amend_project(
            project_id=project.pk,
            facts=facts(community_a),
            version=1,
            actor=branch_secretary,
        )


# Branches and records that change ---------------------------------------------


def test_a_branch_with_projects_is_not_closed(project, branch_a1):
    with pytest.raises(RuleError, match="还有 1 个服务项目在办"):
        refuse_with_projects(sender=Organization, organization=branch_a1)


def test_the_branch_it_merges_into_keeps_its_projects(
    project,
    post,
    founder,
    worker,
    branch_a1,
    branch_a2,
    branch_secretary,
    committee_staff,
    community_a,
):
    other = MemberFactory(branch=branch_a2)
    opened(other, committee_staff, community_a)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=timezone.localdate(),
        actor=committee_staff,
    )
    names = ServiceProject.objects.order_by("pk").values_list("organization", "name")
    assert [place for place, _ in names] == [branch_a2.pk, branch_a2.pk]
    assert [name[:8] for _, name in names] == ["便民缝补店（原沿", "便民缝补店"]
    left(placed(post, committee_staff, worker), committee_staff)


def test_two_records_that_become_one_keep_what_they_did(
    project, post, founder, worker, branch_a1, branch_secretary, committee_staff
):
    twin = MemberFactory(branch=branch_a1, category="laid_off")
    person = placed(post, branch_secretary, twin)
    merge_members(kept_id=worker.pk, gone_id=twin.pk, taken=(), actor=committee_staff)
    person.refresh_from_db()
    assert person.member == worker
    left(person, branch_secretary)
    assert line_of(worker)[-1] == (date(2026, 6, 1), "seeking")


def test_two_who_both_work_somewhere_are_settled_first(
    project, post, worker, branch_a1, branch_secretary, committee_staff
):
    twin = MemberFactory(branch=branch_a1, category="laid_off")
    placed(post, branch_secretary, twin)
    placed(post, branch_secretary, worker)
    with pytest.raises(RuleError, match="上岗记录"):
        merge_members(
            kept_id=worker.pk, gone_id=twin.pk, taken=(), actor=committee_staff
        )
