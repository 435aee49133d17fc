"""Jobs: one worker at a time, and no effect twice."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from config.lib.errors import RuleError
from organizations import jobs, tasks
from organizations.choices import AuditAction, JobState
from organizations.jobs import JobContext, run_job
from organizations.models import AuditEvent, Job, Parameter, User
from organizations.services.jobs import cancel_job, retry_job
from tests.organizations.job_steps import ask, fresh, lapse, leave_a_trace

pytestmark = pytest.mark.usefixtures("woken")


# Requesting ----------------------------------------------------------------------


def test_a_request_wakes_a_worker_on_commit(
    kind, woken, branch_secretary, django_capture_on_commit_callbacks
):
    kind.nothing()
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(branch_secretary)
        assert woken == []
    assert woken == [str(job.pk)]
    assert AuditEvent.objects.get().action == AuditAction.JOB_REQUESTED


def test_an_open_job_of_the_same_key_is_returned(kind, branch_secretary):
    kind.nothing()
    assert ask(branch_secretary, key="k") == ask(branch_secretary, key="k")
    assert Job.objects.count() == 1


def test_a_key_is_free_again_when_its_job_has_ended(kind, branch_secretary):
    kind.nothing()
    first = ask(branch_secretary, key="k")
    run_job(first.pk, heartbeat=False)
    assert ask(branch_secretary, key="k") != first


def test_a_broker_that_is_down_loses_nothing(
    kind, branch_secretary, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(**options):
        raise ConnectionError

    kind.nothing()
    monkeypatch.setattr(tasks.run_job_task, "apply_async", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(branch_secretary)
    assert fresh(job).state == JobState.QUEUED


def test_an_unknown_kind_is_a_mistake_of_the_programmer(kind, branch_secretary):
    with pytest.raises(ValueError, match="unknown job kind"):
        ask(branch_secretary)


# Running ---------------------------------------------------------------------------


def test_a_job_tells_its_result(kind, branch_secretary):
    kind(lambda context: context.result("导入 3 人", created=3))
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.SUCCEEDED
    done = fresh(job)
    assert (done.message, done.result, done.attempts) == (
        "导入 3 人",
        {"created": 3},
        1,
    )


def test_a_job_runs_once_however_often_it_is_woken(kind, branch_secretary):
    runs = []
    kind(lambda context: runs.append(context.fence))
    job = ask(branch_secretary)
    run_job(job.pk, heartbeat=False)
    assert run_job(job.pk, heartbeat=False) == ""
    assert runs == [1]


def test_a_running_job_is_not_taken_away(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    assert jobs.claim(job.pk).fence == 1
    assert jobs.claim(job.pk) is None


def test_a_job_whose_lease_has_run_out_is_taken_over(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    jobs.claim(job.pk)
    lapse(job)
    assert jobs.claim(job.pk).fence == 2


def test_a_job_that_died_too_often_is_not_taken_over(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary, max_attempts=1)
    jobs.claim(job.pk)
    lapse(job)
    assert jobs.claim(job.pk) is None


def test_a_slow_worker_past_its_lease_leaves_no_effect(kind, branch_secretary):
    def work(context: JobContext) -> None:
        lapse(job)
        jobs.claim(job.pk)  # another worker
        with context.step():
            leave_a_trace()

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.RUNNING
    assert not Parameter.objects.exists()
    assert fresh(job).fence == 2


def test_progress_renews_the_lease(kind, branch_secretary):
    kind.nothing()
    job = jobs.claim(ask(branch_secretary).pk)
    lapse(job)
    JobContext(job).progress(3, 10, "正在检查")
    now = fresh(job)
    assert now.lease_until > timezone.now()
    assert (now.percent, now.message) == (30, "正在检查")


def test_the_last_step_ends_the_job_with_its_effects(kind, branch_secretary):
    def work(context: JobContext) -> None:
        with context.step(last=True):
            leave_a_trace()
            context.result("写入 1 项")
        # Killed here, the job is not done again.
        assert fresh(job).state == JobState.SUCCEEDED

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.SUCCEEDED
    assert fresh(job).message == "写入 1 项"


def test_a_step_that_fails_leaves_no_effect_and_the_job_open(kind, branch_secretary):
    def work(context: JobContext) -> None:
        with context.step(last=True):
            leave_a_trace()
            raise OSError("disk full")

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.QUEUED
    assert not Parameter.objects.exists()


def test_an_unforeseen_error_is_tried_again_and_then_given_up(kind, branch_secretary):
    kind(lambda context: 1 / 0)
    job = ask(branch_secretary, max_attempts=2)
    assert run_job(job.pk, heartbeat=False) == JobState.QUEUED
    assert run_job(job.pk, heartbeat=False) == JobState.FAILED
    assert "未写入任何数据" in fresh(job).message


def test_a_broken_rule_fails_the_job_with_its_words(kind, branch_secretary):
    def work(context):
        raise RuleError("反馈期已截止。")

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.FAILED
    assert fresh(job).message == "反馈期已截止。"


def test_a_missing_right_refuses_the_job_and_is_recorded(kind, branch_secretary):
    def work(context):
        raise PermissionDenied("您的岗位没有权限。")

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.REFUSED
    assert fresh(job).message == "您的岗位没有权限。"
    assert AuditEvent.objects.filter(action=AuditAction.DENIED).count() == 1


def test_a_job_of_a_disabled_account_is_refused(kind, branch_secretary):
    kind(lambda context: leave_a_trace())
    job = ask(branch_secretary)
    User.objects.filter(pk=branch_secretary.pk).update(is_active=False)
    assert run_job(job.pk, heartbeat=False) == JobState.REFUSED
    assert not Parameter.objects.exists()


def test_a_kind_that_is_gone_fails(kind, branch_secretary, monkeypatch):
    kind.nothing()
    job = ask(branch_secretary)
    monkeypatch.setattr(jobs, "_kinds", {})
    assert run_job(job.pk, heartbeat=False) == JobState.FAILED


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_renews_the_lease(kind, branch_secretary, monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.05)
    seen = []

    def work(context: JobContext) -> None:
        lapse(job)
        for _ in range(100):
            if fresh(job).lease_until > timezone.now():
                seen.append(True)
                return
            threading.Event().wait(0.05)

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk) == JobState.SUCCEEDED
    assert seen


# Cancelling and retrying ---------------------------------------------------------


def test_a_queued_job_is_cancelled_at_once(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    assert cancel_job(job_id=job.pk, actor=branch_secretary).state == "cancelled"
    assert run_job(job.pk, heartbeat=False) == ""


@pytest.mark.parametrize("how", ["progress", "guard", "step"])
def test_a_running_job_is_cancelled_at_its_next_step(kind, branch_secretary, how):
    def work(context: JobContext) -> None:
        cancel_job(job_id=context.id, actor=branch_secretary)
        if how == "progress":
            context.progress(1, 2)
        elif how == "guard":
            context.guard()
        else:
            with context.step():
                leave_a_trace()

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.CANCELLED
    assert not Parameter.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_cancelling_does_not_wait_for_a_step_that_writes(kind, branch_secretary):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: it waits for its turn")
    said = []

    def cancel() -> None:
        try:
            cancel_job(job_id=job.pk, actor=branch_secretary)
        except RuleError as error:
            said.append(str(error))
        finally:
            connection.close()

    def work(context: JobContext) -> None:
        with context.step(last=True):
            thread = threading.Thread(target=cancel)
            thread.start()
            thread.join(20)
            leave_a_trace()

    kind(work)
    job = ask(branch_secretary)
    assert run_job(job.pk, heartbeat=False) == JobState.SUCCEEDED
    assert said == ["任务正在写入结果，此刻不能取消，请稍候刷新查看。"]


def test_another_users_job_cannot_be_cancelled(kind, branch_secretary, secretary_b):
    kind.nothing()
    job = ask(branch_secretary)
    with pytest.raises(Job.DoesNotExist):
        cancel_job(job_id=job.pk, actor=secretary_b)


def test_a_finished_job_cannot_be_cancelled(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    run_job(job.pk, heartbeat=False)
    with pytest.raises(RuleError, match="已经结束"):
        cancel_job(job_id=job.pk, actor=branch_secretary)


def test_a_failed_job_can_be_tried_again(kind, branch_secretary):
    kind(lambda context: 1 / 0)
    job = ask(branch_secretary, max_attempts=1)
    run_job(job.pk, heartbeat=False)
    assert retry_job(job_id=job.pk, actor=branch_secretary).state == JobState.QUEUED
    assert run_job(job.pk, heartbeat=False) == JobState.FAILED


def test_a_successful_job_is_not_tried_again(kind, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    run_job(job.pk, heartbeat=False)
    with pytest.raises(RuleError, match="只有失败或已取消"):
        retry_job(job_id=job.pk, actor=branch_secretary)


def test_a_retry_waits_for_the_same_work_elsewhere(kind, branch_secretary):
    kind(lambda context: 1 / 0)
    job = ask(branch_secretary, key="k", max_attempts=1)
    run_job(job.pk, heartbeat=False)
    ask(branch_secretary, key="k")
    with pytest.raises(RuleError, match="正在进行"):
        retry_job(job_id=job.pk, actor=branch_secretary)


# Sweeping --------------------------------------------------------------------------


def test_the_sweeper_wakes_what_sleeps_too_long(kind, woken, branch_secretary):
    kind.nothing()
    job = ask(branch_secretary)
    assert tasks.sweep_jobs_task() == 0
    long_ago = timezone.now() - timedelta(seconds=31)
    Job.objects.filter(pk=job.pk).update(woken_at=long_ago)
    assert tasks.sweep_jobs_task() == 1
    assert woken == [str(job.pk)]


def test_the_sweeper_wakes_a_job_whose_worker_died(kind, branch_secretary):
    kind.nothing()
    job = jobs.claim(ask(branch_secretary).pk)
    assert jobs.due_for_sweep() == []
    lapse(job)
    assert jobs.due_for_sweep() == [job.pk]


def test_the_sweeper_gives_up_a_job_that_died_too_often(kind, branch_secretary):
    kind.nothing()
    job = jobs.claim(ask(branch_secretary, max_attempts=1).pk)
    lapse(job)
    assert jobs.due_for_sweep() == []
    assert fresh(job).state == JobState.FAILED
    assert "多次中断" in fresh(job).message


def test_the_sweeper_ends_a_dead_job_that_was_to_be_cancelled(kind, branch_secretary):
    kind.nothing()
    job = jobs.claim(ask(branch_secretary).pk)
    cancel_job(job_id=job.pk, actor=branch_secretary)
    lapse(job)
    assert jobs.due_for_sweep() == []
    assert fresh(job).state == JobState.CANCELLED
