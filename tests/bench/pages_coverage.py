"""Pages of the coverage of two-new units, for the street and a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from members.forms.coverage import UnitGroup
from organizations.models import CensusSheet, RegistryList
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def coverage_pages(street: Street) -> Iterator[Page]:
    sheets = CensusSheet.objects.filter(state="operating")
    home = street.communities[0]
    sheet = sheets.filter(unit__community__organization=home).order_by("pk").first()
    registry = RegistryList.objects.order_by("pk").first()
    assert sheet is not None
    assert registry is not None
    units, pk = reverse("members:coverage-units"), [sheet.unit_id]
    found = {
        "两新覆盖": reverse("members:coverage"),
        "两新单位": units,
        "两新单位 查询": f"{units}?q=两新&kind=private_enterprise&form=own",
        "两新单位 一家": reverse("members:coverage-unit", args=pk),
        "两新单位 一企一表": reverse("members:coverage-sheet", args=pk),
        "两新单位 核定": reverse("members:coverage-decide", args=pk),
        "两新单位 上门": reverse("members:coverage-visit", args=pk),
        "登记名单": reverse("members:registry-lists"),
        "登记名单 一份": registry.get_absolute_url(),
        "登记名单 名称变更": f"{registry.get_absolute_url()}?group=renamed",
    }
    found |= {
        f"两新单位 {group.label}": f"{units}?group={group}" for group in UnitGroup
    }
    for role in ("staff", "community"):
        for name, url in found.items():
            yield name, role, url
    yield "导入登记名单", "staff", reverse("members:registry-add")
