"""Activities, programs, cards, feedback, figures: what branches do in a quarter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.choices import Presence
from activities.models import (
    ActivityPhoto,
    Minutes,
    Participation,
    Pledge,
    SignIn,
    SignInSession,
)
from config.lib.periods import Month
from liaison.models import FeedbackPacket, LiaisonCard, UnitReport
from liaison.services.delivery import deliver, link_token
from liaison.services.packets import build_packets
from liaison.services.periods import close_period
from members.choices import AffiliationKind
from members.models import Talent
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Parameter
from reports.models import Export, MonthClosing
from reports.services.closing import close_month
from tests.access.canaries import MEMBER, WORK
from tests.access.cast import BRANCHES, OWNERS
from tests.access.plant_members import person
from tests.access.plant_posts import plant_post
from tests.access.world import World
from tests.factories.activities import (
    AchievementFactory,
    ActivityFactory,
    ProgramFactory,
    ProgramItemFactory,
)
from tests.factories.liaison import (
    CardEntryFactory,
    FeedbackPeriodFactory,
    FeedbackRemarkFactory,
    LiaisonCardFactory,
)
from tests.factories.members import AffiliationFactory

DAY = date(2026, 8, 20)
# Colleagues of one unit in one branch: the branch and the unit's contact read them.
COLLEAGUES = {
    ("a1", "u1"): "鸥甲一",
    ("b1", "u1"): "鸥乙一",
    ("a2", "u2"): "鸥甲二",
    ("b1", "u2"): "鸥乙二",
    ("x1", "u3"): "鸥丁三",
}


def plant_activities(world: World) -> None:
    program = ProgramFactory(audience="in_post")
    item = ProgramItemFactory(program=program)
    world.rows |= {"program": program, "item": item}
    for place in BRANCHES:
        world.put("program", place, program.pk)
        _activity(world, place, item)
    _joint_activity(world)


def _activity(world: World, place: str, item: Any) -> None:
    bird, work = world.bird(place), world.word(WORK, place)
    member = world.rows[f"member-{place}"]
    activity = ActivityFactory(
        organization=world.orgs[place],
        title=f"{work}活动",
        place=f"{work}地点",
        summary=f"{bird}内容摘要",
        held_on=DAY,
        recorded_by=world.owner(place),
        course=world.rows[f"course-{place}"],
        items=[item],
    )
    Participation.objects.create(
        activity=activity,
        member=member,
        presence=Presence.PRESENT,
        hours=activity.hours,
        note=f"{bird}参加",
    )
    activity.summary = f"{bird}新摘要"
    activity.version += 1
    activity.save()
    photo = ActivityPhoto.objects.create(
        activity=activity,
        file=world.rows[f"photo-{place}"],
        caption=f"{bird}合影",
    )
    achievement = AchievementFactory(
        member=member,
        item=item,
        organization=world.orgs[place],
        achieved_on=DAY,
        content=f"{bird}完成内容",
        evidence=world.rows[f"evidence-{place}"],
        recorded_by=world.owner(place),
    )
    AchievementFactory(
        member=member,
        item=item,
        organization=world.orgs[place],
        achieved_on=DAY,
        content=f"{bird}待确认内容",
        recorded_by=world.owner(place),
        confirmed_by=None,
    )
    Pledge.objects.create(
        member=member,
        item=item,
        organization=world.orgs[place],
        starts_on=DAY.replace(month=1, day=1),
        pledged_on=DAY,
        words=f"{bird}认领的话",
        recorded_by=world.owner(place),
    )
    session = SignInSession.objects.create(
        organization=world.orgs[place],
        title=f"{bird}签到",
        slug=f"slug-{place}",
        secret="geheim",
        opened_by=world.owner(place),
        opened_at=timezone.now(),
        closes_at=timezone.now() + timedelta(hours=3),
    )
    SignIn.objects.create(session=session, member=member, signed_at=timezone.now())
    Minutes.objects.create(
        activity=activity,
        topics=f"{bird}议题",
        decisions=f"{bird}决定",
        written_by=world.owner(place),
    )
    world.put("sign-in-session", place, session.pk)
    world.rows[f"activity-{place}"] = activity
    world.put("activity", place, activity.pk)
    world.put("photo", place, photo.pk)
    world.put("achievement", place, achievement.pk)


def _joint_activity(world: World) -> None:
    """Held by b1; the shared member of a1 and b1 came, and b1's own member."""
    title = world.canaries.plant("鸽联合", WORK, "a1", "b1")
    activity = ActivityFactory(
        organization=world.orgs["b1"],
        title=title,
        place=title,
        summary=f"{world.bird('b1')}联合摘要",
        held_on=DAY,
        recorded_by=world.owner("b1"),
    )
    for member in (world.rows["shared"], world.rows["member-b1"]):
        Participation.objects.create(
            activity=activity, member=member, hours=activity.hours
        )


def plant_liaison(world: World) -> None:
    """A built round with packets, an open one with remarks, cards of every branch."""
    for street in ("s", "x"):
        world.rows[f"built-{street}"] = FeedbackPeriodFactory(
            organization=world.orgs[street], label="2026Q2"
        )
        world.rows[f"open-{street}"] = FeedbackPeriodFactory(
            organization=world.orgs[street], label="2026Q3", due_on=date(2027, 1, 10)
        )
    for (place, unit), name in COLLEAGUES.items():
        _card(world, place, unit, name)
    for street in ("s", "x"):
        period = world.rows[f"built-{street}"]
        close_period(period_id=period.pk)
        build_packets(
            period_id=period.pk, guard=lambda: None, progress=lambda done, total: None
        )
    for place in BRANCHES:
        street = "x" if place == "x1" else "s"
        world.put("branch", place, world.orgs[place].pk)
        world.put("period", place, world.rows[f"open-{street}"].pk, org=street)
        world.put("built", place, world.rows[f"built-{street}"].pk, org=street)
    for place, unit, street in (
        ("a1", "u1", "s"),
        ("b1", "u2", "s"),
        ("x1", "u3", "x"),
    ):
        packet = FeedbackPacket.objects.get(work_unit=world.units[unit])
        sender = world.users["staff_x" if street == "x" else "committee_staff"]
        delivery = deliver(packet_id=packet.pk, channel="link", actor=sender)
        world.rows[f"packet-{unit}"] = packet
        world.put("packet", place, packet.pk, org=street, unit=unit)
        if place == "a1":
            world.put("link", place, link_token(delivery), org=street, unit=unit)
    _plant_reports(world)


def _plant_reports(world: World) -> None:
    """What the unit of each branch's card tells of its member, open to be settled."""
    units = {"a1": "u1", "a2": "u2", "b1": "u2", "x1": "u3"}
    for place, unit in units.items():
        name = COLLEAGUES[place, unit]
        report = UnitReport.objects.create(
            packet=world.rows[f"packet-{unit}"],
            work_unit=world.units[unit],
            organization=world.orgs[place],
            card=LiaisonCard.objects.get(number=f"K-{place}-{unit}"),
            kind="honour",
            person_name=name,
            words=f"{name}评为先进",
            told_by="联络人",
        )
        world.put("unit-report", place, report.pk)


def _card(world: World, place: str, unit: str, name: str) -> None:
    world.canaries.plant(name, MEMBER, place, units=frozenset({unit}))
    member = person(world, name, home_unit=world.units[unit])
    AffiliationFactory(
        member=member,
        organization=world.orgs[place],
        kind=AffiliationKind.CO_MANAGED,
        note=f"{world.bird(place)}报到",
    )
    bird, owner = world.bird(place), world.owner(place)
    card = LiaisonCardFactory(
        number=f"K-{place}-{unit}",
        organization=world.orgs[place],
        home_unit=world.units[unit],
        member=member,
        profession=f"{bird}职业",
        wishes=f"{bird}意向",
        free_time=f"{bird}空闲",
        opened_by=owner,
    )
    for day in (date(2026, 5, 3), DAY):
        entry = CardEntryFactory(
            card=card, occurred_on=day, content=f"{name}清扫楼道", written_by=owner
        )
    for street in ("open", "built"):
        FeedbackRemarkFactory(
            card=card,
            period=world.rows[f"{street}-{'x' if place == 'x1' else 's'}"],
            words=f"{name}热心服务",
            written_by=owner,
        )
    if place not in world.planted.get("card", {}):
        plant_post(world, place, card)
        world.rows[f"card-{place}"] = card
        world.put("card", place, card.pk)
        world.put("colleague", place, member.pk)
        world.put("entry", place, entry.pk)


def plant_reports(world: World) -> None:
    """A closed month with its names, and what each branch has exported."""
    month = Month(2026, 9)
    for street, staff in (("s", "committee_staff"), ("x", "staff_x")):
        close_month(
            organization_id=world.orgs[street].pk,
            month=month,
            actor=world.users[staff],
            today=date(2026, 10, 5),
        )
    for place in BRANCHES:
        organization, bird = world.orgs[place], world.bird(place)
        closing = MonthClosing.objects.get(organization=organization)
        world.rows[f"closing-{place}"] = closing
        world.put("closing", place, closing.pk)
        export = Export.objects.create(
            number=f"E-{place}",
            kind="roster",
            title=f"{bird}花名册",
            organization=organization,
            filters={"q": bird},
            purpose=f"{bird}核对",
            requested_by=world.owner(place),
            job=world.rows[f"job-{place}"],
            row_count=1,
            sha256="0" * 64,
            expires_at=timezone.now() + timedelta(days=1),
        )
        world.put("export", place, export.pk, owner=OWNERS[place])


def plant_audit(world: World) -> None:
    """An event about each planted row: what the auditor reads of them."""
    rows = [world.rows[k] for k in world.rows if hasattr(world.rows[k], "_meta")]
    for row in [*rows, *LiaisonCard.objects.all()]:
        audit.record(
            actor=world.users["secretary_b"],
            action=AuditAction.MEMBER_VIEWED,
            target=row,
            organization=world.orgs["b1"],
        )
    event = AuditEvent.objects.latest("pk")
    parameter = Parameter.objects.create(key="members.probation_notice_days", value=30)
    for place in BRANCHES:
        world.put("event", place, event.pk)
        world.put("parameter", place, parameter.key)
        world.put("talent", place, Talent.objects.get(name="修理").pk)
