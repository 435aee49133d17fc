from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from random import Random

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from activities.choices import ActivityKind, Presence
from activities.models import Activity, Program
from activities.services.achievements import record_achievement
from activities.services.activities import (
    ActivityFacts,
    Attendance,
    cancel_activity,
    record_activity,
)
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.periods import Month
from liaison.models import LiaisonCard
from liaison.services.cards import add_entry, open_card
from members.models import Affiliation, Member, MembershipDecision
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    start_affiliation,
)
from members.services.decisions import record_death
from members.services.members import add_member, update_member
from organizations.models import Organization
from organizations.services.structure import move_organization
from reports.services import summaries
from tests.factories.members import synthetic_id_number, synthetic_name
from tests.members.standing_steps import approved, lost, proposed


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def month(today) -> Month:
    return Month.containing(today)


@pytest.fixture
def record(committee_staff, today):
    """Return a function that records an activity of a branch for one member."""

    def write(branch, member, held_on) -> Activity:
        return record_activity(
            organization_id=branch.pk,
            facts=ActivityFacts(
                kind="volunteering",
                title="环境整治",
                starts_at=datetime.combine(held_on, time(9), tzinfo=SHANGHAI),
                hours=Decimal("2"),
                place="社区广场",
            ),
            attendance={member.pk: Attendance("present")},
            actor=committee_staff,
            today=today,
        )

    return write


@pytest.fixture
def tree(street, community_a, community_b, branch_a1, branch_a2, branch_b1):
    return [street, community_a, community_b, branch_a1, branch_a2, branch_b1]


class RandomWork:
    """Random writes through the services, by one actor, never twice the same."""

    def __init__(self, actor, seed: int, today: date) -> None:
        self.actor = actor
        self.random = Random(seed)
        self.today = today
        self.serial = seed * 5000

    def branches(self) -> list[Organization]:
        return list(Organization.objects.filter(kind="branch").order_by("pk"))

    def street(self) -> Organization:
        return Organization.objects.get(path="000001")

    def day(self) -> date:
        """A day of this year, not after today; often this month's."""
        first = self.random.choice(
            [self.today.replace(day=1), date(self.today.year, 1, 1)]
        )
        span = (self.today - first).days
        return date.fromordinal(first.toordinal() + self.random.randint(0, span))

    def step(self) -> str:
        deeds = [
            self.add,
            self.add,
            self.end,
            self.lose,
            self.ask,
            self.approve,
            self.die,
            self.move_person,
            self.co_manage,
            self.change,
            self.activity,
            self.activity,
            self.cancel,
            self.achieve,
            self.card,
            self.entry,
            self.move_tree,
        ]
        deed = self.random.choice(deeds)
        try:
            deed()
        except (RuleError, ObjectDoesNotExist) as error:
            # Refused, or somebody else has just ended what was chosen.
            return f"{deed.__name__}: {error}"
        return deed.__name__

    def add(self) -> None:
        self.serial += 1
        sex = self.random.choice(["male", "female"])
        born = date(self.random.randint(1940, 2002), self.random.randint(1, 12), 15)
        joined = date(born.year + 20, 7, 1)
        add_member(
            organization_id=self.random.choice(self.branches()).pk,
            kind=self.random.choice(["on_roll", "on_roll", "mobile_in"]),
            starts_on=self.day(),
            start_reason=self.random.choice(["transferred_in", "new_member"]),
            name=synthetic_name(self.serial),
            id_number=synthetic_id_number(born, self.serial, sex),
            ethnicity="Han",
            education=self.random.choice(["bachelor", "primary", "high_school", ""]),
            category=self.random.choice(
                ["in_post", "mobile", "laid_off", "retired", "other"]
            ),
            member_type="full",
            joined_on=joined,
            confirmed_on=date(joined.year + 1, 7, 1),
            actor=self.actor,
        )

    def pick(self, rows):
        rows = list(rows.order_by("pk"))
        if not rows:
            raise RuleError("还没有。", code="none")
        return self.random.choice(rows)

    def end(self) -> None:
        row = self.pick(Affiliation.objects.open())
        end_affiliation(
            affiliation_id=row.pk,
            ends_on=max(row.starts_on, self.day()),
            end_reason=self.random.choice(["transferred_out", "mistake"]),
            actor=self.actor,
        )

    def lose(self) -> None:
        row = self.pick(Affiliation.objects.open().filter(kind="on_roll"))
        lost(row.member, self.actor)

    def ask(self) -> None:
        row = self.pick(Affiliation.objects.open().filter(kind="on_roll"))
        kind = self.random.choice(["withdrew", "expelled", "reinstated"])
        ground = "returned" if kind == "reinstated" else ""
        proposed(row.member, self.actor, kind, ground, meeting_on=self.day())

    def approve(self) -> None:
        approved(self.pick(MembershipDecision.objects.waiting()), self.actor)

    def die(self) -> None:
        row = self.pick(Affiliation.objects.open())
        record_death(member_id=row.member_id, died_on=self.day(), actor=self.actor)

    def move_person(self) -> None:
        row = self.pick(Affiliation.objects.open().filter(kind="on_roll"))
        move_affiliation(
            affiliation_id=row.pk,
            organization_id=self.random.choice(self.branches()).pk,
            moved_on=max(row.starts_on, self.day()),
            actor=self.actor,
        )

    def co_manage(self) -> None:
        row = self.pick(Affiliation.objects.open().filter(kind="on_roll"))
        start_affiliation(
            member_id=row.member_id,
            organization_id=self.random.choice(self.branches()).pk,
            kind="co_managed",
            starts_on=self.day(),
            start_reason="reported_in",
            actor=self.actor,
        )

    def change(self) -> None:
        member = self.pick(Member.objects.visible_to(self.actor))
        update_member(
            member_id=member.pk,
            version=member.version,
            category=self.random.choice(["in_post", "mobile", "retired"]),
            education=self.random.choice(["bachelor", "primary"]),
            actor=self.actor,
        )

    def activity(self) -> None:
        branch = self.random.choice(self.branches())
        people = list(
            Affiliation.objects.open()
            .filter(organization=branch)
            .order_by("pk")
            .values_list("member_id", flat=True)
        )
        program = self.pick(Program.objects.all())
        items = list(program.items.values_list("pk", flat=True))
        record_activity(
            organization_id=branch.pk,
            facts=ActivityFacts(
                kind=ActivityKind.VOLUNTEERING,
                title="环境整治",
                starts_at=datetime.combine(self.day(), time(0, 5), tzinfo=SHANGHAI),
                hours=Decimal("1.5"),
                place="社区活动室",
                people_served=self.random.randint(0, 9),
                item_ids=self.random.sample(items, min(len(items), 3)),
            ),
            attendance={
                pk: Attendance(self.random.choice([Presence.PRESENT, Presence.LEAVE]))
                for pk in people
            },
            actor=self.actor,
            today=self.today,
        )

    def cancel(self) -> None:
        activity = self.pick(Activity.objects.held())
        cancel_activity(activity_id=activity.pk, reason="因雨取消", actor=self.actor)

    def achieve(self) -> None:
        member = self.pick(Member.objects.visible_to(self.actor))
        program = self.pick(Program.objects.filter(audience=member.category))
        item = self.pick(program.items.filter(needs_evidence=False))
        record_achievement(
            member_id=member.pk,
            item_id=item.pk,
            achieved_on=self.day(),
            content="为邻居义务修理水管",
            actor=self.actor,
            today=self.today,
        )

    def card(self) -> None:
        row = self.pick(Affiliation.objects.open().filter(kind="co_managed"))
        open_card(member_id=row.member_id, starts_on=self.today, actor=self.actor)

    def entry(self) -> None:
        card = self.pick(LiaisonCard.objects.open())
        add_entry(
            card_id=card.pk,
            kind="service",
            occurred_on=self.today,
            hours=Decimal("2.5"),
            content="参加巷道清扫",
            actor=self.actor,
            today=self.today,
        )

    def move_tree(self) -> None:
        branch = self.random.choice(self.branches())
        homes = Organization.objects.filter(kind="committee").order_by("pk")
        move_organization(
            organization_id=branch.pk,
            new_parent_id=self.random.choice(list(homes)).pk,
            actor=self.actor,
        )


@pytest.fixture
def worker(committee_staff, tree, today):
    """Return a function that makes a worker of random deeds from a seed."""
    return lambda seed: RandomWork(committee_staff, seed, today)


@pytest.fixture
def months(month):
    """This month and the five before it, the latest first."""
    found = [month]
    while len(found) < 6:
        found.append(found[-1].previous())
    return found


@pytest.fixture
def holds(tree, months, today):
    """Return a check that stored rows equal a recount; its first call makes them.

    All months are counted together, which is far cheaper; each call after the first
    counts one more of them alone too, in turn, since the two ways are to agree.
    """
    alone = iter([None, *months * 20])

    def check():
        nodes = list(Organization.objects.order_by("path"))
        kept = summaries.read(dict.fromkeys(months, nodes), today)
        below = Organization.objects.filter(pk__in=[node.pk for node in nodes])
        counted = summaries.compute_months(below, months)
        if one := next(alone):
            by_itself = summaries.compute_own(below, one)
            assert _filled(by_itself) == _filled(counted[one]), one.label
        for month in months:
            stored = _filled({pk: row.values for pk, row in kept[month].items()})
            fresh = _filled(_rolled_up(nodes, counted[month]))
            for node in nodes:
                place = (month.label, node.short_name)
                assert stored.get(node.pk) == fresh.get(node.pk), place

    return check


def _rolled_up(nodes, own):
    """Figures of whole subtrees from those of the nodes themselves."""
    totals = {node.pk: Counter() for node in nodes}
    for node in nodes:
        for below in nodes:
            if is_within(below.path, node.path):
                totals[node.pk].update(own.get(below.pk, {}))
    return totals


def _filled(figures):
    """Figures by organization without those that are 0."""
    filled = {
        pk: {key: number for key, number in values.items() if number}
        for pk, values in figures.items()
    }
    return {pk: values for pk, values in filled.items() if values}
