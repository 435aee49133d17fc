"""Every service that changes what a figure counts says so, for every month it touches.

Each test reads first, so that rows exist, writes once, and compares with a recount.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from activities.models import Program
from activities.services.activities import (
    OwnPart,
    cancel_activity,
    correct_hours,
)
from activities.services.programs import ItemFacts, ProgramFacts, save_program
from config.lib.periods import Quarter
from liaison.services.cards import add_entry, close_card, open_card
from liaison.services.periods import open_period
from members.choices import AffiliationKind
from members.imports.lines import Line
from members.imports.write import Writer
from members.services.affiliations import (
    move_affiliation,
)
from organizations.services.structure import (
    close_organization,
    merge_organizations,
    update_organization,
)
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import OrganizationFactory, WorkUnitFactory

pytestmark = pytest.mark.django_db


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
