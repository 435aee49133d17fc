"""What becomes of everything recorded about a person whose two records become one.

Nothing is registered by hand: every relation to a member is found by Django, and what
may not stand twice is told by the constraints. A row whose twin the kept record has
already (the same activity, say) stays where it is; two rows in use that exclude one
another (two open cards) must be settled first by whoever knows which is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import models

from members.models import Affiliation, DuplicatePair, Member, MemberMerge

# Relations have an order of their own; what says that two are one stays as it is.
_APART = (Affiliation, DuplicatePair, MemberMerge, Member.talents.through)


@dataclass(frozen=True)
class Share:
    """What of one relation moves, what stays, and what excludes one another."""

    relation: models.ForeignKey
    moving: list[Any]
    staying: list[Any]
    excluding: list[Any]

    @property
    def label(self) -> str:
        return str(self.relation.model._meta.verbose_name)

    @property
    def is_confidential(self) -> bool:
        """Whether those who merge may not know that there is such a row."""
        return getattr(self.relation.model, "is_confidential", False)

    @property
    def key(self) -> str:
        """Name of the relation in what is kept for taking a merger back."""
        return _key_of(self.relation)


@lru_cache(maxsize=1)
def relations() -> tuple[models.ForeignKey, ...]:
    """Every foreign key to a member but those of histories."""
    found = []
    for each in Member._meta.get_fields(include_hidden=True):
        if not (each.auto_created and (each.one_to_many or each.one_to_one)):
            continue
        relation = each.field
        model = relation.model
        # A view follows the rows below it.
        if model in _APART or hasattr(model, "history_type") or not model._meta.managed:
            continue
        found.append(relation)
    return tuple(sorted(found, key=_key_of))


def _key_of(relation: models.ForeignKey) -> str:
    return f"{relation.model._meta.label}.{relation.name}"


def relation_of(key: str) -> models.ForeignKey:
    """The relation of a `Share.key`; raises KeyError when it is no more."""
    return {_key_of(each): each for each in relations()}[key]


def shares(kept_id: int, gone_id: int) -> list[Share]:
    """How the rows of the record that is given up divide, relation by relation."""
    return [
        share
        for relation in relations()
        if (share := _share(relation, kept_id, gone_id)) is not None
    ]


def _share(relation: models.ForeignKey, kept_id: int, gone_id: int) -> Share | None:
    rows = relation.model._base_manager
    theirs = set(rows.filter(**{relation.name: gone_id}).values_list("pk", flat=True))
    if not theirs:
        return None
    staying: set[Any] = set()
    excluding: set[Any] = set()
    for rule in _rules(relation):
        twins = rule.twins(relation, kept_id, gone_id)
        is_settled = rule.condition is None or _twins_stay(relation)
        (staying if is_settled else excluding).update(twins)
    staying -= excluding
    moving = theirs - staying - excluding
    return Share(relation, sorted(moving), sorted(staying), sorted(excluding))


def _twins_stay(relation: models.ForeignKey) -> bool:
    """Whether the kept record's row in use counts before its twin, by the model."""
    return getattr(relation.model, "twins_stay", False)


@dataclass(frozen=True)
class _Rule:
    """Only one row a person and value of `others`, where `condition` holds."""

    others: tuple[str, ...]
    condition: models.Q | None = field(default=None)

    def twins(self, relation: models.ForeignKey, kept_id: int, gone_id: int) -> set:
        """Rows of the one for which the other has its own already."""
        rows = relation.model._base_manager.all()
        if self.condition is not None:
            rows = rows.filter(self.condition)
        known = set(
            rows.filter(**{relation.name: kept_id}).values_list(*self.others)
            if self.others
            else ([()] if rows.filter(**{relation.name: kept_id}).exists() else [])
        )
        theirs = rows.filter(**{relation.name: gone_id})
        return {
            pk
            for pk, *values in theirs.values_list("pk", *self.others)
            if tuple(values) in known
        }


def _rules(relation: models.ForeignKey) -> Iterator[_Rule]:
    if relation.unique:  # one to one
        yield _Rule(())
    options = relation.model._meta
    for names in options.unique_together:
        if relation.name in names:
            yield _Rule(tuple(n for n in names if n != relation.name))
    for constraint in options.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        if relation.name in constraint.fields:
            others = tuple(n for n in constraint.fields if n != relation.name)
            yield _Rule(others, constraint.condition)
