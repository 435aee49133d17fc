"""The demo street: what it holds, and that the same day makes the same street."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from activities.models import (
    Activity,
    Paper,
    Participation,
    Placement,
    ServiceProject,
    ServiceRequest,
    TeamPlace,
)
from liaison.models import CardEntry, FeedbackPacket, FeedbackRemark, LiaisonCard
from members.choices import Category
from members.choices.development import Stage
from members.models import (
    Applicant,
    Commendation,
    DevelopmentStep,
    DuesBase,
    DuesMonth,
    DuesStanding,
    EmploymentSpell,
    HelpStep,
    Lead,
    LostCase,
    Member,
    MembershipDecision,
    MobileStay,
    OutOfTouch,
    Plaque,
    ReportSlip,
    ResidentComment,
    Transfer,
)
from organizations.choices import Role
from organizations.models import Community, Organization, Post
from reports.demo import build_demo
from reports.models import MonthClosing

TODAY = date(2026, 11, 22)


def street_as_told() -> list[list[tuple]]:
    """What a reader would compare: names, days, numbers and words, no keys."""
    rows = [
        Organization.objects.values_list("path", "code", "name"),
        Member.objects.values_list(
            "name", "born_on", "category", "status", "joined_on", "education"
        ),
        Activity.objects.values_list("held_on", "organization__path", "kind", "title"),
        Participation.objects.values_list(
            "activity__held_on",
            "activity__organization__path",
            "activity__kind",
            "member__name",
            "presence",
        ),
        LiaisonCard.objects.values_list("number", "wishes"),
        CardEntry.objects.values_list("card__number", "occurred_on", "content"),
        FeedbackRemark.objects.values_list(
            "period__label", "card__number", "grade", "words"
        ),
        MonthClosing.objects.values_list("month", "organization__path"),
        DevelopmentStep.objects.values_list("kind", "taken_on", "organization__path"),
        Transfer.objects.values_list("member__name", "state", "serial", "target_name"),
        LostCase.objects.values_list("member__name", "since", "state"),
        MembershipDecision.objects.values_list("member__name", "kind", "decided_on"),
        OutOfTouch.objects.values_list("member__name", "since"),
        MobileStay.objects.values_list("member__name", "state", "last_contact_on"),
        DuesMonth.objects.values_list("member__name", "month", "due", "paid"),
        DuesStanding.objects.values_list("member__name", "paid_to"),
        Commendation.objects.values_list("member__name", "title", "awarded_on"),
        EmploymentSpell.objects.values_list("member__name", "status", "starts_on"),
        HelpStep.objects.values_list("member__name", "kind", "given_on", "content"),
        Lead.objects.values_list("member__name", "kind", "starts_on", "title"),
        ReportSlip.objects.values_list("name", "state", "source", "reported_on"),
        ServiceProject.objects.values_list("name", "opened_on", "lead__member__name"),
        Placement.objects.values_list("post__name", "member__name", "starts_on"),
        Paper.objects.values_list("title", "member__name", "activity__held_on"),
        Plaque.objects.values_list("hung_on", "building", "badge_number"),
        TeamPlace.objects.values_list("team__name", "member__name", "joined_on"),
        ServiceRequest.objects.values_list("asked", "state", "received_on"),
        ResidentComment.objects.values_list("member__name", "state", "received_on"),
    ]
    # Sorted by all they say: two meetings of one day may tie in any fewer columns,
    # and the database returns a tie as it likes.
    return [sorted(each, key=str) for each in rows]


@pytest.mark.django_db
def test_the_demo_is_a_years_work_of_one_street_and_the_same_every_time():
    # One test: building takes seconds, and nothing may be shared in a database.
    with transaction.atomic():
        accounts = build_demo(TODAY)
        kinds = Counter(Organization.objects.values_list("kind", flat=True))
        assert kinds == {"work_committee": 1, "committee": 6, "branch": 18}
        assert Community.objects.count() == 6
        assert 550 <= Member.objects.count() <= 650
        assert set(Member.objects.values_list("category", flat=True)) == set(
            Category.values
        )
        assert {post.role for post in Post.objects.all()} == set(Role.values)
        assert len(accounts) == len({a.password for a in accounts}) == len(Role.values)
        months = {
            held.replace(day=1) for held in Activity.objects.dates("held_on", "month")
        }
        assert len(months) >= 12
        assert FeedbackPacket.objects.exists()
        closed = MonthClosing.objects.filter(organization__parent=None)
        assert [c.month for c in closed][-1:] == [date(2025, 12, 1)]
        assert closed.count() == 10  # October waits to be closed
        assert {transfer.state for transfer in Transfer.objects.all()} >= {
            *("drafted", "issued", "receipted", "expired", "lost"),
        }
        assert DuesMonth.objects.count() > 3000
        assert DuesBase.objects.filter(kind="reduced").exists()
        assert Commendation.objects.filter(awarded_on__year=2026).exists()
        assert {step.result for step in HelpStep.objects.all()} >= {
            *("pending", "succeeded"),
        }
        assert EmploymentSpell.objects.current().reemployed().count() > 10
        assert {case.state for case in LostCase.objects.all()} == {
            *("searching", "suspended", "found"),
        }
        assert {stay.state for stay in MobileStay.objects.all()} == {
            *("away", "registered", "verified", "placed", "ended"),
        }
        assert OutOfTouch.objects.count() == 5
        told = MembershipDecision.objects.values_list("kind", "state")
        assert set(told) >= {
            ("suspended", "proposed"),
            ("suspended", "approved"),
            ("withdrew", "approved"),
            ("deceased", "approved"),
        }
        assert ReportSlip.objects.doubled().count() == 3
        assert {slip.state for slip in ReportSlip.objects.all()} == {
            *("received", "accepted", "refused"),
        }
        assert Plaque.objects.hung().count() > 200
        assert {comment.state for comment in ResidentComment.objects.all()} == {
            *("received", "handling", "answered", "closed"),
        }
        services = ServiceProject.objects.all()
        assert len({project.community_id for project in services}) > 3
        assert {project.is_running for project in services} == {True, False}
        assert Placement.objects.working().exclude(member=None).exists()
        assert Paper.objects.filter(member=None).count() == 1
        stages = set(Applicant.objects.values_list("stage", flat=True))
        assert stages == set(Stage.values) - {"admitted"}
        confirmed = DevelopmentStep.objects.filter(kind="decision")
        assert {step.decides for step in confirmed} == {"confirm", "extend"}
        first = street_as_told()
        transaction.set_rollback(True)
    assert not Member.objects.exists()
    with transaction.atomic():
        build_demo(TODAY)
        assert street_as_told() == first


def test_the_demo_is_not_written_over_a_street(street):
    with pytest.raises(CommandError, match="已有党组织"):
        call_command("demo", stdout=StringIO())
    assert Organization.objects.get() == street
