"""Steps of employment and help, as a secretary takes them; tests name what differs."""

from datetime import date, timedelta

from django.utils import timezone

from members.services.employment import record_spell
from members.services.employment_help import record_help, record_lead


def spell(member, actor, status="laid_off", starts_on=date(2025, 3, 1), **changes):
    values = {"workplace": "社区便利店" if status in AT_WORK else ""}
    return record_spell(
        member_id=member.pk,
        status=status,
        starts_on=starts_on,
        actor=actor,
        **values | changes,
    )


AT_WORK = {"by_unit", "self_employed", "flexible"}


def helped(member, actor, days_ago=3, **changes):
    values = {
        "kind": "job_offer",
        "given_on": timezone.localdate() - timedelta(days=days_ago),
        "provider": "江滨物业",
        "content": "推荐保安岗位",
    }
    return record_help(member_id=member.pk, actor=actor, **values | changes)


def led(member, actor, **changes):
    values = {
        "kind": "people",
        "starts_on": timezone.localdate(),
        "title": "带到缝补店做工",
        "people_count": 3,
    }
    return record_lead(member_id=member.pk, actor=actor, **values | changes)
