"""Pages of instructors, for the street and for a community."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from members.choices.instructors import InstructorGroup
from members.models import Instructor
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def instructor_pages(street: Street) -> Iterator[Page]:
    own = Instructor.objects.filter(organization=street.communities[0])
    found = own.order_by("pk").first()
    assert found is not None
    listed = reverse("members:instructor-list")

    def page(name: str) -> str:
        return reverse(f"members:instructor-{name}", args=[found.pk])

    addresses = {
        "指导员": listed,
        "指导员 一人": found.get_absolute_url(),
        "指导员 选派": reverse("members:instructor-add"),
        "指导员 登记工作": page("record-add"),
        "指导员 联系单位": page("unit-add"),
        "指导员 修改": page("edit"),
        "指导员 考核": page("appraise"),
    }
    addresses |= {
        f"指导员 {group.label}": f"{listed}?group={group}" for group in InstructorGroup
    }
    for role in ("staff", "community"):
        for name, url in addresses.items():
            yield name, role, url
