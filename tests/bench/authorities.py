"""Authorities of the synthetic street, with years of lists to and fro."""

from __future__ import annotations

from datetime import date, timedelta

from liaison.models import Authority, AuthorityContact, Exchange
from organizations.models import Organization, User, WorkUnit

AUTHORITIES, EACH = 12, 20


def authorities(today: date, root: Organization, writer: User) -> None:
    found = Authority.objects.bulk_create(
        Authority(
            organization=root,
            name=f"主管部门{number + 1}",
            kind="competent",
            since=today - timedelta(days=900),
        )
        for number in range(AUTHORITIES)
    )
    AuthorityContact.objects.bulk_create(
        AuthorityContact(authority=one, name="周科长", phone="13900001234")
        for one in found
        for _ in range(2)
    )
    exchanges = Exchange.objects.bulk_create(
        Exchange(
            authority=one,
            held_on=today - timedelta(days=30 * number + 10),
            direction="sent" if number % 2 else "received",
            matter="新登记企业名单",
            due_on=today - timedelta(days=30 * number) if number % 3 else None,
            answered_on=today - timedelta(days=30 * number + 2)
            if number % 3 == 1
            else None,
            recorded_by=writer,
        )
        for one in found
        for number in range(EACH)
    )
    units = list(WorkUnit.objects.order_by("pk").values_list("pk", flat=True)[:3])
    through = Exchange.units.through
    through.objects.bulk_create(
        through(exchange_id=one.pk, workunit_id=unit)
        for one in exchanges
        for unit in units
    )
