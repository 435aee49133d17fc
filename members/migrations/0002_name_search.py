"""Let PostgreSQL find any fragment of a name by an index (see members/search.py).

Only functions of pg_catalog are called, fully named, so that a restored dump builds
the index whatever the search path is.
"""

from django.db import migrations

POSTGRESQL = (
    r"""
    CREATE OR REPLACE FUNCTION portal_name_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT pg_catalog.translate(pg_catalog.lower(value), ' ·.-''', '')
    $$
    """,
    r"""
    CREATE OR REPLACE FUNCTION portal_name_grams(value text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
        name_key text := pg_catalog.translate(pg_catalog.lower(value), ' ·.-''', '');
        grams text[] := pg_catalog.string_to_array(name_key, NULL);
    BEGIN
        IF pg_catalog.char_length(name_key) = 3 THEN  -- as most names: no loop
            RETURN grams OPERATOR(pg_catalog.||) ARRAY[
                pg_catalog.substr(name_key, 1, 2), pg_catalog.substr(name_key, 2)];
        END IF;
        FOR i IN 1 .. pg_catalog.char_length(name_key) - 1 LOOP
            grams := grams OPERATOR(pg_catalog.||)
                     pg_catalog.substr(name_key, i, 2);
        END LOOP;
        RETURN grams;
    END
    $$
    """,
    """
    CREATE INDEX members_member_name_grams ON members_member
    USING gin (portal_name_grams(name))
    """,
)
POSTGRESQL_REMOVE = (
    "DROP INDEX IF EXISTS members_member_name_grams",
    "DROP FUNCTION IF EXISTS portal_name_grams(text)",
    "DROP FUNCTION IF EXISTS portal_name_key(text)",
)


def _run(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


def install(apps, schema_editor):
    _run(schema_editor, POSTGRESQL)


def remove(apps, schema_editor):
    _run(schema_editor, POSTGRESQL_REMOVE)


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
