"""What the tests of dues do over and over."""

from decimal import Decimal

from django.utils import timezone

from members.models import DuesBase, DuesStanding
from members.rules import dues as rules
from members.services.dues import (
    mark_month,
    pay_months,
)
from members.services.dues_bases import (
    Basis,
    grant_reduction,
    set_bases,
)
from organizations.choices import Role
from tests.factories.organizations import PostFactory, UserFactory


def this_month():
    return timezone.localdate().replace(day=1)


def ago(number):
    return rules.step(this_month(), -number)


def mark(branch, actor, month, payments, **changes):
    values = {"paid_on": timezone.localdate()} | changes
    payments = {member.pk: paid for member, paid in payments.items()}
    return mark_month(
        organization_id=branch.pk,
        month=month,
        payments=payments,
        actor=actor,
        **values,
    )


def pay(member, actor, first, last, **changes):
    values = {"each": Decimal(5), "paid_on": timezone.localdate()} | changes
    return pay_months(
        member_id=member.pk, first=first, last=last, actor=actor, **values
    )


def base(branch, actor, month, *people, kind="employed", value="4000"):
    found = DuesBase.objects.in_force(month).filter(member__in=people)
    seen = dict(found.values_list("member_id", "pk"))
    value = Decimal(value) if value else None
    bases = {p.pk: Basis(kind, value, seen.get(p.pk)) for p in people}
    return set_bases(organization_id=branch.pk, month=month, bases=bases, actor=actor)


def reduce(member, actor, first, last, **changes):
    values = {
        "monthly": Decimal(0),
        "reason": "患病",
        "approver": "社区党委",
        "approved_on": timezone.localdate(),
    }
    return grant_reduction(
        member_id=member.pk, first=first, last=last, actor=actor, **(values | changes)
    )


def paid_to(member):
    return DuesStanding.objects.get(member=member).paid_to


def staff_of(organization):
    user = UserFactory()
    PostFactory(user=user, organization=organization, role=Role.BRANCH_SECRETARY)
    return user
