"""Pages of delegated matters, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from organizations.models import DelegatedMatter
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def matter_pages(street: Street) -> Iterator[Page]:
    own = DelegatedMatter.objects.filter(organization=street.communities[0])
    found = own.filter(state="admitted").first()
    assert found is not None
    listed = reverse("organizations:matter-list")

    def page(name: str, *more: str) -> str:
        return reverse(f"organizations:matter-{name}", args=[found.pk, *more])

    addresses = {
        "准入事项": listed,
        "准入事项 某日": f"{listed}?day={street.today.isoformat()}&kind=assisted",
        "准入事项 不一致": f"{listed}?group=unbalanced",
        "准入事项 经费逾期": f"{listed}?group=unpaid",
        "准入事项 全部": f"{listed}?group=all",
        "准入事项 一件": found.get_absolute_url(),
        "准入事项 登记": reverse("organizations:matter-add"),
        "准入事项 到位": page("handover"),
        "准入事项 步骤": page("step", "withdrawn"),
    }
    for role in ("staff", "community"):
        for name, url in addresses.items():
            yield name, role, url
