"""Synthetic activities and programs, deterministic.

    activity = ActivityFactory(organization=branch_a1, items=[item], present=[member])
    program = ProgramFactory(audience="mobile")
    item = ProgramItemFactory(program=program)

Nothing here passes through a service: no audit, no marks. What a service must have
done is recorded through it.
"""

from datetime import date, datetime, time
from decimal import Decimal

import factory

from activities.choices import ActivityKind, Presence
from activities.models import (
    Achievement,
    Activity,
    Course,
    Participation,
    Program,
    ProgramItem,
    SchoolTerm,
)
from config.lib.dates import SHANGHAI
from tests.factories.organizations import UserFactory


class ProgramFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Program

    key = factory.Sequence(lambda n: f"program-{n + 1}")
    name = factory.Sequence(lambda n: f"测试清单{n + 1}")
    audience = "mobile"
    valid_from = date(2020, 1, 1)
    sort_order = 50


class ProgramItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProgramItem

    program = factory.SubFactory(ProgramFactory)
    key = factory.Sequence(lambda n: f"item-{n + 1}")
    name = factory.Sequence(lambda n: f"测试项目{n + 1}")


class ActivityFactory(factory.django.DjangoModelFactory):
    """A held activity; `held_on` alone sets the day."""

    class Meta:
        model = Activity
        skip_postgeneration_save = True

    kind = ActivityKind.VOLUNTEERING
    title = factory.Sequence(lambda n: f"测试活动{n + 1}")
    held_on = date(2026, 5, 20)
    starts_at = factory.LazyAttribute(
        lambda o: datetime.combine(o.held_on, time(9), tzinfo=SHANGHAI)
    )
    hours = Decimal("2.0")
    place = "社区活动室"
    recorded_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def items(self, create, extracted, **kwargs):
        if create and extracted:
            self.items.set(extracted)

    @factory.post_generation
    def present(self, create, extracted, **kwargs):
        for member in extracted or []:
            ParticipationFactory(activity=self, member=member)


class ParticipationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participation

    presence = Presence.PRESENT
    hours = factory.LazyAttribute(
        lambda o: o.activity.hours if o.presence == Presence.PRESENT else Decimal(0)
    )


class AchievementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Achievement

    achieved_on = date(2026, 5, 20)
    content = "帮助邻居老人修好水管"
    recorded_by = factory.SubFactory(UserFactory)
    confirmed_by = factory.SelfAttribute("recorded_by")
    confirmed_at = factory.LazyAttribute(
        lambda o: (
            datetime.combine(o.achieved_on, time(9), tzinfo=SHANGHAI)
            if o.confirmed_by
            else None
        )
    )


class SchoolTermFactory(factory.django.DjangoModelFactory):
    """A term of the year 2026, run by `organization`."""

    class Meta:
        model = SchoolTerm

    name = factory.Sequence(lambda n: f"测试党校{n + 1}")
    starts_on = date(2026, 3, 1)
    ends_on = date(2026, 12, 31)
    recorded_by = factory.SubFactory(UserFactory)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    term = factory.SubFactory(SchoolTermFactory)
    title = factory.Sequence(lambda n: f"测试课程{n + 1}")
    lecturer = "讲得清"
    hours = Decimal(4)
