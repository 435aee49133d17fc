"""Who may what under /organizations/ and /account/."""

from typing import Any

from organizations.models import Organization
from tests.access.cast import Actor
from tests.access.policies import (
    ABSENT,
    OK,
    Entry,
    anybody,
    either,
    of_unit,
    own,
    public,
    right,
    scoped,
    then_right,
)
from tests.access.world import Planted, World

SEES, KEEPS = "view_organizations", "manage_organizations"
managed = scoped(SEES, do=KEEPS)


def named(actor: Actor, planted: Planted | None) -> str:
    """Work units: every one of them for whoever works in the tree, none else."""
    return OK if planted is not None and SEES in actor.rights else ABSENT


kept_unit = then_right(either(of_unit(), named), KEEPS)


def _same_name(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"name": "中共江滨新支部委员会", "short_name": "新支部", "kind": "branch"}


def _move(world: World, planted: Planted | None) -> dict[str, Any]:
    """To a branch of the other street: a choice nobody of this one has."""
    foreign = Organization.objects.get(pk=world.orgs["x"].pk)
    return {"new_parent": foreign.pk, "target": foreign.pk, "version": 1}


def _end(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"on_date": "2026-10-01", "closed_on": "2026-10-01", "reason": "合并"}


def _foreign_place(world: World, planted: Planted | None) -> dict[str, Any]:
    """An area for a community of the other street."""
    return {"shape_1": world.communities["x"].pk}


def _foreign_outline(world: World, planted: Planted | None) -> dict[str, Any]:
    return {"outlines": f"{world.communities['x'].outline.pk}.1"}


ENTRIES = [
    Entry("healthz", public),
    Entry("big-type", None, public),
    Entry("login", public, public, got=(200, 302)),
    Entry("logout", None, anybody),
    Entry("password-change", anybody, anybody),
    Entry("totp-setup", anybody, anybody),
    Entry("totp-verify", anybody, anybody, got=(302,)),
    Entry("totp-disable", anybody, anybody, got=(302,)),
    Entry("totp-recovery", anybody, anybody, got=(302,)),
    # The tree
    Entry("organizations:list", right(SEES)),
    Entry("organizations:detail", scoped(SEES), at="organization"),
    Entry(
        "organizations:create",
        managed,
        managed,
        at="organization",
        arg="parent_pk",
        data=_same_name,
    ),
    Entry("organizations:edit", managed, managed, at="organization", data=_same_name),
    Entry("organizations:move", managed, managed, at="organization", data=_move),
    Entry("organizations:merge", managed, managed, at="organization", data=_move),
    Entry("organizations:close", managed, managed, at="organization", data=_end),
    Entry("organizations:import", right(KEEPS), right(KEEPS)),
    Entry("organizations:import-preview", own(KEEPS), own(KEEPS), at="register-file"),
    Entry("organizations:community-list", right(SEES)),
    Entry("organizations:community-create", right(KEEPS), right(KEEPS)),
    Entry("organizations:community-edit", managed, managed, at="community"),
    Entry("organizations:map", right(SEES)),
    Entry("organizations:map-upload", right(KEEPS), right(KEEPS)),
    Entry(
        "organizations:map-import",
        own(KEEPS),
        own(KEEPS),
        at="map-file",
        data=_foreign_place,
    ),
    Entry(
        "organizations:map-remove", right(KEEPS), right(KEEPS), data=_foreign_outline
    ),
    # Units are no personal data: whoever works in the tree may name them.
    Entry("organizations:work-unit-list", right(SEES)),
    Entry("organizations:work-unit-create", right(KEEPS), right(KEEPS)),
    Entry(
        "organizations:work-unit-detail",
        either(of_unit(), named),
        at="unit",
    ),
    Entry("organizations:work-unit-edit", kept_unit, kept_unit, at="unit"),
    # Jobs are their requester's alone.
    Entry("organizations:jobs", anybody),
    Entry("organizations:job-detail", own(), at="job"),
    Entry("organizations:job-status", own(), at="job", got=(200, 302)),
    Entry("organizations:job-cancel", None, own(), at="job"),
    Entry("organizations:job-retry", None, own(), at="job"),
    Entry("organizations:job-download", own(), at="job"),
    # The office
    Entry("organizations:audit", right("view_audit")),
    Entry("organizations:parameters", right("manage_parameters")),
    Entry(
        "organizations:parameter-edit",
        right("manage_parameters"),
        right("manage_parameters"),
        more={"app": "members", "name": "probation_notice_days"},
        data=lambda world, planted: {"value": "30"},
    ),
    Entry("organizations:file", scoped("view_members"), at="photo-file"),
]
