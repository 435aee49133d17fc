"""From the application to the approval: what each step asks, and what it does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Applicant, DevelopmentStep, Member
from members.services.development import (
    Deed,
    facts_of,
    record_step,
    register_applicant,
    update_applicant,
)
from members.services.development_closing import (
    close_applicant,
    hand_over_applicant,
    withdraw_step,
)
from organizations.models import AuditEvent, Parameter
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.members import MemberFactory, synthetic_id_number
from tests.members.development_steps import (
    FAILED,
    PASSED,
    ago,
    led_to,
    registered,
    sponsors_of,
    way_of,
)

pytestmark = pytest.mark.django_db


def step(applicant, actor, kind, on=None, **values):
    deed = Deed(kind, on or timezone.localdate(), **values)
    return record_step(applicant_id=applicant.pk, deed=deed, actor=actor)


def deed_of(applicant, kind):
    deeds = way_of(applicant.applied_on, sponsors_of(applicant.organization))
    return next(deed for deed in deeds if deed.kind == kind)


def test_the_whole_way_makes_a_probationary_member(branch_a1, committee_staff):
    applicant = led_to("approval", branch_a1, committee_staff)
    member = applicant.member
    meeting = deed_of(applicant, "meeting").taken_on
    assert (member.name, member.member_type, member.status) == (
        "申志远",
        "probationary",
        "normal",
    )
    assert (member.joined_on, member.confirmed_on) == (meeting, None)
    roll = member.affiliations.get()
    assert (roll.organization, roll.kind, roll.start_reason, roll.starts_on) == (
        branch_a1,
        "on_roll",
        "new_member",
        meeting,
    )
    assert (applicant.stage, applicant.closed_on) == ("admitted", meeting)
    assert member.phone == "13900001234"
    recorded = AuditEvent.objects.filter(action="development_recorded")
    assert recorded.count() == 12
    assert "申志远" not in str(list(recorded.values_list("target_label", "details")))


@pytest.mark.parametrize(
    ("kind", "change", "sentence"),
    [
        ("talk", {"taken_on": date(2099, 1, 1)}, "不能晚于今天"),
        ("activist", {"taken_on": date(2000, 1, 1)}, "不能早于“派人谈话”"),
        ("contacts", {"first": None, "second": None}, "一至两名正式党员.*第九条"),
        ("candidate", {"filed_on": None}, "报上级党委同意.*第十三条"),
        ("sponsors", {"second": None}, "两名不同的正式党员.*第十四条"),
        ("training", {"hours": 23}, "24个学时.*第十七条"),
        ("review", {"outcome": ""}, "请选择结果"),
        ("meeting", {"votes": None}, "应到、实到"),
        (
            "meeting",
            {"votes": replace(PASSED, present=5, in_favour=5)},
            "没有超过应到.*半数.*第十九、二十条",
        ),
        ("meeting", {"votes": replace(PASSED, present=11)}, "不能多于应到"),
        ("meeting", {"votes": replace(PASSED, in_favour=3)}, "赞成、反对、弃权之和"),
        ("approval", {"taken_on": date(2000, 1, 1)}, "不能早于“支部大会"),
    ],
)
def test_a_step_that_breaks_a_rule_is_refused_with_its_source(
    branch_a1, committee_staff, kind, change, sentence
):
    deeds = way_of(ago(1000), MemberFactory.create_batch(2, branch=branch_a1))
    wanted = next(place for place, deed in enumerate(deeds) if deed.kind == kind)
    applicant = registered(branch_a1, committee_staff)
    for deed in deeds[:wanted]:
        record_step(applicant_id=applicant.pk, deed=deed, actor=committee_staff)
    with pytest.raises(RuleError, match=sentence):
        record_step(
            applicant_id=applicant.pk,
            deed=replace(deeds[wanted], **change),
            actor=committee_staff,
        )
    assert applicant.steps.count() == wanted + 1


def test_nobody_under_eighteen_applies(branch_a1, branch_secretary):
    born_on = ago(17 * 365)
    with pytest.raises(RuleError, match=r"不满18岁.*第五条"):
        registered(
            branch_a1,
            branch_secretary,
            id_number=synthetic_id_number(born_on),
            applied_on=ago(1),
        )


def test_a_step_out_of_order_says_what_is_missing(
    branch_a1, branch_secretary, committee_staff
):
    applicant = registered(branch_a1, branch_secretary)
    with pytest.raises(RuleError, match=r"还没有完成“派人谈话”.*第八条"):
        step(applicant, branch_secretary, "activist")
    with pytest.raises(
        RuleError, match=r"“确定入党介绍人”、“政治审查”、“短期集中培训”"
    ):
        step(applicant, committee_staff, "pre-review", outcome="yes")


def test_a_year_of_cultivation_and_five_days_of_publicity(branch_a1, branch_secretary):
    applicant = led_to("inspection", branch_a1, branch_secretary)
    activist = applicant.activist_on
    monday = activist + timedelta(days=200)
    monday -= timedelta(days=monday.weekday())
    with pytest.raises(RuleError, match=r"公示只有4个工作日.*第十三条"):
        step(
            applicant,
            branch_secretary,
            "publicity",
            monday,
            until=monday + timedelta(days=3),
        )
    early = activist + timedelta(days=300)
    step(
        applicant,
        branch_secretary,
        "publicity",
        early - timedelta(days=9),
        until=early,
    )
    with pytest.raises(RuleError, match=r"不满12个月.*才能列为发展对象"):
        step(applicant, branch_secretary, "candidate", early, filed_on=early)
    Parameter.objects.create(key="members.development_activist_months", value=12)
    ready = deed_of(applicant, "candidate")
    record_step(applicant_id=applicant.pk, deed=ready, actor=branch_secretary)
    applicant.refresh_from_db()
    assert applicant.stage == "candidate"


def test_contacts_and_sponsors_are_full_members_of_the_branch(
    branch_a1, branch_a2, committee_staff
):
    applicant = led_to("activist", branch_a1, committee_staff)
    own = MemberFactory(branch=branch_a1)
    other = MemberFactory(branch=branch_a2)
    young = MemberFactory(branch=branch_a1, member_type="probationary")
    for wrong in (other, young):
        with pytest.raises(RuleError, match="本支部在册的正式党员"):
            step(applicant, committee_staff, "contacts", first=own, second=wrong)
    step(applicant, committee_staff, "contacts", first=own)


def test_a_vote_that_failed_is_on_record_and_may_be_held_again(
    branch_a1, committee_staff
):
    applicant = led_to("pre-review", branch_a1, committee_staff)
    meeting = deed_of(applicant, "meeting")
    failed = record_step(
        applicant_id=applicant.pk,
        deed=replace(meeting, votes=FAILED),
        actor=committee_staff,
    )
    applicant.refresh_from_db()
    assert (failed.outcome, applicant.stage) == ("no", "candidate")
    record_step(applicant_id=applicant.pk, deed=meeting, actor=committee_staff)
    applicant.refresh_from_db()
    assert applicant.stage == "passed"


def test_an_approval_after_three_months_says_why_and_after_six_is_void(
    branch_a1, committee_staff
):
    applicant = led_to("meeting", branch_a1, committee_staff)
    approval = deed_of(applicant, "approval")
    late = replace(approval, taken_on=applicant.passed_on + timedelta(days=120))
    with pytest.raises(RuleError, match=r"超过了3个月.*写明原因"):
        record_step(applicant_id=applicant.pk, deed=late, actor=committee_staff)
    void = replace(
        late, taken_on=applicant.passed_on + timedelta(days=190), note="换届"
    )
    with pytest.raises(RuleError, match=r"最迟不得超过6个月.*第二十五条"):
        record_step(applicant_id=applicant.pk, deed=void, actor=committee_staff)
    record_step(
        applicant_id=applicant.pk,
        deed=replace(late, note="街道换届"),
        actor=committee_staff,
    )
    assert Member.objects.filter(name="申志远").exists()


def test_a_refused_approval_sends_the_vote_back(branch_a1, committee_staff):
    applicant = led_to("meeting", branch_a1, committee_staff)
    approval = deed_of(applicant, "approval")
    record_step(
        applicant_id=applicant.pk,
        deed=replace(approval, outcome="no", note="材料不全"),
        actor=committee_staff,
    )
    applicant.refresh_from_db()
    assert applicant.stage == "candidate"
    assert not Member.objects.filter(name="申志远").exists()
    with pytest.raises(RuleError, match="还没有完成“上级党委预审”"):
        step(applicant, committee_staff, "meeting", votes=PASSED)


def test_the_branch_approves_nothing_itself(
    branch_a1, committee_staff, branch_secretary
):
    applicant = led_to("training", branch_a1, committee_staff)
    with pytest.raises(PermissionDenied):
        step(applicant, branch_secretary, "pre-review", outcome="yes")


def test_one_open_record_a_person_and_no_member(
    branch_a1, branch_b1, committee_staff, branch_secretary, secretary_b
):
    applicant = registered(branch_a1, branch_secretary)
    assert registered(branch_a1, branch_secretary) == applicant  # tapped twice
    with pytest.raises(RuleError, match="已经在其他党支部登记"):
        registered(branch_b1, secretary_b)
    with pytest.raises(RuleError, match=f"已经在{branch_a1}登记"):
        registered(branch_a1, committee_staff)
    member = MemberFactory(branch=branch_b1)
    with pytest.raises(RuleError, match="已在党员档案中登记"):
        registered(branch_a1, branch_secretary, id_number=member.id_number)
    close_applicant(
        applicant_id=applicant.pk,
        closed_on=timezone.localdate(),
        reason="withdrew",
        note="本人提出",
        actor=branch_secretary,
    )
    assert registered(branch_b1, secretary_b).pk != applicant.pk


def test_who_became_a_member_meanwhile_is_not_admitted(branch_a1, committee_staff):
    applicant = led_to("meeting", branch_a1, committee_staff)
    MemberFactory(
        branch=branch_a1,
        id_number=applicant.id_number,
        born_on=applicant.born_on,
        id_index=applicant.id_index,
    )
    with pytest.raises(RuleError, match=r"已在.*登记"):
        record_step(
            applicant_id=applicant.pk,
            deed=deed_of(applicant, "approval"),
            actor=committee_staff,
        )
    applicant.refresh_from_db()
    assert (applicant.stage, applicant.member) == ("passed", None)


def test_a_step_is_withdrawn_from_the_end(branch_a1, branch_secretary):
    applicant = led_to("contacts", branch_a1, branch_secretary)
    activist = applicant.steps.get(kind="activist")
    with pytest.raises(RuleError, match="请先撤回它"):
        withdraw_step(step_id=activist.pk, note="日期写错", actor=branch_secretary)
    activist.refresh_from_db()
    assert activist.withdrawn_at is None
    contacts = applicant.steps.get(kind="contacts")
    for one in (contacts, activist):
        withdraw_step(step_id=one.pk, note="日期写错", actor=branch_secretary)
    applicant.refresh_from_db()
    assert (applicant.stage, applicant.activist_on) == ("applicant", None)
    assert DevelopmentStep.objects.count() == 4
    step(applicant, branch_secretary, "activist", applicant.applied_on + timedelta(90))


def test_what_is_closed_or_admitted_stays_as_it_is(branch_a1, committee_staff):
    applicant = led_to("approval", branch_a1, committee_staff)
    last = applicant.steps.latest("pk")
    with pytest.raises(RuleError, match=r"已接收为预备党员.*不能再办理"):
        withdraw_step(step_id=last.pk, note="错", actor=committee_staff)
    with pytest.raises(RuleError, match="不能再办理"):
        update_applicant(
            applicant_id=applicant.pk, version=None, name="新", actor=committee_staff
        )


def test_the_file_goes_to_another_branch_and_the_time_counts_on(
    branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff
):
    applicant = led_to("inspection", branch_a1, branch_secretary)
    hand_over_applicant(
        applicant_id=applicant.pk,
        target_id=branch_b1.pk,
        moved_on=ago(500),
        actor=branch_secretary,
    )
    assert not Applicant.objects.visible_to(branch_secretary).exists()
    with pytest.raises(Applicant.DoesNotExist):
        step(applicant, branch_secretary, "inspection", outcome="yes")
    for kind in ("publicity", "candidate"):
        record_step(
            applicant_id=applicant.pk,
            deed=deed_of(applicant, kind),
            actor=secretary_b,
        )
    applicant.refresh_from_db()
    assert (applicant.organization, applicant.stage) == (branch_b1, "candidate")


def test_a_branch_that_merges_hands_its_applicants_over(
    branch_a1, branch_a2, committee_staff
):
    applicant = registered(branch_a1, committee_staff)
    step(applicant, committee_staff, "talk", ago(990))
    with pytest.raises(RuleError, match="还有 1 名培养对象"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=timezone.localdate(),
            reason="撤并",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=timezone.localdate(),
        actor=committee_staff,
    )
    applicant.refresh_from_db()
    assert applicant.organization == branch_a2
    assert [fact.kind for fact in facts_of(applicant)] == ["applied", "talk", "moved"]


def test_two_editors_do_not_undo_one_another(branch_a1, branch_secretary):
    applicant = registered(branch_a1, branch_secretary)
    update_applicant(
        applicant_id=applicant.pk,
        version=1,
        job_title="退休教师",
        actor=branch_secretary,
    )
    with pytest.raises(StaleError):
        update_applicant(
            applicant_id=applicant.pk,
            version=1,
            education="master",
            actor=branch_secretary,
        )
    with pytest.raises(StaleError):
        record_step(
            applicant_id=applicant.pk,
            deed=Deed("talk", ago(990)),
            version=1,
            actor=branch_secretary,
        )


def test_the_same_step_tapped_twice_is_one(branch_a1, branch_secretary):
    applicant = led_to("contacts", branch_a1, branch_secretary)
    deed = deed_of(applicant, "inspection")
    for _ in "12":
        record_step(applicant_id=applicant.pk, deed=deed, actor=branch_secretary)
    assert applicant.steps.filter(kind="inspection").count() == 1


def test_registering_asks_the_post_over_the_branch(branch_b1, branch_secretary):
    with pytest.raises(branch_b1.DoesNotExist):
        registered(branch_b1, branch_secretary)
    with pytest.raises(TypeError):
        register_applicant(
            organization_id=branch_secretary.posts.get().organization_id,
            applied_on=ago(1),
            stage="passed",
            actor=branch_secretary,
        )
