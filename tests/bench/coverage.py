"""Two-new units of the synthetic street, and a registration list of them."""

from __future__ import annotations

from datetime import date, timedelta

from organizations.models import (
    CensusSheet,
    Community,
    Coverage,
    DoorVisit,
    Organization,
    RegistryDifference,
    RegistryList,
    User,
    WorkUnit,
)

EACH = 60
_FORMS = ("own", "joint", "attached", "instructor", "none", "")


def coverage(
    today: date, root: Organization, branches: list[Organization], writer: User
) -> None:
    begin = today - timedelta(days=200)
    places = list(Community.objects.order_by("organization__path"))
    units = WorkUnit.objects.bulk_create(
        WorkUnit(
            name=f"两新单位{place.pk}之{number}",
            credit_code=f"91{place.pk:08d}{number:08d}",
            kind="private_enterprise" if number % 3 else "social_organization",
            is_resident=True,
            community=place,
            address=f"{place.name}{number}号",
        )
        for place in places
        for number in range(EACH)
    )
    CensusSheet.objects.bulk_create(
        CensusSheet(
            unit=unit,
            starts_on=begin,
            state="shell" if number % 11 == 0 else "operating",
            staff=number % 50,
            full_members=number % 5,
            recorded_by=writer,
        )
        for number, unit in enumerate(units)
        if number % 13
    )
    Coverage.objects.bulk_create(
        Coverage(
            unit=unit,
            form=form,
            starts_on=begin,
            organization=branches[number % len(branches)]
            if form in {"own", "joint", "attached"}
            else None,
            reason="没有党员" if form == "none" else "",
            due_on=begin + timedelta(days=60) if form == "none" else None,
            decided_by=writer,
        )
        for number, unit in enumerate(units)
        if (form := _FORMS[number % len(_FORMS)]) and number % 13
    )
    DoorVisit.objects.bulk_create(
        DoorVisit(
            unit=unit,
            visited_on=begin,
            visitors="周干事",
            outcome="thinking",
            next_on=begin + timedelta(days=30) if number % 2 else None,
            recorded_by=writer,
        )
        for number, unit in enumerate(units)
        if number % 3 == 0
    )
    _lists(root, units, writer)


def _lists(root: Organization, units: list[WorkUnit], writer: User) -> None:
    registry = RegistryList.objects.create(
        organization=root,
        authority="区市场监督管理局",
        scope="both",
        quarter_starts_on=date(2026, 7, 1),
        row_count=len(units),
        imported_by=writer,
    )
    RegistryDifference.objects.bulk_create(
        RegistryDifference(
            registry=registry,
            kind=kind,
            unit=unit,
            community_id=unit.community_id,
            credit_code=unit.credit_code,
            name=unit.name,
            before={key: "从前"} if key else {},
            after={key: "现在"} if key else {},
        )
        for number, unit in enumerate(units)
        for kind, key in (
            (("renamed", "name"), ("changed", "address"), ("gone", ""))[number % 3],
        )
    )
