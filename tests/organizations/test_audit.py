"""The audit trail: only ever added to, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from organizations import audit
from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent


@pytest.fixture
def event(branch_secretary):
    return audit.record(actor=branch_secretary, action=AuditAction.LOGIN)


def run_sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_event_keeps_the_name_the_actor_had(event, branch_secretary):
    branch_secretary.display_name = "改了名"
    branch_secretary.save()
    assert AuditEvent.objects.get(pk=event.pk).actor_label == "支一平"


def test_an_event_of_the_system_says_so(db):
    event = audit.record(actor=None, action=AuditAction.KEYS_ROTATED)
    assert (event.actor, event.actor_label, event.result) == (
        None,
        "系统",
        AuditResult.DONE,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.filter(pk=event.pk).update(address=None),
        lambda event: AuditEvent.objects.all().delete(),
        lambda event: AuditEvent.objects.bulk_update([event], ["address"]),
    ],
)
def test_the_orm_refuses_to_change_or_remove_an_event(event, change):
    with pytest.raises(TypeError, match="append-only"):
        change(event)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations_auditevent SET actor_label = 'x'",
        "DELETE FROM organizations_auditevent",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_event(event, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(statement)
    assert AuditEvent.objects.get().actor_label == "支一平"


@pytest.mark.postgres
def test_the_database_refuses_to_truncate_the_trail(event):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql(
            "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE organizations_auditevent CASCADE"
        )


@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_the_triggers_in_place(event):
    # The flush after this test takes them off and puts them back.
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql("DELETE FROM organizations_auditevent")


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_triggers_are_still_in_place(event):
    with pytest.raises(DatabaseError, match="append-only"):
        run_sql("DELETE FROM organizations_auditevent")
    assert AuditEvent.objects.count() == 1
