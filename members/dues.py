"""What the pages about dues show: a branch's month, the branches, the people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from config.lib.periods import Month
from members.choices import AffiliationKind, MembershipStatus
from members.choices.dues import PayerKind
from members.models import Affiliation, DuesBase, DuesMonth, Member
from members.rules import dues as rules
from organizations.models import Organization, User
from organizations.querysets import OrganizationQuerySet

# Whose relation is here and who is asked for dues: not while membership is suspended.
_ASKED = Q(ends_on__isnull=True, kind=AffiliationKind.ON_ROLL) & ~Q(
    member__status=MembershipStatus.SUSPENDED
)
KINDS = dict(PayerKind.choices)


def asked(rolls: QuerySet[Affiliation], month: date) -> QuerySet[Affiliation]:
    """Of these relations the open rolls whose branch asks for the dues of a month.

    Not of whoever came or joined later, or had settled it before the ledger began.
    """
    end = Month.containing(month).end
    return rolls.filter(_ASKED, starts_on__lt=end, member__joined_on__lt=end).exclude(
        member__dues_standing__opened_to__gte=month
    )


def asked_of(branch: Organization, month: date) -> QuerySet[Affiliation]:
    return asked(Affiliation.objects.filter(organization=branch), month)


@dataclass
class Payer:
    """One row of a branch's month."""

    pk: int
    name: str
    kind: str
    due: Decimal | None
    paid_to: date | None
    paid: DuesMonth | None = None
    # What was typed, where the form comes back.
    typed: str = ""
    is_ticked: bool = True
    error: str = ""


@dataclass
class Sheet:
    """A branch's month: who is asked, and who has paid."""

    rows: list[Payer] = field(default_factory=list)

    @property
    def waiting(self) -> list[Payer]:
        return [row for row in self.rows if row.paid is None]

    @property
    def paid(self) -> list[Payer]:
        return [row for row in self.rows if row.paid is not None]

    @property
    def due(self) -> Decimal:
        return sum((row.due or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def received(self) -> Decimal:
        return sum((row.paid.paid for row in self.rows if row.paid), Decimal(0))


def sheet_of(user: User, branch: Organization, month: date) -> Sheet:
    """In three queries, the people by name."""
    rolls = Affiliation.objects.visible_to(user).filter(organization=branch)
    found = (
        asked(rolls, month)
        .select_related("member__dues_standing")
        .order_by("member__name_pinyin", "member_id")
    )
    people = [roll.member for roll in found]
    ids = [member.pk for member in people]
    bases = bases_in(ids, month)
    paid = {
        row.member_id: row
        for row in DuesMonth.objects.counted().filter(member__in=ids, month=month)
    }
    return Sheet(
        [
            Payer(
                pk=member.pk,
                name=member.name,
                kind=KINDS[bases[member.pk].kind] if member.pk in bases else "",
                due=bases[member.pk].monthly if member.pk in bases else None,
                paid_to=paid_to_of(member),
                paid=paid.get(member.pk),
            )
            for member in people
        ]
    )


@dataclass
class BaseRow:
    """One row of the form in which a branch says what its people pay from."""

    pk: int
    name: str
    category: str
    monthly: Decimal | None
    kind: str = ""
    typed: str = ""
    seen: str = ""
    is_reduced: bool = False
    until: date | None = None
    error: str = ""


def base_rows(user: User, branch: Organization, month: date) -> list[BaseRow]:
    """In two queries, the people by name, with what holds in the month."""
    rolls = Affiliation.objects.visible_to(user).filter(organization=branch)
    found = asked(rolls, month).select_related("member")
    people = [r.member for r in found.order_by("member__name_pinyin", "member_id")]
    bases = bases_in([member.pk for member in people], month)
    return [_base_row(member, bases.get(member.pk)) for member in people]


def _base_row(member: Member, base: DuesBase | None) -> BaseRow:
    row = BaseRow(member.pk, member.name, member.get_category_display(), None)
    if base is not None:
        row.kind, row.typed, row.seen = base.kind, base.base, str(base.pk)
        row.monthly = base.monthly
        row.is_reduced = base.kind == PayerKind.REDUCED
        row.until = rules.step(base.ends_on, -1) if base.ends_on else None
    return row


def unmarked(branches: OrganizationQuerySet, month: date) -> OrganizationQuerySet:
    """Those of the branches with people to ask that have marked nobody yet."""
    marked = DuesMonth.objects.counted().filter(
        organization=OuterRef("pk"), month=month
    )
    rolls = Affiliation.objects.filter(organization=OuterRef("pk"))
    return branches.filter(Exists(asked(rolls, month)), ~Exists(marked))


def bases_in(members: Iterable[int], month: date) -> dict[int, DuesBase]:
    """The base in force of each of these members."""
    rows = DuesBase.objects.in_force(month).filter(member__in=members)
    return {row.member_id: row for row in rows}


def paid_to_of(member: Any) -> date | None:
    standing = getattr(member, "dues_standing", None)
    return standing.paid_to if standing else None


def standing_words(paid_to: date | None, today: date) -> tuple[str, str]:
    """How somebody stands, in words, and the tone of it."""
    if paid_to is None:
        return "还没有登记过", "mute"
    months = rules.behind(paid_to, today)
    if months:
        return f"欠{months}个月", "bad" if months >= 3 else "warn"
    if rules.months_between(today.replace(day=1), paid_to) > 0:
        return f"已预交至{paid_to:%Y-%m}", "info"
    return "已交清", "ok"


def branch_months(branches: list[Organization], month: date) -> list[dict[str, Any]]:
    """For each branch how many are asked, how many paid and how much; two queries."""
    ids = [branch.pk for branch in branches]
    wanted = dict(
        asked(Affiliation.objects.filter(organization__in=ids), month)
        .order_by()
        .values("organization")
        .annotate(n=Count("pk"))
        .values_list("organization", "n")
    )
    marked = {
        pk: (number, total)
        for pk, number, total in DuesMonth.objects.counted()
        .filter(organization__in=ids, month=month)
        .order_by()
        .values("organization")
        .annotate(n=Count("pk"), total=Sum("paid"))
        .values_list("organization", "n", "total")
    }
    return [
        {
            "branch": branch,
            "asked": wanted.get(branch.pk, 0),
            "paid": marked.get(branch.pk, (0, None))[0],
            "total": marked.get(branch.pk, (0, None))[1],
        }
        for branch in branches
    ]
