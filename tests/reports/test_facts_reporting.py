"""Slips, plaques and comments say that figures changed, for every month.

Each test reads first, so that rows exist, writes once, and compares with a recount.
"""

import pytest

from members.services.affiliations import (
    move_affiliation,
)
from members.services.comments import (
    CommentFacts,
    answer_comment,
    record_comment,
    withdraw_comment,
)
from members.services.plaques import (
    PlaqueFacts,
    amend_plaque,
    hang_plaque,
    join_household,
    leave_household,
    take_down_plaque,
)
from members.services.reporting import give_up_slip
from organizations.services.structure import (
    merge_organizations,
)
from tests.factories.members import MemberFactory
from tests.members.slip_steps import accepted, filed

pytestmark = pytest.mark.django_db


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
