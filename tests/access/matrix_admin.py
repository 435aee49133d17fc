"""Who may what in the browser admin: five addresses for each model, and its own."""

from __future__ import annotations

from tests.access.cast import Actor
from tests.access.policies import (
    ABSENT,
    FORBIDDEN,
    OK,
    Entry,
    Policy,
    anybody,
    known,
    nobody,
    opened,
    own,
    right,
    scoped,
    street_of,
    then_right,
)
from tests.access.walk import CATCH_ALL, OLD_CHANGE
from tests.access.world import Planted

TREE, KEEPS, USERS = "view_organizations", "manage_organizations", "manage_users"
SEES, EDITS, SETS = "view_members", "edit_members", "manage_parameters"
VISITS = "visit_households"


def lost(actor: Actor, planted: Planted | None) -> str:
    """There for nobody: the rows are outside everybody's scope."""
    return ABSENT


def gated(policy: Policy, *gates: str) -> Policy:
    """Refused without any of the rights, whatever the object."""

    def wrapped(actor: Actor, planted: Planted | None) -> str:
        return policy(actor, planted) if actor.rights & {*gates} else FORBIDDEN

    return wrapped


def model(
    name: str,
    at: str,
    *gates: str,
    see: Policy,
    change: Policy = nobody,
    add: Policy = nobody,
    shown: int = 200,
) -> list[Entry]:
    """`gates` open the list, `see` an object, `change` and `add` save; none deletes."""

    def one(action: str, *policies: Policy, **more: object) -> Entry:
        url_name = f"admin:{name}_{action}"
        more |= {"at": at, "arg": "object_id"}
        return Entry(url_name, *policies, style="admin", **more)

    listed = gated(anybody, *gates)
    return [
        Entry(f"admin:{name}_changelist", listed, listed, style="admin", got=(shown,)),
        Entry(f"admin:{name}_add", add, add, style="admin"),
        one("change", gated(see, *gates), change, got=(shown,)),
        # The object comes before the right here: an object in nobody's scope is lost.
        one("history", see, see),
        one("delete", nobody, nobody),
    ]


def _action(name: str) -> Entry:
    """A button on an account's page: reset, disable."""
    policy = scoped(USERS)
    return Entry(
        f"admin:organizations_user_{name}",
        policy,
        policy,
        at="user",
        style="admin",
        lost=404,
    )


def signpost(actor: Actor, planted: Planted | None) -> str:
    """The admin's login leads to the portal's; no way in for whoever has no post."""
    return OK if actor.is_out or actor.opens_admin else FORBIDDEN


opened(signpost)


ENTRIES = [
    *model("organizations_auditevent", "event", "view_audit", see=lost),
    *model(
        "organizations_community",
        "community",
        TREE,
        see=scoped(TREE),
        change=scoped(TREE, do=KEEPS, gate=KEEPS),
        add=right(KEEPS),
    ),
    *model("organizations_job", "job", USERS, see=scoped(USERS)),
    *model(
        "organizations_organization",
        "organization",
        TREE,
        see=scoped(TREE),
        change=scoped(TREE, do=KEEPS, gate=KEEPS),
        add=right(KEEPS),
    ),
    # A signpost to the portal's own page.
    *model(
        "organizations_parameter",
        "parameter",
        SETS,
        see=known(),
        change=right(SETS),
        shown=302,
    ),
    *model(
        "organizations_post",
        "post",
        USERS,
        see=scoped(USERS),
        change=scoped(USERS, gate=USERS),
        add=right(USERS),
    ),
    *model(
        "organizations_user",
        "user",
        USERS,
        see=scoped(USERS),
        change=scoped(USERS, gate=USERS),
        add=right(USERS),
    ),
    *(_action(name) for name in ("reset-password", "toggle-active", "reset-totp")),
    *model(
        "organizations_workunit",
        "unit",
        TREE,
        see=known(),
        change=known(gate=KEEPS),
        add=right(KEEPS),
    ),
    *model(
        "members_member",
        "member",
        SEES,
        see=scoped(SEES),
        change=scoped(SEES, do=EDITS, gate=EDITS),
    ),
    *model("members_affiliation", "affiliation", SEES, see=scoped(SEES)),
    *model("members_applicant", "applicant", SEES, see=scoped(SEES)),
    *model("members_employmentspell", "spell", SEES, see=scoped(SEES)),
    *model("members_helpstep", "help", SEES, see=scoped(SEES)),
    *model("members_lead", "lead", SEES, see=scoped(SEES)),
    *model("members_transfer", "transfer", SEES, see=scoped(SEES)),
    *model("members_lostcase", "lost", SEES, see=scoped(SEES)),
    *model("members_membershipdecision", "decision", SEES, see=scoped(SEES)),
    *model("members_duesmonth", "dues-month", SEES, see=scoped(SEES)),
    *model("members_commendation", "commendation", SEES, see=scoped(SEES)),
    *model("members_mobilestay", "stay", SEES, see=scoped(SEES)),
    *model("members_reportslip", "slip", SEES, see=scoped(SEES)),
    *model("members_plaque", "plaque", SEES, see=scoped(SEES)),
    *model(
        "members_duplicateclaim", "claim", "settle_claims", see=scoped("settle_claims")
    ),
    *model(
        "members_talent",
        "talent",
        SEES,
        SETS,
        see=known(),
        change=known(gate=SETS),
        add=right(SETS),
    ),
    *model("activities_activity", "activity", SEES, see=scoped(SEES)),
    *model(
        "activities_program",
        "program",
        "manage_programs",
        see=then_right(known(), "manage_programs"),
    ),
    *model("activities_schoolterm", "term", SEES, see=scoped(SEES)),
    *model("activities_achievement", "achievement", SEES, see=scoped(SEES)),
    *model("activities_household", "door", VISITS, see=scoped(VISITS)),
    *model("activities_visit", "visit", VISITS, see=scoped(VISITS)),
    *model("activities_volunteerteam", "team", SEES, see=scoped(SEES)),
    *model("activities_serviceproject", "project", SEES, see=scoped(SEES)),
    *model("liaison_liaisoncard", "card", SEES, see=scoped(SEES)),
    *model("liaison_claimpost", "claim-post", SEES, see=scoped(SEES)),
    *model("liaison_feedbackperiod", "period", SEES, see=street_of(SEES)),
    *model(
        "liaison_feedbackpacket",
        "packet",
        "issue_feedback",
        see=scoped("issue_feedback"),
    ),
    *model("reports_export", "export", "export", see=own()),
    *model(
        "reports_monthclosing", "closing", "view_reports", see=scoped("view_reports")
    ),
    # The site's own addresses
    Entry("admin:index", anybody, anybody, style="admin"),
    Entry(
        "admin:app_list", anybody, anybody, style="admin", more={"app_label": "members"}
    ),
    Entry("admin:login", signpost, signpost, got=(200, 302)),
    Entry(
        "admin:logout", anybody, anybody, style="admin", got=(302, 307), posted=(307,)
    ),
    Entry("admin:password_change", anybody, anybody, style="admin", got=(302,)),
    Entry("admin:password_change_done", anybody, style="admin"),
    Entry("admin:jsi18n", anybody, style="admin"),
    # Refused without the field it completes; with one: test_lists.py.
    Entry("admin:autocomplete", nobody, style="admin"),
    Entry(
        f"admin:{OLD_CHANGE}",
        anybody,
        anybody,
        path="/admin/members/member/1/",
        got=(302,),
    ),
    Entry(
        f"admin:{CATCH_ALL}",
        lost,
        lost,
        style="admin",
        path="/admin/nothing/",
        lost=404,
    ),
]
