"""Tables: many made in one step of a migration, and their rows counted."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import CreateModel


class CreateModels(Operation):
    """Create the tables of `models`, in their order.

    Django draws the models anew for every step, and all that refer to one another
    with them; a hundred steps of their own take half a minute of each first start.
    """

    serialization_expand_args = ["models"]

    def __init__(self, models: list[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [], {"models": self.models}

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Drawn when first asked for, once for all.
        state.__dict__.pop("apps", None)
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


def count_rows() -> None:
    """Let the server know how many rows the tables hold, before it finds the time.

    Tables are named, because a bare ANALYZE on PostgreSQL also takes those that all
    databases of the server share, and holds them to the end of the transaction.
    """
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        quoted = [connection.ops.quote_name(name) for name in names]
        if connection.vendor == "postgresql":
            cursor.execute(f"ANALYZE {', '.join(quoted)}")
        else:
            cursor.execute("ANALYZE")
