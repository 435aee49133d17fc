"""Whether the portal can work, for whoever watches it; says nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.choices import JobState
from organizations.jobs import LEASE
from organizations.models import Job


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 with the state of database and queue, 503 without a database.

    `queue` is "late" where a job has waited for a worker longer than two sweeps.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        long_ago = timezone.now() - 2 * LEASE
        is_late = Job.objects.filter(
            state=JobState.QUEUED, created_at__lt=long_ago
        ).exists()
    except DatabaseError:
        return JsonResponse({"status": "failed", "database": False}, status=503)
    queue = "late" if is_late else "ok"
    return JsonResponse({"status": "ok", "database": True, "queue": queue})
