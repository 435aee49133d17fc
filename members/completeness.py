"""What a record should hold, and what is missing, branch by branch.

Source: 2017 年党组织和党员基本信息采集, the items that a branch fills in itself; where
somebody lives and whom he works for are what 分类教育管理 needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.paths import is_within
from members.choices import AffiliationKind, Category, MemberType
from members.models import Affiliation
from members.rules.quality import completeness
from organizations.models import Organization, User


@dataclass(frozen=True)
class Item:
    """One item of a record: whom it is asked of, and when it is missing.

    `key` is that of the check in `members.checks` which lists the people.
    """

    key: str
    label: str
    missing: Q
    asked: Q = field(default_factory=Q)


ITEMS: tuple[Item, ...] = (
    Item("no_education", "学历", Q(education="")),
    Item("no_job_post", "工作岗位", Q(job_post="")),
    Item("no_phone", "手机号码", Q(phone="")),
    Item("no_address", "现居住地", Q(address="")),
    Item("no_community", "居住社区", Q(community__isnull=True)),
    Item("joined_unsure", "入党日期（到日）", ~Q(joined_precision="day")),
    Item(
        "full_unconfirmed",
        "转正日期",
        Q(confirmed_on__isnull=True),
        Q(member_type=MemberType.FULL),
    ),
    Item(
        "no_unit",
        "工作单位",
        Q(home_unit__isnull=True),
        Q(category=Category.IN_POST),
    ),
)


@dataclass(frozen=True)
class Row:
    """One organization: its people, their items, and what is missing by item."""

    name: str
    url: str
    people: int
    percent: int
    missing: list[dict[str, Any]]


def of_member(condition: Q) -> Q:
    """The same condition asked of a relation's member."""
    found = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            found.children.append(of_member(child))
        else:
            found.children.append((f"member__{child[0]}", child[1]))
    return found


def counts(user: User, organization: Organization) -> dict[str, dict[str, int]]:
    """Numbers by path of the branch below `organization`, one query.

    For each: `people`, and for each item `asked_<key>` and `missing_<key>`.
    """
    wanted: dict[str, Any] = {"people": Count("pk")}
    for item in ITEMS:
        asked, missing = of_member(item.asked), of_member(item.missing)
        wanted[f"asked_{item.key}"] = Count("pk", filter=asked) if item.asked else None
        wanted[f"missing_{item.key}"] = Count("pk", filter=asked & missing)
    rows = (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(
            kind=AffiliationKind.ON_ROLL,
            organization__in=Organization.objects.within([organization.path]),
        )
        .order_by()
        .values("organization__path")
        .annotate(**{name: each for name, each in wanted.items() if each is not None})
    )
    found = {}
    for row in rows:
        path = row.pop("organization__path")
        for item in ITEMS:
            row.setdefault(f"asked_{item.key}", row["people"])
        found[path] = row
    return found


def rows(user: User, organization: Organization) -> tuple[list[Row], Row]:
    """A row for each child with people below it (or the branch itself), and the sum."""
    of_branch = counts(user, organization)
    children = list(organization.children.open().visible_to(user).order_by("path")) or [
        organization
    ]
    shown = []
    for child in children:
        own = _sum(n for path, n in of_branch.items() if is_within(path, child.path))
        if own["people"]:
            shown.append(_row(child, own, has_children=child.pk != organization.pk))
    return shown, _row(organization, _sum(of_branch.values()), has_children=False)


def _sum(numbers: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for each in numbers:
        for name, number in each.items():
            total[name] += number
    return total


def _row(organization: Organization, own: dict[str, int], *, has_children: bool) -> Row:
    wanted = sum(own[f"asked_{item.key}"] for item in ITEMS)
    missing = sum(own[f"missing_{item.key}"] for item in ITEMS)
    url = reverse("members:quality")
    return Row(
        name=str(organization),
        url=f"{url}?organization={organization.pk}" if has_children else "",
        people=own["people"],
        percent=completeness(wanted - missing, wanted),
        missing=[
            {
                "label": item.label,
                "number": own[f"missing_{item.key}"],
                "url": _list_url(organization, item),
            }
            for item in ITEMS
        ],
    )


def _list_url(organization: Organization, item: Item) -> str:
    query = {
        "organization": organization.pk,
        "kind": AffiliationKind.ON_ROLL.value,
        "check": item.key,
    }
    return f"{reverse('members:list')}?{urlencode(query)}"
