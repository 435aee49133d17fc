"""Many transfers in one go, and transfers when a branch merges or is mended."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import (
    Affiliation,
    LetterCounter,
    Member,
    MobileStay,
    Transfer,
    TransferBatch,
)
from members.parameters.transfers import MOST_TOGETHER
from members.services.letters import issue_letter, issue_letters
from members.services.transfers import (
    Course,
    accept_transfer,
    amend_transfer,
    give_up_transfer,
)
from members.services.transfers_together import (
    accept_transfers,
    draft_transfers,
    return_receipts,
)
from members.signals import relations_ended
from organizations.models import AuditEvent, Parameter
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.members import AffiliationFactory, MemberFactory, TalentFactory
from tests.members.mobile_steps import out
from tests.members.transfer_steps import (
    OUT,
    PAID,
    drafted_letter,
    sent_within,
    within,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def people(branch_a1):
    return [MemberFactory(branch=branch_a1, name=name) for name in ("雷一", "雷二")]


def draft(people, actor, course=OUT, **changes):
    rolls = Affiliation.objects.open().filter(member__in=people, kind="on_roll")
    values = {"dues_paid_to": PAID, "title": "改制转出"} | changes
    return draft_transfers(
        affiliation_ids=list(rolls.values_list("pk", flat=True)),
        course=course,
        actor=actor,
        **values,
    )


def ids(batch):
    return list(batch.transfers.values_list("pk", flat=True))


def test_everybody_gets_a_letter_of_his_own(
    people, branch_secretary, committee_staff, today
):
    batch = draft(people, branch_secretary)
    letters = issue_letters(transfer_ids=ids(batch), actor=committee_staff)
    assert [each.serial for each in letters] == [1, 2]
    assert {each.member for each in letters} == set(people)
    accept_transfers(transfer_ids=ids(batch), accepted_on=today, actor=branch_secretary)
    return_receipts(transfer_ids=ids(batch), receipt_on=today, actor=branch_secretary)
    states = set(batch.transfers.values_list("state", "accepted_on", "receipt_on"))
    assert states == {("receipted", today, today)}
    assert not Affiliation.objects.open().exists()
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions.count("transfer_drafted") == actions.count("letter_issued") == 2


def test_together_leaves_the_same_behind_as_one_by_one(
    branch_a1, branch_b1, branch_secretary, committee_staff, today
):
    """Relations, status, histories with talents, trail and who hears of it."""
    talent = TalentFactory(name="义诊")
    heard = []

    def hear(sender, affiliations, **kwargs):
        heard.append(len(affiliations))

    relations_ended.connect(hear)
    alone = []
    for is_together in (False, True):
        people = MemberFactory.create_batch(2, branch=branch_a1, talents=[talent])
        AffiliationFactory(member=people[1], organization=branch_b1, kind="co_managed")
        out(people[0], branch_secretary)
        found = ids(draft(people, branch_secretary))
        issue_letters(transfer_ids=found, actor=committee_staff)
        values = {"accepted_on": today, "actor": branch_secretary}
        if is_together:
            accept_transfers(transfer_ids=found, **values)
        else:
            for pk in found:
                accept_transfer(transfer_id=pk, **values)
        left = traces(people, found)
        if is_together:
            assert left == alone
        alone = left
    relations_ended.disconnect(hear)
    # Of those who leave together it is said once.
    assert heard == [1, 1, 2]
    assert not MobileStay.objects.open().exists()
    assert [each["status"] for each in alone] == ["transferred_out", "normal"]


def traces(people, transfer_ids):
    """What is left of each person, without the keys and moments of its own."""
    found = []
    for person in people:
        person.refresh_from_db()
        roll = person.affiliations.get(kind="on_roll")
        events = AuditEvent.objects.filter(
            target_type="members.member", target_id=str(person.pk)
        )
        ways = [
            [each.history_type, each.status, each.version, each.talents.count()]
            for each in person.history.order_by("pk")
        ]
        found.append(
            {
                "status": person.status,
                "version": person.version,
                "history": ways,
                "roll": [roll.ends_on, roll.end_reason, roll.note[:4]],
                "roll history": list(
                    roll.history.order_by("pk").values_list(
                        "history_type", "ends_on", "end_reason"
                    )
                ),
                "trail": list(events.order_by("pk").values_list("action", "details")),
                "transfer": list(
                    Transfer.objects.filter(
                        pk__in=transfer_ids, member=person
                    ).values_list("state", "accepted_on", "ended_on", "version")
                ),
            }
        )
    return found


def test_the_branch_within_the_street_takes_them_all(
    people, branch_a1, branch_b1, branch_secretary, secretary_b, today
):
    batch = draft(people, branch_secretary, within(branch_b1))
    accept_transfers(transfer_ids=ids(batch), accepted_on=today, actor=secretary_b)
    assert Affiliation.objects.open().filter(organization=branch_b1).count() == 2


def test_one_who_stands_in_the_way_is_named_and_nobody_goes(
    people, branch_a1, branch_b1, branch_secretary, committee_staff
):
    third = MemberFactory(branch=branch_a1, name="雷三")
    sent_within(people[0], branch_b1, branch_secretary)
    Member.objects.filter(pk=third.pk).update(status="suspended")
    with pytest.raises(RuleError) as refused:
        draft([*people, third], branch_secretary)
    assert "雷一：该同志已有一件转接正在办理" in refused.value.text
    assert "雷三：该同志党籍状态为“停止党籍”" in refused.value.text
    assert "雷二" not in refused.value.text
    assert not TransferBatch.objects.exists()


def test_no_letter_is_numbered_where_one_is_refused(
    people, branch_secretary, committee_staff
):
    batch = draft(people, branch_secretary)
    Member.objects.filter(pk=people[1].pk).update(status="suspended")
    with pytest.raises(RuleError, match="雷二：该同志党籍状态"):
        issue_letters(transfer_ids=ids(batch), actor=committee_staff)
    assert not LetterCounter.objects.exists()
    assert set(batch.transfers.values_list("state", "serial")) == {("drafted", None)}


def test_letters_are_the_streets_and_others_are_not_there(
    people, branch_secretary, secretary_b, committee_staff
):
    batch = draft(people, branch_secretary)
    with pytest.raises(PermissionDenied):
        issue_letters(transfer_ids=ids(batch), actor=branch_secretary)
    with pytest.raises(Transfer.DoesNotExist):
        issue_letters(transfer_ids=ids(batch), actor=secretary_b)
    with pytest.raises(Affiliation.DoesNotExist):
        draft(people, secretary_b)
    with pytest.raises(RuleError, match="还没有勾选"):
        issue_letters(transfer_ids=[], actor=committee_staff)


def test_no_more_at_once_than_is_set(people, branch_secretary):
    Parameter.objects.create(key=MOST_TOGETHER, value=1)
    with pytest.raises(RuleError, match="一次最多办理1人，现在勾选了2人"):
        draft(people, branch_secretary)


def test_a_batch_is_seen_by_whoever_sees_a_transfer_of_it(
    people, branch_b1, branch_secretary, secretary_b, committee_staff, outsider
):
    out = draft(people[:1], branch_secretary)
    inside = draft(people[1:], branch_secretary, within(branch_b1))
    seen = TransferBatch.objects.visible_to
    assert set(seen(branch_secretary)) == set(seen(committee_staff)) == {out, inside}
    assert set(seen(secretary_b)) == {inside}
    assert not seen(outsider)


# Mending a draft ------------------------------------------------------------------


def test_a_draft_is_mended_until_it_has_a_number(
    people, branch_secretary, committee_staff
):
    transfer = drafted_letter(people[0], branch_secretary)
    course = Course(**(vars(OUT) | {"target_name": "中共江城市乙公司支部"}))
    values = {
        "transfer_id": transfer.pk,
        "course": course,
        "dues_paid_to": date(2026, 9, 1),
        "actor": branch_secretary,
    }
    done = amend_transfer(version=1, **values)
    assert (done.target_name, done.dues_paid_to) == (
        "中共江城市乙公司支部",
        date(2026, 9, 1),
    )
    with pytest.raises(StaleError):
        amend_transfer(version=1, **values)
    with pytest.raises(RuleError, match="1至90天"):
        amend_transfer(**values | {"course": Course(**(vars(OUT) | {"valid_days": 0}))})
    issue_letter(transfer_id=transfer.pk, actor=committee_staff)
    with pytest.raises(RuleError, match="不能再修改"):
        amend_transfer(**values)


# When branches merge ---------------------------------------------------------------


def test_what_is_on_its_way_goes_on_with_the_branch_that_takes_over(
    people, branch_a1, branch_a2, branch_b1, branch_secretary, committee_staff, today
):
    letter = drafted_letter(people[0], branch_secretary)
    between = sent_within(people[1], branch_a2, branch_secretary)
    coming = sent_within(MemberFactory(branch=branch_b1), branch_a1, committee_staff)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=today,
        actor=committee_staff,
    )
    for transfer in (letter, between, coming):
        transfer.refresh_from_db()
    assert (letter.source, letter.state) == (branch_a2, "drafted")
    assert (coming.target, coming.state) == (branch_a2, "issued")
    assert (between.state, between.source) == ("withdrawn", branch_a2)
    assert "不必再转" in between.closing_note
    issued = issue_letter(transfer_id=letter.pk, actor=committee_staff)
    assert issued.number


def test_a_branch_that_is_to_take_somebody_is_not_closed(
    people, branch_a2, branch_secretary, committee_staff, today
):
    transfer = sent_within(people[0], branch_a2, branch_secretary)
    closing = {
        "organization_id": branch_a2.pk,
        "on_date": today,
        "reason": "没有党员",
        "actor": committee_staff,
    }
    with pytest.raises(RuleError, match="还有 1 件转往"):
        close_organization(**closing)
    give_up_transfer(
        transfer_id=transfer.pk, state="withdrawn", words="不转", actor=branch_secretary
    )
    close_organization(**closing)
