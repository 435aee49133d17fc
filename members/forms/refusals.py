"""What a service refused, on the form that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from config.lib import asking
from config.lib.asking import AddError, Refusal
from members.forms.members import add_service_error

__all__ = ["Refusal", "refusals"]


def refusals(
    form: Any, latest: Callable[[], Any], add_error: AddError = add_service_error
) -> AbstractContextManager[Refusal]:
    """`config.lib.asking.refusals`; a code may name a field by the words of members."""
    return asking.refusals(form, latest, add_error)
