"""Reads of people and their relations. Every one begins at `visible_to`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    When,
)

from config.lib.paths import below as roots_below
from config.lib.paths import successor
from members.choices import AffiliationKind, MembershipStatus, MemberType
from organizations.models import Organization
from organizations.querysets import within

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import User


# The branch that educates a person: where he lives before where he belongs.
NEARNESS = Case(
    When(kind=AffiliationKind.CO_MANAGED, then=0),
    When(kind=AffiliationKind.MOBILE_IN, then=1),
    default=2,
    output_field=IntegerField(),
)


class _Joined(Func):
    """The values of a column in one text.

    A plain Func, so that a subquery is not grouped by the rows it joins.
    """

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, '、')"
    output_field = CharField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


class _BelongsBelow(Func):
    """Whether a person has an open affiliation under one of these roots.

    `organization__in` of one queryset in another, written as SQL: Django takes longer
    to put the two together than the database to answer, and every list asks.
    """

    output_field = BooleanField()

    def __init__(self, roots: tuple[str, ...], kinds: tuple[str, ...]) -> None:
        super().__init__(F("pk"))
        self.roots, self.kinds = roots, kinds

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        person, params = compiler.compile(self.source_expressions[0])
        paths = " OR ".join(["(o.path >= %s AND o.path < %s)"] * len(self.roots))
        bounds = [end for root in self.roots for end in (root, successor(root))]
        kinds = f" AND a.kind IN ({', '.join(['%s'] * len(self.kinds))})"
        return (
            f"({person} IN (SELECT a.member_id FROM members_affiliation a"
            f" WHERE a.ends_on IS NULL{kinds if self.kinds else ''}"
            " AND a.organization_id IN"
            f" (SELECT o.id FROM organizations_organization o WHERE {paths})))"
        ), [*params, *self.kinds, *bounds]


class MemberQuerySet(models.QuerySet):
    def visible_to(
        self, user: User, *, below: Organization | None = None, kind: str = ""
    ) -> MemberQuerySet:
        """Members with an open affiliation in a subtree where `user` sees members.

        `below` and `kind` narrow that same affiliation.
        """
        roots = user.member_paths
        if below is not None:
            roots = roots_below(roots, below.path)
        return self._belonging(roots, *([kind] if kind else []))

    def editable_by(self, user: User) -> MemberQuerySet:
        """Members with an open affiliation where `user` may edit members."""
        return self._belonging(user.rights_paths("edit_members"))

    def cared_for_by(self, user: User) -> MemberQuerySet:
        """Members on a roll where `user` sees who is in difficulty."""
        roots = user.rights_paths("view_hardship")
        return self._belonging(roots, AffiliationKind.ON_ROLL)

    def formerly_in(self, user: User) -> MemberQuerySet:
        """People without an open affiliation who once belonged to the street.

        Kept out of everybody's sight but that of the staff who settle claims: what
        cannot be deleted is only stored (《个人信息保护法》第四十七条).
        """
        ended = self._affiliations().filter(
            organization__in=Organization.objects.with_right(user, "settle_claims")
        )
        return self.filter(pk__in=ended.values("member_id")).exclude(
            pk__in=self._affiliations().open().values("member_id")
        )

    def readable_by(self, user: User) -> MemberQuerySet:
        """`visible_to`, and for street staff also those who have left."""
        visible = self.visible_to(user)
        if not user.has_right("settle_claims"):
            return visible
        return visible | self.formerly_in(user)

    def in_subtree(self, organization: Organization, *kinds: str) -> MemberQuerySet:
        """Members with an open affiliation of one of `kinds` (all) below there."""
        return self._belonging([organization.path], *kinds)

    def on_roll(self) -> MemberQuerySet:
        """Members whose formal relation is open; only they count in statistics."""
        return self.filter(
            pk__in=self._affiliations()
            .open()
            .filter(kind=AffiliationKind.ON_ROLL)
            .values("member_id")
        )

    def may_be_elected_in(self, organization: Organization) -> MemberQuerySet:
        """Full members in good standing on a roll below there: they vote and stand.

        Source: 《中国共产党基层组织选举工作条例》(正式党员有表决权、选举权、被选举权).
        """
        return self.in_subtree(organization, AffiliationKind.ON_ROLL).filter(
            member_type=MemberType.FULL, status=MembershipStatus.NORMAL
        )

    def with_branch(self) -> MemberQuerySet:
        """Annotate `branch_id` and `branch_name` of the open on-roll affiliation."""
        on_roll = (
            self._affiliations()
            .open()
            .filter(member_id=OuterRef("pk"), kind=AffiliationKind.ON_ROLL)
        )
        return self.annotate(
            branch_id=Subquery(on_roll.values("organization_id")[:1]),
            branch_name=Subquery(on_roll.values("organization__short_name")[:1]),
        )

    def with_talent_names(self) -> MemberQuerySet:
        """Annotate `talent_names`, joined by 、 (None without any)."""
        talents = self.model._meta.get_field("talents").related_model.objects
        names = talents.filter(member=OuterRef("pk")).order_by()
        return self.annotate(
            talent_names=Subquery(names.values(joined=_Joined("name")))
        )

    def _affiliations(self) -> AffiliationQuerySet:
        # By the relation, since this module is loaded before the models.
        return self.model._meta.get_field("affiliations").related_model.objects.all()

    def _belonging(self, roots: list[str], *kinds: str) -> MemberQuerySet:
        if not roots:
            return self.none()
        return self.filter(_BelongsBelow(tuple(roots), tuple(map(str, kinds))))


class AffiliationQuerySet(models.QuerySet):
    def open(self) -> AffiliationQuerySet:
        return self.filter(ends_on__isnull=True)

    def educating(self) -> AffiliationQuerySet:
        """The one open affiliation of each person whose branch educates that person.

        Where a person lives counts before where the relation lies: co-managed, then
        mobile-in, then on-roll. One row a person, so that figures add up.
        """
        # A roll is never nearer than anything: nobody is on two of them
        # (`members_affiliation_one_open_on_roll`). Most relations need no look so.
        nearer = (
            self.model.objects.open()
            .filter(member_id=OuterRef("member_id"))
            .exclude(kind=AffiliationKind.ON_ROLL)
            .annotate(other_rank=NEARNESS)
            .filter(
                Q(other_rank__lt=OuterRef("rank"))
                | Q(other_rank=OuterRef("rank"), pk__lt=OuterRef("pk"))
            )
        )
        return self.open().annotate(rank=NEARNESS).filter(~Exists(nearer))

    def in_force_on(self, day: date) -> AffiliationQuerySet:
        """Affiliations that hold on `day`, [starts_on, ends_on)."""
        return self.filter(starts_on__lte=day).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )

    def educating_on(self, day: date) -> AffiliationQuerySet:
        """The one affiliation of each person that educated him on `day`."""
        nearer = (
            self.model.objects.in_force_on(day)
            .filter(member_id=OuterRef("member_id"))
            .annotate(other_rank=NEARNESS)
            .filter(
                Q(other_rank__lt=OuterRef("rank"))
                | Q(other_rank=OuterRef("rank"), pk__lt=OuterRef("pk"))
            )
        )
        return self.in_force_on(day).annotate(rank=NEARNESS).filter(~Exists(nearer))

    def visible_to(self, user: User) -> AffiliationQuerySet:
        """Affiliations, open and ended, where `user` sees members."""
        # By the relation itself: the lists show the organization's name as well.
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()
