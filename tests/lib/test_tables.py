"""Rows counted for the planner."""

import pytest
from django.db import connection

from config.lib.tables import count_rows
from tests.factories.organizations import OrganizationFactory

TABLE = "organizations_organization"
HELD = """
    SELECT count(*) FROM pg_locks
    WHERE pid = pg_backend_pid() AND database = 0 AND mode = 'ShareUpdateExclusiveLock'
"""


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_counting_rows_holds_nothing_that_other_databases_wait_for():
    OrganizationFactory()
    count_rows()
    with connection.cursor() as cursor:
        cursor.execute(HELD)
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [TABLE])
        assert cursor.fetchone()[0] >= 1
