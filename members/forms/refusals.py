"""What a service refused is shown on the form that asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from config.lib.versions import StaleError, renew
from members.forms.members import add_service_error


@dataclass
class Refusal:
    """The status of the page that shows the form again.

    `latest` is the row as somebody quicker left it, None where nobody was.
    """

    status: int = 422
    latest: Any = None


@contextmanager
def refusals(
    form: Any,
    latest: Callable[[], Any],
    add_error: Callable[[Any, ValidationError], None] = add_service_error,
) -> Iterator[Refusal]:
    """Take what the services called within refuse, and lose nothing of what was typed.

    A broken rule stands beside its field. After somebody quicker the form may be sent
    again at the version that `latest` returns, and the page shows how things stand.
    """
    refusal = Refusal()
    try:
        yield refusal
    except StaleError as error:
        refusal.status, refusal.latest = 409, latest()
        renew(form, refusal.latest.version, error)
    except ValidationError as error:
        add_error(form, error)
