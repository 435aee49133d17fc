"""The way into the Party: registering an applicant, and the steps that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version
from members import rules as people
from members.choices import AffiliationKind, MembershipStatus, MemberType, StartReason
from members.choices.development import Outcome, Stage, StepKind
from members.models import Applicant, DevelopmentStep, Member
from members.parameters.development import development_limits
from members.rules import development as rules
from members.services.affiliations import branch_for_change
from members.services.members import add_member, is_known
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

# What `register_applicant` and `update_applicant` take.
FIELDS = frozenset(
    {
        *("name", "id_number", "ethnicity", "phone"),
        *("education", "category", "job_title"),
    }
)
# Steps that move somebody to another stage, which figures count.
_STAGED = frozenset({StepKind.ACTIVIST, StepKind.CANDIDATE, StepKind.MEETING})
_KNOWN = (
    "这个身份证号已在党员档案中登记，不能再登记为入党申请人；请核对证件，"
    "确属同一人的请联系街道核对。"
)


@dataclass(frozen=True)
class Deed:
    """A step as it was written on the form; each kind asks for some of it."""

    kind: str
    taken_on: date
    until: date | None = None
    filed_on: date | None = None
    outcome: str = ""
    first: Member | None = None
    second: Member | None = None
    votes: rules.Votes | None = None
    hours: int | None = None
    months: int | None = None
    document: str = ""
    note: str = ""

    @property
    def people(self) -> list[Member]:
        return [each for each in (self.first, self.second) if each is not None]

    def step(self, organization: Organization, actor: User) -> DevelopmentStep:
        """The row of it, unsaved, without whose it is."""
        if len(self.note) > rules.NOTE_LENGTH:
            raise RuleError(f"说明请控制在{rules.NOTE_LENGTH}字以内。", code="note")
        outcome = self.outcome if self.kind in rules.JUDGED else ""
        if self.kind in rules.JUDGED and outcome not in Outcome:
            raise RuleError("请选择结果。", code="outcome")
        if self.kind in rules.MEETINGS:
            outcome = rules.outcome_of(self.votes)
        return DevelopmentStep(
            organization=organization,
            kind=self.kind,
            taken_on=self.taken_on,
            until=self.until,
            filed_on=self.filed_on,
            outcome=outcome,
            first=self.first,
            second=self.second,
            hours=self.hours,
            document=self.document.strip(),
            note=self.note.strip(),
            recorded_by=actor,
            **(vars(self.votes) if self.votes else {}),
        )


@transaction.atomic
def register_applicant(
    *, organization_id: int, applied_on: date, actor: User, **fields: Any
) -> Applicant:
    """Register somebody who has handed in an application.

    The same again by the same hand is one. Raises Organization.DoesNotExist out of
    scope, PermissionDenied without an editing post there, RuleError where somebody is
    too young, a member already or an applicant elsewhere.
    """
    organization = branch_for_change(organization_id, actor)
    today = timezone.localdate()
    values = _checked(fields, today)
    rules.check_application(
        applied_on,
        born_on=values["born_on"],
        limits=development_limits(),
        today=today,
    )
    if is_known(values["id_index"]):
        raise RuleError(_KNOWN, code="known_here")
    applicant = Applicant(
        organization=organization,
        applied_on=applied_on,
        registered_by=actor,
        **values,
    )
    if known := _open_twin(applicant, actor):
        return known
    applicant.full_clean(exclude=["member"])
    _insert(applicant)
    DevelopmentStep.objects.create(
        applicant=applicant,
        organization=organization,
        kind=StepKind.APPLIED,
        taken_on=applied_on,
        recorded_by=actor,
    )
    tell(applicant, AuditAction.APPLICANT_REGISTERED, actor, on=str(applied_on))
    tell_figures(applicant)
    return applicant


def _open_twin(applicant: Applicant, actor: User) -> Applicant | None:
    """Return the same registration made twice; refuse another of that number."""
    twin = (
        Applicant.objects.filter(id_index=applicant.id_index)
        .open()
        .select_related("organization")
        .first()
    )
    if twin is None:
        return None
    same = ("organization_id", "applied_on", "registered_by_id")
    if all(getattr(twin, name) == getattr(applicant, name) for name in same):
        return twin
    is_seen = Applicant.objects.visible_to(actor).filter(pk=twin.pk).exists()
    where = f"在{twin.organization}" if is_seen else "在其他党支部"
    raise RuleError(
        f"这个身份证号已经{where}登记为入党申请人，不能重复登记；"
        "本人已到本支部的，请对方办理移交或联系街道。",
        code="known_here",
    )


def _insert(applicant: Applicant) -> None:
    try:
        with transaction.atomic():
            applicant.save(force_insert=True)
    except IntegrityError as error:
        if "one_open" not in str(error) and "id_index" not in str(error):
            raise
        raise RuleError(
            "刚刚有人登记了同一个身份证号，请刷新页面查看。", code="known_here"
        ) from None


@transaction.atomic
def update_applicant(
    *, applicant_id: int, version: int | None, actor: User, **changes: Any
) -> Applicant:
    """Mend what is known of an applicant; the steps stay as they are."""
    applicant = locked(applicant_id, actor, Right.EDIT_MEMBERS, version)
    rules.check_open(applicant.stage)
    values = _checked(
        {"id_number": applicant.id_number} | changes, timezone.localdate()
    )
    changed = {n for n, value in values.items() if getattr(applicant, n) != value}
    if "id_index" in changed:
        _check_new_number(applicant, values)
    for name in changed:
        setattr(applicant, name, values[name])
    if changed:
        applicant.full_clean(exclude=["member"])
        applicant.version += 1
        applicant.save()
        named = sorted(changed & FIELDS)
        tell(applicant, AuditAction.APPLICANT_UPDATED, actor, fields=named)
    return applicant


def _check_new_number(applicant: Applicant, values: dict[str, Any]) -> None:
    others = Applicant.objects.open().exclude(pk=applicant.pk)
    if (
        is_known(values["id_index"])
        or others.filter(id_index=values["id_index"]).exists()
    ):
        raise RuleError(_KNOWN, code="id_taken")
    rules.check_application(
        applicant.applied_on,
        born_on=values["born_on"],
        limits=development_limits(),
        today=timezone.localdate(),
    )


@transaction.atomic
def record_step(
    *, applicant_id: int, deed: Deed, version: int | None = None, actor: User
) -> DevelopmentStep:
    """Write down a step of an applicant; the approval makes the member.

    The same step again by the same hand is one. Raises Applicant.DoesNotExist out of
    scope, PermissionDenied without the right of the step, StaleError, RuleError.
    """
    if deed.kind not in rules.WAY:
        raise ValueError(deed.kind)
    is_above = deed.kind in rules.COMMITTEE_STEPS
    right = Right.APPROVE_STANDING if is_above else Right.EDIT_MEMBERS
    applicant = locked(applicant_id, actor, right)
    step = deed.step(applicant.organization, actor)
    step.applicant = applicant
    if known := written_twice(step, applicant.steps):
        return known
    check_version(applicant, version)
    rules.check_open(applicant.stage)
    _check_deed(deed, step, applicant, actor)
    step.full_clean()
    step.save(force_insert=True)
    if deed.kind == StepKind.APPROVAL and step.outcome == Outcome.YES:
        _admit(applicant, actor)
    else:
        save_progress(applicant)
    tell(
        applicant,
        AuditAction.DEVELOPMENT_RECORDED,
        actor,
        development_step=deed.kind,
        on=str(deed.taken_on),
    )
    if deed.kind in _STAGED or deed.kind == StepKind.APPROVAL:
        tell_figures(applicant)
    return step


def _check_deed(
    deed: Deed, step: DevelopmentStep, applicant: Applicant, actor: User
) -> None:
    limits, today = development_limits(), timezone.localdate()
    facts = facts_of(applicant)
    rules.check_step(step.fact, facts, limits=limits, today=today)
    if deed.kind in {StepKind.CONTACTS, StepKind.SPONSORS}:
        _check_people(deed, applicant, actor)
    rules.check_filed(deed.kind, deed.filed_on, today)
    if deed.kind == StepKind.TRAINING:
        rules.check_training(deed.hours, limits)
    if deed.kind == StepKind.APPROVAL:
        step.decides = StepKind.MEETING
        assert applicant.passed_on is not None
        rules.check_approval(
            deed.taken_on,
            passed_on=applicant.passed_on,
            note=deed.note,
            months=limits.approval_months,
            most_months=limits.approval_most_months,
            kind=deed.kind,
            today=today,
        )


def _check_people(deed: Deed, applicant: Applicant, actor: User) -> None:
    """Refuse who is no full member of the branch."""
    ids = [each.pk for each in deed.people]
    rules.check_people(deed.kind, ids)
    if full_members(applicant.organization, actor).filter(pk__in=ids).count() < len(
        set(ids)
    ):
        raise RuleError(
            f"{StepKind(deed.kind).label}：应当是本支部在册的正式党员"
            f"（{rules.source_of(deed.kind)}）。",
            code="first",
        )


def full_members(branch: Organization, actor: User) -> Any:
    """The full members on the roll of a branch, who may sponsor somebody."""
    return (
        Member.objects.visible_to(actor, below=branch, kind=AffiliationKind.ON_ROLL)
        .filter(member_type=MemberType.FULL, status=MembershipStatus.NORMAL)
        .order_by("name_pinyin", "pk")
    )


def _admit(applicant: Applicant, actor: User) -> None:
    """Make the probationary member, from the day of the branch's meeting."""
    joined_on = applicant.passed_on
    assert joined_on is not None  # approval follows the meeting
    member = add_member(
        organization_id=applicant.organization_id,
        kind=AffiliationKind.ON_ROLL,
        starts_on=joined_on,
        start_reason=StartReason.NEW_MEMBER,
        source="发展党员",
        actor=actor,
        member_type=MemberType.PROBATIONARY,
        joined_on=joined_on,
        **{name: getattr(applicant, name) for name in FIELDS},
    )
    applicant.member, applicant.stage = member, Stage.ADMITTED
    applicant.closed_on = joined_on
    applicant.version += 1
    applicant.save()


def locked(
    applicant_id: int, actor: User, right: Right, version: int | None = None
) -> Applicant:
    """Return the applicant, locked, where `actor` holds `right` over the branch."""
    applicant = (
        Applicant.objects.visible_to(actor)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=applicant_id)
    )
    require(actor, right, applicant.organization)
    check_version(applicant, version)
    return applicant


def facts_of(applicant: Applicant) -> list[rules.Fact]:
    return [step.fact for step in applicant.steps.counted()]


def written_twice(step: DevelopmentStep, steps: Any) -> DevelopmentStep | None:
    """Return the step just like this one that the same hand has written already."""
    same = ("kind", "taken_on", "until", "outcome", "recorded_by")
    fitting = steps.counted().filter(**{name: getattr(step, name) for name in same})
    return next(
        (
            known
            for known in fitting
            if (known.note, known.first_id, known.second_id)
            == (step.note, step.first_id, step.second_id)
        ),
        None,
    )


def save_progress(applicant: Applicant, facts: Sequence[rules.Fact] | None = None):
    """Keep beside the applicant what the steps say."""
    found = rules.progress(facts_of(applicant) if facts is None else facts)
    for name, value in vars(found).items():
        setattr(applicant, name, value)
    applicant.version += 1
    applicant.save(update_fields=[*vars(found), "version"])


def tell_figures(applicant: Applicant, *others: int) -> None:
    """Say that figures of the branch may have changed since the application."""
    facts_changed.send(
        sender=Applicant,
        organization_ids={applicant.organization_id, *others},
        since=applicant.applied_on,
    )


def _checked(fields: dict[str, Any], today: date) -> dict[str, Any]:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not fields of an applicant: {sorted(unknown)}")
    values = dict(fields)
    if "name" in values:
        values |= people.name_fields(values["name"])
    if "phone" in values:
        values["phone"] = normalize_phone(values["phone"])
    return values | people.identity_fields(values.get("id_number", ""), today=today)


def tell(applicant: Applicant, action: AuditAction, actor: User, **details: Any):
    audit.record(
        actor=actor,
        action=action,
        target=applicant,
        organization=applicant.organization,
        details=details,
    )
