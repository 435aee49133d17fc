"""Who holds a post in an organization: taken up and given up, one by one."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from config.lib.errors import RuleError
from members.models import Member, Officer
from members.rules.teams import check_office
from members.services.employment import lock_member
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Election, Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def record_officer(
    *,
    member_id: int,
    organization_id: int,
    role: str,
    starts_on: date,
    actor: User,
    today: date,
) -> Officer:
    """Write down that a member holds a post from a day on; the same twice is once.

    Raises Organization.DoesNotExist or Member.DoesNotExist out of scope,
    PermissionDenied, RuleError.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.KEEP_TEAMS, organization)
    member = lock_member(member_id, actor)
    return appoint(member, organization, role, starts_on, actor, today)


def appoint(
    member: Member,
    organization: Organization,
    role: str,
    starts_on: date,
    actor: User,
    today: date,
    election: Election | None = None,
) -> Officer:
    """Let a locked member hold a post; another role there ends on that day.

    In the caller's transaction. Raises RuleError for a day still to come.
    """
    check_office(starts_on, None, today)
    known = member.offices.filter(organization=organization, ends_on=None).first()
    if known is not None:
        if (known.role, known.starts_on) == (role, starts_on):
            return known
        if known.starts_on > starts_on:
            raise RuleError(
                f"{member.name}登记的任职日期 {known.starts_on:%Y-%m-%d} "
                f"晚于 {starts_on:%Y-%m-%d}，请先登记免职，再登记这一次任职。",
                code="held_on" if election else "starts_on",
            )
        known.ends_on, known.ended_by = starts_on, election
        known.save(update_fields=["ends_on", "ended_by"])
    office = Officer(
        member=member,
        organization=organization,
        role=role,
        starts_on=starts_on,
        election=election,
        recorded_by=actor,
    )
    office.full_clean()
    office.save(force_insert=True)
    tell(office, actor)
    tell_figures(member, organization, starts_on)
    return office


@transaction.atomic
def end_office(*, office_id: int, ends_on: date, actor: User, today: date) -> Officer:
    """Write down that a post is held no more from a day on.

    Also of somebody who belongs elsewhere by now. Raises Officer.DoesNotExist out of
    scope, PermissionDenied, RuleError.
    """
    offices = Officer.objects.of_teams_visible_to(actor)
    member_id = offices.values_list("member", flat=True).get(pk=office_id)
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    office = offices.select_related("organization").get(pk=office_id)
    require(actor, Right.KEEP_TEAMS, office.organization)
    if office.ends_on is not None:
        return office
    check_office(office.starts_on, ends_on, today)
    office.ends_on = ends_on
    office.save(update_fields=["ends_on"])
    tell(office, actor)
    tell_figures(member, office.organization, ends_on)
    return office


def tell(office: Officer, actor: User) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.TEAM_CHANGED,
        target=office,
        organization=office.organization,
    )


def tell_figures(member: Member, organization: Organization, since: date) -> None:
    """Hours are asked for at whatever branch educates the member at a month's end."""
    places = set(member.affiliations.values_list("organization_id", flat=True))
    facts_changed.send(
        sender=Officer, organization_ids=places | {organization.pk}, since=since
    )
