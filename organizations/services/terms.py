"""Terms of committees: begun by an election, delayed or advanced by approval."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from config.lib.dates import clean_text, months_after
from config.lib.errors import RuleError
from config.lib.versions import save_versioned
from organizations import audit, parameters, term_rules
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Election, Organization, Term, TermChange, User
from organizations.parameter_specs import (
    BRANCH_TERM,
    COMMITTEE_TERM,
    COMMUNITY_TERM,
    TERM_CHANGE_MONTHS,
)
from organizations.services import tree
from organizations.signals import facts_changed


def years_of(organization: Organization) -> int:
    """Years of a term there. Source: 《关于党的基层组织任期的意见》（2018）."""
    years = term_rules.TermYears(
        committee=parameters.get(COMMITTEE_TERM),
        branch=parameters.get(BRANCH_TERM),
        community=parameters.get(COMMUNITY_TERM),
    )
    return years.of(organization.kind, organization.field)


def locked_electing(organization_id: int, actor: User, right: Right) -> Organization:
    """The open organization, its terms this transaction's own; asks for `right`.

    Raises Organization.DoesNotExist out of scope, PermissionDenied, RuleError for one
    that has no elected committee.
    """
    tree.lock_tree()
    places = Organization.objects.visible_to(actor).open()
    organization = places.select_related("parent").get(pk=organization_id)
    require(actor, right, organization)
    term_rules.check_electing(organization.kind)
    return organization


def require_above(actor: User, organization: Organization) -> None:
    """Raise PermissionDenied unless `actor` acts for the higher organization."""
    require(actor, Right.KEEP_TEAMS, organization.parent or organization)


def begin_term(election: Election, number: int | None) -> Term:
    """Let the term of a whole committee begin with its election.

    `number` None is the one after the last. In the caller's transaction, the
    organization locked. Raises RuleError when the term before began later.
    """
    organization = election.organization
    before = organization.terms.current().first()
    if before is not None:
        if before.starts_on >= election.held_on:
            raise RuleError(
                f"现在这一届自 {before.starts_on:%Y-%m-%d} 起，换届选举应在这一天之后，"
                "请核对选举日期。",
                code="held_on",
            )
        before.ended_on = election.held_on
        before.save(update_fields=["ended_on"])
    due_on = months_after(election.held_on, 12 * years_of(organization))
    term = Term(
        organization=organization,
        number=number or (before.number + 1 if before else 1),
        starts_on=election.held_on,
        due_on=due_on,
        election=election,
    )
    term.full_clean()
    term.save(force_insert=True)
    _set_due(organization, due_on)
    return term


def take_back_term(election: Election) -> None:
    """Undo `begin_term`: the term before lasts on, its end is what it was."""
    organization = election.organization
    Term.objects.filter(election=election).delete()
    last = organization.terms.order_by("-starts_on").first()
    if last is not None:
        last.ended_on = None
        last.save(update_fields=["ended_on"])
    _set_due(organization, election.due_before)


@transaction.atomic
def change_term(
    *,
    organization_id: int,
    kind: str,
    after: date,
    approved_on: date,
    approval: str,
    reason: str,
    actor: User,
    today: date,
) -> TermChange:
    """Write down that the higher organization let a term end later or earlier.

    Written by whoever acts for the higher organization; the same once more is the
    same change. Raises Organization.DoesNotExist, PermissionDenied, RuleError.
    """
    organization = locked_electing(organization_id, actor, Right.KEEP_TEAMS)
    require_above(actor, organization)
    last = organization.term_changes.order_by("-pk").first()
    if (
        last is not None
        and (last.kind, last.after) == (kind, after)
        and organization.term_ends_on == after
    ):
        return last
    if approved_on > today:
        raise RuleError("批准日期还没有到，批准以后再登记。", code="approved_on")
    current = organization.terms.current().first()
    term_rules.check_term_change(
        kind,
        organization.term_ends_on,
        after,
        current.due_on if current else None,
        parameters.get(TERM_CHANGE_MONTHS),
    )
    assert organization.term_ends_on is not None  # refused above
    change = TermChange(
        organization=organization,
        kind=kind,
        before=organization.term_ends_on,
        after=after,
        approved_on=approved_on,
        approval=clean_text(approval),
        reason=clean_text(reason),
        recorded_by=actor,
    )
    change.full_clean()
    change.save(force_insert=True)
    _set_due(organization, after)
    tell(change, AuditAction.TERM_CHANGED, organization, actor)
    tell_figures(organization, approved_on)
    return change


def _set_due(organization: Organization, due_on: date | None) -> None:
    organization.term_ends_on = due_on
    save_versioned(organization, version=None, update_fields=["term_ends_on"])


def tell(
    row: Election | TermChange,
    action: AuditAction,
    organization: Organization,
    actor: User,
    **details: str,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=row,
        organization=organization,
        details=details,
    )


def tell_figures(organization: Organization, since: date) -> None:
    facts_changed.send(sender=Election, organization_ids={organization.pk}, since=since)
