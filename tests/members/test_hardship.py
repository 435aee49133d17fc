"""Care for members in difficulty: every step, every rule, and what is written down."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.contact_sources import last_contacts
from members.models import HardshipAid, HardshipCase, HardshipFinding, Member
from members.parameters.hardship import LEVELS, LINES
from members.rules import hardship as rules
from members.services.affiliations import end_affiliation, move_affiliation
from members.services.aids import record_aid, withdraw_aid
from members.services.hardship import (
    Circumstances,
    amend_case,
    discuss_case,
    recognize_case,
    refuse_case,
    withdraw_case,
)
from members.services.hardship_reviews import end_case
from members.services.leaving import leave_for_good
from members.services.merging import merge_members, undo_merge
from organizations import parameters
from organizations.models import AuditEvent
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.hardship_steps import (
    ILL,
    applied,
    days_ago,
    discussed,
    gift,
    helped,
    meeting,
    recognized,
    reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷有难")


@pytest.fixture
def case(member, branch_secretary, hardship_officer):
    return recognized(member, branch_secretary, hardship_officer)


def finding_of(case) -> HardshipFinding:
    return case.findings.get(ends_on=None)


# From the application to the recognition ---------------------------------------------


def test_a_case_goes_from_the_branch_to_the_officer(
    member, branch_secretary, hardship_officer, street, branch_a1
):
    case = recognized(member, branch_secretary, hardship_officer)
    case = HardshipCase.objects.get(pk=case.pk)
    assert (case.state, case.level) == ("recognized", "serious")
    assert (case.organization, case.street) == (branch_a1, street)
    assert case.recognized_by == hardship_officer
    found = finding_of(case)
    assert (found.kind, found.level, found.line) == ("recognized", "serious", 1000)
    told = AuditEvent.objects.filter(target_type="members.hardshipcase")
    assert [e.action for e in told.order_by("pk")] == [
        "hardship_applied",
        "hardship_changed",
        "hardship_changed",
    ]
    assert {e.target_label for e in told} == {f"困难帮扶 {case.pk}"}
    assert all(set(e.details) <= {"case_step"} for e in told)


def test_words_kinds_and_reasons_are_sealed_in_the_database(case, branch_secretary):
    helped(case, branch_secretary, visitors="支一平", words="送医药费")
    with connection.cursor() as cursor:
        stored = []
        for table in ("hardshipcase", "hardshipfinding", "hardshipaid"):
            cursor.execute(f"SELECT * FROM members_{table}")
            stored += [str(value) for row in cursor.fetchall() for value in row]
    text = "\n".join(stored)
    for word in ("因病", "重大疾病", "住院", "同意", "慰问金", "支一平", "送医药费"):
        assert word not in text


def test_one_case_at_a_time(member, branch_secretary, hardship_officer):
    applied(member, branch_secretary)
    with pytest.raises(RuleError, match="已有一件困难帮扶"):
        applied(member, branch_secretary)
    case = HardshipCase.objects.get()
    refuse_case(case_id=case.pk, words="不符合", version=None, actor=hardship_officer)
    assert applied(member, branch_secretary).state == "applied"


def test_only_the_branch_of_the_roll_applies(
    branch_a1, branch_b1, branch_secretary, secretary_b, committee_staff, case
):
    elsewhere = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=elsewhere, organization=branch_a1, kind="co_managed")
    with pytest.raises(PermissionDenied):
        applied(elsewhere, branch_secretary)
    with pytest.raises(PermissionDenied):
        applied(elsewhere, committee_staff)
    with pytest.raises(Member.DoesNotExist):
        applied(case.member, secretary_b)
    assert applied(elsewhere, secretary_b)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": ()}, "认定条件"),
        ({"kinds": ()}, "困难类型"),
        ({"words": "长" * 501}, "500字以内"),
    ],
)
def test_an_application_says_why(member, branch_secretary, changes, words):
    circumstances = Circumstances(**(vars(ILL) | changes))
    with pytest.raises(RuleError, match=words):
        applied(member, branch_secretary, circumstances=circumstances)
    assert not HardshipCase.objects.exists()


def test_somebody_whose_membership_is_suspended_cannot_apply(
    branch_a1, branch_secretary
):
    member = MemberFactory(branch=branch_a1, status="suspended")
    with pytest.raises(RuleError, match="停止党籍"):
        applied(member, branch_secretary)


def test_an_application_is_mended_until_it_is_discussed(member, branch_secretary):
    case = applied(member, branch_secretary)
    changed = Circumstances(**(vars(ILL) | {"kinds": ("因病", "因学")}))
    given = {"case_id": case.pk, "circumstances": changed, "actor": branch_secretary}
    amend_case(applied_on=days_ago(50), version=1, **given)
    case.refresh_from_db()
    assert (case.kind_labels, case.version) == (["因病", "因学"], 2)
    with pytest.raises(StaleError):
        amend_case(applied_on=days_ago(50), version=1, **given)
    discuss_case(case_id=case.pk, meeting=meeting(), version=2, actor=branch_secretary)
    with pytest.raises(RuleError, match="不能再改"):
        amend_case(applied_on=days_ago(50), version=None, **given)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ago": 70}, "不能早于"),
        ({"ago": -1}, "不能晚于今天"),
        ({"public_from": days_ago(45)}, "之后开始"),
        ({"public_until": days_ago(38)}, "公示不少于5天"),
        ({"is_eligible": False}, "不列入帮扶对象"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(member, branch_secretary, changes, words):
    with pytest.raises(RuleError, match=words):
        discussed(member, branch_secretary, **changes)


def test_publicity_comes_to_its_end_before_the_recognition(
    member, branch_secretary, hardship_officer
):
    case = discussed(member, branch_secretary)
    given = {"level": "general", "body": "党工委", "version": None}
    with pytest.raises(RuleError, match="公示到"):
        recognize_case(
            case_id=case.pk,
            recognized_on=case.public_until,
            actor=hardship_officer,
            **given,
        )
    after = case.public_until + timedelta(days=1)
    with pytest.raises(PermissionDenied):
        recognize_case(
            case_id=case.pk, recognized_on=after, actor=branch_secretary, **given
        )
    done = recognize_case(
        case_id=case.pk, recognized_on=after, actor=hardship_officer, **given
    )
    assert done.state == "recognized"


def test_the_branch_refuses_before_its_meeting_and_the_officer_after(
    branch_a1, branch_secretary, hardship_officer
):
    first, second = (MemberFactory(branch=branch_a1) for _ in "12")
    case = applied(first, branch_secretary)
    with pytest.raises(RuleError, match="写明原因"):
        refuse_case(case_id=case.pk, words=" ", version=1, actor=branch_secretary)
    refuse_case(case_id=case.pk, words="大会未通过", version=1, actor=branch_secretary)
    case = discussed(second, branch_secretary)
    given = {"case_id": case.pk, "words": "不符合条件", "version": None}
    with pytest.raises(PermissionDenied):
        refuse_case(actor=branch_secretary, **given)
    refuse_case(actor=hardship_officer, **given)
    with pytest.raises(RuleError, match="不予认定"):
        withdraw_case(actor=branch_secretary, **given)


# The review and the end --------------------------------------------------------------


def test_a_review_keeps_what_was_found_before(case, branch_secretary):
    before = finding_of(case)
    reviewed(case, branch_secretary, ago=2, words="情况依旧")
    before.refresh_from_db()
    assert before.ends_on == days_ago(2)
    assert finding_of(case).words == "情况依旧"
    with pytest.raises(RuleError, match="不必重复登记"):
        reviewed(case, branch_secretary, ago=2)
    with pytest.raises(RuleError, match="不能晚于今天"):
        reviewed(case, branch_secretary, ago=-1)


def test_only_whoever_recognizes_changes_the_level(
    case, branch_secretary, hardship_officer
):
    for level in ("special", ""):
        with pytest.raises(RuleError, match="由认定的党组织"):
            reviewed(case, branch_secretary, level=level)
    reviewed(case, hardship_officer, level="special", ago=3)
    case.refresh_from_db()
    assert case.level == "special"
    reviewed(case, hardship_officer, level="", ago=1)
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("ended", "relieved")
    assert not case.findings.filter(ends_on=None).exists()


def test_an_end_has_its_day_and_reason(case, branch_secretary, hardship_officer):
    given = {"case_id": case.pk, "reason": "other", "version": None}
    with pytest.raises(PermissionDenied):
        end_case(ended_on=days_ago(1), words="迁居", actor=branch_secretary, **given)
    with pytest.raises(RuleError, match="不能早于"):
        end_case(ended_on=days_ago(21), words="迁居", actor=hardship_officer, **given)
    end_case(ended_on=days_ago(1), words="迁居", actor=hardship_officer, **given)
    case.refresh_from_db()
    assert (case.state, case.ended_on) == ("ended", days_ago(1))


# Aid ---------------------------------------------------------------------------------


def test_aid_follows_the_recognition_or_says_why_not(
    member, branch_secretary, hardship_officer
):
    case = discussed(member, branch_secretary)
    with pytest.raises(RuleError, match="急难原因"):
        helped(case, branch_secretary)
    helped(case, branch_secretary, urgent_reason="突发疾病，急需押金")
    refuse_case(case_id=case.pk, words="不符", version=None, actor=hardship_officer)
    with pytest.raises(RuleError, match="不能再登记帮扶"):
        helped(case, branch_secretary, urgent_reason="急")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal("-0.01")}, "不能小于0"),
        ({"given_on": days_ago(-1)}, "不能晚于今天"),
        ({"given_on": days_ago(400)}, "不能早于"),
        ({"given_on": days_ago(30)}, "急难原因"),
    ],
)
def test_aid_that_cannot_be_is_refused(case, branch_secretary, changes, words):
    with pytest.raises(RuleError, match=words):
        helped(case, branch_secretary, **changes)
    assert not HardshipAid.objects.exists()


def test_a_voucher_serves_once_in_a_street(
    case, branch_b1, branch_secretary, secretary_b, hardship_officer
):
    aid = helped(case, branch_secretary, voucher_number="2026-17")
    other = recognized(MemberFactory(branch=branch_b1), secretary_b, hardship_officer)
    with pytest.raises(RuleError, match="2026-17"):
        helped(other, secretary_b, voucher_number="2026-17")
    helped(other, secretary_b)
    helped(other, secretary_b)  # without a voucher nothing is told apart
    withdraw_aid(aid_id=aid.pk, words="登记错人", actor=branch_secretary)
    assert helped(other, secretary_b, voucher_number="2026-17")


def test_the_same_request_is_written_once(case, branch_secretary):
    given = {
        "case_id": case.pk,
        "gift": gift(),
        "request_id": "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0001",
        "actor": branch_secretary,
    }
    assert record_aid(**given) == record_aid(**given)
    assert HardshipAid.objects.count() == 1


def test_withdrawn_aid_stays_and_counts_no_more(case, branch_secretary):
    aid = helped(case, branch_secretary)
    year = aid.given_on.year
    (row,) = HardshipCase.objects.with_aid_of(year)
    assert (row.aid_count, row.aid_sum) == (1, 1000)
    withdraw_aid(aid_id=aid.pk, words="重复", actor=branch_secretary)
    withdraw_aid(aid_id=aid.pk, words="再点一次", actor=branch_secretary)
    aid.refresh_from_db()
    assert (aid.withdrawn_by, aid.withdrawn_words) == (branch_secretary, "重复")
    (row,) = HardshipCase.objects.with_aid_of(year)
    assert row.aid_count is None


def test_a_visit_is_a_contact_and_says_no_more(case, member, branch_secretary):
    helped(case, branch_secretary, given_on=days_ago(3))
    assert last_contacts([member.pk]) == {}
    helped(case, branch_secretary, given_on=days_ago(4), visitors="支一平")
    assert last_contacts([member.pk]) == {member.pk: days_ago(4)}


# Whoever moves, leaves or was entered twice ------------------------------------------


def test_a_case_follows_its_member_within_the_street(
    case, member, branch_b1, branch_secretary, secretary_b, committee_staff
):
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=branch_b1.pk,
        moved_on=days_ago(1),
        actor=committee_staff,
    )
    assert not HardshipCase.objects.visible_to(branch_secretary).exists()
    (seen,) = HardshipCase.objects.visible_to(secretary_b).with_branch()
    assert (seen.state, seen.branch_id) == ("recognized", branch_b1.pk)
    assert helped(case, secretary_b)


@pytest.mark.parametrize("reason", ["transferred_out", "deceased"])
def test_a_case_ends_with_whoever_leaves(
    reason, case, member, branch_secretary, hardship_officer, committee_staff
):
    if reason == "deceased":
        leave_for_good(member, days_ago(1), reason, reason, committee_staff)
    else:
        end_affiliation(
            affiliation_id=member.affiliations.get().pk,
            ends_on=days_ago(1),
            end_reason=reason,
            actor=committee_staff,
        )
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("ended", "left")
    assert case.ended_on == days_ago(1)
    assert not HardshipCase.objects.visible_to(branch_secretary).exists()
    (seen,) = HardshipCase.objects.visible_to(hardship_officer).with_branch()
    assert seen.is_gone


def test_an_application_is_withdrawn_with_whoever_leaves(
    member, branch_secretary, committee_staff
):
    case = applied(member, branch_secretary)
    end_affiliation(
        affiliation_id=member.affiliations.get().pk,
        ends_on=days_ago(0),
        end_reason="transferred_out",
        actor=committee_staff,
    )
    case.refresh_from_db()
    assert (case.state, case.end_reason) == ("withdrawn", "left")


def test_two_records_of_one_person_keep_the_case_that_came_further(
    case, member, branch_a1, branch_secretary, committee_staff
):
    twin = MemberFactory(branch=branch_a1)
    other = applied(twin, branch_secretary)
    aid = helped(case, branch_secretary)
    merge = merge_members(
        kept_id=twin.pk, gone_id=member.pk, taken=(), actor=committee_staff
    )
    other.refresh_from_db()
    case.refresh_from_db()
    assert (other.state, other.end_reason) == ("withdrawn", "merged")
    assert (case.state, case.member_id) == ("recognized", twin.pk)
    assert aid.case_id == case.pk
    undo_merge(merge_id=merge.pk, actor=committee_staff)
    case.refresh_from_db()
    assert case.member_id == member.pk


# The line and the levels -------------------------------------------------------------


def test_an_income_is_held_against_the_line_of_its_day(sysadmin):
    lines = ["2024-07 1000", "2025-07 1100.5"]
    rules.check_lines(lines)
    assert rules.line_on(lines, date(2024, 6, 30)) is None
    assert rules.line_on(lines, date(2025, 6, 30)) == 1000
    assert rules.line_on(lines, date(2025, 7, 1)) == Decimal("1100.5")
    assert rules.against_line(Decimal(800), Decimal(1000)).startswith("低于低保标准")
    assert "为其80%" in rules.against_line(Decimal(800), Decimal(1000))
    assert rules.against_line(Decimal(1000), Decimal(1000)).startswith("等于")
    assert rules.against_line(Decimal(1001), Decimal(1000)).startswith("高于")
    assert "没有登记" in rules.against_line(Decimal(1), None)


@pytest.mark.parametrize(
    "lines",
    [["去年 1000"], ["2025-13 900"], ["2025-07 900", "2024-07 800"], ["2025-07"]],
)
def test_lines_that_cannot_be_read_are_refused(lines, sysadmin):
    with pytest.raises(RuleError):
        parameters.change(key=LINES, value=lines, actor=sysadmin)


def test_levels_are_renamed_but_stay_three(sysadmin):
    parameters.change(key=LEVELS, value=["一类", "二类", "三类"], actor=sysadmin)
    with pytest.raises(RuleError, match="三级"):
        parameters.change(key=LEVELS, value=["一类", "二类"], actor=sysadmin)


def test_today_is_never_too_late(member, branch_secretary, hardship_officer):
    case = recognized(member, branch_secretary, hardship_officer, ago=0)
    assert case.recognized_on == timezone.localdate()
    assert helped(case, branch_secretary, given_on=timezone.localdate())
