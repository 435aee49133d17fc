"""Every step of a member's course says that figures changed, for every month.

Each test reads first, so that rows exist, writes once, and compares with a recount.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from members.models import EmploymentSpell
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
)
from members.services.aids import withdraw_aid
from members.services.commendations import commend, withdraw_commendation
from members.services.decisions import record_death
from members.services.development import record_step
from members.services.development_closing import (
    close_applicant,
    hand_over_applicant,
    withdraw_step,
)
from members.services.dues import (
    mark_month,
    pay_months,
    set_opening,
    withdraw_month,
)
from members.services.dues_bases import (
    Basis,
    grant_reduction,
    reckon_again,
    set_bases,
    withdraw_reduction,
)
from members.services.employment import amend_spell, withdraw_record
from members.services.hardship_reviews import end_case
from members.services.letters import issue_letter, issue_letters, reissue_letter
from members.services.lost import report_found
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    return_receipt,
)
from members.services.transfers_together import accept_transfers
from organizations.models import Parameter
from organizations.services.structure import (
    merge_organizations,
)
from tests.factories.members import MemberFactory
from tests.members import hardship_steps as care
from tests.members.development_steps import (
    on_probation,
    probation,
    registered,
    way_of,
)
from tests.members.employment_steps import helped, led, spell
from tests.members.standing_steps import approved, lost, proposed, suspended
from tests.members.transfer_steps import drafted_letter, received, sent_within

pytestmark = pytest.mark.django_db


def test_letters_from_their_number_to_their_receipt(
    tree, months, holds, committee_staff, today
):
    branch, other = tree[3], tree[4]
    drafts = [
        drafted_letter(MemberFactory(branch=branch), committee_staff) for _ in "123"
    ]
    holds()
    letters = issue_letters(
        transfer_ids=[each.pk for each in drafts], actor=committee_staff
    )
    holds()
    first, second, third = (each.pk for each in letters)
    accept_transfers(
        transfer_ids=[first, second], accepted_on=today, actor=committee_staff
    )
    holds()
    return_receipt(transfer_id=first, receipt_on=today, actor=committee_staff)
    holds()
    lost = {"transfer_id": third, "actor": committee_staff}
    give_up_transfer(state="lost", words="邮寄丢失", **lost)
    reissue_letter(valid_days=10, **lost)
    holds()
    merge_organizations(
        source_id=branch.pk,
        target_id=other.pk,
        on_date=months[1].start,
        actor=committee_staff,
    )
    holds()


def test_dues_from_the_base_to_the_month_withdrawn(
    tree, months, holds, committee_staff, today
):
    branch = tree[3]
    member = MemberFactory(branch=branch)
    one = {"member_id": member.pk, "actor": committee_staff}
    holds()
    bases = {member.pk: Basis("employed", Decimal(4000))}
    set_bases(
        organization_id=branch.pk,
        month=months[4].start,
        bases=bases,
        actor=committee_staff,
    )
    holds()
    reduction = grant_reduction(
        first=months[2].start,
        last=months[1].start,
        monthly=Decimal(1),
        reason="患病",
        approver="党委",
        approved_on=today,
        **one,
    )
    holds()
    mark_month(
        organization_id=branch.pk,
        month=months[4].start,
        payments={member.pk: None},
        paid_on=today,
        actor=committee_staff,
    )
    holds()
    withdraw_reduction(row_id=reduction.pk, actor=committee_staff)
    holds()
    pay_months(first=months[3].start, last=months[2].start, paid_on=today, **one)
    holds()
    row = member.dues_months.get(month=months[3].start)
    withdraw_month(row_id=row.pk, actor=committee_staff)
    holds()
    set_opening(opened_to=months[5].start, words="台账", **one)
    holds()
    Parameter.objects.create(key="members.dues_rates_salary", value=[[None, "3"]])
    reckon_again()
    holds()


def test_a_commendation_and_its_withdrawal(tree, months, holds, committee_staff):
    member = MemberFactory(branch=tree[3])
    holds()
    row = commend(
        member_id=member.pk,
        title="优秀共产党员",
        level="street",
        deed="助人",
        awarded_on=months[2].start,
        approver="工委",
        actor=committee_staff,
    )
    holds()
    withdraw_commendation(row_id=row.pk, actor=committee_staff)
    holds()


def test_somebody_comes_by_letter_and_the_reply_goes(
    tree, holds, committee_staff, today
):
    holds()
    transfer = received(tree[3], committee_staff)
    holds()
    return_receipt(transfer_id=transfer.pk, receipt_on=today, actor=committee_staff)
    holds()
    wrong = received(tree[3], committee_staff, serial=2)
    give_up_transfer(
        transfer_id=wrong.pk, state="withdrawn", words="填错", actor=committee_staff
    )
    holds()


def test_somebody_finds_work_with_help_moves_on_and_leads_others(
    tree, months, holds, committee_staff, today
):
    member = MemberFactory(branch=tree[3], category="laid_off")
    holds()
    spell(member, committee_staff, "seeking", months[4].start)
    work = spell(member, committee_staff, "flexible", months[2].start)
    holds()
    amend_spell(
        spell_id=work.pk,
        status="by_unit",
        starts_on=months[3].start,
        workplace="物业公司",
        set_category=True,
        actor=committee_staff,
    )
    step = helped(member, committee_staff, days_ago=(today - months[3].start).days)
    deed = led(member, committee_staff, starts_on=months[2].start)
    holds()
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=tree[5].pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    for row in (step, deed, EmploymentSpell.objects.counted().latest("starts_on")):
        withdraw_record(model=type(row), record_id=row.pk, actor=committee_staff)
        holds()


@pytest.mark.parametrize("way", ["within", "out"])
def test_a_relation_that_is_transferred(
    way, tree, holds, record, committee_staff, today
):
    branch, other = tree[3], tree[4]
    member = MemberFactory(branch=branch)
    record(branch, member, today)
    holds()
    if way == "within":
        transfer = sent_within(member, other, committee_staff)
    else:
        draft = drafted_letter(member, committee_staff)
        transfer = issue_letter(transfer_id=draft.pk, actor=committee_staff)
    holds()
    accept_transfer(transfer_id=transfer.pk, accepted_on=today, actor=committee_staff)
    holds()


def test_care_from_the_recognition_to_its_end(
    tree, months, holds, hardship_officer, community_secretary, committee_staff
):
    """In every month from the day of each step, at the street alone."""
    secretary = community_secretary
    member, other, third = (MemberFactory(branch=tree[3]) for _ in "123")
    holds()
    case = care.recognized(member, secretary, hardship_officer, ago=100)
    holds()
    aid = care.helped(
        case, secretary, given_on=care.days_ago(70), amount=Decimal("99.5")
    )
    holds()
    care.reviewed(case, hardship_officer, ago=40, level="special")
    holds()
    withdraw_aid(aid_id=aid.pk, words="重复", actor=secretary)
    holds()
    care.reviewed(case, hardship_officer, ago=5, level="")
    holds()
    leaving = care.recognized(other, secretary, hardship_officer, ago=30)
    care.helped(leaving, secretary, given_on=care.days_ago(2))
    end_affiliation(
        affiliation_id=other.affiliations.get().pk,
        ends_on=care.days_ago(1),
        end_reason="transferred_out",
        actor=committee_staff,
    )
    holds()
    ended = care.recognized(third, secretary, hardship_officer)
    holds()
    end_case(
        case_id=ended.pk,
        ended_on=care.days_ago(3),
        reason="other",
        words="迁居",
        version=None,
        actor=hardship_officer,
    )
    holds()


def test_the_way_into_the_party_and_the_year_after(
    tree, months, holds, committee_staff, today
):
    branch, other = tree[3], tree[4]
    sponsors = MemberFactory.create_batch(2, branch=branch)
    young = {kind: on_probation(branch) for kind in ("confirm", "extend", "cancel")}
    holds()
    begun = today - timedelta(days=560)
    applicant = registered(branch, committee_staff, applied_on=begun)
    holds()
    for deed in way_of(begun, sponsors):
        step = record_step(applicant_id=applicant.pk, deed=deed, actor=committee_staff)
        if deed.kind == "candidate":
            holds()
            withdraw_step(step_id=step.pk, note="日期写错", actor=committee_staff)
            holds()
            record_step(applicant_id=applicant.pk, deed=deed, actor=committee_staff)
    holds()
    gone, moved = (registered(branch, committee_staff, serial=n) for n in (2, 3))
    close_applicant(
        applicant_id=gone.pk,
        closed_on=months[1].start,
        reason="withdrew",
        note="本人提出",
        actor=committee_staff,
    )
    holds()
    hand_over_applicant(
        applicant_id=moved.pk,
        target_id=other.pk,
        moved_on=today,
        actor=committee_staff,
    )
    holds()
    for kind, member in young.items():
        probation(member, "request", committee_staff)
        probation(member, kind, committee_staff, months=6)
        probation(member, "decision", committee_staff)
        holds()
    registered(branch, committee_staff, serial=4)
    holds()
    merge_organizations(
        source_id=branch.pk,
        target_id=other.pk,
        on_date=today,
        actor=committee_staff,
    )
    holds()


def test_losing_finding_and_deciding_about_members(
    tree, holds, committee_staff, months, today
):
    _, _, _, branch_a1, branch_a2, _ = tree
    holds()
    people = [MemberFactory(branch=branch_a1) for _ in range(3)]
    suspended(people[0], committee_staff, committee_staff)
    holds()
    move_affiliation(
        affiliation_id=people[0].affiliations.get().pk,
        organization_id=branch_a2.pk,
        moved_on=today,
        actor=committee_staff,
    )
    holds()
    back = proposed(
        people[0], committee_staff, "reinstated", "returned", meeting_on=today
    )
    approved(back, committee_staff)
    holds()
    case = lost(people[1], committee_staff)
    holds()
    report_found(case_id=case.pk, found_on=today, words="来电", actor=committee_staff)
    holds()
    out = proposed(people[1], committee_staff, "withdrew")
    approved(out, committee_staff)
    holds()
    again = proposed(
        *(people[1], committee_staff, "reinstated", "corrected", branch_a2),
        meeting_on=today,
    )
    approved(again, committee_staff)
    holds()
    lost(people[2], committee_staff)
    record_death(member_id=people[2].pk, died_on=months[2].start, actor=committee_staff)
    holds()
    reopen_affiliation(
        affiliation_id=people[2].affiliations.get().pk, actor=committee_staff
    )
    holds()
