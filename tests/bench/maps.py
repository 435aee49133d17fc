"""Outlines of every community, as the map draws them, and a file of more."""

from __future__ import annotations

import hashlib
import json

from django.core.files.base import ContentFile
from django.utils import timezone

from organizations.choices import FilePurpose
from organizations.models import (
    Community,
    CommunityOutline,
    Organization,
    StoredFile,
    User,
)
from organizations.services.files import GEOJSON
from reports.demo.maps import outlines_of


def maps(root: Organization, writer: User) -> None:
    places = list(Community.objects.order_by("organization__path"))
    data = outlines_of([place.name for place in places])
    content = json.dumps(data, ensure_ascii=False).encode()
    stored = StoredFile(
        original_name="社区边界.geojson",
        content_type=GEOJSON,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=FilePurpose.MAP,
        organization=root,
        uploaded_by=writer,
    )
    stored.file.save("upload", ContentFile(content), save=False)
    stored.save(force_insert=True)
    areas = [feature["geometry"]["coordinates"] for feature in data["features"]]
    CommunityOutline.objects.bulk_create(
        CommunityOutline(
            community=place,
            polygons=[area],
            file=stored,
            drawn_by=writer,
            drawn_at=timezone.now(),
        )
        for place, area in zip(places, areas, strict=True)
    )
