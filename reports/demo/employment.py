"""The demo's laid-off members: some found work, some are helped, some forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from members.choices import AffiliationKind, Category, MembershipStatus
from members.choices.employment import (
    EmploymentStatus,
    HelpKind,
    HelpResult,
    LeadKind,
)
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead
from organizations.models import User
from reports.demo.people import Person

_WORK = (
    (EmploymentStatus.BY_UNIT, "江滨物业公司，保安"),
    (EmploymentStatus.SELF_EMPLOYED, "开早餐店"),
    (EmploymentStatus.FLEXIBLE, "送外卖"),
)
_NEEDS = (
    ("要照顾老人，希望上班离家近", "家政、养老护理"),
    ("年龄偏大，企业不愿招用", "电工、维修"),
    ("想开小店，缺少资金", "烹饪、电商"),
)
_HELP = (
    (HelpKind.TRAINING, "市职业技能培训中心", "参加家政服务培训班"),
    (HelpKind.POLICY, "街道人社所", "代办灵活就业社保补贴"),
    (HelpKind.GUIDANCE, "社区就业服务站", "登记求职意向，讲解招聘信息"),
    (HelpKind.RELIEF, "", "节日走访，送去慰问品"),
)
_LEADS: tuple[tuple[str, str, int, int, str], ...] = (
    (LeadKind.PEOPLE, "带到物业公司做保洁", 3, 0, "用工合同"),
    (LeadKind.SERVICE, "便民缝补店", 0, 2, "营业执照"),
    (LeadKind.SERVICE, "社区早餐点", 0, 4, "社区核实"),
)


def make_employment(
    people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Of three laid-off members one found work, one is helped, one waits."""
    laid_off = [
        person
        for person in people
        if person.member.category == Category.LAID_OFF
        and person.kind == AffiliationKind.ON_ROLL
        and person.ends_on is None
        and person.member.status == MembershipStatus.NORMAL
    ]
    rows: dict[type, list[Any]] = {
        model: [] for model in (EmploymentSpell, EmploymentNeed, HelpStep, Lead)
    }
    for number, person in enumerate(laid_off):
        _person(number, person, rows, writer, random, today)
    for model, found in rows.items():
        model.objects.bulk_create(found)


def _person(
    number: int,
    person: Person,
    rows: dict[type, list[Any]],
    writer: User,
    random: Random,
    today: date,
) -> None:
    own = {"member": person.member, "recorded_by": writer}

    def add(model: Callable, **values: Any) -> None:
        rows[model].append(model(**own, organization=person.branch, **values))

    lost_on = today - timedelta(days=random.randrange(300, 900))
    add(EmploymentSpell, status=EmploymentStatus.LAID_OFF, starts_on=lost_on)
    if number % 3 == 2:
        return  # nobody has been there yet
    needs, skills = _NEEDS[number % len(_NEEDS)]
    rows[EmploymentNeed].append(EmploymentNeed(**own, needs=needs, skills=skills))
    for turn in range(random.randint(1, 3)):
        kind, provider, content = _HELP[(number + turn) % len(_HELP)]
        given_on = today - timedelta(days=random.randrange(5, 250))
        add(
            HelpStep,
            kind=kind,
            provider=provider,
            content=content,
            given_on=given_on,
            result=HelpResult.SUCCEEDED,
            result_on=given_on,
        )
    offered_on = today - timedelta(days=random.randrange(10, 80))
    offer = {
        "kind": HelpKind.JOB_OFFER,
        "provider": "江滨物业公司",
        "content": "推荐保安岗位",
        "given_on": offered_on,
    }
    if number % 3 == 1:
        add(HelpStep, **offer)  # nobody knows yet what came of it
        return
    status, workplace = _WORK[number // 3 % len(_WORK)]
    found_on = today - timedelta(days=random.randrange(5, 280))
    add(HelpStep, **offer | _taken(found_on))
    add(EmploymentSpell, status=status, starts_on=found_on, workplace=workplace)
    if number % 2 == 0:
        kind, title, led, posts, evidence = _LEADS[number // 6 % len(_LEADS)]
        add(
            Lead,
            kind=kind,
            starts_on=min(today, found_on + timedelta(days=30)),
            title=title,
            people_count=led,
            posts_count=posts,
            evidence=evidence,
        )


def _taken(found_on: date) -> dict[str, Any]:
    return {
        "given_on": found_on - timedelta(days=12),
        "result": HelpResult.SUCCEEDED,
        "result_on": found_on,
    }
