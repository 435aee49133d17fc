"""Members in difficulty of the demo street: applying, recognized, helped, relieved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from members.choices import AffiliationKind, Category, MembershipStatus
from members.choices.hardship import CaseEnd, CaseState, FindingKind, Level
from members.models import HardshipAid, HardshipCase, HardshipFinding
from organizations.models import User
from organizations.signals import facts_changed
from reports.demo.people import Person
from reports.demo.street import Street

_LINE = Decimal(1000)
_YEAR = 365


@dataclass(frozen=True)
class _Story:
    """`ago` are the days since the recognition, or since the application."""

    state: CaseState
    ago: int
    level: str = ""
    kinds: str = "因病"
    criteria: str = "身患重大疾病、伤残，生活困难"
    income: int = 860
    words: str = "患慢性病长期服药，医药费开支大"
    reviewed: bool = False
    aids: tuple[tuple[str, int, int], ...] = ()


# One branch and the next take these by turns.
_STORIES = (
    _Story(
        CaseState.RECOGNIZED,
        500,
        Level.SPECIAL,
        "因病\n家庭负担重",
        income=640,
        reviewed=True,
        aids=(("慰问金", 2000, 300), ("大病救助", 5000, 120), ("慰问品", 300, 20)),
    ),
    _Story(CaseState.APPLIED, 12, words="本人住院，子女尚在读书"),
    _Story(
        CaseState.RECOGNIZED,
        420,
        Level.SERIOUS,
        "因残",
        income=900,
        aids=(("慰问金", 1000, 330),),
    ),
    _Story(
        CaseState.DISCUSSED,
        30,
        kinds="年老丧失劳动能力",
        criteria="年满65岁或党龄满40年，丧失劳动能力、生活困难",
        words="独居，生活不能完全自理",
    ),
    _Story(
        CaseState.RECOGNIZED,
        150,
        Level.GENERAL,
        "因学",
        "家庭负担较重、生活难以为继",
        1100,
        "两个孩子同时上大学",
        aids=(("助学", 1500, 60), ("生日慰问", 200, 15)),
    ),
    _Story(
        CaseState.ENDED,
        400,
        Level.GENERAL,
        "失业",
        "家庭负担较重、生活难以为继",
        950,
        "夫妻先后下岗",
        aids=(("就业帮扶", 0, 200),),
    ),
    _Story(CaseState.REFUSED, 90, words="短期周转困难"),
)


def make_hardship(
    street: Street, people: list[Person], writer: User, today: date
) -> None:
    """Two stories in the first branch, which the demo's secretary opens, and so on."""
    officer = User.objects.get(username="hardship")
    chosen = _chosen(street, people)
    for number, (person, story) in enumerate(zip(chosen, _STORIES, strict=True)):
        _tell(street, person, story, number, (writer, officer), today)
    facts_changed.send(
        sender=HardshipCase,
        organization_ids={street.root.pk},
        since=today - timedelta(days=2 * _YEAR),
    )


def _chosen(street: Street, people: list[Person]) -> list[Person]:
    """Somebody for each story: retired or out of work, there for long."""
    places = [0, 0, 0, 1, 3, 4, 6]
    found: list[Person] = []
    for place in places:
        branch = street.branches[place]
        fitting = (
            person
            for person in people
            if person.branch == branch
            and person.kind == AffiliationKind.ON_ROLL
            and person.ends_on is None
            and person.member.status == MembershipStatus.NORMAL
            and person.member.category in {Category.RETIRED, Category.LAID_OFF}
            and person not in found
        )
        found.append(next(fitting))
    return found


def _tell(
    street: Street,
    person: Person,
    story: _Story,
    number: int,
    hands: tuple[User, User],
    today: date,
) -> None:
    writer, officer = hands
    day = today - timedelta(days=story.ago)
    was_recognized = bool(story.level)
    applied_on = day - timedelta(days=40) if was_recognized else day
    values: dict[str, Any] = {}
    if was_recognized or story.state == CaseState.DISCUSSED:
        met_on = applied_on + timedelta(days=10)
        values |= {
            "met_on": met_on,
            "meeting_words": "支部大会一致同意上报",
            "public_from": met_on + timedelta(days=1),
            "public_until": met_on + timedelta(days=7),
        }
    if was_recognized:
        values |= {
            "level": story.level,
            "recognized_on": day,
            "recognized_body": str(street.root),
            "recognized_by": officer,
        }
    if story.state == CaseState.ENDED:
        values |= {
            "ended_on": today - timedelta(days=30),
            "end_reason": CaseEnd.RELIEVED,
        }
    if story.state == CaseState.REFUSED:
        values |= {
            "ended_on": day + timedelta(days=20),
            "closing_words": "家庭人均收入高于认定条件",
        }
    case = HardshipCase.objects.create(
        member=person.member,
        organization=person.branch,
        street=street.root,
        state=story.state,
        kinds=story.kinds,
        criteria=story.criteria,
        household_size=2 + number % 3,
        income_per_head=Decimal(story.income),
        words=story.words,
        applied_on=applied_on,
        applied_by=writer,
        **values,
    )
    if was_recognized:
        _findings(case, story, officer, today)
    _aids(case, story, number, writer, today)


def _findings(case: HardshipCase, story: _Story, officer: User, today: date) -> None:
    """The recognition, and the review of those that were looked at again."""
    shared: dict[str, Any] = {
        "case": case,
        "household_size": case.household_size,
        "income_per_head": case.income_per_head,
        "line": _LINE,
        "decided_by": officer,
    }
    first = HardshipFinding(
        kind=FindingKind.RECOGNIZED,
        starts_on=case.recognized_on,
        level=story.level,
        **shared,
    )
    found = [first]
    if story.reviewed:
        first.ends_on = case.recognized_on + timedelta(days=_YEAR)
        found.append(
            HardshipFinding(
                kind=FindingKind.REVIEWED,
                starts_on=first.ends_on,
                level=story.level,
                words="入户看过，病情没有好转",
                **shared,
            )
        )
    if case.ended_on:
        first.ends_on = case.ended_on
        found.append(
            HardshipFinding(
                kind=FindingKind.REVIEWED,
                starts_on=case.ended_on,
                ends_on=case.ended_on,
                words="已重新就业，收入稳定",
                **shared,
            )
        )
    HardshipFinding.objects.bulk_create(found)


def _aids(
    case: HardshipCase, story: _Story, number: int, writer: User, today: date
) -> None:
    HardshipAid.objects.bulk_create(
        HardshipAid(
            case=case,
            street=case.street,
            kind=kind,
            amount=Decimal(amount),
            given_on=today - timedelta(days=ago),
            voucher_number=f"慰字{number + 1:02d}{place + 1:02d}号" if amount else "",
            visitors="陈书记、匡专干" if place != 1 else "",
            is_visit=place != 1,
            words="上门发放" if amount else "联系了社区保洁岗位",
            recorded_by=writer,
        )
        for place, (kind, amount, ago) in enumerate(story.aids)
    )
