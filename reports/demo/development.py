"""The demo's way into the Party: somebody at every stage, and a year on probation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from config.lib.dates import months_after
from config.lib.identity import check_character
from members import rules as people_rules
from members.choices import (
    AffiliationKind,
    Category,
    MembershipStatus,
    MemberType,
    StartReason,
)
from members.choices.development import CloseReason, Outcome, Stage, StepKind
from members.models import Applicant, DevelopmentStep, Member
from members.rules.development import progress
from organizations.models import Organization, User
from reports.demo.people import REGION, Person
from reports.demo.street import Street
from reports.demo.vocabulary import GIVEN, SURNAMES

# Branch, days since the application, and how many steps of the way were taken.
_PEOPLE = (
    *((0, 20, 0), (0, 45, 0), (2, 12, 1), (6, 70, 1), (9, 35, 1)),
    *((0, 300, 3), (1, 250, 2), (3, 330, 4), (4, 400, 4), (7, 200, 3), (11, 380, 4)),
    *((0, 560, 6), (5, 540, 7), (8, 600, 9)),
    *((0, 500, 11), (10, 540, 11)),
)
_JOBS = ("社区工作人员", "江滨中学教师", "快递员", "物业公司工程师", "个体工商户")
_VOTES = {"eligible": 9, "present": 8, "in_favour": 8, "against": 0, "abstained": 0}


def make_development(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Applicants at every stage, one who gave up, and the year's probationers."""
    maker = _Maker(people, writer, random, today)
    for branch, days, taken in _PEOPLE:
        maker.applicant(street.branches[branch], today - timedelta(days=days), taken)
    maker.gave_up(street.branches[2])
    maker.probation()


@dataclass
class _Maker:
    people: list[Person]
    writer: User
    random: Random
    today: date
    serial: int = 0

    def applicant(
        self, branch: Organization, applied_on: date, taken: int
    ) -> Applicant:
        """Somebody who applied on that day and has taken so many steps."""
        self.serial += 1
        sex = self.random.choice(("male", "female"))
        born_on = date(
            self.random.randint(1980, 2003),
            self.random.randint(1, 12),
            self.random.randint(1, 28),
        )
        # Orders from 900 on: the members' own end before.
        order = 900 + self.serial * 2 + (sex == "male")
        body = f"{REGION}{born_on:%Y%m%d}{order:03d}"
        name = self.random.choice(SURNAMES) + self.random.choice(GIVEN)
        applicant = Applicant(
            **people_rules.name_fields(name),
            **people_rules.identity_fields(
                body + check_character(body), today=self.today
            ),
            ethnicity="Han",
            phone=f"1991000{self.serial:04d}",
            education=self.random.choice(("bachelor", "college", "master")),
            category=Category.OTHER,
            job_title=self.random.choice(_JOBS),
            organization=branch,
            applied_on=applied_on,
            registered_by=self.writer,
        )
        steps = [self._applied(branch, applied_on)]
        steps += self._way(branch, applied_on)[:taken]
        for name_of, value in vars(progress([step.fact for step in steps])).items():
            setattr(applicant, name_of, value)
        applicant.save()
        for step in steps:
            step.applicant = applicant
        DevelopmentStep.objects.bulk_create(steps)
        return applicant

    def gave_up(self, branch: Organization) -> None:
        applicant = self.applicant(branch, self.today - timedelta(days=150), 1)
        applicant.stage = Stage.CLOSED
        applicant.closed_on = self.today - timedelta(days=40)
        applicant.close_reason = CloseReason.WITHDREW
        applicant.close_note = "本人工作变动，提出撤回申请"
        applicant.save()

    def probation(self) -> None:
        """Some of the year's probationers: looked at, confirmed, extended, asked."""
        young = [
            person.member
            for person in sorted(self.people, key=lambda p: p.member.joined_on)
            if person.member.member_type == MemberType.PROBATIONARY
            and person.ends_on is None
        ]
        branches = {p.member.pk: p.branch for p in self.people}
        steps: list[DevelopmentStep] = []
        for member in young:
            day = member.joined_on + timedelta(days=182)
            if day < self.today:
                steps.append(
                    self._of(member, branches, StepKind.OBSERVED, day, outcome="yes")
                )
        older = self._from_last_year(branches)
        for member in older[:3]:
            steps += self._confirmed(member, branches)
        if len(older) > 3:
            steps += self._extended(older[3], branches)
        if len(older) > 4:
            steps.append(
                self._of(
                    older[4],
                    branches,
                    StepKind.REQUEST,
                    self.today - timedelta(days=3),
                )
            )
        DevelopmentStep.objects.bulk_create(steps)

    def _from_last_year(self, branches: dict[int, Organization]) -> list[Member]:
        """Five whose year has ended lately; the first three are full by now."""
        chosen = [
            person
            for person in self.people
            if person.kind == AffiliationKind.ON_ROLL
            and person.ends_on is None
            and person.member.member_type == MemberType.FULL
            and person.member.status == MembershipStatus.NORMAL
            and person.member.category == Category.IN_POST
            and person.start_reason == StartReason.REGISTERED
        ][-5:]
        for place, person in enumerate(chosen):
            member, days = person.member, (430, 460, 500, 390, 372)[place]
            member.joined_on = self.today - timedelta(days=days)
            member.confirmed_on = None
            if place < 3:
                member.confirmed_on = people_rules.probation_ends_on(member.joined_on)
            else:
                member.member_type = MemberType.PROBATIONARY
            member.save()
            roll = member.affiliations.get(kind=AffiliationKind.ON_ROLL)
            roll.starts_on = person.starts_on = member.joined_on
            roll.start_reason = person.start_reason = StartReason.NEW_MEMBER
            roll.save()
        return [person.member for person in chosen]

    def _confirmed(
        self, member: Member, branches: dict[int, Organization]
    ) -> list[DevelopmentStep]:
        over_on = member.probation_ends_on
        return [
            self._of(member, branches, StepKind.REQUEST, over_on),
            self._of(
                member,
                branches,
                StepKind.CONFIRM,
                over_on + timedelta(days=8),
                outcome=Outcome.YES,
                **_VOTES,
            ),
            self._of(
                member,
                branches,
                StepKind.DECISION,
                over_on + timedelta(days=30),
                outcome=Outcome.YES,
                decides=StepKind.CONFIRM,
            ),
        ]

    def _extended(
        self, member: Member, branches: dict[int, Organization]
    ) -> list[DevelopmentStep]:
        over_on = member.probation_ends_on
        until = months_after(over_on, 6)
        member.probation_extended_to = until
        member.save()
        return [
            self._of(
                member,
                branches,
                StepKind.EXTEND,
                over_on + timedelta(days=2),
                outcome=Outcome.YES,
                until=until,
                note="组织生活参加不够，继续考察",
                **_VOTES,
            ),
            self._of(
                member,
                branches,
                StepKind.DECISION,
                over_on + timedelta(days=15),
                outcome=Outcome.YES,
                decides=StepKind.EXTEND,
            ),
        ]

    def _of(
        self,
        member: Member,
        branches: dict[int, Organization],
        kind: str,
        day: date,
        **values: Any,
    ) -> DevelopmentStep:
        return self._step(branches[member.pk], kind, day, member=member, **values)

    def _step(
        self, branch: Organization, kind: str, day: date, **values: Any
    ) -> DevelopmentStep:
        return DevelopmentStep(
            organization=branch,
            kind=kind,
            taken_on=day,
            recorded_by=self.writer,
            **values,
        )

    def _applied(self, branch: Organization, applied_on: date) -> DevelopmentStep:
        return self._step(branch, StepKind.APPLIED, applied_on)

    def _way(self, branch: Organization, applied_on: date) -> list[DevelopmentStep]:
        """The whole way of somebody, as early as it may be."""
        first, second = [
            person.member
            for person in self.people
            if person.branch == branch
            and person.kind == AffiliationKind.ON_ROLL
            and person.ends_on is None
            and person.member.member_type == MemberType.FULL
        ][:2]
        activist = applied_on + timedelta(days=45)
        candidate = months_after(activist, 12)
        named = {"first": first, "second": second}

        def step(kind: str, day: date, **values: Any) -> DevelopmentStep:
            return self._step(branch, kind, day, **values)

        return [
            step(StepKind.TALK, applied_on + timedelta(days=12), note="支部书记谈话"),
            step(StepKind.ACTIVIST, activist, filed_on=activist, note="党员推荐"),
            step(StepKind.CONTACTS, activist, **named),
            step(
                StepKind.INSPECTION,
                activist + timedelta(days=180),
                outcome=Outcome.YES,
                note="思想进步，工作踏实",
            ),
            step(
                StepKind.PUBLICITY,
                candidate - timedelta(days=9),
                until=candidate - timedelta(days=1),
            ),
            step(StepKind.CANDIDATE, candidate, filed_on=candidate),
            step(StepKind.SPONSORS, candidate, **named),
            step(StepKind.REVIEW, candidate + timedelta(days=10), outcome=Outcome.YES),
            step(StepKind.TRAINING, candidate + timedelta(days=18), hours=24),
            step(
                StepKind.PRE_REVIEW, candidate + timedelta(days=30), outcome=Outcome.YES
            ),
            step(
                StepKind.MEETING,
                candidate + timedelta(days=45),
                outcome=Outcome.YES,
                note="同意接收为预备党员",
                **_VOTES,
            ),
        ]
