"""The demo's two-new units: covered in every way, owing a branch, and a list."""

from __future__ import annotations

from datetime import date, timedelta

from config.lib.periods import Quarter
from members.services.coverage import decide_coverage
from organizations.coverage_choices import CoverageForm
from organizations.coverage_rules import Counts, Decision
from organizations.imports.registry import RegistryRows
from organizations.models import Organization, RegistryList, User, WorkUnit
from organizations.registry_rules import Listed
from organizations.services.census import (
    SheetFacts,
    VisitFacts,
    record_door_visit,
    record_sheet,
)
from organizations.services.registry import compare_rows
from organizations.services.work_units import create_work_unit
from reports.demo.street import Street

PRIVATE, SOCIAL = "private_enterprise", "social_organization"
# Name, kind, state, staff, full members, probationary, not moved in, form, due in days.
_UNITS = (
    ("晨光软件有限公司", PRIVATE, "operating", 46, 5, 1, 2, "", 0),
    ("江滨社区养老服务中心", SOCIAL, "operating", 18, 2, 0, 1, "joint", 0),
    ("临江建材商行", PRIVATE, "operating", 9, 1, 0, 1, "joint", 0),
    ("滨江广场餐饮有限公司", PRIVATE, "operating", 64, 3, 0, 3, "area", 0),
    ("同心社会工作服务社", SOCIAL, "operating", 12, 1, 1, 0, "attached", 40),
    ("四季花木有限公司", PRIVATE, "operating", 22, 0, 0, 0, "instructor", 0),
    ("快捷物流有限公司", PRIVATE, "operating", 85, 1, 0, 1, "none", -15),
    ("新芽教育培训中心", SOCIAL, "operating", 15, 0, 0, 0, "none", 45),
    ("红叶服装加工厂", PRIVATE, "shell", 0, 0, 0, 0, "", 0),
    ("北岸电子商务有限公司", PRIVATE, "operating", 31, 0, 0, 0, "", 0),
)
_WHY = {"none": "出资人不支持", "instructor": "", "attached": ""}


def make_coverage(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")
    begin = today - timedelta(days=150)
    found = []
    for number, (name, kind, state, *numbers, form, due) in enumerate(_UNITS):
        home = street.communities[number % len(street.communities)]
        unit = create_work_unit(
            name=name,
            credit_code=f"91220000DEMO{number:06d}",
            kind=kind,
            is_resident=True,
            community=home,
            address=f"江滨街道{home.name}{number + 1}号楼",
            actor=staff,
        )
        record_sheet(
            unit_id=unit.pk,
            facts=SheetFacts(
                found_on=begin + timedelta(days=number * 3),
                state=state,
                counts=Counts(*numbers),
                owner_name=f"{'钱孙周郑'[number % 4]}经理",
            ),
            actor=staff,
        )
        if form:
            _decide(street, unit, form, today, due, staff)
        found.append(unit)
    _visit(found, today, staff)
    _compare(street, found, today, staff)


def _decide(
    street: Street, unit: WorkUnit, form: str, today: date, due: int, staff: User
) -> None:
    home = unit.community
    assert home is not None
    here: list[Organization] = [
        branch
        for branch in street.branches
        if branch.path.startswith(home.organization.path)
    ]
    is_hosted = form in {CoverageForm.JOINT, CoverageForm.AREA, CoverageForm.ATTACHED}
    decide_coverage(
        unit_id=unit.pk,
        decision=Decision(
            form=form,
            starts_on=today - timedelta(days=90),
            organization_id=here[-1].pk if is_hosted else None,
            instructor_name="顾干事" if form == CoverageForm.INSTRUCTOR else "",
            reason=_WHY.get(form, ""),
            responsible_name="周主任" if due else "",
            due_on=today + timedelta(days=due) if due else None,
        ),
        actor=staff,
    )


def _visit(units: list[WorkUnit], today: date, staff: User) -> None:
    for place, days, outcome, words, again in (
        (0, 40, "agreed", "出资人支持，先把两名党员的组织关系转进来再建支部。", 30),
        (6, 25, "thinking", "经理说等旺季过去再谈，留下了组建流程。", 15),
        (8, 60, "absent", "厂门锁着，物业说已停产半年。", None),
    ):
        day = today - timedelta(days=days)
        record_door_visit(
            unit_id=units[place].pk,
            facts=VisitFacts(
                visited_on=day,
                visitors="顾干事、社区书记",
                outcome=outcome,
                words=words,
                next_on=day + timedelta(days=again) if again else None,
            ),
            actor=staff,
        )


def _compare(street: Street, units: list[WorkUnit], today: date, staff: User) -> None:
    """The last quarter's list: most as they are, two changed, one gone, one new."""
    rows = [
        Listed(unit.credit_code, unit.name, unit.kind, unit.address)
        for unit in units
        if unit.name != "红叶服装加工厂"
    ]
    rows[3] = rows[3]._replace(name="滨江广场餐饮管理有限公司")
    rows[5] = rows[5]._replace(address="江滨街道滨江路88号")
    home = street.communities[0].name
    rows.append(
        Listed(
            "91220000DEMO000099",
            "朝阳家政服务有限公司",
            PRIVATE,
            f"江滨街道{home}5号楼",
            "吴经理",
        )
    )
    registry = RegistryList(
        organization=street.root,
        authority="区市场监督管理局",
        scope="both",
        quarter_starts_on=Quarter.containing(today).previous().start,
        imported_by=staff,
    )
    compare_rows(registry, RegistryRows(rows=rows))
