"""Two records of one person: found, told apart, made one, taken apart again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members import merging
from members.models import (
    Affiliation,
    Contact,
    DuplicatePair,
    Member,
    MemberMerge,
    Transfer,
)
from members.rules.quality import completeness, differing
from members.services.contacts import record_contact
from members.services.duplicates import find_pairs, tell_apart
from members.services.merging import merge_members, undo_merge
from organizations.models import AuditEvent
from tests.factories.activities import ActivityFactory, ParticipationFactory
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    TalentFactory,
    synthetic_id_number,
)
from tests.members.transfer_steps import drafted_letter

pytestmark = pytest.mark.django_db
BORN = date(1980, 1, 31)


def twin(branch=None, serial=1, **values):
    """One of two records of 雷芳, under a number of its own."""
    fields = {
        "name": "雷芳",
        "sex": "male",
        "born_on": BORN,
        "id_number": synthetic_id_number(BORN, serial),
        "joined_on": date(2005, 7, 1),
    }
    return MemberFactory(branch=branch, **fields | values)


@pytest.fixture
def pair(branch_a1, branch_b1):
    """The same person in two branches."""
    return (
        twin(branch_a1, 1, education="college"),
        twin(branch_b1, 2, education="master"),
    )


def merge(pair, actor, **changes):
    kept, gone = pair
    values = {"kept_id": kept.pk, "gone_id": gone.pk, "taken": (), "actor": actor}
    return merge_members(**values | changes)


def fresh(member):
    return Member.objects.get(pk=member.pk)


# Finding --------------------------------------------------------------------------


def test_same_name_and_birth_or_joining_are_found_once(branch_a1, branch_b1):
    first, second = twin(branch_a1, 1), twin(branch_b1, 2)
    wrong_birth = twin(branch_b1, 3, born_on=date(1980, 1, 13))
    twin(None, 4)  # belongs nowhere: given up or gone
    MemberFactory(branch=branch_a1, name="雷芳", sex="female")
    assert find_pairs() == 3
    assert find_pairs() == 0
    found = set(DuplicatePair.objects.values_list("first", "second", "reason"))
    assert found == {
        (first.pk, second.pk, "birth"),
        (first.pk, wrong_birth.pk, "joined"),
        (second.pk, wrong_birth.pk, "joined"),
    }


def test_who_is_told_apart_is_not_found_again(pair, committee_staff, branch_secretary):
    find_pairs()
    found = DuplicatePair.objects.get()
    with pytest.raises(PermissionDenied):
        tell_apart(pair_id=found.pk, words="不同", actor=branch_secretary)
    with pytest.raises(RuleError, match="怎样核对"):
        tell_apart(pair_id=found.pk, words=" ", actor=committee_staff)
    tell_apart(pair_id=found.pk, words="身份证不同", actor=committee_staff)
    assert find_pairs() == 0
    assert not DuplicatePair.objects.open()


def test_pairs_of_other_streets_are_not_seen(
    pair, other_street, committee_staff, client_for
):
    find_pairs()
    assert DuplicatePair.objects.visible_to(committee_staff).count() == 1
    Affiliation.objects.filter(member=pair[1]).update(organization=other_street)
    assert not DuplicatePair.objects.visible_to(committee_staff)


# One of two ------------------------------------------------------------------------


def test_the_chosen_values_and_everything_recorded_are_in_one(
    pair, branch_a1, branch_b1, committee_staff
):
    kept, gone = pair
    talent, other = TalentFactory(name="义诊"), TalentFactory(name="法律")
    kept.talents.add(talent)
    gone.talents.add(talent, other)
    today = timezone.localdate()
    for member in pair:
        record_contact(
            member_id=member.pk, contacted_on=today, way="visit", actor=committee_staff
        )
    shared, own = (ActivityFactory(organization=branch_b1) for _ in "12")
    for activity, member in ((shared, kept), (shared, gone), (own, gone)):
        ParticipationFactory(activity=activity, member=member)
    done = merge(pair, committee_staff, taken=["education"])
    merged = fresh(kept)
    assert (merged.education, merged.id_number) == ("master", kept.id_number)
    assert set(merged.talents.all()) == {talent, other}
    assert Contact.objects.filter(member=kept).count() == 2
    # Taking part in the same activity twice would be twice the hours.
    assert kept.participations.count() == 2
    assert gone.participations.count() == 1
    rolls = kept.affiliations.filter(kind="on_roll")
    assert rolls.get(ends_on=None).organization == branch_a1
    ended = rolls.get(ends_on__isnull=False)
    assert (ended.end_reason, ended.ends_on) == ("mistake", ended.starts_on)
    assert not gone.affiliations.exists()
    event = AuditEvent.objects.get(action="members_merged")
    assert event.details == {"rows_moved": sum(map(len, done.moved.values()))}


def test_the_number_and_the_roll_of_the_other_can_be_the_right_ones(
    pair, branch_b1, committee_staff
):
    kept, gone = pair
    merge(pair, committee_staff, taken=["id_number"], roll_of_gone=True)
    merged = fresh(kept)
    assert merged.id_number == gone.id_number
    assert merged.affiliations.open().get().organization == branch_b1
    assert fresh(gone).id_number == ""


def test_who_was_given_up_is_seen_nowhere(pair, committee_staff):
    _, gone = pair
    merge(pair, committee_staff)
    for people in (
        Member.objects.visible_to(committee_staff),
        Member.objects.readable_by(committee_staff),
        Member.objects.formerly_in(committee_staff),
    ):
        assert not people.filter(pk=gone.pk)


def test_in_one_branch_one_relation_is_left(branch_a1, committee_staff):
    pair = twin(branch_a1, 1), twin(branch_a1, 2)
    AffiliationFactory(member=pair[1], organization=branch_a1, kind="mobile_in")
    merge(pair, committee_staff)
    kinds = pair[0].affiliations.open().values_list("kind", flat=True)
    assert sorted(kinds) == ["mobile_in", "on_roll"]


def test_two_things_in_use_that_exclude_one_another_are_settled_first(
    pair, committee_staff
):
    for member in pair:
        drafted_letter(member, committee_staff)
    with pytest.raises(RuleError, match="不能并存的记录：组织关系转接"):
        merge(pair, committee_staff)
    assert fresh(pair[1]).affiliations.open().exists()
    Transfer.objects.filter(member=pair[0]).update(state="withdrawn")
    merge(pair, committee_staff)
    assert Transfer.objects.filter(member=pair[0]).count() == 2


def test_who_may_not_and_who_saw_older_versions(
    pair, branch_secretary, community_secretary, committee_staff
):
    for stranger in (branch_secretary, community_secretary):
        with pytest.raises(PermissionDenied):
            merge(pair, stranger)
    with pytest.raises(StaleError):
        merge(pair, committee_staff, versions=(1, 0))
    with pytest.raises(RuleError, match="同一份档案"):
        merge((pair[0], pair[0]), committee_staff)
    assert not MemberMerge.objects.exists()


# Taken apart again -----------------------------------------------------------------


def traces():
    """Everything about everybody that a merger could have touched."""
    return {
        model.__name__: sorted(
            str({k: v for k, v in row.items() if k not in {"version", "updated_at"}})
            for row in model._base_manager.values()
        )
        for model in (Member, Affiliation, Contact, Transfer)
    } | {
        "talents": sorted(
            Member.talents.through.objects.values_list("member", "talent")
        )
    }


def test_undoing_brings_everything_back(pair, committee_staff):
    _, gone = pair
    gone.talents.add(TalentFactory(name="义诊"))
    record_contact(
        member_id=gone.pk,
        contacted_on=timezone.localdate(),
        way="visit",
        content="家访",
        actor=committee_staff,
    )
    before = traces()
    done = merge(
        pair, committee_staff, taken=["education", "id_number"], roll_of_gone=True
    )
    assert traces() != before
    undo_merge(merge_id=done.pk, actor=committee_staff)
    assert traces() == before
    undo_merge(merge_id=done.pk, actor=committee_staff)  # twice is once
    assert AuditEvent.objects.filter(action="merge_undone").count() == 1


def test_what_was_changed_since_stays_changed(pair, committee_staff):
    kept, gone = pair
    done = merge(pair, committee_staff, taken=["education"])
    Member.objects.filter(pk=kept.pk).update(education="doctorate", degree="博士")
    undo_merge(merge_id=done.pk, actor=committee_staff)
    assert (fresh(kept).education, fresh(kept).degree) == ("doctorate", "博士")
    assert fresh(gone).education == "master"


def test_after_its_days_a_merger_stands(pair, committee_staff):
    done = merge(pair, committee_staff)
    long_ago = timezone.now() - timedelta(days=31)
    MemberMerge.objects.filter(pk=done.pk).update(merged_at=long_ago)
    with pytest.raises(RuleError, match="已超过30天"):
        undo_merge(merge_id=done.pk, actor=committee_staff)


def test_a_number_given_to_somebody_else_is_not_taken_from_him(
    pair, branch_a1, committee_staff
):
    done = merge(pair, committee_staff)
    MemberFactory(branch=branch_a1, born_on=BORN, id_number=pair[1].id_number)
    with pytest.raises(RuleError, match="已登记在别人名下"):
        undo_merge(merge_id=done.pk, actor=committee_staff)


# Nothing is forgotten ---------------------------------------------------------------


def test_every_relation_to_a_member_is_known_and_its_rules_are_read():
    """A new model with a member is moved too, or its rule must be understood."""
    known = {merging._key_of(each) for each in merging.relations()}
    assert {"activities.Participation.member", "liaison.LiaisonCard.member"} <= known
    for relation in merging.relations():
        for constraint in relation.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                assert not constraint.expressions, constraint.name


@pytest.mark.parametrize(
    ("filled", "wanted", "percent"),
    [(0, 0, 100), (0, 8, 0), (7, 8, 87), (8, 8, 100), (999, 1000, 99)],
)
def test_complete_is_only_what_misses_nothing(filled, wanted, percent):
    assert completeness(filled, wanted) == percent


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (
            "330199198001310019",
            "330199198001310035",
            ("*" * 16 + "19", "*" * 16 + "35"),
        ),
        ("1390000123", "13900001234", ("1********3", "1*********4")),
        ("", "13900001234", ("", "1*********4")),
    ],
)
def test_of_two_numbers_only_what_differs_is_shown(one, other, shown):
    assert differing(one, other) == shown
