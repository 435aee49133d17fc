"""Planned rows that nobody confirms are gone after a day, and the page says so."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices import RosterState
from members.models import Member, RosterBatch, RosterRow
from members.services import roster
from members.services.roster_purge import purge_previews
from members.tasks import purge_previews_task
from organizations import parameters
from organizations.models import Job
from tests.members.roster_files import person
from tests.members.roster_steps import confirm, mapping_data, page, run_jobs

PERSON = person(7)


@pytest.fixture
def preview(checked, branch_secretary, branch_a1):
    """A checked batch with one new person, and its uploader's client."""
    return checked(branch_secretary, branch_a1, PERSON)


def purge_after(hours: float) -> int:
    return purge_previews(timezone.now() + timedelta(hours=hours))


def test_a_preview_lives_a_day(preview):
    batch, _ = preview
    assert purge_after(23.9) == 0
    assert batch.rows.count() == 1
    assert purge_after(24.1) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (RosterState.EXPIRED, 0)


def test_purging_again_finds_nothing(preview):
    purge_after(25)
    assert purge_after(26) == 0


def test_the_page_says_so_and_offers_another_check(preview):
    batch, client = preview
    purge_after(25)
    text = page(client, "roster-preview", batch)
    assert "只保存 24 小时" in text
    assert "没有写入任何数据" in text
    assert PERSON["姓名"] not in text
    assert "预览已过期" in client.get("/members/roster/").content.decode()


def test_it_may_be_checked_again_without_another_upload(preview):
    batch, client = preview
    purge_after(25)
    url = reverse("members:roster-mapping", args=[batch.pk])
    assert client.get(url).status_code == 200
    client.post(url, mapping_data(batch))
    run_jobs()
    confirm(client, batch)
    assert batch.state == RosterState.IMPORTED
    assert Member.objects.filter(name=PERSON["姓名"]).exists()


def test_an_expired_preview_cannot_be_confirmed(preview, branch_secretary):
    batch, _ = preview
    purge_after(25)
    with pytest.raises(RuleError, match="预览已过期"):
        roster.confirm_roster(batch_id=batch.pk, actor=branch_secretary)
    assert not Member.objects.filter(name=PERSON["姓名"]).exists()


def test_an_expired_preview_may_be_given_up(preview, branch_secretary):
    batch, _ = preview
    purge_after(25)
    roster.cancel_roster(batch_id=batch.pk, actor=branch_secretary)
    batch.refresh_from_db()
    assert batch.state == RosterState.CANCELLED


def test_what_was_imported_keeps_its_rows(preview):
    batch, client = preview
    confirm(client, batch)
    assert purge_after(48) == 0
    assert batch.rows.exists()


def test_an_import_under_way_keeps_its_rows(preview, branch_secretary):
    batch, _ = preview
    roster.confirm_roster(batch_id=batch.pk, actor=branch_secretary)
    assert Job.objects.open().exists()
    assert purge_after(48) == 0
    assert batch.rows.exists()


def test_an_import_that_failed_a_day_ago_keeps_none(preview, branch_secretary):
    batch, client = preview
    roster.confirm_roster(batch_id=batch.pk, actor=branch_secretary)
    batch.refresh_from_db()
    Job.objects.filter(pk=batch.job_id).update(
        state="failed", finished_at=timezone.now()
    )
    assert purge_after(25) == 1
    assert "没有写入任何数据" in page(client, "roster-preview", batch)


def test_going_back_to_the_columns_does_not_keep_the_rows(preview, branch_secretary):
    batch, _ = preview
    RosterBatch.objects.filter(pk=batch.pk).update(state=RosterState.MAPPING)
    assert purge_after(25) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == (RosterState.MAPPING, 0)


def test_a_check_counts_from_its_end_and_not_from_the_upload(preview):
    batch, _ = preview
    RosterBatch.objects.update(uploaded_at=timezone.now() - timedelta(days=5))
    assert purge_previews(timezone.now()) == 0
    assert batch.rows.exists()


def test_the_committee_sets_the_hours(preview, committee_staff):
    parameters.change(
        key="members.import_preview_hours", value=2, actor=committee_staff
    )
    assert purge_after(1.9) == 0
    assert purge_after(2.1) == 1


def test_the_clock_purges(preview):
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert purge_previews_task() == 1
    assert not RosterRow.objects.exists()
