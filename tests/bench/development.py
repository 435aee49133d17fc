"""The synthetic street's way into the Party: applicants, activists, probationers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from config.lib.crypto import blind_index
from config.lib.names import initials, pinyin
from members.models import Applicant, DevelopmentStep
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of, person

# Of every so many members' places one has somebody on the way, fifteen at least.
EVERY, LEAST = 20, 15
_STAGES = ("applicant", "candidate", "activist", "passed", "activist")


def development(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    every = max(1, min(EVERY, size.members // LEAST))
    numbers = range(0, size.members, every)
    applicants = Applicant.objects.bulk_create(
        _applicant(place, number, size, today, branches, user)
        for place, number in enumerate(numbers)
    )
    DevelopmentStep.objects.bulk_create(
        [
            *_steps(applicants, user, members),
            *_requests(size, today, members, branches, user),
        ],
        batch_size=5_000,
    )


def _applicant(
    place: int,
    number: int,
    size: Size,
    today: date,
    branches: list[Organization],
    user: User,
) -> Applicant:
    like, stage = person(number, size, today), _STAGES[place % len(_STAGES)]
    applied_on = today - timedelta(days=600 + place % 300)
    names = ("name", "sex", "ethnicity", "born_on", "id_number", "phone", "category")
    is_beyond = stage in {"candidate", "passed"}
    return Applicant(
        **{name: like[name] for name in names},
        name_pinyin=pinyin(like["name"]),
        name_initials=initials(like["name"])[:20],
        id_index=blind_index(like["id_number"], purpose="members.id_number"),
        id_last4=like["id_number"][-4:],
        organization=branches[branch_of(number, size)],
        stage=stage,
        applied_on=applied_on,
        activist_on=None if stage == "applicant" else applied_on + timedelta(days=60),
        candidate_on=applied_on + timedelta(days=430) if is_beyond else None,
        passed_on=applied_on + timedelta(days=500) if stage == "passed" else None,
        registered_by=user,
    )


def _steps(
    applicants: list[Applicant], user: User, members: list[int]
) -> Iterator[DevelopmentStep]:
    for place, applicant in enumerate(applicants):
        taken = [("applied", applicant.applied_on)]
        if place % 3:
            taken.append(("talk", applicant.applied_on + timedelta(days=20)))
        if applicant.activist_on:
            taken += [
                ("activist", applicant.activist_on),
                ("contacts", applicant.activist_on),
                ("inspection", applicant.activist_on + timedelta(days=200)),
            ]
        if applicant.candidate_on:
            taken.append(("candidate", applicant.candidate_on))
        if applicant.passed_on:
            taken.append(("meeting", applicant.passed_on))
        for kind, day in taken:
            yield DevelopmentStep(
                applicant=applicant,
                organization=applicant.organization,
                kind=kind,
                taken_on=day,
                outcome="yes" if kind in {"inspection", "meeting"} else "",
                first_id=members[place] if kind == "contacts" else None,
                recorded_by=user,
            )


def _requests(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> Iterator[DevelopmentStep]:
    """Resolutions about some of those on probation, which wait above."""
    for number in range(7, size.members, 200):
        for kind in ("request", "confirm"):
            yield DevelopmentStep(
                member_id=members[number],
                organization=branches[branch_of(number, size)],
                kind=kind,
                taken_on=today - timedelta(days=1),
                outcome="yes" if kind == "confirm" else "",
                recorded_by=user,
            )
