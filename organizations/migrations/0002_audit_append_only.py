"""Let the database itself refuse to change or remove audit events.

PostgreSQL: row triggers and one for TRUNCATE, which bind the table's owner too.
SQLite: row triggers. `install` and `remove` are also used by tests/conftest.py.
"""

from django.db import migrations

TABLE = "organizations_auditevent"

POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION organizations_audit_refuse() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit events are append-only'
            USING ERRCODE = 'insufficient_privilege';
    END
    $$
    """,
    f"""
    CREATE TRIGGER organizations_audit_no_change
    BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION organizations_audit_refuse()
    """,
    f"""
    CREATE TRIGGER organizations_audit_no_truncate
    BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION organizations_audit_refuse()
    """,
)
POSTGRESQL_REMOVE = (
    f"DROP TRIGGER organizations_audit_no_truncate ON {TABLE}",
    f"DROP TRIGGER organizations_audit_no_change ON {TABLE}",
    "DROP FUNCTION organizations_audit_refuse()",
)
SQLITE = tuple(
    f"""
    CREATE TRIGGER organizations_audit_no_{event.lower()}
    BEFORE {event} ON {TABLE}
    BEGIN
        SELECT RAISE(ABORT, 'audit events are append-only');
    END
    """
    for event in ("UPDATE", "DELETE")
)
SQLITE_REMOVE = tuple(
    f"DROP TRIGGER organizations_audit_no_{event}" for event in ("update", "delete")
)


def install(schema_editor):
    _execute(schema_editor, {"postgresql": POSTGRESQL, "sqlite": SQLITE})


def remove(schema_editor):
    statements = {"postgresql": POSTGRESQL_REMOVE, "sqlite": SQLITE_REMOVE}
    _execute(schema_editor, statements)


def _execute(schema_editor, statements):
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: install(schema_editor),
            lambda apps, schema_editor: remove(schema_editor),
        ),
    ]
