"""Errors whose text is written for the person at the screen."""

from typing import Any

from django.core.exceptions import ValidationError


class RuleError(ValidationError):
    """A business rule refused; carries one Chinese sentence and a stable code.

    Being a ValidationError, it goes straight into ``form.add_error``. The
    arguments stay positional-capable so that the error survives pickling.
    """

    message: str
    code: str

    def __init__(
        self, message: str, code: str = "rule", params: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message, code, params)

    @property
    def text(self) -> str:
        """The sentence to show, with its parameters filled in."""
        return str(self.messages[0])

    def __str__(self) -> str:
        return self.text
