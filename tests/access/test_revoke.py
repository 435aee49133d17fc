"""A right taken away is gone at the next request of a session that goes on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.lib.periods import Month
from organizations.jobs import run_job
from organizations.models import Job, Post, User
from reports.roster import RosterQuery
from reports.services.requests import request_monthly, request_roster
from tests.access.cases import address
from tests.access.cast import ACTORS
from tests.access.matrix import ENTRIES

pytestmark = pytest.mark.django_db

BY_NAME = {entry.name: entry for entry in ENTRIES}
# For each actor a page that its post opens.
PAGES = [
    ("sysadmin", "admin:organizations_user_changelist", ""),
    ("auditor", "organizations:audit", ""),
    ("committee_staff", "members:claim-list", ""),
    ("committee_staff", "api:member-list", ""),
    ("community_secretary", "members:detail", "a2"),
    ("branch_secretary", "members:detail", "a1"),
    ("branch_secretary", "activities:edit", "a1"),
    ("branch_secretary", "liaison:card-detail", "a1"),
    ("branch_secretary", "organizations:file", "a1"),
    ("branch_secretary", "api:member-detail", "a1"),
    ("branch_secretary", "members:hardship", "a1"),
    ("hardship_officer", "members:hardship", "b1"),
    ("unit_contact", "liaison:own-packet", "a1"),
    ("unit_contact", "liaison:own-packet-file", "a1"),
]


def _url(visitor, name, place):
    entry = BY_NAME[name]
    planted = visitor.world.find(entry.at, place) if entry.at else None
    return address(visitor, entry, planted)


@pytest.mark.parametrize(("reader", "name", "place"), PAGES)
def test_an_ended_post_closes_the_page(visitor, reader, name, place):
    actor, url = ACTORS[reader], _url(visitor, name, place)
    assert visitor.send(actor, "GET", url).status == 200

    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(user__username=reader).update(ends_on=yesterday)
    answer = visitor.send(actor, "GET", url)

    refused = {302} if name.startswith("admin:") else {403, 404}
    assert answer.status in refused
    nobody = ACTORS["outsider"]
    leaks = visitor.world.canaries.leaks(nobody, answer.response, answer.body)
    # The own name stays on the own page.
    assert [leak for leak in leaks if "鹂" not in leak] == []


@pytest.mark.parametrize(("reader", "name", "place"), PAGES)
def test_a_disabled_account_is_out_at_once(visitor, reader, name, place):
    actor, url = ACTORS[reader], _url(visitor, name, place)

    User.objects.filter(username=reader).update(is_active=False)
    answer = visitor.send(actor, "GET", url)

    assert answer.status in ({401, 403} if name.startswith("api:") else {302})
    out = ACTORS["deactivated"]
    assert visitor.world.canaries.leaks(out, answer.response, answer.body) == []


@pytest.mark.parametrize("order", ["monthly", "roster-export"])
def test_a_workbook_holds_own_rows_and_is_lost_with_the_right(visitor, order):
    world, actor = visitor.world, ACTORS["branch_secretary"]
    job = _ordered(visitor, order)
    assert run_job(job.pk, heartbeat=False) == Job.State.SUCCEEDED
    url = reverse("organizations:job-download", args=[job.pk])

    answer = visitor.send(actor, "GET", url)
    assert answer.status == 200
    assert visitor.faults(actor, answer) == []
    assert world.bird("a1") in world.canaries.seen(answer.response, answer.body)
    assert visitor.send(ACTORS["secretary_b"], "GET", url).status == 404

    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(user__username=actor.key).update(ends_on=yesterday)
    assert visitor.send(actor, "GET", url).status == 403


@pytest.mark.parametrize("order", ["monthly", "roster-export"])
def test_a_job_whose_requester_lost_the_right_makes_no_file(visitor, order):
    job = _ordered(visitor, order)
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(user__username="branch_secretary").update(ends_on=yesterday)

    assert run_job(job.pk, heartbeat=False) != Job.State.SUCCEEDED

    job.refresh_from_db()
    assert job.file_path == ""


def _ordered(visitor, order):
    """The job that the form of a report orders for branch a1, kept."""
    world = visitor.world
    actor, branch = world.users["branch_secretary"], world.orgs["a1"]
    actor = User.objects.get(pk=actor.pk)
    if order == "monthly":
        today = timezone.localdate()
        month = Month(2026, 9)
        return request_monthly(
            organization=branch, month=month, actor=actor, today=today
        )
    return request_roster(
        query=RosterQuery(organization=branch), purpose="年底核对", actor=actor
    )


@pytest.mark.parametrize(
    ("reader", "field", "wanted"),
    [
        ("branch_secretary", "phone", True),
        ("branch_secretary", "id_number", False),
        ("community_secretary", "id_number", True),
        ("committee_staff", "address", True),
        ("secretary_b", "phone", False),
        ("sysadmin", "phone", False),
        ("unit_contact", "phone", False),
    ],
)
def test_a_reveal_shows_one_value_of_one_person(visitor, reader, field, wanted):
    world, actor = visitor.world, ACTORS[reader]
    member = world.rows["member-a1"]
    url = reverse("members:reveal", args=[member.pk, field])

    answer = visitor.send(actor, "POST", url, {"reason": "核对联系方式"})

    seen = world.canaries.seen(answer.response, answer.body) & world.canaries.secrets
    value = getattr(member, field)
    assert (value.encode() in answer.body) == wanted
    assert all(secret in value for secret in seen)
    assert bool(seen) == wanted
