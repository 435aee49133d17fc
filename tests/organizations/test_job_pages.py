"""The pages that show a user's own jobs."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from organizations import jobs
from organizations.choices import AuditAction, JobState
from organizations.jobs import JobContext, run_job
from organizations.models import AuditEvent, Job
from tests.conftest import login
from tests.organizations.job_steps import ask, fresh

pytestmark = pytest.mark.usefixtures("woken")


def write_file(context: JobContext) -> None:
    path = context.new_file(".csv")
    path.write_text("姓名\n")
    context.attach(path, "名册 2026.csv")


@pytest.fixture
def done(kind, branch_secretary) -> Job:
    """A job that has made a file."""
    kind(write_file)
    job = ask(branch_secretary, title="导出名册")
    run_job(job.pk, heartbeat=False)
    return fresh(job)


def url(job: Job, action: str = "") -> str:
    return f"{job.get_absolute_url()}{action}"


def test_the_list_shows_only_own_jobs(client, done, secretary_b):
    login(client, done.requester)
    assert "导出名册" in client.get("/organizations/jobs/").content.decode()
    login(client, secretary_b)
    assert "导出名册" not in client.get("/organizations/jobs/").content.decode()


def test_an_open_job_asks_again_by_itself(client, kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    login(client, branch_secretary)
    page = client.get(url(job)).content.decode()
    assert f'hx-get="{url(job, "status/")}"' in page
    assert "every 2s" in page
    run_job(job.pk, heartbeat=False)
    fragment = client.get(url(job, "status/"), headers={"HX-Request": "true"})
    assert "hx-trigger" not in fragment.content.decode()
    assert "已完成" in fragment.content.decode()


@pytest.mark.parametrize("action", ["", "status/", "download/"])
def test_another_users_job_is_not_there(client, done, sysadmin, action):
    login(client, sysadmin)
    assert client.get(url(done, action)).status_code == 404


def test_asking_by_itself_is_not_being_used(client, done):
    login(client, done.requester)
    session = client.session
    session["session_seen"] -= 600
    session.save()
    before = client.session["session_seen"]
    client.get(url(done, "status/"), headers={"HX-Request": "true"})
    assert client.session["session_seen"] == before
    client.get(url(done))
    assert client.session["session_seen"] > before


def test_cancelling_by_post(client, kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    login(client, branch_secretary)
    assert client.get(url(job, "cancel/")).status_code == 405
    assert client.post(url(job, "cancel/"))["Location"] == url(job)
    assert fresh(job).state == JobState.CANCELLED


def test_retrying_by_post(client, kind, branch_secretary):
    kind(lambda context: 1 / 0)
    job = ask(branch_secretary, max_attempts=1)
    run_job(job.pk, heartbeat=False)
    login(client, branch_secretary)
    client.post(url(job, "retry/"))
    assert fresh(job).state == JobState.QUEUED


def test_a_refused_action_says_why(client, done):
    login(client, done.requester)
    page = client.post(url(done, "cancel/"), follow=True).content.decode()
    assert "任务已经结束，不能取消。" in page


def test_the_file_comes_under_its_name_and_is_recorded(client, done):
    login(client, done.requester)
    response = client.get(url(done, "download/"))
    assert b"".join(response.streaming_content).decode() == "姓名\n"
    assert "filename*=utf-8''%E5%90%8D" in response["Content-Disposition"]
    event = AuditEvent.objects.get(action=AuditAction.DOWNLOADED)
    assert event.details["sha256"] == done.file_sha256


def test_a_right_lost_since_closes_the_download(client, kind, branch_secretary):
    kind(write_file, may_download=lambda user, job: user.has_right("export"))
    job = ask(branch_secretary)
    run_job(job.pk, heartbeat=False)
    login(client, branch_secretary)
    branch_secretary.posts.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client.get(url(job, "download/")).status_code == 403


def test_an_expired_file_is_a_page_and_not_an_error(client, done):
    in_a_week = timezone.now() + timedelta(days=7, minutes=1)
    assert jobs.expire_files(in_a_week) == 1
    assert not (Path(settings.EXPORT_ROOT) / done.file_path).exists()
    login(client, done.requester)
    page = client.get(url(done, "download/"), follow=True).content.decode()
    assert "文件已过期删除（保留 7 天），请重新生成。" in page


def test_a_fresh_file_does_not_expire(done):
    assert jobs.expire_files(timezone.now() + timedelta(days=6)) == 0
    assert (Path(settings.EXPORT_ROOT) / done.file_path).exists()


def test_a_missing_job_is_not_there(client, branch_secretary):
    login(client, branch_secretary)
    assert client.get(f"/organizations/jobs/{uuid.uuid4()}/").status_code == 404
