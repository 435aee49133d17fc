"""A user's own jobs: list, progress, cancel, retry, download."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from config.lib.errors import RuleError
from config.lib.htmx import wants_fragment
from organizations.models import Job
from organizations.services import jobs

PAGE_SIZE = 30

STATE_TONES = {
    Job.State.QUEUED: "info",
    Job.State.RUNNING: "info",
    Job.State.SUCCEEDED: "ok",
    Job.State.FAILED: "bad",
    Job.State.CANCELLED: "mute",
    Job.State.REFUSED: "bad",
}


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """Show the latest of the user's own jobs."""
    found = Job.objects.visible_to(request.user)[:PAGE_SIZE]
    rows = [(job, STATE_TONES[job.state]) for job in found]
    context = {"rows": rows, "page_size": PAGE_SIZE}
    return render(request, "organizations/job_list.html", context)


@require_GET
def job_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    context = _context(request, pk)
    context["breadcrumbs"] = [
        ("我的任务", reverse("organizations:jobs")),
        (context["job"].title, ""),
    ]
    return render(request, "organizations/job_detail.html", context)


@require_GET
def job_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer htmx, which asks every two seconds until the job has ended."""
    context = _context(request, pk)
    if not wants_fragment(request):
        return redirect(context["job"])
    return render(request, "organizations/_job.html", context)


@require_POST
def job_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, jobs.cancel_job, "已请求取消。")


@require_POST
def job_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, jobs.retry_job, "已重新提交。")


@require_GET
def job_download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the job's file; one that is gone leads back to the page with the reason."""
    try:
        job, path = jobs.open_file(job_id=pk, actor=request.user)
        file = path.open("rb")
    except Job.DoesNotExist as error:
        raise Http404 from error
    except RuleError as error:
        messages.warning(request, str(error))
        return redirect("organizations:job-detail", pk)
    return FileResponse(file, as_attachment=True, filename=job.file_name)


def _context(request: HttpRequest, pk: UUID) -> dict:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return {"job": job, "tone": STATE_TONES[job.state]}


def _act(request: HttpRequest, pk: UUID, service, done: str) -> HttpResponse:
    try:
        service(job_id=pk, actor=request.user)
    except Job.DoesNotExist as error:
        raise Http404 from error
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("organizations:job-detail", pk)
