"""Projects of community services: opened, mended, closed, taken back.

Whatever earns somebody a deed or changes how his employment stands is written into
his record in the same transaction (`members.services.project_records`), so that the
ledger, the items and the figures count from there and nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices.projects import LeavingReason
from activities.models import Placement, ProjectFounder, ServicePost, ServiceProject
from activities.rules import projects as rules
from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.choices.employment import EmploymentStatus, LeadKind
from members.models import EmploymentSpell, Member
from members.rules.employment import OUT_OF_WORK
from members.services import project_records as records
from members.services.contacts import branch_in_touch
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Community, Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class ProjectFacts:
    """What a project is, and where."""

    name: str
    field: str
    community_id: int
    place: str
    phone: str = ""


@transaction.atomic
def open_project(
    *,
    facts: ProjectFacts,
    opened_on: date,
    founder_ids: Sequence[int],
    actor: User,
    request_id: UUID | None = None,
) -> ServiceProject:
    """Open a project of members, the first of `founder_ids` leading.

    It is kept by the branch that looks after the first. Whoever of them is out of
    work works for himself from then on. A repeated `request_id` returns the project
    of the first time. Raises Member.DoesNotExist and Community.DoesNotExist out of
    scope, PermissionDenied, RuleError.
    """
    rules.check_founders(list(founder_ids))
    people = records.lock_people(set(founder_ids))
    seen = Member.objects.visible_to(actor).filter(pk__in=founder_ids)
    if len(seen) != len(founder_ids):
        raise Member.DoesNotExist
    if (earlier := _opened(request_id, actor)) is not None:
        return earlier
    founders = [people[pk] for pk in founder_ids]
    places = [branch_in_touch(member, actor) for member in founders]
    first, name = founders[0], facts.name.strip()
    rules.check_day(
        opened_on,
        label="开办日期",
        code="opened_on",
        first=first.joined_on,
        today=timezone.localdate(),
    )
    records.check_not_by_hand(first, name)
    project = ServiceProject(
        organization=places[0],
        opened_on=opened_on,
        recorded_by=actor,
        request_id=request_id,
    )
    _apply(project, facts, actor)
    project.lead = records.write_lead(
        member=first,
        organization=places[0],
        kind=LeadKind.SERVICE,
        starts_on=opened_on,
        title=name,
        actor=actor,
    )
    _save_named(project)
    for member, place in zip(founders, places, strict=True):
        ProjectFounder.objects.create(
            project=project,
            member=member,
            is_first=member == first,
            spell=_own_work(project, member, place, actor),
        )
    tell(project, "opened", actor, since=opened_on)
    return project


@transaction.atomic
def amend_project(
    *, project_id: int, facts: ProjectFacts, version: int | None = None, actor: User
) -> ServiceProject:
    """Mend what a project is and where; raises as `open_project`, and StaleError."""
    project = locked_project(project_id, actor)
    check_version(project, version)
    before = project.name
    _apply(project, facts, actor)
    if project.name != before:
        first = project.founders.select_related("member").get(is_first=True)
        records.check_not_by_hand(first.member, project.name)
        # The deed in the ledger bears the project's name.
        records.withdraw_lead(project.lead, actor)
        project.lead = records.write_lead(
            member=first.member,
            organization=project.lead.organization,
            kind=LeadKind.SERVICE,
            starts_on=project.opened_on,
            title=project.name,
            actor=actor,
        )
    project.version += 1
    _save_named(project)
    tell(project, "amended", actor, since=project.opened_on)
    return project


@transaction.atomic
def close_project(
    *,
    project_id: int,
    closed_on: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> ServiceProject:
    """Close a project: who works there leaves that day, its posts end.

    Raises ServiceProject.DoesNotExist out of scope, PermissionDenied, StaleError,
    RuleError.
    """
    project = locked_project(project_id, actor)
    if not reason.strip():
        raise RuleError("请写明停办的原因。", code="reason")
    rules.check_day(
        closed_on,
        label="停办日期",
        code="closed_on",
        first=project.opened_on,
        today=timezone.localdate(),
    )
    _check_last(project, closed_on)
    check_version(project, version)
    working = list(placements_of(project).working())
    founders = list(project.founders.select_related("member", "spell__organization"))
    people = records.lock_people(row.member_id for row in (*working, *founders))
    for placement in working:
        end(placement, closed_on, LeavingReason.CLOSED, "", people, actor)
    for founder in founders:
        if founder.spell is not None:
            founder.next_spell = records.follow_spell(
                spell=founder.spell,
                member=people[founder.member_id],
                status=rules.NEXT_STATUS[LeavingReason.CLOSED],
                starts_on=closed_on,
                workplace="",
                actor=actor,
            )
            founder.save(update_fields=["next_spell"])
    project.posts.open().update(ended_on=closed_on)
    project.closed_on, project.closed_reason = closed_on, reason.strip()
    save_versioned(
        project, version=version, update_fields=["closed_on", "closed_reason"]
    )
    tell(project, "closed", actor, since=closed_on, people=len(working))
    return project


@transaction.atomic
def withdraw_project(*, project_id: int, reason: str, actor: User) -> ServiceProject:
    """Take back a project that was written down by mistake, with its posts and deeds.

    Raises as `close_project`; RuleError where somebody is written down as working.
    """
    project = locked_project(project_id, actor)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    if number := placements_of(project).counted().count():
        raise RuleError(
            f"这个项目已登记{number}人上岗，不能撤回；确实没有这个项目的，请先逐个撤回"
            "上岗记录，不再办的请用“停办”。",
            code="reason",
        )
    founders = list(project.founders.select_related("spell__organization"))
    records.lock_people({founder.member_id for founder in founders})
    for founder in founders:
        records.withdraw_spell(founder.spell, actor)
    for post in project.posts.counted().select_related("lead__organization"):
        take_back(post, reason, actor)
    take_back(project, reason, actor)
    tell(project, "withdrawn", actor, since=project.opened_on)
    return project


def locked_project(project_id: int, actor: User) -> ServiceProject:
    """The running project, locked: all that changes its posts and people waits here."""
    project = (
        ServiceProject.objects.visible_to(actor)
        .select_related("organization", "lead__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=project_id)
    )
    require(actor, Right.EDIT_MEMBERS, project.organization)
    rules.check_running(
        project.closed_on, is_withdrawn=project.withdrawn_at is not None
    )
    return project


def placements_of(project: ServiceProject):
    """Everybody who ever worked there."""
    return Placement.objects.filter(post__project=project).select_related(
        "post", "member", "spell__organization", "lead__organization"
    )


def end(
    placement: Placement,
    ends_on: date,
    reason: str,
    words: str,
    people: dict[int, Member],
    actor: User,
) -> None:
    """End a placement whose project and member are locked, and say what follows."""
    rules.check_left(ends_on, starts_on=placement.starts_on, today=timezone.localdate())
    placement.ends_on, placement.leaving = ends_on, reason
    placement.leaving_words = words
    if placement.spell is not None and placement.member_id is not None:
        placement.next_spell = records.follow_spell(
            spell=placement.spell,
            member=people[placement.member_id],
            status=rules.NEXT_STATUS[reason],
            starts_on=ends_on,
            workplace=words if reason == LeavingReason.OTHER_JOB else "",
            actor=actor,
        )
    placement.save(update_fields=["ends_on", "leaving", "leaving_words", "next_spell"])


def take_back(
    row: ServiceProject | ServicePost | Placement, reason: str, actor: User
) -> None:
    """Withdraw a row with the deed it earned; it stays on record."""
    records.withdraw_lead(row.lead, actor)
    row.withdrawn_at, row.withdrawn_reason = timezone.now(), reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])


def tell(
    project: ServiceProject, step: str, actor: User, *, since: date, people: int = 0
) -> None:
    details: dict[str, object] = {"project_step": step}
    if people:
        details["count"] = people
    audit.record(
        actor=actor,
        action=AuditAction.PROJECT_SAVED,
        target=project,
        organization=project.organization,
        details=details,
    )
    facts_changed.send(
        sender=ServiceProject,
        organization_ids={project.organization_id},
        since=since,
    )


def hand_over_projects(*, source: Organization, target: Organization) -> None:
    """Let the one a branch merges into keep its projects; a name taken says whence.

    In the caller's transaction.
    """
    projects = list(ServiceProject.objects.filter(organization=source).order_by("pk"))
    taken = ServiceProject.objects.running().filter(organization=target)
    names = set(taken.values_list("name", flat=True))
    for project in projects:
        project.organization = target
        if project.is_running and project.name in names:
            project.name = f"{project.name}（原{source}）"[:40]
        project.save(update_fields=["organization", "name"])
    if projects:
        facts_changed.send(
            sender=ServiceProject,
            organization_ids={source.pk, target.pk},
            since=min(project.opened_on for project in projects),
        )


def _opened(request_id: UUID | None, actor: User) -> ServiceProject | None:
    if request_id is None:
        return None
    rows = ServiceProject.objects.visible_to(actor)
    return rows.filter(request_id=request_id).first()


def _apply(project: ServiceProject, facts: ProjectFacts, actor: User) -> None:
    offered = Community.objects.offered_to(actor)
    project.community = offered.get(pk=facts.community_id)
    project.name, project.field = facts.name.strip(), facts.field
    project.place, project.phone = facts.place.strip(), facts.phone.strip()
    project.clean_fields(exclude=["organization", "recorded_by", "lead"])


def _save_named(project: ServiceProject) -> None:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError:
        raise RuleError(
            f"{project.organization}已有名为“{project.name}”的服务项目在办，"
            "请换一个名称，或者打开原来那个办理。",
            code="name",
        ) from None


def _own_work(
    project: ServiceProject, member: Member, place: Organization, actor: User
) -> EmploymentSpell | None:
    """Write that a founder who was out of work works for himself."""
    current = EmploymentSpell.objects.counted().filter(
        member=member, starts_on__lte=project.opened_on
    )
    latest = current.order_by("-starts_on").first()
    if latest is None or latest.status not in OUT_OF_WORK:
        return None
    return records.open_spell(
        member=member,
        organization=place,
        status=EmploymentStatus.SELF_EMPLOYED,
        starts_on=project.opened_on,
        workplace=project.name,
        actor=actor,
    )


def _check_last(project: ServiceProject, closed_on: date) -> None:
    """Raise RuleError where something is written down for a later day."""
    days = {
        *project.posts.counted().values_list("created_on", flat=True),
        *project.posts.counted().values_list("ended_on", flat=True),
        *placements_of(project).counted().values_list("ends_on", flat=True),
    }
    last = max((day for day in days if day is not None), default=project.opened_on)
    if closed_on < last:
        raise RuleError(
            f"{last}还登记有岗位或上岗情况，停办日期不能早于这一天，请核对。",
            code="closed_on",
        )
    started = placements_of(project).working().filter(starts_on__gte=closed_on).first()
    if started is not None:
        raise RuleError(
            f"{started.starts_on}还有人上岗，停办日期应晚于这一天，请核对。",
            code="closed_on",
        )
