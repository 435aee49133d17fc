"""The demo's households: most were visited this year, some asked for help."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from activities.choices.households import Circumstance, MatterAct, MatterState
from activities.models import (
    Household,
    MatterStep,
    Visit,
    VisitMatter,
    VisitMember,
)
from activities.services.households import door_index
from organizations.models import Community, Organization, User
from reports.demo.people import Person
from reports.demo.street import Street
from reports.demo.vocabulary import GIVEN, SURNAMES

_BUILDINGS = ("1号楼", "2号楼", "3号楼")
_DOORS = tuple(
    f"{unit}单元{floor}0{side}"
    for unit in (1, 2)
    for floor in (1, 2, 3)
    for side in (1, 2)
)
_SEEN = (
    "老人独居，身体尚好，子女每周来看望",
    "一家三口，男主人近期待业",
    "家中平安，没有困难",
    "老两口带孙子，孩子今年上小学",
    "老人腿脚不便，买菜靠邻居",
)
# Kind, what was asked for, what became of it.
_ASKED = (
    ("housing", "楼道灯坏了，晚上上下楼不方便", MatterAct.SOLVE, "物业已换灯"),
    ("care", "希望有人定期上门看看老人", MatterAct.SOLVE, "已与志愿者结对"),
    ("work", "想参加家政培训", MatterAct.REFER, "已转劳动保障所，通知了开班时间"),
    ("surroundings", "垃圾桶离窗户太近", MatterAct.PROGRESS, "已与物业商量新位置"),
    ("housing", "老楼想加装电梯", MatterAct.DECLINE, "本楼还没有达到同意比例"),
    ("policy", "不清楚高龄补贴怎么办", MatterAct.SOLVE, "当场讲解并帮助填表"),
)


def make_households(
    street: Street, people: list[Person], writer: User, random: Random, today: date
) -> None:
    """Three buildings of twelve doors in every community, each visited by a branch."""
    homes = []
    for community in street.communities:
        below = [
            each
            for each in street.branches
            if each.parent_id == community.organization_id
        ]
        for number, building in enumerate(_BUILDINGS):
            place = below[number % len(below)] if below else community.organization
            homes += [
                _home(community, place, building, door, writer, random, today)
                for door in _DOORS
            ]
    homes = Household.objects.bulk_create(homes)
    present = [person for person in people if person.ends_on is None]
    _visits(homes, present, writer, random, today)


def _home(
    community: Community,
    place: Organization,
    building: str,
    door: str,
    writer: User,
    random: Random,
    today: date,
) -> Household:
    room = f"{door}室"
    kinds = [each.value for each in Circumstance if random.random() < 0.12]
    return Household(
        community=community,
        organization=place,
        building=building,
        room=room,
        door_index=door_index(building, room),
        householder=random.choice(SURNAMES) + random.choice(GIVEN),
        phone=f"1990002{random.randrange(10_000):04d}",
        people_count=random.randint(1, 5),
        circumstances=" ".join(kinds[:2]),
        note="听力不好，敲门要重" if random.random() < 0.08 else "",
        listed_on=today - timedelta(days=400),
        recorded_by=writer,
    )


def _visits(
    homes: list[Household],
    present: list[Person],
    writer: User,
    random: Random,
    today: date,
) -> None:
    """Two of three are visited this year, some twice; one in four asks for help."""
    days = (today - date(today.year, 1, 1)).days + 1
    visits = []
    for number, home in enumerate(homes):
        if number % 3 == 2:
            continue
        for _ in range(1 + (number % 5 == 0)):
            visits.append(
                Visit(
                    household=home,
                    organization=home.organization,
                    visited_on=today - timedelta(days=random.randrange(days)),
                    visitors="支部书记、网格员",
                    situation=random.choice(_SEEN),
                    recorded_by=writer,
                )
            )
    visits = Visit.objects.bulk_create(visits)
    guests: dict[int, Person] = {}
    for person in present:
        guests.setdefault(person.branch.pk, person)
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, member=guests[visit.organization_id].member)
        for visit in visits[::3]
        if visit.organization_id in guests
    )
    _matters(visits[::4], writer, today)


def _matters(visits: list[Visit], writer: User, today: date) -> None:
    """Older ones are settled and answered; of the late ones a few are still open."""
    matters, steps = [], []
    for number, visit in enumerate(visits):
        kind, content, act, words = _ASKED[number % len(_ASKED)]
        visit.wishes, visit.promises = content, "答应去联系，有结果就来告诉"
        matter = VisitMatter(
            visit=visit,
            kind=kind,
            content=content,
            handler="社区网格员",
            due_on=visit.visited_on + timedelta(days=30),
        )
        matters.append(matter)
        taken_on = visit.visited_on + timedelta(days=6)
        if taken_on > today or number % 7 == 0:
            continue
        steps.append((matter, act, taken_on, words))
        matter.state = {
            MatterAct.SOLVE: MatterState.SOLVED,
            MatterAct.REFER: MatterState.REFERRED,
            MatterAct.DECLINE: MatterState.NOT_POSSIBLE,
        }.get(act, MatterState.IN_PROGRESS)
        if matter.state != MatterState.IN_PROGRESS:
            matter.settled_on = taken_on
            if number % 5 and taken_on < today:
                matter.answered_on = taken_on + timedelta(days=1)
                told = "已上门告诉住户，住户满意"
                steps.append((matter, MatterAct.ANSWER, matter.answered_on, told))
    Visit.objects.bulk_update(visits, ["wishes", "promises"])
    VisitMatter.objects.bulk_create(matters)
    MatterStep.objects.bulk_create(
        MatterStep(
            matter=matter, act=act, taken_on=day, words=words, recorded_by=writer
        )
        for matter, act, day, words in steps
    )
