"""Lists asked for foreign rows by every parameter answer as for rows that are not."""

import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from config.lib import registry
from tests.access.cases import report
from tests.access.cast import ACTORS
from tests.access.world import MISSING_ID

pytestmark = pytest.mark.django_db

# Parameters that take the id of an organization, a community, a member or a page's key.
IDS = {
    "organization": "organization",
    "branch": "organization",
    "node": "organization",
    "community": "community",
    "member": "member",
    "period": "period",
    "card": "card",
    "activity": "activity",
    "household": "door",
}
# Pages begin after a row of their own; another kind's id may be one of theirs too.
ROWS = {
    "organizations:list": "organization",
    "activities:list": "activity",
    "activities:term-list": "term",
    "activities:study": "affiliation",
    "activities:self-study-list": "self-study",
    "activities:plans": "plan",
    "liaison:card-list": "card",
    "members:transfer-list": "transfer",
    "members:slip-list": "slip",
    "members:development": "applicant",
    "members:dues-branches": "organization",
    "members:commendation-list": "commendation",
    "members:lead-list": "lead",
    "members:hardship-list": "hardship",
    "members:mobile-list": "stay",
    "members:plaque-list": "plaque",
    "members:comment-list": "comment",
    "activities:household-list": "door",
    "activities:visit-list": "visit",
    "activities:visit-matters": "visit-matter",
    "activities:team-list": "team",
    "activities:request-list": "request",
    "activities:reviews": "organization",
    "activities:project-list": "project",
}
PAGES = [
    "home",
    "members:list",
    "members:claim-list",
    "members:transfer-list",
    "members:transfer-batch-add",
    "members:quality",
    "members:slip-list",
    "members:double-list",
    "members:plaque-list",
    "members:plaque-rates",
    "members:comment-list",
    "members:pair-list",
    "members:call",
    "members:development",
    "members:development-ledger",
    "members:dues-branches",
    "members:dues-people",
    "members:commendation-list",
    "members:employment-list",
    "members:lead-list",
    "members:hardship-list",
    "members:hardship-year",
    "members:mobile-list",
    "members:mobile-choose",
    "members:mobile-register",
    "members:roster-upload",
    "activities:list",
    "activities:record",
    "activities:arrange",
    "activities:duties",
    "activities:calendar",
    "activities:plans",
    "activities:sheet",
    "activities:participations",
    "activities:completion",
    "activities:term-list",
    "activities:study",
    "activities:self-study-list",
    "activities:household-list",
    "activities:ledger-upload",
    "activities:visit-board",
    "activities:visit-record",
    "activities:visit-list",
    "activities:visit-matters",
    "activities:team-list",
    "activities:request-list",
    "activities:project-list",
    "activities:project-add",
    "activities:match",
    "activities:reviews",
    "liaison:card-list",
    "liaison:card-missing",
    "liaison:period-list",
    "organizations:list",
    "organizations:community-list",
    "organizations:jobs",
    "reports:monthly",
    "reports:dues-export",
    "reports:leads-export",
    "reports:roster-export",
    "reports:exports",
    "api:organization-list",
    "api:member-list",
    "api:activity-list",
    "api:liaison-card-list",
]
SEARCHED = [
    "members:list",
    "members:slip-list",
    "members:development",
    "members:dues-people",
    "members:call",
    "members:mobile-list",
    "members:mobile-choose",
    "activities:list",
    "liaison:card-list",
    "organizations:list",
]
# New in every answer: the form's token, the id of a request not yet made.
_FRESH = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken[^}]*'
    rb'|name="request_id" value="[^"]*"'
)
READERS = ("branch_secretary", "community_secretary", "committee_staff")
# Where each reader has nothing to look for.
FOREIGN = {
    "branch_secretary": "b1",
    "community_secretary": "b1",
    "committee_staff": "x1",
}


def _same(body: bytes, *values: object) -> bytes:
    """The body without the value asked for and what is new in every answer."""
    body = _FRESH.sub(b"", body)
    for value in values:
        word = re.escape(str(value).encode())
        body = re.sub(rb"(?<![\w])" + word + rb"(?![\w])", b"VALUE", body)
    return body


@pytest.mark.parametrize("reader", ["branch_secretary", "committee_staff"])
@pytest.mark.parametrize("name", PAGES)
def test_a_foreign_id_in_a_filter_is_a_missing_id(visitor, name, reader):
    actor, place = ACTORS[reader], FOREIGN[reader]
    world, faults = visitor.world, []
    ids = IDS | dict.fromkeys(("after", "before"), ROWS.get(name, "member"))
    for parameter, kind in ids.items():
        # Communities of the own street are places that everybody in it may choose.
        foreign = world.find(kind, "x1" if kind == "community" else place).pk
        answers = [
            visitor.send(actor, "GET", f"{reverse(name)}?{parameter}={value}")
            for value in (foreign, MISSING_ID)
        ]
        for answer in answers:
            faults += [
                f"{parameter}: {fault}" for fault in visitor.faults(actor, answer)
            ]
        statuses = {answer.status for answer in answers}
        bodies = {_same(answer.body, foreign, MISSING_ID) for answer in answers}
        if len(statuses) > 1 or len(bodies) > 1:
            faults.append(
                f"{parameter}={foreign} is told from a missing id: {statuses}"
            )
    assert not faults, report(faults)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", SEARCHED)
def test_a_search_for_a_foreign_word_finds_what_nonsense_finds(visitor, name, reader):
    actor, place = ACTORS[reader], FOREIGN[reader]
    world = visitor.world
    member = world.rows[f"member-{place}"]
    card = world.rows[f"card-{place}"]
    asked = {
        member.name: "无此鸟",
        member.id_last4: "0001",
        card.number: "K-zz-z9",
        world.word("work", place): "无此事",
        world.word("name", place): "无此处",
        world.orgs[place].code: "J9999",
        world.word("structure", place): "无此人",
    }
    faults = []
    for word, nonsense in asked.items():
        bodies = set()
        for value in (word, nonsense):
            answer = visitor.send(actor, "GET", f"{reverse(name)}?q={quote(value)}")
            leaks = world.canaries.leaks(actor, answer.response, answer.body)
            # The word typed in stands in the search box again.
            faults += [leak for leak in leaks if value not in leak]
            bodies.add((answer.status, _same_text(answer.body, value)))
        if len(bodies) > 1:
            faults.append(f"{word} is told from {nonsense}")
    assert not faults, report(faults)


def _same_text(body: bytes, value: str) -> bytes:
    for spelled in (value, quote(value)):
        body = body.replace(spelled.encode(), b"VALUE")
    return _same(body)


@pytest.mark.parametrize("field", ["user", "organization", "work_unit"])
def test_the_admin_completes_no_foreign_row(visitor, field):
    actor, world = ACTORS["sysadmin"], visitor.world
    query = f"app_label=organizations&model_name=post&field_name={field}&term="
    for term in ("", "鹊", "街北", "secretary_x"):
        answer = visitor.send(actor, "GET", f"/admin/autocomplete/?{query}{term}")
        assert answer.status == 200
        assert visitor.faults(actor, answer) == []
        assert world.word("name", "x1").encode() not in answer.body


@pytest.mark.parametrize("reader", ["sysadmin", "committee_staff"])
def test_the_admins_lists_find_no_foreign_row(visitor, reader):
    """By search and by lookups in the address."""
    actor, world, faults = ACTORS[reader], visitor.world, []
    foreign = world.orgs["x1"].pk
    for name in ("members_member", "activities_activity", "liaison_liaisoncard"):
        url = reverse(f"admin:{name}_changelist")
        for query in (f"organization__id__exact={foreign}", "q=雀丁壹", "q=K-x1-u3"):
            answer = visitor.send(actor, "GET", f"{url}?{query}")
            found = visitor.faults(actor, answer)
            faults += [f"{url}?{query}: {f}" for f in found if f[-3:] not in query]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    ("name", "lookup"),
    [
        ("members_member", "affiliations__organization__name__startswith"),
        ("members_member", "home_unit__contact_phone"),
        ("members_member", "cards__remarks__words__contains"),
        ("activities_activity", "participations__member__name"),
        ("activities_activity", "participations__member__id_last4"),
        ("liaison_liaisoncard", "member__id_index"),
        ("organizations_organization", "affiliations__member__name"),
    ],
)
def test_the_admin_follows_no_relation_named_in_an_address(visitor, name, lookup):
    """Counting the rows found would spell out a value letter by letter."""
    url = reverse(f"admin:{name}_changelist")

    answer = visitor.send(ACTORS["committee_staff"], "GET", f"{url}?{lookup}=1")

    assert answer.status in {302, 400}


@pytest.mark.parametrize("reader", ACTORS)
def test_every_warning_lists_own_rows_only(visitor, reader):
    actor, faults = ACTORS[reader], []
    for alert in registry.alerts():
        url = reverse("reports:alert", args=[alert.key])
        answer = visitor.send(actor, "GET", url)
        if actor.is_out:
            wanted = 302
        else:
            wanted = 200 if str(alert.right) in actor.rights else 403
        if answer.status != wanted:
            faults.append(f"{alert.key}: {answer.status}, expected {wanted}")
        faults += [f"{alert.key}: {f}" for f in visitor.faults(actor, answer)]
    assert not faults, report(faults)
