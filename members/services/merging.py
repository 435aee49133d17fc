"""Two records of one person become one, and can be taken apart again."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from members import merging
from members.choices import AffiliationKind, EndReason
from members.choices.quality import PairState
from members.models import Affiliation, DuplicatePair, Member, MemberMerge
from members.parameters.quality import MERGE_UNDO_DAYS
from members.rules import quality as rules
from members.services.affiliations import close_affiliation, tell_of_places
from members.services.duplicates import settle_pair
from members.signals import members_merging, rows_moved
from organizations import audit, parameters
from organizations.access import Right, require_right
from organizations.choices import AuditAction
from organizations.models import User

# What is chosen together; the label is that of the first field.
GROUPS: dict[str, tuple[str, ...]] = {
    "id_number": ("id_number", "id_index", "id_last4", "sex", "born_on"),
    "name": ("name", "name_pinyin", "name_initials"),
    "ethnicity": ("ethnicity",),
    "category": ("category",),
    "member_type": ("member_type", "probation_extended_to"),
    "joined_on": ("joined_on", "joined_precision"),
    "confirmed_on": ("confirmed_on", "confirmed_precision"),
    "education": ("education",),
    "degree": ("degree",),
    "job_post": ("job_post",),
    "job_title": ("job_title",),
    "home_unit": ("home_unit_id",),
    "community": ("community_id",),
    "phone": ("phone",),
    "address": ("address",),
    "household_address": ("household_address",),
    "native_place": ("native_place",),
    "is_mobile": ("is_mobile",),
    "is_lost": ("is_lost", "lost_since"),
    "note": ("note",),
}


@dataclass(frozen=True)
class Sides:
    """The two records, locked: the one that is kept and the one that is given up."""

    kept: Member
    gone: Member

    def differing(self) -> list[str]:
        """Groups in which the two are not the same."""
        return [
            name
            for name, fields in GROUPS.items()
            if any(getattr(self.kept, f) != getattr(self.gone, f) for f in fields)
        ]


@transaction.atomic
def merge_members(
    *,
    kept_id: int,
    gone_id: int,
    taken: Collection[str],
    roll_of_gone: bool = False,
    versions: tuple[int | None, int | None] = (None, None),
    actor: User,
) -> MemberMerge:
    """Make one record of two; `taken` are the GROUPS whose value the second gives.

    `roll_of_gone` keeps the second's roll where both are on one. Raises
    Member.DoesNotExist out of the street's scope, PermissionDenied, StaleError,
    RuleError where rows in use exclude one another.
    """
    require_right(actor, Right.SETTLE_CLAIMS)
    rules.check_pair(kept_id, gone_id)
    kept, gone = _locked(kept_id, gone_id, actor)
    for member, version in zip((kept, gone), versions, strict=True):
        check_version(member, version)
    members_merging.send(sender=Member, kept=kept, gone=gone, actor=actor)
    merge = MemberMerge(kept=kept, gone=gone, merged_by=actor)
    merge.before = json.dumps({"kept": _state(kept), "gone": _state(gone)})
    merge.ended = _end_doubles(kept, gone, roll_of_gone, actor)
    merge.moved = _move_rows(kept, gone)
    merge.talents_added = _add_talents(kept, gone)
    _take_values(kept, gone, taken)
    merge.save(force_insert=True)
    pairs = DuplicatePair.objects.filter(
        first_id__in=[kept_id, gone_id], second_id__in=[kept_id, gone_id]
    )
    for pair in pairs.select_for_update(of=("self",), no_key=True):
        settle_pair(pair, PairState.MERGED, "", actor)
    rows_moved.send(sender=Member, kept=kept, gone=gone, is_undone=False, actor=actor)
    moved = sum(len(ids) for ids in merge.moved.values())
    _tell(merge, AuditAction.MEMBERS_MERGED, actor, rows_moved=moved)
    return merge


def _locked(kept_id: int, gone_id: int, actor: User) -> tuple[Member, Member]:
    found = {
        member.pk: member
        for member in Member.objects.filter(
            pk__in=Member.objects.readable_by(actor)
            .filter(pk__in=[kept_id, gone_id])
            .values("pk")
        )
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    }
    if len(found) != 2:
        raise Member.DoesNotExist
    return found[kept_id], found[gone_id]


def _end_doubles(
    kept: Member, gone: Member, roll_of_gone: bool, actor: User
) -> list[int]:
    """End what both hold and only one may; return the ids, for taking it back."""
    held = {
        member.pk: list(
            member.affiliations.open()
            .select_related("organization", "member")
            .select_for_update(of=("self",), no_key=True)
        )
        for member in (kept, gone)
    }
    ended = []
    for theirs in held[gone.pk]:
        for own in held[kept.pk]:
            is_roll = theirs.kind == own.kind == AffiliationKind.ON_ROLL
            is_same = (theirs.organization_id, theirs.kind) == (
                own.organization_id,
                own.kind,
            )
            if is_roll or is_same:
                ended.append(own if is_roll and roll_of_gone else theirs)
    for affiliation in ended:
        # As if it had never been: the person counted twice in between.
        close_affiliation(
            affiliation,
            affiliation.starts_on,
            EndReason.MISTAKE,
            rules.MERGED_NOTE,
            actor,
        )
    return [affiliation.pk for affiliation in ended]


def _move_rows(kept: Member, gone: Member) -> dict[str, list[Any]]:
    """Give the rows of the one to the other; return which."""
    found = merging.shares(kept.pk, gone.pk)
    if excluding := [share for share in found if share.excluding]:
        labels = "、".join(share.label for share in excluding)
        raise RuleError(
            f"两份档案都有正在使用、不能并存的记录：{labels}。"
            "请先结束其中一份的，再合并。",
            code="excluding",
        )
    moved: dict[str, list[Any]] = {}
    for share in found:
        if share.moving:
            _repoint(share.relation, share.moving, gone.pk, kept.pk)
            moved[share.key] = [_plain(pk) for pk in share.moving]
    relations = list(
        Affiliation.objects.filter(member=gone).values_list("pk", flat=True)
    )
    Affiliation.objects.filter(pk__in=relations).update(member=kept)
    moved[_AFFILIATIONS] = relations
    return moved


_AFFILIATIONS = "members.Affiliation.member"


def _repoint(relation: Any, ids: list[Any], old: int, new: int) -> int:
    rows = relation.model._base_manager.filter(pk__in=ids, **{relation.name: old})
    try:
        with transaction.atomic():
            return rows.update(**{relation.attname: new})
    except IntegrityError:
        is_secret = getattr(relation.model, "is_confidential", False)
        label = "其他记录" if is_secret else relation.model._meta.verbose_name
        raise RuleError(
            f"两份档案的“{label}”不能并到一起，请先结束其中一份的，再合并。",
            code="excluding",
        ) from None


def _plain(pk: Any) -> Any:
    return pk if isinstance(pk, int) else str(pk)


def _add_talents(kept: Member, gone: Member) -> list[int]:
    own = set(kept.talents.values_list("pk", flat=True))
    added = [pk for pk in gone.talents.values_list("pk", flat=True) if pk not in own]
    kept.talents.add(*added)
    return added


def _take_values(kept: Member, gone: Member, taken: Collection[str]) -> None:
    """Give the kept record what was chosen of the other, and free its number."""
    given = {
        field: getattr(gone, field)
        for name in taken
        if name in GROUPS
        for field in GROUPS[name]
    }
    open_roll = kept.affiliations.open().filter(kind=AffiliationKind.ON_ROLL)
    if open_roll.exists() and kept.status != gone.status:
        # The record of whoever is on a roll says how the membership stands.
        healthy = {Member.Status.NORMAL, Member.Status.SUSPENDED}
        if kept.status not in healthy and gone.status in healthy:
            given["status"] = gone.status
    gone.id_number, gone.id_last4 = "", ""
    gone.id_index = f"merged-{gone.pk}"
    gone.version += 1
    gone.save()
    for field, value in given.items():
        setattr(kept, field, value)
    kept.version += 1
    kept.full_clean()
    kept.save()


@transaction.atomic
def undo_merge(*, merge_id: int, actor: User) -> MemberMerge:
    """Take a merger back: rows, relations, values and number return.

    What was changed since stays changed. Raises RuleError after the days are over, or
    where the number has been given to somebody else meanwhile.
    """
    require_right(actor, Right.SETTLE_CLAIMS)
    merge = (
        MemberMerge.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=merge_id)
    )
    if merge.undone_at is not None:
        return merge
    days = (timezone.now() - merge.merged_at).days
    rules.check_undo(days, parameters.get(MERGE_UNDO_DAYS))
    people = (
        Member._base_manager.filter(pk__in=[merge.kept_id, merge.gone_id])
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    found = {member.pk: member for member in people}
    kept, gone = found[merge.kept_id], found[merge.gone_id]
    _give_back_values(kept, gone, json.loads(merge.before))
    kept.talents.remove(*merge.talents_added)
    _give_back_rows(merge)
    rows_moved.send(sender=Member, kept=kept, gone=gone, is_undone=True, actor=actor)
    merge.undone_by, merge.undone_at = actor, timezone.now()
    merge.save(update_fields=["undone_by", "undone_at"])
    _tell(merge, AuditAction.MERGE_UNDONE, actor)
    return merge


def _give_back_values(kept: Member, gone: Member, before: dict[str, Any]) -> None:
    was, own = before["gone"], before["kept"]
    for name in _FIELDS:
        # What was taken and has not been changed since.
        is_taken = was[name] != own[name] and _text(kept, name) == was[name]
        if is_taken:
            setattr(kept, name, _value(name, own[name]))
    if Member._base_manager.filter(id_index=was["id_index"]).exclude(
        pk__in=[kept.pk, gone.pk]
    ):
        raise RuleError(
            "这份档案的身份证号已登记在别人名下，不能撤销合并。", code="id_taken"
        )
    kept.version += 1
    kept.save()
    for name in _FIELDS:
        setattr(gone, name, _value(name, was[name]))
    gone.version += 1
    gone.save()


def _give_back_rows(merge: MemberMerge) -> None:
    for key, ids in merge.moved.items():
        if key == _AFFILIATIONS:
            Affiliation.objects.filter(pk__in=ids, member=merge.kept_id).update(
                member=merge.gone_id
            )
        else:
            relation = merging.relation_of(key)
            _repoint(relation, ids, merge.kept_id, merge.gone_id)
    for affiliation in Affiliation.objects.filter(
        pk__in=merge.ended, end_reason=EndReason.MISTAKE
    ):
        affiliation.ends_on, affiliation.end_reason = None, ""
        affiliation.note = affiliation.note.replace(rules.MERGED_NOTE, "")
        affiliation.save(update_fields=["ends_on", "end_reason", "note"])


def _tell(merge: MemberMerge, action: AuditAction, actor: User, **details: Any) -> None:
    audit.record(actor=actor, action=action, target=merge, details=details)
    tell_of_places([merge.kept_id, merge.gone_id], since=date.min)


_FIELDS = tuple(
    field.attname
    for field in Member._meta.concrete_fields
    if field.attname not in {"id", "version", "created_at", "updated_at"}
)


def _state(member: Member) -> dict[str, str | None]:
    return {name: _text(member, name) for name in _FIELDS}


def _text(member: Member, name: str) -> str | None:
    value = getattr(member, name)
    field = next(f for f in Member._meta.concrete_fields if f.attname == name)
    return None if value is None else field.value_to_string(member)


def _value(name: str, text: str | None) -> Any:
    field = next(f for f in Member._meta.concrete_fields if f.attname == name)
    return None if text is None else field.to_python(text)
