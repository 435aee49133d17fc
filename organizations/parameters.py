"""Settings that the committee may change: default, bounds and source of each.

Apps register theirs in `parameters.py`; a value lives in the Parameter table only
once somebody has changed it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from config.lib.errors import RuleError
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Parameter
from organizations.signals import parameter_changed


@dataclass(frozen=True)
class ParameterSpec:
    """`kind` is "integer", "decimal", "choice", "list" (of text), "bands" or "rates".

    `bands` is a list of [label, lower, upper] with inclusive lower, exclusive upper,
    None for open ends; `rates` is one of [upper, percent] with inclusive upper, None
    for the last, and the percent as text, so that it stays exact. `check(value)`
    raises RuleError.
    """

    key: str
    label: str
    kind: str
    default: Any
    source: str
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    check: Callable[[Any], None] | None = None


_specs: dict[str, ParameterSpec] = {}


def register(spec: ParameterSpec) -> ParameterSpec:
    if spec.key in _specs:
        raise ValueError(f"parameter registered twice: {spec.key}")
    _specs[spec.key] = spec
    return spec


def specs() -> list[ParameterSpec]:
    return sorted(_specs.values(), key=lambda spec: spec.key)


def spec(key: str) -> ParameterSpec:
    return _specs[key]


# The stored values inside `together`; None outside, where each is asked by itself.
_loaded: ContextVar[dict[str, Any] | None] = ContextVar("loaded", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Read every stored value in one query, for work that asks for many.

    Within another `together` nothing is read again.
    """
    if _loaded.get() is not None:
        yield
        return
    token = _loaded.set(dict(Parameter.objects.values_list("pk", "value")))
    try:
        yield
    finally:
        _loaded.reset(token)


def fingerprint() -> str:
    """Return all stored values as one text, inside `together`."""
    return json.dumps(_loaded.get(), sort_keys=True)


def get(key: str) -> Any:
    """Return the committee's value of `key`, or its default."""
    loaded = _loaded.get()
    if loaded is not None:
        return loaded.get(key, _specs[key].default)
    stored = Parameter.objects.filter(pk=key).values_list("value", flat=True).first()
    return _specs[key].default if stored is None else stored


def validate(key: str, value: Any) -> None:
    """Raise RuleError with a Chinese sentence when `value` cannot stand for `key`."""
    known = _specs[key]
    if known.kind == "integer":
        _check_integer(known, value)
    elif known.kind == "decimal":
        _check_decimal(known, value)
    elif known.kind == "choice" and value not in dict(known.choices):
        raise RuleError(f"“{known.label}”请从所列选项中选择。", code="choice")
    elif known.kind == "list":
        if not value or not all(isinstance(v, str) and v.strip() for v in value):
            raise RuleError(f"“{known.label}”至少要有一项，且不能为空。", code="list")
        if len(set(value)) != len(value):
            raise RuleError(f"“{known.label}”中有重复的项。", code="list")
    elif known.kind == "bands":
        _check_bands(known, value)
    elif known.kind == "rates":
        _check_rates(known, value)
    if known.check is not None:
        known.check(value)


def _check_integer(known: ParameterSpec, value: Any) -> None:
    low = known.minimum if known.minimum is not None else 0
    high = known.maximum if known.maximum is not None else 1_000_000
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise RuleError(
            f"“{known.label}”须是 {low} 到 {high} 之间的整数。", code="range"
        )


def _check_decimal(known: ParameterSpec, value: Any) -> None:
    low = known.minimum if known.minimum is not None else 0
    high = known.maximum if known.maximum is not None else 1_000_000
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A NaN is no number of any range: every comparison with it is false.
    if not is_number or not low <= value <= high:
        raise RuleError(f"“{known.label}”须是 {low} 到 {high} 之间的数。", code="range")


def _check_bands(known: ParameterSpec, value: Any) -> None:
    """Bands must follow one another without a gap and cover everything."""
    problem = RuleError(f"“{known.label}”各段须首尾相接、不留空当。", code="bands")
    if not value or value[0][1] is not None or value[-1][2] is not None:
        raise problem
    for (_, _, upper), (_, lower, _) in pairwise(value):
        if upper is None or upper != lower:
            raise problem


def _check_rates(known: ParameterSpec, value: Any) -> None:
    """Steps rise, the last is open, and each has a share of 0 to 100 percent."""
    uppers = [upper for upper, _ in value or ()]
    if not uppers or uppers[-1] is not None or None in uppers[:-1]:
        raise RuleError(
            f"“{known.label}”最后一档不设上限，其余都要写上限。", code="rates"
        )
    if any(low >= high for low, high in pairwise(uppers[:-1])):
        raise RuleError(f"“{known.label}”各档上限须从小到大。", code="rates")
    try:
        shares = [Decimal(percent) for _, percent in value]
    except (InvalidOperation, TypeError, ValueError):
        shares = [Decimal("NaN")]
    if not all(share.is_finite() and 0 <= share <= 100 for share in shares):
        raise RuleError(f"“{known.label}”的比例须是0到100之间的数。", code="rates")


@transaction.atomic
def change(*, key: str, value: Any, actor: Any) -> Parameter:
    """Store a new value.

    Raises PermissionDenied without the right, RuleError when it is out of bounds.
    """
    if not actor.has_right(Right.MANAGE_PARAMETERS):
        raise PermissionDenied("您的岗位没有修改参数的权限，请联系街道工作人员。")
    validate(key, value)
    before = get(key)
    parameter, _ = Parameter.objects.update_or_create(
        pk=key, defaults={"value": value, "changed_by": actor if actor.pk else None}
    )
    audit.record(
        actor=actor,
        action=AuditAction.PARAMETER_CHANGED,
        target=parameter,
        details={"key": key, "before": before, "after": value},
    )
    parameter_changed.send(sender=Parameter, key=key)
    return parameter
