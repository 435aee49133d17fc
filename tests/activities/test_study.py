from datetime import date, timedelta
from decimal import Decimal
from random import Random
from threading import Thread
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from activities import tallies
from activities.models import Activity, SelfStudy
from activities.rules.study import credited, due_hours
from activities.services.study import (
    answer_question,
    record_self_study,
    withdraw_self_study,
)
from activities.study import behind, hours_of, learners, totals
from config.lib import registry
from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.versions import StaleError
from members.models import Member, Officer
from members.services.teams import end_office, record_officer
from organizations import parameters
from organizations.models import Organization
from tests.factories.activities import (
    ActivityFactory,
    CourseFactory,
    SchoolTermFactory,
)
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db

END = date(2026, 12, 31)
EVERYWHERE = Organization.objects


def alone(member, day, hours=2, **more):
    return SelfStudy.objects.create(
        member=member,
        organization=member.affiliations.first().organization,
        studied_on=day,
        hours=hours,
        material="党章",
        recorded_by=more.pop("by"),
        **more,
    )


@pytest.fixture
def taught(branch_a1):
    """Return a function that lets members take part in a study session."""

    def hold(members, day, hours=2, **more):
        values = {"organization": branch_a1, "kind": "study"} | more
        return ActivityFactory(
            held_on=day, hours=Decimal(hours), present=members, **values
        )

    return hold


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def study(branch_secretary, mobile):
    """Return a function that writes down self-study of the mobile member."""

    def record(**changes):
        values = {
            "member_id": mobile.pk,
            "studied_on": timezone.localdate(),
            "hours": Decimal(2),
            "material": "《党章》",
            "actor": branch_secretary,
            "today": timezone.localdate(),
        } | changes
        return record_self_study(**values)

    return record


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 60))
def test_what_is_due_grows_to_the_target_over_the_year(today, tolerance):
    due = due_hours(32, tolerance, today)
    assert 0 <= due <= due_hours(32, tolerance, date(today.year, 12, 31))
    assert due_hours(32, tolerance, date(today.year, 12, 31)) == max(0, 32 - tolerance)


def test_hours_in_the_database_are_those_of_the_rule(
    taught, branch_a1, committee_staff
):
    random, most = Random(7), Decimal(8)
    people = [MemberFactory(branch=branch_a1) for _ in range(6)]
    wanted = {person.pk: {} for person in people}
    for _ in range(60):
        day = date(2026, 1, 1) + timedelta(days=random.randrange(12))
        person, hours = random.choice(people), random.choice([1, 3, 5])
        is_taught = random.random() < 0.6
        of_day = wanted[person.pk].setdefault(day, [Decimal(0), Decimal(0)])
        of_day[0 if is_taught else 1] += hours
        if is_taught:
            taught([person], day, hours, kind=random.choice(["study", "lecture"]))
        else:
            alone(person, day, hours, by=committee_staff)
    found = hours_of([person.pk for person in people], END)
    for pk, by_day in wanted.items():
        days = [credited(*each, most) for each in by_day.values()]
        assert found[pk].together == sum(day[0] for day in days)
        assert found[pk].alone == sum(day[1] for day in days)
    sums = totals(learners(EVERYWHERE.all()), END)
    assert sums.people == len(people)
    assert sums.together == sum(one.together for one in found.values())
    assert sums.full == sum(one.is_full for one in found.values())
    assert sums.behind == sum(one.is_behind for one in found.values())
    late = behind(learners(EVERYWHERE.all()), EVERYWHERE.all(), END)
    assert set(late.values_list("member_id", flat=True)) == {
        pk for pk, one in found.items() if one.is_behind
    }


def test_what_teaches_counts_and_nothing_else(taught, branch_a1, mobile):
    day = date(2026, 5, 6)
    course = CourseFactory(term=SchoolTermFactory(organization=branch_a1.parent))
    taught([mobile], day, 2, kind="volunteering")
    taught([mobile], day, 2, state="cancelled")
    taught([mobile], date(2025, 12, 31), 2)
    assert hours_of([mobile.pk], END)[mobile.pk].total == 0
    taught([mobile], day, 3, kind="exchange")
    taught([mobile], day, 2, kind="theme_day", course=course)
    assert hours_of([mobile.pk], END)[mobile.pk].together == 5


def test_the_committee_says_which_kinds_count(taught, mobile, committee_staff):
    taught([mobile], date(2026, 5, 6), 3, kind="theme_day")
    kinds = ["主题党日", "党课"]
    parameters.change(key="study.kinds", value=kinds, actor=committee_staff)
    assert hours_of([mobile.pk], END)[mobile.pk].total == 3
    with pytest.raises(RuleError, match="没有“读书会”"):
        parameters.change(key="study.kinds", value=["读书会"], actor=committee_staff)


def test_secretaries_are_asked_for_more(mobile, branch_a1, branch_secretary, today):
    office = record_officer(
        member_id=mobile.pk,
        organization_id=branch_a1.pk,
        role="secretary",
        starts_on=today - timedelta(days=10),
        actor=branch_secretary,
        today=today,
    )
    assert hours_of([mobile.pk], today)[mobile.pk].target == 56
    end_office(office_id=office.pk, ends_on=today, actor=branch_secretary, today=today)
    assert hours_of([mobile.pk], today)[mobile.pk].target == 32


def test_another_role_begins_where_the_old_one_ends(
    mobile, branch_a1, branch_secretary, today
):
    who = {
        "member_id": mobile.pk,
        "organization_id": branch_a1.pk,
        "actor": branch_secretary,
        "today": today,
    }
    begin = today - timedelta(days=30)
    for _ in range(2):
        record_officer(role="member", starts_on=begin, **who)
    record_officer(role="secretary", starts_on=today, **who)
    roles = Officer.objects.order_by("pk").values_list("role", "ends_on")
    assert list(roles) == [("member", today), ("secretary", None)]
    with pytest.raises(RuleError, match="还没有到"):
        record_officer(role="deputy", starts_on=today + timedelta(days=1), **who)


def test_whoever_joined_this_year_is_not_behind(branch_a1):
    MemberFactory(
        branch=branch_a1,
        member_type="probationary",
        confirmed_on=None,
        joined_on=date(2026, 3, 1),
    )
    assert totals(learners(EVERYWHERE.all()), END).behind == 0
    assert not behind(learners(EVERYWHERE.all()), EVERYWHERE.all(), END).exists()


def test_self_study_sent_twice_is_one_record(study, marked):
    request_id = uuid4()
    assert study(request_id=request_id) == study(request_id=request_id)
    assert len(marked) == 1


def test_a_day_holds_no_more_self_study_than_counts(study):
    study(hours=Decimal(3))
    with pytest.raises(RuleError, match=r"最多登记 4 学时.*已登记 3 学时"):
        study(hours=Decimal("1.5"))
    study(hours=Decimal(1))


def test_a_question_is_answered_once_somebody_knows(study, branch_secretary, today):
    asked = study(question="支部大会多少人到会有效？")
    assert list(SelfStudy.objects.open_questions()) == [asked]
    reply = {
        "study_id": asked.pk,
        "answered_by": "党校讲师",
        "answer": "半数以上有表决权的党员",
        "actor": branch_secretary,
        "today": today,
    }
    with pytest.raises(RuleError, match="解答日期应在"):
        answer_question(version=1, answered_on=today + timedelta(days=1), **reply)
    answer_question(version=1, answered_on=today, **reply)
    assert not SelfStudy.objects.open_questions().exists()
    with pytest.raises(StaleError):
        answer_question(version=1, answered_on=today, **reply)


def test_what_is_withdrawn_counts_no_more(study, mobile, branch_secretary, today):
    record = study()
    assert hours_of([mobile.pk], today)[mobile.pk].alone == 2
    withdraw_self_study(study_id=record.pk, reason="记错人", actor=branch_secretary)
    assert hours_of([mobile.pk], today)[mobile.pk].alone == 0
    with pytest.raises(RuleError, match="已经撤回"):
        withdraw_self_study(study_id=record.pk, reason="再来", actor=branch_secretary)


def test_nobody_writes_for_members_of_others(study, secretary_b, hardship_officer):
    with pytest.raises(Member.DoesNotExist):
        study(actor=secretary_b)
    with pytest.raises(PermissionDenied):
        study(actor=hardship_officer)


def test_who_is_behind_is_named_from_the_month_on(taught, branch_a1, branch_secretary):
    late = MemberFactory(branch=branch_a1, name="迟到云")
    taught([MemberFactory(branch=branch_a1)], date(2026, 2, 3), 8)
    taught([MemberFactory(branch=branch_a1)], date(2026, 2, 4), 15)
    alert = registry.alert("study.behind")
    june, july = date(2026, 6, 30), date(2026, 7, 1)
    assert alert.count(branch_secretary, june) == 0
    names = [item.label for item in alert.rows(branch_secretary, july)]
    assert late.name in names
    assert alert.count(branch_secretary, july) == len(names) == 3


def test_figures_of_months_are_those_of_each_member(
    taught, branch_a1, branch_b1, committee_staff
):
    random = Random(3)
    people = [MemberFactory(branch=branch_a1) for _ in range(5)]
    mover = MemberFactory()
    AffiliationFactory(
        member=mover,
        organization=branch_a1,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 2, 10),
        end_reason="transferred_out",
    )
    AffiliationFactory(
        member=mover, organization=branch_b1, starts_on=date(2026, 2, 10)
    )
    people.append(mover)
    Officer.objects.create(
        member=people[0],
        organization=branch_a1,
        role="secretary",
        starts_on=date(2026, 2, 1),
        recorded_by=committee_staff,
    )
    for _ in range(40):
        day = date(2026, 1, 1) + timedelta(days=random.randrange(80))
        taught(random.sample(people, 3), day, random.choice([2, 5, 9]))
        alone(random.choice(people), day, random.choice([1, 3]), by=committee_staff)
    months = [Month(2026, 1), Month(2026, 2), Month(2026, 3)]
    found = {(row[0], row[1]): row[2:] for row in tallies.study(EVERYWHERE, months)}
    for place, month in enumerate(months):
        last = month.end - timedelta(days=1)
        for branch in (branch_a1, branch_b1):
            here = [one for one in people if branch in _branches_on(one, last)]
            if not here:
                continue
            until = hours_until(here, last)
            before = hours_until(here, month.start - timedelta(days=1))
            wanted = (
                len(here),
                sum(until[one.pk].total >= until[one.pk].target for one in here),
                sum(until[pk].together - before[pk].together for pk in until),
                sum(until[pk].alone - before[pk].alone for pk in until),
            )
            assert found[branch.pk, place] == wanted


def _branches_on(member, day):
    return [
        a.organization
        for a in member.affiliations.all()
        if a.starts_on <= day and (a.ends_on is None or a.ends_on > day)
    ]


def hours_until(people, day):
    """Hours of the year by `day`: what is recorded later is put away meanwhile."""
    if day.year < 2026:
        return {p.pk: hours_of([p.pk], date(2025, 6, 1))[p.pk] for p in people}
    Activity.objects.filter(held_on__gt=day).update(state="cancelled")
    later = SelfStudy.objects.filter(studied_on__gt=day)
    later.update(withdrawn_at=timezone.now())
    found = hours_of([person.pk for person in people], day)
    Activity.objects.update(state="held")
    SelfStudy.objects.update(withdrawn_at=None)
    return found


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_fill_the_day_but_once(branch_a1, branch_secretary):
    member, errors = MemberFactory(branch=branch_a1), []
    today = timezone.localdate()

    def record():
        try:
            record_self_study(
                member_id=member.pk,
                studied_on=today,
                hours=Decimal(3),
                material="党章",
                actor=branch_secretary,
                today=today,
            )
        except RuleError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=record) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    assert SelfStudy.objects.get().hours == 3
