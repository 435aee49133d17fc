from decimal import Decimal

import pytest
from django.utils import timezone

from activities.choices import ActivityKind, Presence
from activities.models import Program
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    record_activity,
)
from organizations.signals import facts_changed
from tests.activities import project_steps, review_steps
from tests.factories.members import MemberFactory


@pytest.fixture
def facts():
    """Return a function that makes facts of a theme day held just now."""

    def make(**changes) -> ActivityFacts:
        values = {
            "kind": ActivityKind.THEME_DAY,
            "title": "主题党日",
            "starts_at": timezone.now(),
            "hours": Decimal(3),
            "place": "社区活动室",
        } | changes
        return ActivityFacts(**values)

    return make


@pytest.fixture
def record(branch_a1, branch_secretary, facts):
    """Return a function that records an activity of branch_a1 by its secretary."""

    def call(present=(), leave=(), **changes):
        extra = {
            name: changes.pop(name)
            for name in ("request_id", "photos", "actor", "organization_id")
            if name in changes
        }
        attendance = {m.pk: Attendance(Presence.PRESENT) for m in present}
        attendance |= {m.pk: Attendance(Presence.LEAVE) for m in leave}
        values = {
            "organization_id": branch_a1.pk,
            "facts": facts(**changes),
            "attendance": attendance,
            "actor": branch_secretary,
            "today": timezone.localdate(),
        } | extra
        return record_activity(**values)

    return call


@pytest.fixture
def five_ones(db) -> Program:
    return Program.objects.get(key="wu-ge-yi")


@pytest.fixture
def six_leads(db) -> Program:
    return Program.objects.get(key="liu-dai")


@pytest.fixture
def mobile(branch_a1):
    """A mobile member on the roll of branch_a1."""
    return MemberFactory(branch=branch_a1, category="mobile", name="流水平")


@pytest.fixture
def in_post(branch_a1):
    return MemberFactory(branch=branch_a1, category="in_post", name="岗在勤")


@pytest.fixture
def marked():
    """A list that grows by (organization ids, since) of each change of facts."""
    seen = []

    def listen(sender, organization_ids, since, **kwargs):
        seen.append((set(organization_ids), since))

    facts_changed.connect(listen)
    yield seen
    facts_changed.disconnect(listen)


# Projects of community services


@pytest.fixture
def founder(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, category="laid_off", name="雷芳")
    return project_steps.laid_off(member, branch_secretary)


@pytest.fixture
def worker(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1, category="laid_off", name="苗远")
    return project_steps.laid_off(member, branch_secretary)


@pytest.fixture
def project(founder, branch_secretary, community_a):
    return project_steps.opened(founder, branch_secretary, community_a)


@pytest.fixture
def post(project, branch_secretary):
    return project_steps.posted(project, branch_secretary)


# Democratic reviews


@pytest.fixture
def people(branch_a1):
    return MemberFactory.create_batch(6, branch=branch_a1)


@pytest.fixture
def review(branch_a1, people, branch_secretary):
    return review_steps.opened(branch_a1, branch_secretary)


@pytest.fixture
def meeting(branch_a1, people):
    return review_steps.held(branch_a1, people)


@pytest.fixture
def counted(review, meeting, branch_secretary):
    """The review with its ballots counted."""
    return review_steps.voted(review, meeting, branch_secretary)


@pytest.fixture
def today():
    return timezone.localdate()
