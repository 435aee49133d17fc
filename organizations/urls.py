"""Organizations, jobs, audit trail, parameters and files."""

from django.urls import path

from organizations import (
    fund_urls,
    map_urls,
    matter_urls,
    room_urls,
    structure_urls,
)
from organizations.views import audit, files, jobs, parameters

app_name = "organizations"

# /organizations/jobs/
job_urls = [
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.job_detail, name="job-detail"),
    path("jobs/<uuid:pk>/status/", jobs.job_status, name="job-status"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job-cancel"),
    path("jobs/<uuid:pk>/retry/", jobs.job_retry, name="job-retry"),
    path("jobs/<uuid:pk>/download/", jobs.job_download, name="job-download"),
]
# /organizations/audit/, parameters/, files/
office_urls = [
    path("audit/", audit.AuditListView.as_view(), name="audit"),
    path("parameters/", parameters.parameter_list, name="parameters"),
    path(
        "parameters/<slug:app>.<slug:name>/",
        parameters.parameter_edit,
        name="parameter-edit",
    ),
    path("files/<uuid:pk>/", files.stored_file, name="file"),
]

urlpatterns = [
    *structure_urls.urlpatterns,
    *fund_urls.urlpatterns,
    *room_urls.urlpatterns,
    *matter_urls.urlpatterns,
    *map_urls.urlpatterns,
    *job_urls,
    *office_urls,
]
