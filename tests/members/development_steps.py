"""Leading somebody into the Party in tests."""

from datetime import date, timedelta

from django.utils import timezone

from members.models import Applicant, Member
from members.rules.development import WAY, Votes, months_after
from members.services.development import Deed, record_step, register_applicant
from members.services.probation import record_probation_step
from tests.factories.members import MemberFactory, synthetic_id_number

PASSED = Votes(eligible=10, present=9, in_favour=9, against=0, abstained=0)
FAILED = Votes(eligible=10, present=9, in_favour=5, against=4, abstained=0)


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def registered(branch, actor, serial=1, applied_on=None, **changes):
    values = {
        "name": "申志远",
        "id_number": synthetic_id_number(date(1996, 5, 6), serial),
        "ethnicity": "Han",
        "category": "in_post",
        "education": "bachelor",
        "job_title": "江滨中学教师",
        "phone": "13900001234",
    }
    return register_applicant(
        organization_id=branch.pk,
        applied_on=applied_on or ago(1000),
        actor=actor,
        **values | changes,
    )


def way_of(applied_on, sponsors=()) -> list[Deed]:
    """The whole way in order, each step as early as it may be."""
    first, second = [*sponsors, None, None][:2]
    activist = applied_on + timedelta(days=40)
    candidate = months_after(activist, 12)
    meeting = candidate + timedelta(days=40)
    named = {"first": first, "second": second}
    return [
        Deed("talk", applied_on + timedelta(days=10), note="支部书记谈话"),
        Deed("activist", activist, filed_on=activist),
        Deed("contacts", activist, **named),
        Deed("inspection", activist + timedelta(days=180), outcome="yes"),
        Deed("publicity", candidate - timedelta(days=9), until=candidate),
        Deed("candidate", candidate, filed_on=candidate),
        Deed("sponsors", candidate, **named),
        Deed("review", candidate + timedelta(days=10), outcome="yes"),
        Deed("training", candidate + timedelta(days=20), hours=24),
        Deed("pre-review", candidate + timedelta(days=30), outcome="yes"),
        Deed("meeting", meeting, votes=PASSED, note="同意接收"),
        Deed("approval", meeting + timedelta(days=30), outcome="yes", document="1号"),
    ]


def sponsors_of(branch) -> list[Member]:
    found = Member.objects.filter(
        affiliations__organization=branch, member_type="full"
    ).order_by("pk")[:2]
    return (
        list(found) if len(found) == 2 else MemberFactory.create_batch(2, branch=branch)
    )


def led_to(kind, branch, actor, serial=1, applied_on=None) -> Applicant:
    """Somebody who has taken every step up to `kind`."""
    applicant = registered(branch, actor, serial, applied_on)
    deeds = way_of(applicant.applied_on, sponsors_of(branch))
    for deed in deeds[: WAY.index(kind) + 1]:
        record_step(applicant_id=applicant.pk, deed=deed, actor=actor)
    applicant.refresh_from_db()
    return applicant


def on_probation(branch, joined_on=None, **changes) -> Member:
    """A probationary member whose year began on that day."""
    joined_on = joined_on or ago(400)
    return MemberFactory(
        branch=branch,
        branch__starts_on=joined_on,
        member_type="probationary",
        joined_on=joined_on,
        **changes,
    )


def probation(member, kind, actor, on=None, **values):
    if kind in {"confirm", "extend", "cancel"}:
        values.setdefault("votes", PASSED)
    elif kind in {"observed", "decision"}:
        values.setdefault("outcome", "yes")
    deed = Deed(kind, on or timezone.localdate(), **values)
    return record_probation_step(member_id=member.pk, deed=deed, actor=actor)
