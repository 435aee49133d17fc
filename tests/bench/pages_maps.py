"""Pages of the map of the street."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from organizations.models import StoredFile
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def map_pages(street: Street) -> Iterator[Page]:
    staff = street.users["staff"]
    stored = StoredFile.objects.filter(purpose="map", uploaded_by=staff).get()
    for role in ("staff", "community", "branch"):
        yield "社区示意图", role, reverse("organizations:map")
    for name, url in {
        "上传边界图": reverse("organizations:map-upload"),
        "边界图预览": reverse("organizations:map-import", args=[stored.pk]),
        "删除社区边界": reverse("organizations:map-remove"),
    }.items():
        yield name, "staff", url
    node = street.communities[0].pk
    yield "党组织树 展开", "staff", reverse("organizations:list") + f"?node={node}"
