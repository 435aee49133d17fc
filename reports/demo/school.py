"""The demo's part-time Party school: the street's and the communities' terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from simple_history.utils import bulk_create_with_history

from activities.choices import ActivityKind, Presence
from activities.models import (
    Activity,
    Course,
    Participation,
    SchoolTerm,
    SelfStudy,
)
from config.lib.dates import SHANGHAI
from members.choices import AffiliationKind
from organizations.models import Organization, User, WorkUnit
from reports.demo.people import Person
from reports.demo.street import Street

_PLAN = "每月一至两次课，半天记4学时。驻区企业提供教室和场地，结业前交学习体会。"
# Title, who teaches, his post, hours, for whom, kind of the session.
_COURSES = (
    ("党章和党内法规", "何明理", "街道党工委副书记", 4, "全体党员", "lecture"),
    ("社区治理实务", "陆勤", "江滨社区学院教师", 4, "支部书记、网格员", "study"),
    ("企业党建观摩", "乔望", "驻区企业党组织书记", 4, "支部书记和班子成员", "study"),
    ("党员先锋作用大家谈", "何明理", "街道党工委副书记", 3, "各支部代表", "seminar"),
    ("支部工作经验交流", "季同心", "社区党委书记", 3, "支部书记", "exchange"),
)

_BOOKS = ("《中国共产党章程》", "《中国共产党支部工作条例（试行）》", "《求是》杂志")
_QUESTIONS = (
    ("流动党员怎样参加支部换届选举？", "回所在支部参加，确实不能回来的按规定请假。"),
    ("组织生活会怎样开才不走过场？", "会前谈心，会上有事说事，会后列出整改清单。"),
    ("业委会里党员怎样发挥作用？", "带头亮身份，物业纠纷先到社区党委商量。"),
)


def make_school(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """One term of the street and one of each community, with sessions so far."""
    partners = list(WorkUnit.objects.filter(is_resident=True).order_by("pk")[:4])
    places = [street.root, *_communities(street)]
    starts_on = date(today.year if today.month > 2 else today.year - 1, 3, 1)
    terms = [
        SchoolTerm(
            organization=place,
            name=f"{starts_on.year}年业余党校",
            starts_on=starts_on,
            ends_on=date(starts_on.year, 12, 31),
            partner=partners[number % len(partners)] if partners else None,
            plan=_PLAN,
            recorded_by=writer,
        )
        for number, place in enumerate(places)
    ]
    bulk_create_with_history(terms, SchoolTerm)
    courses, kinds = [], []
    for term in terms:
        of_street = term.organization == street.root
        for course in _COURSES if of_street else _COURSES[:2]:
            title, lecturer, post, hours, audience, kind = course
            courses.append(
                Course(
                    term=term,
                    title=title,
                    lecturer=lecturer,
                    lecturer_post=post,
                    hours=Decimal(hours),
                    audience=audience,
                )
            )
            kinds.append(kind)
    bulk_create_with_history(courses, Course)
    sessions = [
        session
        for course, kind in zip(courses, kinds, strict=True)
        for session in _sessions(course, kind, writer, random, today)
    ]
    bulk_create_with_history(sessions, Activity)
    Participation.objects.bulk_create(
        row for session in sessions for row in _attendance(session, people, random)
    )
    _study(people, writer, random, today)


def _study(people: list[Person], writer: User, random: Random, today: date) -> None:
    """Self-study of some, with questions of which half wait."""
    studies = []
    for person in people:
        if person.ends_on is not None or person.kind != AffiliationKind.ON_ROLL:
            continue
        own = {
            "member": person.member,
            "organization": person.branch,
            "recorded_by": writer,
        }
        for turn in range(random.choice((0, 0, 1, 3))):
            day = today - timedelta(days=random.randrange(1, 200))
            if day < person.starts_on:
                continue
            study = SelfStudy(
                **own,
                studied_on=day,
                hours=Decimal(random.choice(("1", "1.5", "2"))),
                material=random.choice(_BOOKS),
                notes="联系支部工作写了体会。",
            )
            if turn == 0:
                study.question, answer = random.choice(_QUESTIONS)
                if random.random() < 0.5:
                    study.answer, study.answered_by = answer, "党校讲师"
                    study.answered_on = min(today, day + timedelta(days=14))
            studies.append(study)
    SelfStudy.objects.bulk_create(studies)


def _communities(street: Street) -> list[Organization]:
    below = Organization.objects.filter(parent=street.root).exclude(kind="branch")
    return list(below.order_by("path"))


def _sessions(
    course: Course, kind: str, writer: User, random: Random, today: date
) -> Iterator[Activity]:
    day = course.term.starts_on + timedelta(days=random.randrange(5, 40))
    while day <= min(course.term.ends_on, today):
        yield Activity(
            organization=course.term.organization,
            kind=ActivityKind(kind),
            title=course.title,
            starts_at=datetime.combine(day, time(14), tzinfo=SHANGHAI),
            held_on=day,
            hours=course.hours,
            place="驻区企业会议室" if course.term.partner else "社区党群服务中心",
            course=course,
            recorded_by=writer,
        )
        day += timedelta(days=random.randrange(50, 90))


def _attendance(
    session: Activity, people: list[Person], random: Random
) -> Iterator[Participation]:
    """Those of the place's branches who were sent, each once."""
    path = session.organization.path
    share = 0.12 if session.organization.parent_id is None else 0.4
    for person in people:
        if (
            person.kind == AffiliationKind.ON_ROLL
            and person.branch.path.startswith(path)
            and person.starts_on <= session.held_on
            and (person.ends_on is None or session.held_on < person.ends_on)
            and random.random() < share
        ):
            is_there = random.random() < 0.9
            yield Participation(
                activity=session,
                member=person.member,
                presence=Presence.PRESENT if is_there else Presence.LEAVE,
                hours=session.hours if is_there else Decimal(0),
            )
