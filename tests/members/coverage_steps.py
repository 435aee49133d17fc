"""Steps of two-new units that several tests take."""

import io
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from members.services.coverage import decide_coverage
from organizations.coverage_rules import Counts, Decision
from organizations.models import WorkUnit
from organizations.services.census import SheetFacts, record_sheet
from organizations.services.registry import ListFacts, take_registry

HEADINGS = [
    "统一社会信用代码",
    "企业名称",
    "企业类型",
    "住所",
    "法定代表人",
    "登记状态",
]


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def two_new(community, name, **values) -> WorkUnit:
    return WorkUnit.objects.create(
        **{
            "name": name,
            "kind": "private_enterprise",
            "community": community.community,
            "is_resident": True,
        }
        | values
    )


def surveyed(unit, actor, full=0, day=60, state="operating", **more):
    counts = Counts(
        staff=more.pop("staff", 30),
        full_members=full,
        probationary=more.pop("probationary", 0),
        not_moved_in=more.pop("not_moved_in", 0),
    )
    return record_sheet(
        unit_id=unit.pk,
        facts=SheetFacts(found_on=ago(day), state=state, counts=counts, **more),
        actor=actor,
    )


def decided(unit, actor, form, day=30, version=None, **facts):
    return decide_coverage(
        unit_id=unit.pk,
        decision=Decision(form=form, starts_on=ago(day), **facts),
        version=version,
        actor=actor,
    )


def uncovered(unit, actor, day=30, due=20, **more):
    facts = {"reason": "没有党员", "responsible_name": "周干事", "due_on": ago(-due)}
    return decided(unit, actor, "none", day, **facts | more)


def workbook(*rows, headings=HEADINGS) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(headings)
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("名单.xlsx", file.getvalue())


def listed(street, actor, *rows, scope="enterprises", month=1, **more):
    return take_registry(
        organization_id=street.pk,
        facts=ListFacts("区市场监管局", scope, date(2026, month, 1)),
        upload=workbook(*rows),
        actor=actor,
        **more,
    )
