"""Whatever else is posted beside the fields a page shows changes nothing.

Each request of the matrix is made three times: twice as it is, so that what differs
by itself is known, and once with the name of every field of every model added.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.cases import address, report
from tests.access.policies import Entry
from tests.access.posting import POSTED, differing, fields_of, post, smuggled, way_in

pytestmark = pytest.mark.django_db


def _entry(world) -> dict[str, Any]:
    request_id = "6f1c1f43-6d6e-4b07-9f3c-5a2b1d8c0001"
    values = {"kind": "service", "occurred_on": "2026-10-05", "hours": "2"}
    return {**values, "content": "清扫", "request_id": request_id}


def _post(world) -> dict[str, Any]:
    return {
        "user": world.users["outsider"].pk,
        "role": "branch_secretary",
        "organization": world.orgs["a2"].pk,
        "work_unit": "",
        "starts_on": "2026-10-01",
        "ends_on": "",
    }


# What the page's own form does not hold yet when it is opened.
FILLED = {
    "organizations:edit": lambda world: {"short_name": "新支部"},
    # A course and a team go with some kinds alone.
    "activities:record": lambda world: {"everybody": "on", "course_id": "", "team": ""},
    "activities:edit": lambda world: {"course_id": "", "team": ""},
    "members:add": lambda world: {
        "joined_on": "2005-07-01",
        "confirmed_on": "2006-07-01",
        "id_number": "110101198503070136",
    },
    "members:affiliation-add": lambda world: {
        "organization": world.orgs["a2"].pk,
        "kind": "co_managed",
    },
    "members:affiliation-end": lambda world: {
        "end_reason": "mistake",
        "status": "",
    },
    "members:affiliation-move": lambda world: {"organization": world.orgs["a2"].pk},
    "members:hardship-apply": lambda world: {
        "applied_on": "2026-10-01",
        "kinds": ["因病"],
        "criteria": ["因重大疾病住院"],
    },
    "members:aid-add": lambda world: {
        "kind": "慰问金",
        "given_on": "2026-10-01",
        "urgent_reason": "",
    },
    "liaison:entry-add": _entry,
    "liaison:card-close": lambda world: {"ends_on": "2026-10-01"},
    "admin:organizations_post_add": _post,
    "admin:organizations_post_change": lambda world: {"ends_on": "2026-12-01"},
    "admin:organizations_organization_add": lambda world: {
        "kind": "branch",
        "parent": world.orgs["a"].pk,
    },
}
# Requests that must get through and write: else the others would prove nothing.
WRITING = {
    "organizations:create",
    "organizations:edit",
    "organizations:community-edit",
    "organizations:work-unit-create",
    "organizations:work-unit-edit",
    "organizations:parameter-edit",
    "members:add",
    "members:edit",
    "members:affiliation-add",
    "members:affiliation-end",
    "members:affiliation-move",
    "members:claim-settle",
    "members:roster-confirm",
    "members:hardship-apply",
    "members:hardship-step",
    "members:aid-add",
    "members:aid-withdraw",
    "activities:record",
    "activities:edit",
    "activities:cancel",
    "activities:achievement-add",
    "activities:program-edit",
    "liaison:card-add",
    "liaison:card-edit",
    "liaison:card-close",
    "liaison:entry-add",
    "liaison:period-close",
    "liaison:own-packet",
    "reports:monthly",
    "reports:roster-export",
    "admin:organizations_organization_add",
    "admin:organizations_community_change",
    "admin:organizations_post_add",
    "admin:organizations_post_change",
    "admin:organizations_user_add",
    "admin:organizations_user_change",
    "admin:organizations_workunit_change",
    "admin:members_member_change",
    "admin:members_talent_change",
}


def _body(visitor, entry: Entry, actor, planted, url: str):
    """Names that the page shows, and what is posted."""
    shown, data = set(), {}
    if entry.get is not None:
        shown, data = fields_of(visitor.send(actor, "GET", url).body)
    elif entry.data is not None:
        data = entry.data(visitor.world, planted)
    if entry.name in FILLED:
        data = data | FILLED[entry.name](visitor.world)
    return shown | set(data), data


@pytest.mark.parametrize("entry", POSTED, ids=lambda entry: entry.name)
def test_a_field_that_no_page_shows_changes_nothing(visitor, entry):
    way = way_in(visitor, entry)
    if way is None:  # nobody of the cast gets through
        assert entry.name not in WRITING
        return
    actor, planted = way
    url = address(visitor, entry, planted)
    shown, data = _body(visitor, entry, actor, planted, url)
    status, written, plain = post(visitor, actor, url, data)
    if entry.name in WRITING:
        assert plain, f"{status}: nothing written by {data}"
    if not plain:
        return

    again = post(visitor, actor, url, data)
    more = smuggled(shown, written)
    loaded = post(visitor, actor, url, data | more)

    assert loaded[0] == status
    by_itself = differing(plain, again[2])
    faults = sorted(differing(plain, loaded[2]) - by_itself, key=str)
    assert not faults, report([str(fault) for fault in faults])
