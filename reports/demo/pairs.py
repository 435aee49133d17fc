"""The demo's pairs: at work, behind its plan, without a plan, ended."""

from __future__ import annotations

from datetime import date, timedelta

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.periods import Quarter
from liaison.models import Agreement, Pair
from liaison.services.pair_parts import (
    TaskFacts,
    add_activity,
    plan_task,
    write_outcome,
)
from liaison.services.pairs import PairFacts, begin_pair, end_pair
from organizations.models import User, WorkUnit
from reports.demo.street import Street

# Field, days ago it began, what it is for, what is planned.
_PAIRS = (
    (
        "economy",
        320,
        "税费政策进社区，帮失业居民和个体户把小生意做起来。",
        ("办一次税费政策讲座", "为个体户上门辅导", "办一次招聘会"),
    ),
    (
        "security",
        200,
        "食品安全和反诈宣传进楼道，夜间联防。",
        ("联合开展反诈宣传", "节前食品安全检查"),
    ),
    ("environment", 150, "爱国卫生运动，健康宣传进小区。", ()),
    ("culture", 260, "职工书屋向居民开放。", ("办一次邻里读书会",)),
)


def make_pairs(street: Street, today: date) -> None:
    staff = User.objects.get(username="street")
    units = list(
        WorkUnit.objects.filter(
            pk__in=[unit.pk for unit in street.units], is_resident=True
        ).order_by("pk")
    )
    made = []
    for number, (field, days, purpose, plan) in enumerate(_PAIRS):
        unit = units[number]
        assert unit.community is not None
        home = unit.community.organization
        rests_on = Agreement.objects.filter(
            organization=home, signed_on__isnull=False
        ).first()
        pair = begin_pair(
            organization_id=home.pk,
            facts=PairFacts(
                field=field,
                starts_on=today - timedelta(days=days),
                purpose=purpose,
                liaison_name="顾干事",
                agreement_id=rests_on.pk if rests_on else None,
            ),
            unit_ids=[unit.pk],
            actor=staff,
        )
        _plan(pair, plan, today, staff)
        made.append(pair)
    _at_work(made[0], today, staff)
    end_pair(
        pair_id=made[3].pk,
        ended_on=today - timedelta(days=20),
        reason="单位迁出本街道，双方商定不再结对。",
        actor=staff,
    )


def _plan(pair: Pair, plan: tuple[str, ...], today: date, staff: User) -> None:
    """The first item by a day that is past, the others by quarter."""
    quarter = Quarter.containing(today)
    for place, words in enumerate(plan):
        plan_task(
            pair_id=pair.pk,
            facts=TaskFacts(
                words=words,
                due_on=today - timedelta(days=12) if place == 0 else None,
                quarter=quarter if place else None,
                owner_name="顾干事" if place else "周主任",
                partner_id=None if place else pair.partners.get().pk,
            ),
            actor=staff,
        )


def _at_work(pair: Pair, today: date, staff: User) -> None:
    """Its plan done but for the last item, by what the community held."""
    held = (
        Activity.objects.lying_below([pair.organization.path])
        .filter(
            state=ActivityState.HELD, held_on__gte=pair.starts_on, held_on__lte=today
        )
        .order_by("-people_served", "-held_on", "pk")
    )
    tasks = list(pair.tasks.order_by("due_on", "pk"))[:2]
    for place, activity in enumerate(held[:5]):
        add_activity(
            pair_id=pair.pk,
            activity_id=activity.pk,
            task_id=tasks[place].pk if place < len(tasks) else None,
            actor=staff,
        )
    write_outcome(
        pair_id=pair.pk,
        year=today.year,
        words="办了政策讲座和上门辅导，三位失业居民办了执照；个体户说不用再跑大厅。",
        actor=staff,
    )
