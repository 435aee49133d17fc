"""How many of the members who are looked after live behind a plaque, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.paths import is_within
from members.models import Affiliation, PlaqueMember
from members.rules.plaques import rate
from organizations.models import Organization, User


@dataclass(frozen=True)
class RateRow:
    """One organization: who should, who does, and the page that lists the others."""

    name: str
    url: str
    due: int
    covered: int
    missing_url: str

    @property
    def missing(self) -> int:
        return self.due - self.covered

    @property
    def rate(self) -> str:
        return rate(self.covered, self.due)


def rate_rows(user: User, organization: Organization) -> tuple[list[RateRow], RateRow]:
    """A row for each child with people below it (or the branch itself), and the sum."""
    covers = PlaqueMember.objects.current().filter(member=OuterRef("member"))
    found = (
        Affiliation.objects.visible_to(user)
        .educating()
        .filter(organization__in=Organization.objects.within([organization.path]))
        .order_by()
        .values("organization__path")
        .annotate(due=Count("pk"), covered=Count("pk", filter=Exists(covers)))
        .values_list("organization__path", "due", "covered")
    )
    of_branch = list(found)
    children = list(organization.children.open().visible_to(user).order_by("path")) or [
        organization
    ]
    rows = [_row(child, of_branch, organization) for child in children]
    total = _row(organization, of_branch, organization)
    return [row for row in rows if row.due], total


def _row(
    place: Organization, of_branch: list[tuple[str, int, int]], top: Organization
) -> RateRow:
    own = [row for row in of_branch if is_within(row[0], place.path)]
    address = reverse("members:plaque-rates")
    query = urlencode({"organization": place.pk, "check": "no_plaque", "more": 1})
    return RateRow(
        name=str(place),
        url=f"{address}?organization={place.pk}" if place.pk != top.pk else "",
        due=sum(due for _, due, _ in own),
        covered=sum(covered for _, _, covered in own),
        missing_url=f"{reverse('members:list')}?{query}",
    )
