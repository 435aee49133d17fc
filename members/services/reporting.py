"""In-post members report to the community: from the slip to the co-managed relation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.paths import ancestors, is_within
from members import rules as people
from members.choices import AffiliationKind, Category, StartReason
from members.choices.reporting import SlipSource, SlipState
from members.models import Affiliation, Member, ReportSlip, Talent
from members.rules import reporting as rules
from members.services.affiliations import branch_for_change, start_affiliation
from members.services.claims import queue_claim
from members.services.members import add_member
from members.services.slip_rows import locked, settle, tell, write
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Community, Organization, User, WorkUnit


@dataclass(frozen=True)
class SlipFacts:
    """What stands on a slip, as it was written."""

    name: str
    id_number: str
    reported_on: date
    source: str = SlipSource.SELF
    ethnicity: str = "Han"
    member_type: str = "full"
    joined_on: date | None = None
    joined_precision: str = "day"
    phone: str = ""
    address: str = ""
    work_unit: WorkUnit | None = None
    unit_name: str = ""
    job_title: str = ""
    skills: str = ""
    wishes: str = ""

    def values(self, today: date) -> dict[str, Any]:
        """What is stored. Raises RuleError where something cannot be."""
        identity = people.identity_fields(self.id_number, today=today)
        rules.check_reported(
            self.reported_on,
            joined_on=self.joined_on,
            born_on=identity["born_on"],
            today=today,
        )
        values = vars(self) | {
            "name": people.name_fields(self.name)["name"],
            "id_number": identity["id_number"],
            "id_index": identity["id_index"],
            "phone": normalize_phone(self.phone),
        }
        for name in ("address", "unit_name", "job_title", "skills", "wishes"):
            values[name] = values[name].strip()
        if not self.work_unit and not values["unit_name"]:
            raise RuleError("请选择工作单位，或填写单位名称。", code="unit_name")
        return values


# Objects that were found, not typed: looking each up again costs a question a row.
_GIVEN = ("organization", "community", "work_unit", "recorded_by", "request_id")


class _ElsewhereError(Exception):
    """The person has a file that the actor does not see."""

    def __init__(self, member_id: int) -> None:
        super().__init__(member_id)
        self.member_id = member_id


def community_of(organization: Organization) -> Community:
    """The community that an organization lies in. Raises RuleError for none."""
    found = (
        Community.objects.filter(organization__path__in=ancestors(organization.path))
        .select_related("organization")
        .order_by("-organization__path")
        .first()
    )
    if found is None:
        raise RuleError(
            f"{organization}不属于任何社区，不能受理报到；请选择社区的党组织。",
            code="organization",
        )
    return found


@transaction.atomic
def file_slip(
    *,
    organization_id: int,
    facts: SlipFacts,
    request_id: UUID | None = None,
    actor: User,
) -> ReportSlip:
    """Write down a slip for the organization that shall answer it.

    A repeated `request_id` returns the slip of the first time. Raises
    Organization.DoesNotExist out of scope, PermissionDenied without an editing post
    there, RuleError where a rule refuses.
    """
    if request_id is not None:
        earlier = ReportSlip.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    organization = place_for_slips(organization_id, actor)
    slip = new_slip(organization, community_of(organization), facts, actor)
    refuse_known_here(slip)
    slip.request_id = request_id
    write(slip)
    tell([slip], actor, AuditAction.SLIP_RECORDED)
    return slip


def place_for_slips(organization_id: int, actor: User) -> Organization:
    """Return the open organization, locked against closing, where slips may lie."""
    organization = (
        Organization.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=organization_id)
    )
    require(actor, Right.EDIT_MEMBERS, organization)
    if not organization.is_open:
        raise RuleError(f"{organization}已撤销，不能再受理报到。", code="organization")
    return organization


def new_slip(
    organization: Organization, community: Community, facts: SlipFacts, actor: User
) -> ReportSlip:
    """Return a checked slip, unsaved. Raises RuleError where a rule refuses."""
    values = facts.values(timezone.localdate())
    slip = ReportSlip(
        organization=organization, community=community, recorded_by=actor, **values
    )
    slip.clean_fields(exclude=_GIVEN)
    return slip


def refuse_known_here(*slips: ReportSlip) -> None:
    """Raise RuleError for somebody the community co-manages already."""
    for slip in known_here(slips):
        raise rules.known_here(str(slip.community))


def known_here(slips: Collection[ReportSlip]) -> list[ReportSlip]:
    """Those of the slips whose person their community co-manages already."""
    relations = Affiliation.objects.open().filter(
        member__id_index__in={slip.id_index for slip in slips},
        kind=AffiliationKind.CO_MANAGED,
    )
    paths: dict[str, list[str]] = {}
    for index, path in relations.order_by().values_list(
        "member__id_index", "organization__path"
    ):
        paths.setdefault(index, []).append(path)
    return [
        slip
        for slip in slips
        for path in paths.get(slip.id_index, ())
        if is_within(path, slip.community.organization.path)
    ]


@transaction.atomic
def amend_slip(
    *, slip_id: int, facts: SlipFacts, version: int | None = None, actor: User
) -> ReportSlip:
    """Mend what was written wrongly, while nobody has answered."""
    slip = locked(slip_id, actor, version)
    require(actor, Right.EDIT_MEMBERS, slip.organization)
    rules.check_amendable(slip.state)
    for name, value in facts.values(timezone.localdate()).items():
        setattr(slip, name, value)
    slip.clean_fields(exclude=_GIVEN)
    refuse_known_here(slip)
    write(slip)
    tell([slip], actor, AuditAction.SLIP_AMENDED)
    return slip


def accept_slip(
    *,
    slip_id: int,
    branch_id: int,
    starts_on: date,
    version: int | None = None,
    actor: User,
) -> ReportSlip:
    """Take the member into the co-management of a branch of the community.

    Finds the file by the ID number or begins one, and opens the relation. For
    somebody whose file the actor does not see (code "needs_street") a claim goes to
    street staff, who see both; settling it accepts the slip.
    """
    try:
        with transaction.atomic():
            return _accept(slip_id, branch_id, starts_on, version, actor)
    except _ElsewhereError as elsewhere:
        queue_claim(
            member_id=elsewhere.member_id,
            organization_id=branch_id,
            kind=AffiliationKind.CO_MANAGED,
            source="报到单",
            actor=actor,
        )
    # Outside the handler: a traceback must not carry the other person's number.
    raise RuleError(people.NEEDS_STREET, code="needs_street")


def _accept(
    slip_id: int, branch_id: int, starts_on: date, version: int | None, actor: User
) -> ReportSlip:
    slip = locked(slip_id, actor, version)
    require(actor, Right.EDIT_MEMBERS, slip.organization)
    rules.check_next(slip.state, SlipState.ACCEPTED)
    branch = branch_for_change(branch_id, actor)
    if not is_within(branch.path, slip.community.organization.path):
        raise RuleError(
            f"{branch}不在{slip.community}，请选择本社区的党支部。", code="branch"
        )
    rules.check_accepted(
        starts_on, reported_on=slip.reported_on, today=timezone.localdate()
    )
    member = (
        Member._base_manager.select_for_update(of=("self",), no_key=True)
        .filter(id_index=slip.id_index)
        .first()
    )
    # The relation, however it begins, answers the slip: `slip_rows`.
    if member is None:
        _add(slip, branch, starts_on, actor)
    else:
        _join(slip, member, branch, starts_on, actor)
    slip.refresh_from_db()
    if slip.state == SlipState.RECEIVED:  # he is there already, by a roster say
        settle(slip, SlipState.ACCEPTED, actor, branch=branch, member=member)
    return slip


def _add(
    slip: ReportSlip, branch: Organization, starts_on: date, actor: User
) -> Member:
    words = slip.skills.replace("，", "、").replace(",", "、").replace(" ", "、")
    return add_member(
        organization_id=branch.pk,
        kind=AffiliationKind.CO_MANAGED,
        starts_on=starts_on,
        start_reason=StartReason.REPORTED_IN,
        talents=Talent.objects.filter(is_active=True, name__in=words.split("、")),
        actor=actor,
        name=slip.name,
        id_number=slip.id_number,
        ethnicity=slip.ethnicity,
        category=Category.IN_POST,
        member_type=slip.member_type,
        joined_on=rules.check_joined(slip.joined_on),
        joined_precision=slip.joined_precision,
        phone=slip.phone,
        address=slip.address,
        community=slip.community,
        home_unit=slip.work_unit,
        job_title=slip.job_title,
    )


def _join(
    slip: ReportSlip,
    member: Member,
    branch: Organization,
    starts_on: date,
    actor: User,
) -> None:
    """Open the relation of somebody who has a file; the file stays as it is."""
    reported = member.affiliations.open().filter(kind=AffiliationKind.CO_MANAGED)
    if reported.filter(organization=branch).exists():
        return
    if reported.exists():
        # In two communities at once: the list of double reports shows it to the street.
        raise RuleError(
            "该同志已在本街道另一处报到协管，已列入街道的“重复报到”，"
            "请等街道工作人员确定留在哪里以后再受理。",
            code="doubled",
        )
    if not Member.objects.readable_by(actor).filter(pk=member.pk).exists():
        raise _ElsewhereError(member.pk)
    if member.name != slip.name:
        raise RuleError(
            f"这个身份证号在本街道登记的姓名是“{member.name}”，与报到单不同，请核对。",
            code="known_here",
        )
    start_affiliation(
        member_id=member.pk,
        organization_id=branch.pk,
        kind=AffiliationKind.CO_MANAGED,
        starts_on=starts_on,
        start_reason=StartReason.REPORTED_IN,
        note="报到单",
        actor=actor,
    )


@transaction.atomic
def give_up_slip(
    *, slip_id: int, state: str, words: str, version: int | None = None, actor: User
) -> ReportSlip:
    """Refuse a slip, or take back one that was written by mistake; `words` say why."""
    if state not in {SlipState.REFUSED, SlipState.WITHDRAWN}:
        raise ValueError(state)
    slip = locked(slip_id, actor, version)
    require(actor, Right.EDIT_MEMBERS, slip.organization)
    rules.check_next(slip.state, state)
    settle(slip, SlipState(state), actor, reason=rules.check_reason(words))
    return slip
