"""The demo's year: activities, single achievements, cards and feedback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from activities.choices import ActivityState, Presence
from activities.models import Achievement, Activity, Participation, ProgramItem
from config.lib.dates import SHANGHAI
from config.lib.periods import Month, Quarter
from liaison.choices import EntryKind
from liaison.models import (
    CardEntry,
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
    Receipt,
)
from liaison.services import packets, periods
from members.choices import AffiliationKind, Category
from organizations import parameters
from organizations.models import Organization, User
from reports.demo.people import Person
from reports.demo.street import Street
from reports.demo.vocabulary import (
    CONDUCT,
    EVENTS,
    FREE_TIMES,
    PLACES,
    REPLIES,
    SERVICES,
    SINGLE_DEEDS,
    WISHES,
    WORDS,
)

# What a branch holds in a month, by the month's number: everybody's, then in turn.
MONTHLY = ("theme_day", "committee_meeting")
IN_TURN = ("volunteering", "labour", "community_service", "lecture")
# Activity kinds and the program items they earn.
EARNS = {
    "lecture": ("lecture", "policy"),
    "labour": ("labour", "civilized"),
    "volunteering": ("good-deed", "service"),
    "community_service": ("order",),
}


class YearMaker:
    def __init__(
        self,
        street: Street,
        people: list[Person],
        writer: User,
        random: Random,
        today: date,
    ) -> None:
        self.street = street
        self.writer = writer
        self.random = random
        self.today = today
        self.by_branch: dict[int, list[Person]] = defaultdict(list)
        for person in people:
            self.by_branch[person.branch.pk].append(person)
        self.people = people
        self.items = {item.key: item for item in ProgramItem.objects.all()}

    # Activities ---------------------------------------------------------------
    def hold_activities(self) -> None:
        month = Month.containing(self.today - timedelta(days=364))
        activities, who = [], []
        while month.start <= self.today:
            for number, branch in enumerate(self.street.branches):
                for kind in self._kinds(month, number):
                    activity = self._activity(branch, kind, month)
                    if activity.held_on <= self.today:
                        activities.append(activity)
                        who.append(self.by_branch[branch.pk])
            month = month.next()
        bulk_create_with_history(activities, Activity)
        through = Activity.items.through
        through.objects.bulk_create(
            through(activity_id=activity.pk, programitem_id=self.items[key].pk)
            for activity in activities
            for key in EARNS.get(activity.kind, ())
        )
        Participation.objects.bulk_create(
            (
                row
                for activity, people in zip(activities, who, strict=True)
                for row in self._attendance(activity, people)
            ),
            batch_size=2000,
        )

    def _kinds(self, month: Month, number: int) -> Iterator[str]:
        # The last branch of each community is a little behind, as one always is.
        if not (number % 3 == 2 and month.month % 4 == 3):
            yield from MONTHLY
        if month.month % 3 == 0:
            yield "members_meeting"
        yield IN_TURN[(month.month + number) % len(IN_TURN)]

    def _activity(self, branch: Organization, kind: str, month: Month) -> Activity:
        titles, hours = EVENTS[kind]
        day = month.start + timedelta(days=self.random.randint(3, 26))
        moment = time(self.random.choice((9, 14, 15, 19)), self.random.choice((0, 30)))
        return Activity(
            organization=branch,
            kind=kind,
            title=self.random.choice(titles),
            starts_at=datetime.combine(day, moment, tzinfo=SHANGHAI),
            held_on=day,
            hours=Decimal(hours),
            place=self.random.choice(PLACES),
            summary="按计划开展，到会党员认真参加。",
            people_served=self.random.randint(5, 60)
            if kind in {"volunteering", "community_service"}
            else 0,
            state=ActivityState.HELD,
            recorded_by=self.writer,
        )

    def _attendance(
        self, activity: Activity, people: list[Person]
    ) -> Iterator[Participation]:
        for person in people:
            if not _belongs_on(person, activity.held_on):
                continue
            if activity.kind == "committee_meeting" and self.random.random() > 0.15:
                continue
            chance = 0.42 if person.kind == AffiliationKind.CO_MANAGED else 0.72
            roll = self.random.random()
            presence = Presence.PRESENT
            if roll > chance:
                presence = Presence.LEAVE if roll < 0.9 else Presence.ABSENT
            yield Participation(
                activity=activity,
                member=person.member,
                presence=presence,
                hours=activity.hours if presence == Presence.PRESENT else Decimal(0),
            )

    def achieve_singly(self) -> None:
        """五个一 and 六带 outside activities, this year, of about half the people."""
        year_start = date(self.today.year, 1, 1)
        span = max((self.today - year_start).days, 1)
        rows = []
        for person in self.people:
            program = {Category.MOBILE: "five", Category.IN_POST: "six"}.get(
                person.member.category
            )
            for key, content in SINGLE_DEEDS.items():
                item = self.items[key]
                if not program or item.program.audience != person.member.category:
                    continue
                day = year_start + timedelta(days=self.random.randrange(span))
                likely = 0.75 if key in {"newspaper", "report"} else 0.3
                if _belongs_on(person, day) and self.random.random() < likely:
                    rows.append(
                        Achievement(
                            member=person.member,
                            item=item,
                            organization=person.branch,
                            achieved_on=day,
                            content=content,
                            recorded_by=self.writer,
                            confirmed_by=self.writer,
                            confirmed_at=datetime.combine(
                                day, time(9), tzinfo=SHANGHAI
                            ),
                        )
                    )
        Achievement.objects.bulk_create(rows)

    # Liaison ------------------------------------------------------------------
    def open_cards(self) -> list[LiaisonCard]:
        cards, serials = [], defaultdict(int)
        for person in self.people:
            if person.kind != AffiliationKind.CO_MANAGED or self.random.random() > 0.88:
                continue
            starts_on = max(person.starts_on, self.today - timedelta(days=360))
            key = (person.branch.pk, starts_on.year)
            serials[key] += 1
            cards.append(
                LiaisonCard(
                    number=f"{person.branch.code}-{starts_on.year}-{serials[key]:04d}",
                    member=person.member,
                    organization=person.branch,
                    home_unit=person.member.home_unit,
                    profession=person.profession,
                    wishes="、".join(self.random.sample(WISHES, 2)),
                    free_time=self.random.choice(FREE_TIMES),
                    starts_on=starts_on,
                    opened_by=self.writer,
                )
            )
        bulk_create_with_history(cards, LiaisonCard)
        CardEntry.objects.bulk_create(
            entry for card in cards for entry in self._entries(card)
        )
        return cards

    def _entries(self, card: LiaisonCard) -> Iterator[CardEntry]:
        span = (self.today - card.starts_on).days
        for _ in range(self.random.choice((0, 1, 2, 3, 4, 5))):
            is_service = self.random.random() < 0.75
            hours = Decimal(self.random.choice(("1.0", "1.5", "2.0", "3.0")))
            yield CardEntry(
                card=card,
                kind=EntryKind.SERVICE if is_service else EntryKind.DAILY,
                occurred_on=card.starts_on
                + timedelta(days=self.random.randrange(span + 1)),
                hours=hours if is_service else Decimal(0),
                content=self.random.choice(SERVICES if is_service else CONDUCT),
                written_by=self.writer,
            )

    def feed_back(self, cards: list[LiaisonCard]) -> None:
        """Three rounds built and handed over, and this quarter's open for writing."""
        current = Quarter.containing(self.today)
        done = [current.previous()]
        while len(done) < 3:
            done.append(done[-1].previous())
        for quarter in reversed(done):
            period = periods.open_period(street=self.street.root, period=quarter)
            self._word(period, cards, share=0.97)
            periods.close_period(period_id=period.pk)
            packets.build_packets(period_id=period.pk)
            self._hand_over(period, is_latest=quarter == current.previous())
        period = periods.open_period(street=self.street.root, period=current)
        self._word(period, cards, share=0.25)

    def _word(
        self, period: FeedbackPeriod, cards: list[LiaisonCard], share: float
    ) -> None:
        grades = parameters.get("liaison.feedback_grades")
        remarks = [
            FeedbackRemark(
                period=period,
                card=card,
                grade=self.random.choices(grades, [4, 8, 1, 0][: len(grades)] or None)[
                    0
                ],
                words=self.random.choice(WORDS),
                written_by=self.writer,
            )
            for card in cards
            if card.starts_on < period.ends_on and self.random.random() < share
        ]
        bulk_create_with_history(remarks, FeedbackRemark)

    def _hand_over(self, period: FeedbackPeriod, *, is_latest: bool) -> None:
        """All but a few of the latest round are sent, most of those confirmed."""
        sent_at = datetime.combine(
            period.due_on + timedelta(days=2), time(10), tzinfo=SHANGHAI
        )
        sent_at = min(sent_at, timezone.now())
        for number, packet in enumerate(period.packets.order_by("number")):
            if is_latest and number % 4 == 3:
                continue
            delivery = Delivery.objects.create(
                packet=packet,
                channel="paper",
                state="sent",
                recipient=packet.work_unit.contact_name,
                sent_at=sent_at,
                expires_at=sent_at + timedelta(days=30),
                created_by=self.writer,
            )
            FeedbackPacket.objects.filter(pk=packet.pk).update(
                sent_at=sent_at, channel="paper"
            )
            if not is_latest or number % 2:
                receipt = Receipt.objects.create(
                    packet=packet,
                    confirmed_by=packet.work_unit.contact_name,
                    words=self.random.choice(REPLIES),
                    delivery=delivery,
                    entered_by=self.writer,
                )
                confirmed_at = sent_at + timedelta(days=2 + number % 7)
                Receipt.objects.filter(pk=receipt.pk).update(
                    confirmed_at=min(confirmed_at, timezone.now())
                )


def _belongs_on(person: Person, day: date) -> bool:
    return person.starts_on <= day and (person.ends_on is None or day < person.ends_on)
