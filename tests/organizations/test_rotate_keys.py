"""Rotation: afterwards nothing needs the old key."""

import base64

import pytest
from django.core.management import call_command
from django.db import connection

from config.lib.crypto import DecryptError
from organizations.choices import AuditAction
from organizations.management.commands.rotate_keys import encrypted_models
from organizations.models import AuditEvent, Organization, WorkUnit

NEW = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def rows(branch_a1, work_unit):
    Organization.objects.filter(pk=branch_a1.pk).update(contact_phone="13900000001")
    WorkUnit.objects.filter(pk=work_unit.pk).update(contact_phone="13900000002")
    return branch_a1, work_unit


def switch(settings, **keys):
    settings.FIELD_ENCRYPTION_KEYS = keys
    settings.FIELD_ENCRYPTION_ACTIVE = "k2"


def stored(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT contact_phone FROM {table} WHERE contact_phone <> ''")
        return [row[0] for row in cursor.fetchall()]


def test_after_the_rotation_the_old_key_can_go(rows, settings):
    old = settings.FIELD_ENCRYPTION_KEYS["k1"]
    switch(settings, k1=old, k2=NEW)
    call_command("rotate_keys")
    switch(settings, k2=NEW)
    for row, phone in zip(rows, ("13900000001", "13900000002"), strict=True):
        row.refresh_from_db()
        assert row.contact_phone == phone
    for table in ("organizations_organization", "organizations_workunit"):
        assert all(token.startswith("k2.") for token in stored(table))


def test_without_the_rotation_the_old_key_is_needed(rows, settings):
    switch(settings, k2=NEW)
    with pytest.raises(DecryptError):
        rows[0].refresh_from_db()


def test_a_second_rotation_changes_nothing_and_both_are_recorded(rows, settings):
    switch(settings, k1=settings.FIELD_ENCRYPTION_KEYS["k1"], k2=NEW)
    call_command("rotate_keys")
    before = stored("organizations_organization")
    call_command("rotate_keys")
    assert stored("organizations_organization") == before
    events = AuditEvent.objects.filter(action=AuditAction.KEYS_ROTATED)
    assert [event.details["count"] for event in events.order_by("id")] == [2, 0]


def test_every_model_with_personal_values_takes_part():
    labels = {model._meta.label for model, _ in encrypted_models()}
    assert {"organizations.WorkUnit", "members.Member"} <= labels
