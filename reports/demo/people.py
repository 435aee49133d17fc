"""The demo's people: about 600 members of every category and the year's changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from simple_history.utils import bulk_create_with_history

from config.lib.identity import check_character
from members import rules
from members.choices import (
    AffiliationKind,
    Category,
    EndReason,
    MembershipStatus,
    StartReason,
)
from members.models import Affiliation, Member, Talent
from organizations.models import Organization
from reports.demo.street import Street
from reports.demo.vocabulary import GIVEN, PROFESSIONS, SURNAMES, TALENTS, WORK_UNITS

# Never given out as a region: no real person can carry such a number.
REGION = "220299"
# People of a branch by category: on-roll, then co-managed and mobile-in beside them.
ON_ROLL = (
    (Category.RETIRED, 9),
    (Category.IN_POST, 4),
    (Category.LAID_OFF, 3),
    (Category.MOBILE, 4),
    (Category.OTHER, 3),
)
CO_MANAGED = 9
MOBILE_IN = 2


@dataclass
class Person:
    member: Member
    branch: Organization
    kind: str
    starts_on: date
    start_reason: str
    ends_on: date | None = None
    end_reason: str = ""
    profession: str = ""
    talents: list[str] = field(default_factory=list)


class PeopleMaker:
    def __init__(self, street: Street, random: Random, today: date) -> None:
        self.street = street
        self.random = random
        self.today = today
        self.serial = 0

    def make(self) -> list[Person]:
        """Write everybody and return them, branch by branch."""
        people = [p for branch in self.street.branches for p in self._of_branch(branch)]
        self._age_the_year(people)
        bulk_create_with_history([p.member for p in people], Member)
        bulk_create_with_history([_affiliation(p) for p in people], Affiliation)
        self._give_talents(people)
        return people

    def _of_branch(self, branch: Organization) -> list[Person]:
        people = []
        for category, number in ON_ROLL:
            people += [
                self._person(branch, category, AffiliationKind.ON_ROLL)
                for _ in range(number + self.random.randint(-1, 1))
            ]
        people += [
            self._person(branch, Category.IN_POST, AffiliationKind.CO_MANAGED)
            for _ in range(CO_MANAGED)
        ]
        people += [
            self._person(branch, Category.MOBILE, AffiliationKind.MOBILE_IN)
            for _ in range(MOBILE_IN)
        ]
        return people

    def _person(self, branch: Organization, category: str, kind: str) -> Person:
        member = self._member(branch, category)
        starts_on = max(member.joined_on, date(2015, 1, 1)) + timedelta(
            days=self.random.randrange(700)
        )
        person = Person(
            member=member,
            branch=branch,
            kind=kind,
            starts_on=min(starts_on, self.today - timedelta(days=400)),
            start_reason=_START[kind],
        )
        if category == Category.IN_POST:
            number = self.serial % len(WORK_UNITS)
            member.home_unit = self.street.units[number]
            person.profession = PROFESSIONS[number]
        if self.random.random() < 0.45:
            person.talents = self.random.sample(TALENTS, self.random.randint(1, 2))
        return person

    def _member(self, branch: Organization, category: str) -> Member:
        self.serial += 1
        random = self.random
        born_on = self._birthday(category)
        sex = random.choice(("male", "male", "female"))
        joined_on = date(
            random.randint(born_on.year + 20, min(born_on.year + 38, 2023)),
            random.randint(1, 12),
            random.randint(1, 28),
        )
        body = f"{REGION}{born_on:%Y%m%d}{self._order(sex):03d}"
        community = branch.parent.community if branch.parent else None
        address = (
            f"江滨街道{community}{random.randint(1, 12)}号楼"
            f"{random.randint(1, 4)}单元{random.randint(101, 604)}室"
        )
        return Member(
            **rules.name_fields(self._name()),
            **rules.identity_fields(body + check_character(body), today=self.today),
            ethnicity=random.choices(
                ("Han", "Man", "Chosen", "Hui", "Mongol"), (80, 8, 6, 4, 2)
            )[0],
            education=random.choices(_EDUCATION, _EDUCATION_WEIGHTS)[0],
            category=category,
            member_type=Member.Type.FULL,
            joined_on=joined_on,
            confirmed_on=joined_on.replace(year=joined_on.year + 1),
            job_post=_JOB_POSTS[category],
            community=community,
            phone=f"1990000{self.serial % 10000:04d}",
            address=address,
            household_address=address,
            native_place="吉林省吉林市",
            is_mobile=category == Category.MOBILE,
        )

    def _birthday(self, category: str) -> date:
        oldest, youngest = {
            Category.RETIRED: (1938, 1964),
            Category.OTHER: (1955, 1998),
        }.get(category, (1967, 1999))
        return date(
            self.random.randint(oldest, youngest),
            self.random.randint(1, 12),
            self.random.randint(1, 28),
        )

    def _order(self, sex: str) -> int:
        # Two numbers a person, so that nobody shares birthday and order with another.
        return (self.serial * 2 + (1 if sex == "male" else 0)) % 1000

    def _name(self) -> str:
        given = self.random.choice(GIVEN)
        if self.random.random() < 0.75:
            given += self.random.choice(GIVEN)
        return self.random.choice(SURNAMES) + given

    def _age_the_year(self, people: list[Person]) -> None:
        """Let some come, go, join and die in the last twelve months."""
        on_roll = [p for p in people if p.kind == AffiliationKind.ON_ROLL]
        chosen = self.random.sample(on_roll, 46)
        for person in chosen[:16]:
            person.starts_on = self._day_of_year()
            person.start_reason = StartReason.TRANSFERRED_IN
        for person in chosen[16:28]:
            self._probationary(person)
        for person in chosen[28:40]:
            person.ends_on = self._day_of_year()
            person.end_reason = EndReason.TRANSFERRED_OUT
            person.member.status = MembershipStatus.TRANSFERRED_OUT
        for person in chosen[40:]:
            person.ends_on = self._day_of_year()
            person.end_reason = EndReason.DECEASED
            person.member.status = MembershipStatus.DECEASED

    def _probationary(self, person: Person) -> None:
        day = self._day_of_year()
        person.starts_on = day
        person.start_reason = StartReason.NEW_MEMBER
        person.member.joined_on = day
        person.member.confirmed_on = None
        person.member.member_type = Member.Type.PROBATIONARY

    def _day_of_year(self) -> date:
        return self.today - timedelta(days=self.random.randint(10, 350))

    def _give_talents(self, people: list[Person]) -> None:
        known = {
            name: Talent.objects.get_or_create(
                name=name, defaults={"sort_order": number}
            )[0]
            for number, name in enumerate(TALENTS, start=1)
        }
        through = Member.talents.through
        through.objects.bulk_create(
            through(member_id=person.member.pk, talent_id=known[name].pk)
            for person in people
            for name in person.talents
        )


def _affiliation(person: Person) -> Affiliation:
    return Affiliation(
        member=person.member,
        organization=person.branch,
        kind=person.kind,
        starts_on=person.starts_on,
        start_reason=person.start_reason,
        ends_on=person.ends_on,
        end_reason=person.end_reason,
    )


_START = {
    AffiliationKind.ON_ROLL: StartReason.REGISTERED,
    AffiliationKind.CO_MANAGED: StartReason.REPORTED_IN,
    AffiliationKind.MOBILE_IN: StartReason.FLOWED_IN,
}
_JOB_POSTS = {
    Category.RETIRED: "retired",
    Category.IN_POST: "public_enterprise_manager",
    Category.LAID_OFF: "bankrupt_not_reemployed",
    Category.MOBILE: "self_employed",
    Category.OTHER: "freelance",
}
_EDUCATION = ("bachelor", "college", "high_school", "junior_high", "master", "primary")
_EDUCATION_WEIGHTS = (28, 30, 20, 12, 5, 5)
