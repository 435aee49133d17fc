"""Reviews of the synthetic street: last year's of every branch, this year's of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from activities.choices.reviews import Grade
from activities.models import Activity, Participation, Review, ReviewResult
from config.lib.dates import SHANGHAI
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

# Of so many members one is excellent; one in so many has to mend something.
EXCELLENT_EVERY, UNQUALIFIED_EVERY = 4, 200


def reviews(
    size: Size,
    today: date,
    members: list[int],
    root: Organization,
    branches: list[Organization],
    user: User,
) -> None:
    last = date(today.year - 1, 12, 20)
    meetings = [_meeting(branch, last, user) for branch in branches]
    now = _meeting(branches[0], today, user)
    Activity.objects.bulk_create([*meetings, now])
    held = [
        _review(branch, root, meeting, user, decided_on=last, approved_on=last)
        for branch, meeting in zip(branches, meetings, strict=True)
    ]
    voted = _review(branches[0], root, now, user)
    Review.objects.bulk_create([*held, voted])
    own = [pk for n, pk in enumerate(members) if not branch_of(n, size)]
    Participation.objects.bulk_create(
        Participation(activity=now, member_id=pk, hours=now.hours) for pk in own
    )
    serials = dict.fromkeys(range(len(branches)), 0)

    def rows() -> Iterator[dict[str, Any]]:
        for number, member_id in enumerate(members):
            place = branch_of(number, size)
            serials[place] += 1
            is_bad = number % UNQUALIFIED_EVERY == 1
            grade = Grade.EXCELLENT if not number % EXCELLENT_EVERY else Grade.QUALIFIED
            yield _row(held[place].pk, member_id) | {
                "grade": (Grade.UNQUALIFIED if is_bad else grade).value,
                "outcome": "correction" if is_bad else "",
                "term_ends_on": last if is_bad else None,
                "serial": serials[place],
                "delivered_on": last if number % 2 else None,
            }
        # One of them came later, and may be taken in.
        for member_id in own[:-1]:
            yield _row(voted.pk, member_id)

    insert(ReviewResult, rows())


def _meeting(branch: Organization, day: date, user: User) -> Activity:
    return Activity(
        organization=branch,
        kind="democratic_review",
        title="民主评议会",
        starts_at=datetime.combine(day, time(9), tzinfo=SHANGHAI),
        held_on=day,
        hours=Decimal(3),
        place="社区活动室",
        recorded_by=user,
    )


def _review(
    branch: Organization, root: Organization, meeting: Activity, user: User, **more: Any
) -> Review:
    day = meeting.held_on
    return Review(
        organization=branch,
        street=root,
        year=day.year,
        state="approved" if more else "voted",
        opened_on=day,
        opened_by=user,
        activity=meeting,
        handed_out=1,
        returned=1,
        **more,
    )


def _row(review_id: int, member_id: int) -> dict[str, Any]:
    return {
        "review_id": review_id,
        "member_id": member_id,
        "is_guest": False,
        "removed_on": None,
        "removed_reason": "",
        "self_grade": "qualified",
        "self_words": "",
        "mutual_words": "",
        "excellent": 0,
        "qualified": 1,
        "basic": 0,
        "unqualified": 0,
        "grade": "",
        "words": "",
        "outcome": "",
        "term_ends_on": None,
        "serial": None,
        "delivered_on": None,
        "correction": "",
        "corrected_on": None,
        "correction_words": "",
        "version": 1,
    }
