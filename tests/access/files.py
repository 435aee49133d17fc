"""Files of the planted world: uploads, workbooks, jobs with something to fetch."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from organizations.choices import FilePurpose, JobState
from organizations.jobs import is_job_kind, job_kind
from organizations.models import CommunityOutline, Job, StoredFile
from tests.access.canaries import JOB
from tests.access.cast import BRANCHES, OWNERS, PARENTS
from tests.access.world import World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JOB_KIND = "tests.access"

if not is_job_kind(JOB_KIND):

    @job_kind(JOB_KIND)
    def do_nothing(context: Any) -> None:
        """A job that only lies in the list."""


def workbook(rows: list[list[str]], title: str = "名册") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


_RING = [[120.0, 30.0], [120.01, 30.0], [120.01, 30.01], [120.0, 30.0]]


def _areas(world: World, place: str) -> bytes:
    """One area, named with the place's word and for nobody's community."""
    area = {
        "type": "Feature",
        "properties": {"name": f"{world.bird(place)}片"},
        "geometry": {"type": "Polygon", "coordinates": [_RING]},
    }
    return json.dumps({"type": "FeatureCollection", "features": [area]}).encode()


def _plant_outline(world: World, place: str) -> None:
    """A file of outlines, in a1 of somebody who may draw them; one drawn a community.

    Whose name the map tells is staff of the street, as in life.
    """
    staff = "committee_staff" if place == "a1" else OWNERS[place]
    name = f"{world.bird(place)}边界.geojson"
    stored = stored_file(world, place, FilePurpose.MAP, name, _areas(world, place))
    StoredFile.objects.filter(pk=stored.pk).update(uploaded_by=world.users[staff])
    world.put("map-file", place, stored.pk, owner=staff)
    is_ours = place != "x1"
    CommunityOutline.objects.get_or_create(
        community=world.communities[PARENTS[place]],
        defaults={
            "polygons": [[_RING]],
            "file": stored,
            "drawn_by": world.users["committee_staff" if is_ours else OWNERS[place]],
            "drawn_at": timezone.now(),
        },
    )


def picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(output, "JPEG")
    return output.getvalue()


def stored_file(
    world: World, place: str, purpose: str, name: str, content: bytes
) -> StoredFile:
    """Keep a file as an upload of the place's owner would be kept."""
    is_picture = content[:2] == b"\xff\xd8"
    stored = StoredFile(
        original_name=name,
        content_type="image/jpeg" if is_picture else XLSX,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        organization=world.orgs[place],
        uploaded_by=world.owner(place),
    )
    stored.file.save("upload", ContentFile(content), save=False)
    stored.save(force_insert=True)
    return stored


def finished_job(world: World, place: str, **fields: Any) -> Job:
    """A job of the place's owner whose workbook is full of the place's words."""
    bird, work = world.bird(place), world.word(JOB, place)
    values = {
        "kind": JOB_KIND,
        "title": f"{work}任务",
        "requester": world.owner(place),
        "state": JobState.SUCCEEDED,
        "message": f"{bird}完成",
        "result": {"message": f"{bird}完成"},
        "file_name": f"{bird}结果.xlsx",
        "progress_done": 1,
        "progress_total": 1,
    }
    job = Job.objects.create(**(values | fields))
    content = workbook([[bird, f"{bird}内容"]], title=f"{bird}表")
    path = Path(settings.EXPORT_ROOT) / job.pk.hex[:2] / f"{job.pk.hex}-1.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    job.file_path = str(path.relative_to(settings.EXPORT_ROOT))
    job.file_sha256 = hashlib.sha256(content).hexdigest()
    job.save()
    return job


def plant_files(world: World) -> None:
    for place in BRANCHES:
        job = finished_job(world, place)
        world.rows[f"job-{place}"] = job
        world.put("job", place, job.pk, owner=OWNERS[place])
        bird = world.bird(place)
        photo = stored_file(
            world, place, FilePurpose.PHOTO, f"{bird}照片.jpg", picture()
        )
        evidence = stored_file(
            world,
            place,
            FilePurpose.EVIDENCE,
            f"{bird}证明.xlsx",
            workbook([[f"{bird}证明"]]),
        )
        register = stored_file(
            world,
            place,
            FilePurpose.REGISTER,
            f"{bird}名册.xlsx",
            workbook([[f"{bird}党组织"]]),
        )
        _plant_outline(world, place)
        world.rows[f"photo-{place}"] = photo
        world.rows[f"evidence-{place}"] = evidence
        world.put("photo-file", place, photo.pk)
        world.put("evidence-file", place, evidence.pk)
        world.put("register-file", place, register.pk, owner=OWNERS[place])
