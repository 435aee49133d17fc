"""Two-new units with what is known of them: census, coverage, members, visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from config.lib.paths import ancestors, successor
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.models import Affiliation, Member
from organizations.coverage_choices import (
    ORGANIZATION_FORMS,
    WORK_FORMS,
    CoverageForm,
    UnitState,
)
from organizations.coverage_rules import OWN_BRANCH_MEMBERS, propose
from organizations.models import (
    CensusSheet,
    Coverage,
    DoorVisit,
    Organization,
    User,
    WorkUnit,
)


def _workers() -> Any:
    """Members who work in the unit of the outer row: numbers, never names."""
    return Member.objects.filter(
        home_unit=OuterRef("pk"), status=MembershipStatus.NORMAL
    ).order_by()


def _number(rows: Any) -> Coalesce:
    counted = rows.values("home_unit").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def with_facts(units: QuerySet[WorkUnit]) -> Any:
    """Annotate the open sheet and coverage, and `full`, the full members.

    Full members are those of the sheet or those known to the register of members to
    work there, whichever are more: a unit with three is not to be overlooked.
    """
    full = _workers().filter(member_type=MemberType.FULL)
    return (
        units.annotate(
            sheet=FilteredRelation(
                "census_sheets", condition=Q(census_sheets__ends_on__isnull=True)
            ),
            cover=FilteredRelation(
                "coverages", condition=Q(coverages__ends_on__isnull=True)
            ),
        )
        .annotate(
            state=Coalesce(F("sheet__state"), Value("")),
            form=Coalesce(F("cover__form"), Value("")),
            known_full=_number(full),
        )
        .annotate(
            full=Greatest(Coalesce(F("sheet__full_members"), 0), F("known_full")),
        )
    )


def in_words(units: Any) -> Any:
    """Annotate what a list shows beside."""
    return units.select_related("community").annotate(
        staff=F("sheet__staff"),
        surveyed_on=F("sheet__starts_on"),
        is_surveyed=F("sheet__is_surveyed"),
        host=Coalesce(
            F("cover__organization__short_name"),
            F("cover__instructor_name"),
            Value(""),
        ),
        due_on=F("cover__due_on"),
        responsible=F("cover__responsible_name"),
        reason=F("cover__reason"),
    )


def operating(units: Any) -> Any:
    return units.filter(state=UnitState.OPERATING)


def _has_organization() -> Q:
    """Covered by one, or registered with one of its own that nobody decided yet."""
    return Q(form__in=ORGANIZATION_FORMS) | Q(has_own(), form="")


def has_own() -> Q:
    """Registered with an organization of its own, of this street or of others."""
    is_open = Q(organization__isnull=False, organization__closed_on__isnull=True)
    return is_open | ~Q(party_organization_name="")


def _owes_one() -> Q:
    at_work = Q(state__in=[UnitState.OPERATING, ""])
    return at_work & ~_has_organization() & Q(full__gte=OWN_BRANCH_MEMBERS)


def unbuilt(units: Any) -> Any:
    """应建未建: at work, three full members or more, and no organization.

    A unit nobody has looked at yet counts too, where members are known to work there.
    """
    return units.filter(_owes_one())


def uncovered(units: Any) -> Any:
    """Operating and covered by nothing, though nothing obliges to a branch."""
    return operating(units).filter(
        ~_has_organization(),
        ~Q(form__in=WORK_FORMS),
        full__lt=OWN_BRANCH_MEMBERS,
    )


def undecided(units: Any) -> Any:
    return operating(units).filter(form="")


def followable(units: Any, user: User) -> Any:
    """Undecided ones with one of their own, in the portal only if `user` sees it."""
    seen = Organization.objects.visible_to(user).open()
    return undecided(units).filter(
        has_own(), Q(organization__isnull=True) | Q(organization__in=seen)
    )


def overdue(units: Any, today: date) -> Any:
    """Operating ones whose plan should have been carried out."""
    return operating(units).filter(cover__due_on__lt=today, form__in=_PLANNED)


_PLANNED = (CoverageForm.NONE, CoverageForm.ATTACHED, CoverageForm.INSTRUCTOR)


def unsurveyed(units: Any, today: date, days: int) -> Any:
    """Without a sheet, or with one that nobody has checked for so long."""
    return units.filter(
        Q(sheet__pk__isnull=True)
        | Q(sheet__is_surveyed=False)
        | Q(sheet__starts_on__lt=today - timedelta(days=days))
    ).exclude(state=UnitState.MOVED)


def to_visit_again(units: Any, today: date) -> Any:
    """Units whose last visit names a day that has come."""
    last = (
        DoorVisit.objects.counted()
        .filter(unit=OuterRef("pk"))
        .order_by("-visited_on", "-pk")
        .values("next_on")[:1]
    )
    return units.annotate(next_on=Subquery(last)).filter(next_on__lte=today)


def out_of_business(units: Any) -> Any:
    return units.filter(state__in=[UnitState.SHELL, UnitState.MOVED])


@dataclass(frozen=True)
class Rates:
    """Numbers of both rates on both bases, of a community or of all."""

    name: str
    community_id: int | None
    units: int
    operating: int
    organized: int
    worked: int
    eligible: int
    eligible_organized: int
    eligible_worked: int
    missing: int
    unbuilt: int


_NUMBERS = (
    *("units", "operating", "organized", "worked"),
    *("eligible", "eligible_organized", "eligible_worked", "missing", "unbuilt"),
)


def rates_by_community(units: Any) -> list[Rates]:
    """Count in one query, in the order of the tree; `units` are `with_facts`."""
    runs = Q(state=UnitState.OPERATING)
    able = runs & Q(full__gte=OWN_BRANCH_MEMBERS)
    organized, worked = Q(form__in=ORGANIZATION_FORMS), Q(form__in=WORK_FORMS)
    rows = units.order_by().values(
        "community__organization__path", "community", "community__name"
    )
    counted = rows.annotate(
        units=Count("pk"),
        operating=Count("pk", filter=runs),
        organized=Count("pk", filter=runs & organized),
        worked=Count("pk", filter=runs & worked),
        eligible=Count("pk", filter=able),
        eligible_organized=Count("pk", filter=able & organized),
        eligible_worked=Count("pk", filter=able & worked),
        missing=Count("pk", filter=Q(state="")),
        unbuilt=Count("pk", filter=_owes_one()),
    )
    found = sorted(counted, key=lambda row: row["community__organization__path"] or "~")
    return [
        Rates(
            name=row["community__name"] or "没有登记社区",
            community_id=row["community"],
            **{key: row[key] for key in _NUMBERS},
        )
        for row in found
    ]


def sum_of(rows: list[Rates]) -> Rates:
    sums = {key: sum(getattr(row, key) for row in rows) for key in _NUMBERS}
    return Rates(name="合计", community_id=None, **sums)


def by_form(units: Any) -> list[tuple[str, int]]:
    """Operating units of each form, "" for those nobody decided."""
    rows = operating(units).order_by().values("form").annotate(number=Count("pk"))
    return list(rows.values_list("form", "number"))


@dataclass(frozen=True)
class UnitMembers:
    """Members known to work in a unit; `elsewhere`: on no roll of the portal."""

    full: int
    probationary: int
    elsewhere: int

    @property
    def all(self) -> int:
        return self.full + self.probationary


def members_of(unit: WorkUnit) -> UnitMembers:
    on_roll = Affiliation.objects.filter(
        member=OuterRef("pk"), ends_on__isnull=True, kind=AffiliationKind.ON_ROLL
    )
    rows = Member.objects.filter(home_unit=unit, status=MembershipStatus.NORMAL)
    return UnitMembers(
        **rows.aggregate(
            full=Count("pk", filter=Q(member_type=MemberType.FULL)),
            probationary=Count("pk", filter=Q(member_type=MemberType.PROBATIONARY)),
            elsewhere=Count("pk", filter=~Exists(on_roll)),
        )
    )


def organizations_near(unit: WorkUnit) -> Any:
    """Open organizations of the unit's street that it may be covered by.

    Those that cover units of its community already come first, then the others of
    the community (`nearness` 0 and 1), then the rest of the street.
    """
    if unit.community is None:
        return Organization.objects.open().annotate(nearness=Value(2)).order_by("path")
    home = unit.community.organization
    covering = Coverage.objects.open().filter(
        organization=OuterRef("pk"),
        unit__community=unit.community_id,
        form__in=ORGANIZATION_FORMS,
    )
    nearness = Case(
        When(Exists(covering), then=0),
        When(path__gte=home.path, path__lt=successor(home.path), then=1),
        default=2,
        output_field=IntegerField(),
    )
    here = Organization.objects.open().within([ancestors(home.path)[0]])
    return here.annotate(nearness=nearness).order_by("nearness", "path")


@dataclass(frozen=True)
class Proposal:
    """What the rule proposes for a unit, and the numbers it rests on."""

    form: str
    full: int
    members: int
    near: list[Organization]
    known: UnitMembers

    @property
    def label(self) -> str:
        return CoverageForm(self.form).label


def proposal_for(unit: WorkUnit, sheet: CensusSheet | None) -> Proposal:
    """Propose a form by the open sheet and the register of members; in two queries."""
    known = members_of(unit)
    full = max(known.full, sheet.full_members if sheet else 0)
    members = max(known.all, sheet.members if sheet else 0, full)
    branches = organizations_near(unit).filter(nearness__lt=2, kind="branch")
    near = list(branches[:3])
    form = propose(
        full_members=full,
        members=members,
        has_organization=unit.has_party_organization,
        is_near=bool(near),
    )
    return Proposal(form, full, members, near, known)
