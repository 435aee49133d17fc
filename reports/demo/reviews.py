"""The demo's democratic reviews: last year's finished, this year's in every state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simple_history.utils import bulk_create_with_history

from activities.choices import ActivityKind
from activities.choices.reviews import Grade, Outcome, ReviewState
from activities.models import Activity, Participation, Review, ReviewResult
from activities.rules.reviews import most_excellent
from config.lib.dates import SHANGHAI
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.models import Member
from organizations.models import Organization, User
from reports.demo.people import Person
from reports.demo.street import Street

# How far this year's is, by the branch's number; None: not begun.
_STATES = (
    ReviewState.VOTED,
    ReviewState.DECIDED,
    ReviewState.APPROVED,
    ReviewState.DRAFTED,
    None,
)
_SAID = (
    "一年来按时参加组织生活，主动报名社区志愿服务，学习还不够系统。",
    "坚持学习，按月交纳党费，联系群众的次数还要增加。",
    "积极参加主题党日，带头遵守居民公约，理论学习要再深入。",
    "认真完成支部交办的任务，遇事能站出来，说话有时急躁。",
)
_HEARD = (
    "大家认为：工作踏实，待人热情，希望多参加集中学习。",
    "大家认为：肯为邻里出力，建议多向支部反映居民的想法。",
    "大家认为：原则性强，参加活动积极，建议多带动年轻党员。",
)
_WORDS = {
    Grade.EXCELLENT: "党性强，作用发挥突出，群众反映好。",
    Grade.QUALIFIED: "能够履行党员义务，发挥了党员作用。",
    Grade.BASIC: "基本履行党员义务，参加集中学习次数偏少，要改进。",
    Grade.UNQUALIFIED: "无正当理由多次不参加组织生活，经谈话仍没有明显改进。",
}


def make_reviews(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    maker = _Maker(street, writer, random, today)
    by_branch: dict[int, list[Member]] = defaultdict(list)
    for person in people:
        member = person.member
        if (
            person.kind == AffiliationKind.ON_ROLL
            and person.ends_on is None
            and member.member_type == MemberType.FULL
            and member.status == MembershipStatus.NORMAL
        ):
            by_branch[person.branch.pk].append(member)
    for number, branch in enumerate(street.branches):
        members = sorted(by_branch[branch.pk], key=lambda each: each.name_pinyin)
        if len(members) < 2:
            continue
        maker.finish(branch, members, date(today.year - 1, 12, 20))
        state = _STATES[number % len(_STATES)]
        if state is not None:
            maker.begin(branch, members, state)


class _Maker:
    def __init__(
        self, street: Street, writer: User, random: Random, today: date
    ) -> None:
        self.street, self.writer = street, writer
        self.random, self.today = random, today
        self.above = User.objects.get(username="community")

    def finish(
        self, branch: Organization, members: Sequence[Member], day: date
    ) -> None:
        """Last year's: approved, its letters delivered, nobody found unqualified."""
        review = self._review(branch, members, ReviewState.APPROVED, day)
        rows = self._rows(review, members)
        for serial, row in enumerate(rows, start=1):
            row.serial, row.delivered_on = serial, review.approved_on
        ReviewResult.objects.bulk_create(rows)

    def begin(
        self, branch: Organization, members: Sequence[Member], state: str
    ) -> None:
        """This year's, in a state; of the approved one a term to mend is over."""
        review = self._review(branch, members, state, self._ago(25))
        rows = self._rows(review, members)
        if state == ReviewState.APPROVED:
            for serial, row in enumerate(rows, start=1):
                row.serial = serial
            self._warn(rows[-1])
        ReviewResult.objects.bulk_create(rows)

    def _warn(self, row: ReviewResult) -> None:
        row.grade, row.words = Grade.UNQUALIFIED, _WORDS[Grade.UNQUALIFIED]
        row.outcome = Outcome.CORRECTION
        row.term_ends_on = self.today - timedelta(days=3)

    def _ago(self, days: int) -> date:
        """A day of this year."""
        return max(self.today - timedelta(days=days), date(self.today.year, 1, 1))

    def _review(
        self, branch: Organization, members: Sequence[Member], state: str, day: date
    ) -> Review:
        dates: dict[str, Any] = {}
        later = min(day + timedelta(days=2), self.today)
        if state in {ReviewState.DECIDED, ReviewState.APPROVED}:
            dates["decided_on"] = later
        if state == ReviewState.APPROVED:
            dates["approved_on"] = min(later + timedelta(days=3), self.today)
            dates["approved_by"] = self.above
        if state != ReviewState.DRAFTED:
            dates["activity"] = self._meeting(branch, members, day)
            dates["handed_out"] = dates["returned"] = len(members)
        return Review.objects.create(
            organization=branch,
            street=self.street.root,
            year=day.year,
            state=state,
            opened_on=max(day - timedelta(days=10), date(day.year, 1, 1)),
            opened_by=self.writer,
            **dates,
        )

    def _meeting(
        self, branch: Organization, members: Sequence[Member], day: date
    ) -> Activity:
        meeting = Activity(
            organization=branch,
            kind=ActivityKind.DEMOCRATIC_REVIEW,
            title="民主评议党员大会",
            starts_at=datetime.combine(day, time(14, 30), tzinfo=SHANGHAI),
            held_on=day,
            hours=Decimal("2.5"),
            place="社区会议室",
            leader=str(self.writer),
            recorded_by=self.writer,
        )
        (meeting,) = bulk_create_with_history([meeting], Activity)
        Participation.objects.bulk_create(
            Participation(activity=meeting, member=member, hours=meeting.hours)
            for member in members
        )
        return meeting

    def _rows(self, review: Review, members: Sequence[Member]) -> list[ReviewResult]:
        """What was said, the votes, and what was found as far as the review is."""
        rows, papers = [], review.returned
        most = most_excellent(len(members), 3)
        for number, member in enumerate(members):
            row = ReviewResult(review=review, member=member)
            if review.state != ReviewState.DRAFTED or number % 2:
                row.self_grade = self.random.choice((Grade.EXCELLENT, Grade.QUALIFIED))
                row.self_words = self.random.choice(_SAID)
                row.mutual_words = self.random.choice(_HEARD)
            is_best = number < most
            row.excellent = self.random.randint(papers // 2, papers) if is_best else 0
            row.qualified = papers - row.excellent
            if review.decided_on is not None:
                row.grade = Grade.EXCELLENT if is_best else Grade.QUALIFIED
                if number == len(members) - 1 and not is_best:
                    row.grade = Grade.BASIC
                row.words = _WORDS[row.grade]
            rows.append(row)
        return rows
