"""Every service that changes what a figure counts says so, for every month it touches.

Each test reads first, so that rows exist, writes once, and compares with a recount.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from activities.models import Activity, Program
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    OwnPart,
    cancel_activity,
    correct_hours,
    record_activity,
)
from activities.services.programs import ItemFacts, ProgramFacts, save_program
from config.lib.dates import SHANGHAI
from config.lib.periods import Quarter
from liaison.services.cards import add_entry, close_card, open_card
from liaison.services.periods import open_period
from members.choices import AffiliationKind
from members.imports.lines import Line
from members.imports.write import Writer
from members.models import EmploymentSpell
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
)
from members.services.aids import withdraw_aid
from members.services.commendations import commend, withdraw_commendation
from members.services.comments import (
    CommentFacts,
    answer_comment,
    record_comment,
    withdraw_comment,
)
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
from members.services.plaques import (
    PlaqueFacts,
    amend_plaque,
    hang_plaque,
    join_household,
    leave_household,
    take_down_plaque,
)
from members.services.reporting import give_up_slip
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    return_receipt,
)
from members.services.transfers_together import accept_transfers
from organizations.models import Organization, Parameter
from organizations.services.structure import (
    close_organization,
    merge_organizations,
    update_organization,
)
from reports.services import summaries
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory
from tests.members import hardship_steps as care
from tests.members.development_steps import (
    on_probation,
    probation,
    registered,
    way_of,
)
from tests.members.employment_steps import helped, led, spell
from tests.members.slip_steps import accepted, filed
from tests.members.standing_steps import approved, lost, proposed, suspended
from tests.members.transfer_steps import drafted_letter, received, sent_within

pytestmark = pytest.mark.django_db


@pytest.fixture
def months(month):
    """This month and the five before it, the latest first."""
    found = [month]
    while len(found) < 6:
        found.append(found[-1].previous())
    return found


@pytest.fixture
def holds(tree, months, today):
    """Return a check that stored rows equal a recount; its first call makes them."""

    def check():
        nodes = list(Organization.objects.order_by("path"))
        for month in months:
            kept = summaries.read({month: nodes}, today)[month]
            counted = summaries._recounted(nodes, month)
            for node in nodes:
                stored = {k: n for k, n in kept[node.pk].values.items() if n}
                fresh = {k: n for k, n in counted[node.pk].values.items() if n}
                assert stored == fresh, (month.label, node.short_name)

    return check


@pytest.fixture
def record(committee_staff, today):
    """Return a function that records an activity of a branch for one member."""

    def write(branch, member, held_on) -> Activity:
        return record_activity(
            organization_id=branch.pk,
            facts=ActivityFacts(
                kind="volunteering",
                title="环境整治",
                starts_at=datetime.combine(held_on, time(9), tzinfo=SHANGHAI),
                hours=Decimal("2"),
                place="社区广场",
            ),
            attendance={member.pk: Attendance("present")},
            actor=committee_staff,
            today=today,
        )

    return write


@pytest.fixture
def card_of(committee_staff, today):
    """Return a function that opens the card of an in-post member."""

    def make(branch, starts_on):
        member = MemberFactory(category="in_post", home_unit=WorkUnitFactory())
        AffiliationFactory(member=member, organization=branch, kind="co_managed")
        return open_card(
            member_id=member.pk, starts_on=starts_on, actor=committee_staff
        )

    return make


def test_cancelling_an_activity_of_somebody_who_has_moved_on(
    tree, months, holds, record, committee_staff
):
    _, _, _, branch_a1, branch_a2, branch_b1 = tree
    member = MemberFactory(branch=branch_a1)
    activity = record(branch_b1, member, months[3].start)
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=branch_a2.pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    cancel_activity(activity_id=activity.pk, reason="重复", actor=committee_staff)
    holds()


def test_correcting_the_hours_of_somebody_who_has_moved_on(
    tree, months, holds, record, committee_staff
):
    member = MemberFactory(branch=tree[3])
    activity = record(tree[5], member, months[3].start)
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=tree[4].pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    correct_hours(
        activity_id=activity.pk,
        version=activity.version,
        parts={member.pk: OwnPart(Decimal("0.5"))},
        actor=committee_staff,
    )
    holds()


def test_importing_another_category_of_a_known_member(tree, holds, today):
    branch = tree[3]
    member = MemberFactory(branch=branch, category="in_post")
    holds()
    line = Line(
        "名册",
        2,
        name=member.name,
        verdict="changed",
        organization_id=branch.pk,
        member_id=member.pk,
        version=member.version,
        changes={"category": ["in_post", "retired"]},
    )
    Writer(AffiliationKind.ON_ROLL, None, today).write([line])
    holds()


def test_putting_a_program_off(tree, months, holds, committee_staff):
    MemberFactory(branch=tree[3], category="mobile")
    program = Program.objects.of_line("wu-ge-yi").get()
    save_program(program_id=program.pk, facts=_facts(program), actor=committee_staff)
    holds()
    later = _facts(program, valid_from=months[1].start)
    save_program(program_id=program.pk, facts=later, actor=committee_staff)
    holds()


def _facts(program, **changes) -> ProgramFacts:
    values = {
        "name": program.name,
        "audience": program.audience,
        "period": program.period,
        "valid_from": program.valid_from,
        "items": [
            ItemFacts(item.name, item.required_count, item_id=item.pk)
            for item in program.items.all()
        ],
    }
    return ProgramFacts(**(values | changes))


def test_a_card_closed_on_the_day_it_was_opened(
    tree, holds, card_of, committee_staff, today
):
    open_period(street=tree[0], period=Quarter.containing(today))
    card = card_of(tree[3], today)
    holds()
    close_card(card_id=card.pk, ends_on=today, reason="other", actor=committee_staff)
    holds()


def test_merging_a_branch_with_members_activities_and_cards(
    tree, months, holds, record, card_of, committee_staff, today
):
    branch_a1, branch_a2 = tree[3], tree[4]
    record(branch_a1, MemberFactory(branch=branch_a1), months[2].start)
    card = card_of(branch_a1, months[4].start)
    add_entry(
        card_id=card.pk,
        kind="service",
        occurred_on=months[3].start,
        hours=Decimal("3"),
        content="维修路灯",
        actor=committee_staff,
        today=today,
    )
    holds()
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=months[1].start,
        actor=committee_staff,
    )
    holds()


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


def test_merging_committees_with_branches_below(tree, months, holds, committee_staff):
    MemberFactory.create_batch(3, branch=tree[3])
    holds()
    merge_organizations(
        source_id=tree[1].pk,
        target_id=tree[2].pk,
        on_date=months[1].start,
        actor=committee_staff,
    )
    holds()


def test_closing_an_empty_branch(tree, months, holds, committee_staff):
    branch = OrganizationFactory(parent=tree[1])
    holds()
    close_organization(
        organization_id=branch.pk,
        on_date=months[2].start,
        reason="人员分流",
        actor=committee_staff,
    )
    holds()


def test_mending_the_founding_date_of_a_branch(tree, months, holds, committee_staff):
    holds()
    update_organization(
        organization_id=tree[3].pk,
        version=None,
        founded_on=months[2].start + timedelta(days=3),
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


def test_reporting_to_a_community(tree, months, holds, committee_staff, today):
    community, branch = tree[1], tree[3]
    MemberFactory(branch=branch)
    holds()
    slip = filed(community, committee_staff, reported_on=months[0].start)
    holds()
    accepted(slip, branch, committee_staff, starts_on=months[0].start)
    holds()
    other = filed(community, committee_staff, 2, reported_on=months[2].start)
    holds()
    give_up_slip(
        slip_id=other.pk, state="withdrawn", words="重来", actor=committee_staff
    )
    holds()


def test_plaques_and_who_lives_behind_them(tree, months, holds, committee_staff, today):
    place = tree[1].community
    member, other = MemberFactory(branch=tree[3]), MemberFactory(branch=tree[4])
    holds()
    facts = PlaqueFacts(place, "1号", months[3].start)
    plaque = hang_plaque(member_id=member.pk, facts=facts, actor=committee_staff)
    holds()
    join_household(plaque_id=plaque.pk, member_id=other.pk, actor=committee_staff)
    holds()
    move_affiliation(
        affiliation_id=member.affiliations.get().pk,
        organization_id=tree[5].pk,
        moved_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    amend_plaque(
        plaque_id=plaque.pk,
        facts=PlaqueFacts(place, "1号", months[4].start),
        actor=committee_staff,
    )
    holds()
    leave_household(place_id=plaque.places.last().pk, actor=committee_staff)
    holds()
    take_down_plaque(
        plaque_id=plaque.pk,
        taken_down_on=months[1].start,
        words="迁出",
        actor=committee_staff,
    )
    holds()


def test_residents_comments(tree, months, holds, committee_staff, today):
    branch = tree[3]
    member = MemberFactory(branch=branch)
    holds()
    comment = record_comment(
        member_id=member.pk,
        organization_id=branch.pk,
        facts=CommentFacts(months[2].start, "call", "praise", "热心"),
        actor=committee_staff,
    )
    holds()
    answer_comment(
        comment_id=comment.pk,
        answer="已答复",
        answered_on=months[1].start,
        actor=committee_staff,
    )
    holds()
    withdrawn = record_comment(
        member_id=member.pk,
        organization_id=branch.pk,
        facts=CommentFacts(months[2].start, "call", "praise", "重复"),
        actor=committee_staff,
    )
    withdraw_comment(comment_id=withdrawn.pk, words="重复", actor=committee_staff)
    holds()


def test_a_branch_with_slips_plaques_and_comments_merges(
    tree, months, holds, committee_staff, today
):
    branch = tree[3]
    place = tree[1].community
    member = MemberFactory(branch=branch)
    filed(branch, committee_staff, reported_on=months[3].start)
    facts = PlaqueFacts(place, "1号", months[3].start)
    hang_plaque(member_id=member.pk, facts=facts, actor=committee_staff)
    record_comment(
        member_id=member.pk,
        organization_id=branch.pk,
        facts=CommentFacts(months[2].start, "call", "praise", "热心"),
        actor=committee_staff,
    )
    holds()
    merge_organizations(
        source_id=branch.pk,
        target_id=tree[4].pk,
        on_date=months[1].start,
        actor=committee_staff,
    )
    holds()
