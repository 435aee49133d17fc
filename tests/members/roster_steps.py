"""The steps of the wizard, as its pages take them."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.jobs import run_job
from organizations.models import Job


def send_file(client, organization, path, kind="on_roll"):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(
        reverse("members:roster-upload"),
        {"organization": organization.pk, "kind": kind, "file": file},
    )


def mapping_data(batch, **changes):
    """Return what the mapping page would post unchanged."""
    data = {}
    for number, layout in enumerate(batch.layout):
        if not layout["skipped"]:
            data[f"use-{number}"] = "on"
        data[f"heading-{number}"] = layout["heading"] or ""
        for place in range(len(layout["headings"])):
            key = f"column-{number}-{place}"
            data[key] = layout["columns"].get(str(place), "")
    return data | changes


def run_jobs():
    for pk in Job.objects.open().values_list("pk", flat=True):
        run_job(pk, heartbeat=False)


def page(client, name, batch, query=""):
    answer = client.get(reverse(f"members:{name}", args=[batch.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def confirm(client, batch):
    answer = client.post(reverse("members:roster-confirm", args=[batch.pk]))
    run_jobs()
    batch.refresh_from_db()
    return answer
