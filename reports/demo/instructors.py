"""The demo's instructors: at work, silent with a full term, gone, a community's own."""

from __future__ import annotations

from datetime import date, timedelta

from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.models import Affiliation, Instructor
from members.services.instructor_records import RecordFacts, appraise, record_work
from members.services.instructors import (
    InstructorFacts,
    assign_unit,
    end_instructor,
    select_instructor,
)
from organizations.models import Organization, User, WorkUnit
from reports.demo.street import Street

# Name, source, former work, selected days ago, its units, days ago of visits and calls,
# what was reported.
_PLANS = (
    (
        *("顾长河", "retired", "区民政局退休干部", 400),
        ("四季花木有限公司", "新芽教育培训中心"),
        (9, 38, 70),
        (2, 16, 23),
        "两家单位都有入党积极分子，正在帮助筹建联合支部。",
    ),
    (
        *("沈一帆", "agency", "街道党建办干事", 760),
        ("北岸电子商务有限公司",),
        (95,),
        (60,),
        "这家单位还没有党员，负责人愿意支持。",
    ),
    (
        *("叶知秋", "sent", "区税务局选派干部", 780),
        ("快捷物流有限公司",),
        (92, 61, 40),
        (80, 50),
        "一名职工提交了入党申请书，已经请社区党委联系培养。",
    ),
)


def make_instructors(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    for name, source, work, since, units, visits, calls, report in _PLANS:
        instructor = select_instructor(
            organization_id=street.root.pk,
            facts=InstructorFacts(
                source=source,
                starts_on=ago(since),
                name=name,
                work=work,
                words="担任过机关党支部书记，熟悉组织发展工作。",
            ),
            actor=staff,
        )
        guided = [
            assign_unit(
                instructor_id=instructor.pk,
                unit_id=WorkUnit.objects.get(name=unit).pk,
                starts_on=ago(100),
                actor=staff,
            ).pk
            for unit in units
        ]
        for kind, days in (("visit", visits), ("call", calls)):
            for each in days:
                words = "宣传政策，了解职工中有没有党员。" if kind == "visit" else ""
                record_work(
                    instructor_id=instructor.pk,
                    facts=RecordFacts(kind, ago(each), guided, words),
                    actor=staff,
                )
        record_work(
            instructor_id=instructor.pk,
            facts=RecordFacts("report", ago(30), words=report),
            actor=staff,
        )
        appraise(
            instructor_id=instructor.pk,
            year=ago(366).year,
            grade="excellent" if source == "retired" else "competent",
            decided_on=ago(330),
            actor=staff,
        )
    end_instructor(
        instructor_id=instructor.pk,
        on_date=ago(20),
        reason="任期届满，回原单位工作",
        actor=staff,
    )
    _follow(street.communities[0].organization, instructor, ago(20), today, staff)


def _follow(
    place: Organization, left: Instructor, begin: date, today: date, staff: User
) -> None:
    """Let a member of the community take over the units of somebody who left."""
    rolls = Affiliation.objects.open().filter(
        kind=AffiliationKind.ON_ROLL,
        organization__path__startswith=place.path,
        member__member_type=MemberType.FULL,
        member__status=MembershipStatus.NORMAL,
    )
    facts = InstructorFacts(
        source="other", starts_on=begin, member_id=rolls.earliest("pk").member_id
    )
    instructor = select_instructor(organization_id=place.pk, facts=facts, actor=staff)
    for unit_id in left.postings.values_list("unit_id", flat=True):
        posting = assign_unit(
            instructor_id=instructor.pk, unit_id=unit_id, starts_on=begin, actor=staff
        )
        for kind, days in (("visit", 6), ("call", 3), ("call", 10)):
            work = RecordFacts(kind, today - timedelta(days=days), [posting.pk])
            record_work(instructor_id=instructor.pk, facts=work, actor=staff)
