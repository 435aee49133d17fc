from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right
from organizations.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyScopedAdmin):
    """Whether the queue moves; what a job made stays with its requester."""

    view_right = Right.MANAGE_USERS
    list_display = ["title", "state", "attempts", "requester", "created_at", "percent"]
    list_filter = ["state"]
    list_select_related = ["requester"]
    fields = [
        *("title", "state", "requester", "attempts", "max_attempts"),
        *("progress_done", "progress_total", "created_at", "started_at"),
        *("finished_at", "lease_until"),
    ]
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Job.objects.overseen_by(request.user)

    @admin.display(description="进度")
    def percent(self, job: Job) -> str:
        return f"{job.percent}%"
