import pytest

from organizations import jobs, tasks


@pytest.fixture
def kind(monkeypatch):
    """Register a function as kind "tests.work" for one test."""
    monkeypatch.setattr(jobs, "_kinds", {})

    def register(run, **options):
        jobs.job_kind("tests.work", **options)(run)

    register.nothing = lambda: register(lambda context: None)
    return register


@pytest.fixture
def woken(monkeypatch):
    """Collect the wake-ups; there is no broker in these tests."""
    ids = []
    monkeypatch.setattr(
        tasks.run_job_task, "apply_async", lambda args, **options: ids.append(args[0])
    )
    return ids
