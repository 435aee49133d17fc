"""Adding and changing a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version
from members import rules
from members.models import Affiliation, Applicant, Member, Talent
from members.rules import probation
from members.services.affiliations import branch_for_change, open_affiliation
from members.services.claims import queue_claim
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

# What `add_member` and `update_member` take, beside `talents`.
FIELDS: frozenset[str] = rules.FORMAL_FIELDS | {
    "education",
    "degree",
    "category",
    "job_post",
    "job_title",
    "home_unit",
    "community",
    "phone",
    "address",
    "household_address",
    "native_place",
    "is_mobile",
    "note",
}
_OPEN_STATUSES = {Member.Status.NORMAL, Member.Status.SUSPENDED}


class _KnownPersonError(Exception):
    """The ID number belongs to somebody already kept, out of the actor's scope."""

    def __init__(self, member_id: int) -> None:
        super().__init__(member_id)
        self.member_id = member_id


def add_member(
    *,
    organization_id: int,
    kind: str,
    starts_on: date,
    start_reason: str,
    talents: Iterable[Talent] | None = None,
    source: str = "手工新增",
    actor: User,
    **fields: Any,
) -> Member:
    """Add a person by hand and start the affiliation.

    `fields` are names of FIELDS. Someone already kept within the actor's scope is a
    RuleError (code "known_here") that names the branch; someone kept elsewhere is a
    RuleError (code "needs_street") that names nothing, and a claim for street staff,
    which stays although the addition is refused.
    """
    try:
        with transaction.atomic():
            return _add_member(
                organization_id=organization_id,
                kind=kind,
                starts_on=starts_on,
                start_reason=start_reason,
                talents=talents,
                actor=actor,
                fields=fields,
            )
    except _KnownPersonError as known:
        queue_claim(
            member_id=known.member_id,
            organization_id=organization_id,
            kind=kind,
            source=source,
            actor=actor,
        )
    # Outside the handler: a traceback must not carry the other person's number.
    raise RuleError(rules.NEEDS_STREET, code="needs_street")


def _add_member(
    *,
    organization_id: int,
    kind: str,
    starts_on: date,
    start_reason: str,
    talents: Iterable[Talent] | None,
    actor: User,
    fields: dict[str, Any],
) -> Member:
    today = timezone.localdate()
    organization = branch_for_change(organization_id, actor)
    rules.check_start(
        kind=kind, start_reason=start_reason, starts_on=starts_on, today=today
    )
    values = _checked_fields(fields, today=today)
    _refuse_known(values["id_index"], organization, actor)
    if values.get("status", Member.Status.NORMAL) not in _OPEN_STATUSES:
        raise RuleError("新增党员的党籍状态只能是正常或停止党籍。", code="status")
    member = Member(**values)
    _check_dates(member, today)
    member.full_clean()
    _insert(member)
    if talents:
        member.talents.set(talents)
    audit.record(
        actor=actor,
        action=AuditAction.MEMBER_CREATED,
        target=member,
        organization=organization,
    )
    open_affiliation(
        member=member,
        organization=organization,
        kind=kind,
        starts_on=starts_on,
        start_reason=start_reason,
        actor=actor,
    )
    return member


def _insert(member: Member) -> None:
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:
        if "members_member_once" not in str(error) and "id_index" not in str(error):
            raise
        raise RuleError(
            "刚刚有人登记了同一个身份证号，请再提交一次，由系统重新核对。",
            code="known_now",
        ) from None


@transaction.atomic
def update_member(
    *,
    member_id: int,
    version: int | None,
    talents: Iterable[Talent] | None = None,
    actor: User,
    **changes: Any,
) -> Member:
    """Change fields of a person; `version` is the one the form was filled in from.

    Raises Member.DoesNotExist out of scope, RuleError (code "stale") when somebody
    else saved meanwhile, (code "formal_field") when a branch that only co-manages
    the person changes what belongs to the branch of the roll.
    """
    member = locked_for_edit(member_id, actor)
    check_version(member, version)
    today = timezone.localdate()
    values = _checked_fields(changes, today=today, known=member)
    changed = {k for k, v in values.items() if getattr(member, k) != v}
    _refuse_formal(member, changed, actor)
    _refuse_decided(changed)
    _check_probation(member, values, changed)
    if "id_index" in changed and is_known(values["id_index"], besides=member):
        raise RuleError(
            "这个身份证号已登记在另一位党员名下，不能使用。请核对证件；"
            "确属同一人的，请联系街道核对。",
            code="id_taken",
        )
    for name in changed:
        setattr(member, name, values[name])
    if changed & {"member_type", "born_on", "joined_on", "confirmed_on"}:
        _check_dates(member, today)
    is_new_talents = talents is not None and set(talents) != set(member.talents.all())
    if not changed and not is_new_talents:
        return member
    member.version += 1
    member.full_clean()
    if talents is not None and is_new_talents:
        member.talents.set(talents)
    member.save()
    named = sorted(changed - {"id_index", "id_last4", "name_pinyin", "name_initials"})
    audit.record(
        actor=actor,
        action=AuditAction.MEMBER_UPDATED,
        target=member,
        details={"fields": named + (["talents"] if is_new_talents else [])},
    )
    if changed & rules.FACT_FIELDS:
        mark_facts(member)
    return member


@transaction.atomic
def set_talents(*, member_id: int, talent_ids: Iterable[int], actor: User) -> Member:
    """Replace the talents of a person."""
    member = locked_for_edit(member_id, actor)
    talents = list(Talent.objects.filter(pk__in=list(talent_ids), is_active=True))
    member.talents.set(talents)
    audit.record(
        actor=actor,
        action=AuditAction.MEMBER_UPDATED,
        target=member,
        details={"fields": ["talents"]},
    )
    return member


def locked_for_edit(member_id: int, actor: User) -> Member:
    """Return the member, locked; PermissionDenied when seen but not editable.

    Raises Member.DoesNotExist also when the last relation ended while it waited.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .get(pk=member_id)
    )
    organizations = [a.organization for a in _open_affiliations(member)]
    if not organizations:
        raise Member.DoesNotExist
    where = next(
        (o for o in organizations if actor.has_right_at(Right.EDIT_MEMBERS, o)),
        organizations[0],
    )
    require(actor, Right.EDIT_MEMBERS, where)
    return member


def may_edit_formal(member: Member, actor: User) -> bool:
    """Whether `actor` edits the branch of the roll, or there is none in the street."""
    on_roll = [a for a in _open_affiliations(member) if a.kind == a.Kind.ON_ROLL]
    return not on_roll or actor.has_right_at(
        Right.EDIT_MEMBERS, on_roll[0].organization
    )


def is_known(id_index: str, *, besides: Member | None = None) -> bool:
    """Whether anybody, in scope or not, has this ID number. Tells nothing more."""
    found = Member._base_manager.filter(id_index=id_index)
    return (found.exclude(pk=besides.pk) if besides else found).exists()


def mark_facts(member: Member) -> None:
    """Say that figures of every branch the member belonged to may have changed."""
    places = member.affiliations.values_list("organization_id", "starts_on")
    if places:
        facts_changed.send(
            sender=Member,
            organization_ids={organization_id for organization_id, _ in places},
            since=min(starts_on for _, starts_on in places),
        )


def _open_affiliations(member: Member) -> list[Affiliation]:
    return list(member.affiliations.open().select_related("organization"))


def _checked_fields(
    fields: dict[str, Any], *, today: date, known: Member | None = None
) -> dict[str, Any]:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"not fields of a member: {sorted(unknown)}")
    values = dict(fields)
    if "name" in values:
        values |= rules.name_fields(values["name"])
    if "phone" in values:
        values["phone"] = normalize_phone(values["phone"])
    if known is None or "id_number" in values:
        identity = rules.identity_fields(values.get("id_number", ""), today=today)
        rules.check_identity(
            identity, sex=values.get("sex", ""), born_on=values.get("born_on")
        )
        values |= identity
    elif values.keys() & {"sex", "born_on"}:
        identity = rules.identity_fields(known.id_number, today=today)
        rules.check_identity(
            identity, sex=values.get("sex", ""), born_on=values.get("born_on")
        )
    if values.get("is_lost") is False:
        values["lost_since"] = None
    return values


def _refuse_known(id_index: str, organization: Organization, actor: User) -> None:
    here = Member.objects.visible_to(actor).filter(id_index=id_index).first()
    if here is not None:
        places = "、".join(
            f"{a.organization}（{a.get_kind_display()}）"
            for a in here.affiliations.open()
            .filter(organization__in=Organization.objects.visible_to(actor))
            .select_related("organization")
        )
        raise RuleError(
            f"{here}已在{places}登记，不需要重复录入。"
            "如需增加隶属关系，请在该同志的档案页办理。",
            code="known_here",
        )
    known = Member._base_manager.filter(id_index=id_index).values_list("pk", flat=True)
    if member_id := known.first():
        raise _KnownPersonError(member_id)


def _refuse_formal(member: Member, changed: set[str], actor: User) -> None:
    if changed & rules.FORMAL_FIELDS and not may_edit_formal(member, actor):
        names = "、".join(
            sorted(
                str(Member._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                for name in changed & rules.FORMAL_FIELDS
            )
        )
        raise RuleError(
            f"{names}由该同志组织关系所在的党支部维护，这里不能修改。",
            code="formal_field",
        )


def _refuse_decided(changed: set[str]) -> None:
    """Refuse what a case or a decision alone may change."""
    if changed & rules.DECIDED_FIELDS:
        raise RuleError(
            "党籍状态、失联请在“党籍”页办理，不在这里修改"
            "（《中国共产党党员教育管理工作条例》第二十四条）。",
            code="status",
        )


def _check_probation(member: Member, values: dict[str, Any], changed: set[str]) -> None:
    """Refuse to end or shorten a probation by hand."""
    wanted = values.get("member_type", member.member_type)
    probation.check_type_by_hand(member.member_type, wanted)
    if "joined_on" in changed:
        is_admitted = Applicant.objects.filter(member=member).exists()
        by_steps = is_admitted or member.probation_extended_to is not None
        probation.check_joined_by_hand(member.member_type, by_steps=by_steps)


def _check_dates(member: Member, today: date) -> None:
    rules.check_membership(
        member_type=member.member_type,
        born_on=member.born_on,
        joined_on=member.joined_on,
        confirmed_on=member.confirmed_on,
        today=today,
    )
