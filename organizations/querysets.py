"""Reads of the organizations app; `visible_to` is the only door to personal rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BooleanField, F, Func, Q

from config.lib.paths import ancestors, successor
from organizations.choices import FilePurpose, JobState

if TYPE_CHECKING:
    from organizations.models import User


def within(paths: Iterable[str], field: str = "path") -> Q | None:
    """Condition for rows in the subtrees rooted at `paths`; None when there is none."""
    wanted = Q()
    for path in paths:
        wanted |= Q(**{f"{field}__gte": path, f"{field}__lt": successor(path)})
    return wanted or None


class LiesBelow(Func):
    """Whether an organization, named by its foreign key, lies under one of `roots`.

    `organization__in` of a queryset, written as SQL: Django takes longer to put one
    queryset into another than the database to answer, and every list asks.
    """

    output_field = BooleanField()

    def __init__(self, roots: tuple[str, ...], field: str = "organization") -> None:
        super().__init__(F(field))
        self.roots = roots

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        organization, params = compiler.compile(self.source_expressions[0])
        paths = " OR ".join(["(o.path >= %s AND o.path < %s)"] * len(self.roots))
        bounds = [end for root in self.roots for end in (root, successor(root))]
        return (
            f"({organization} IN"
            f" (SELECT o.id FROM organizations_organization o WHERE {paths}))"
        ), [*params, *bounds]


class BelowQuerySet(models.QuerySet):
    """Rows that belong to an organization, directly or by a relation."""

    def lying_below(self, roots: Iterable[str], field: str = "organization"):
        """Rows whose organization lies in the subtrees at `roots`; none without."""
        roots = tuple(roots)
        return self.filter(LiesBelow(roots, field)) if roots else self.none()


class OrganizationQuerySet(models.QuerySet):
    def within(self, paths: Iterable[str]) -> OrganizationQuerySet:
        """Organizations in the subtrees rooted at `paths`."""
        wanted = within(paths)
        return self.filter(wanted) if wanted is not None else self.none()

    def subtree(self, organization) -> OrganizationQuerySet:
        return self.within([organization.path])

    def ancestors_of(self, path: str) -> OrganizationQuerySet:
        """The organization at `path` and all above it, root first."""
        return self.filter(path__in=ancestors(path)).order_by("path")

    def visible_to(self, user: User) -> OrganizationQuerySet:
        """Organizations whose place in the tree `user` may see today."""
        return self.within(user.structure_paths)

    def with_members_visible_to(self, user: User) -> OrganizationQuerySet:
        """Organizations whose members `user` may see today."""
        return self.within(user.member_paths)

    def with_right(self, user: User, right: str) -> OrganizationQuerySet:
        """Organizations where a current post of `user` gives `right`."""
        return self.within(user.rights_paths(right))

    def open(self) -> OrganizationQuerySet:
        return self.filter(closed_on__isnull=True)

    def term_ends(self, first: date, last: date) -> OrganizationQuerySet:
        """Open organizations whose term ends from `first` to `last`, both included."""
        return self.open().filter(term_ends_on__gte=first, term_ends_on__lte=last)

    def term_over(self, today: date) -> OrganizationQuerySet:
        """Open organizations whose term has ended before `today`."""
        return self.open().filter(term_ends_on__lt=today)

    def branches(self) -> OrganizationQuerySet:
        """Organizations that members belong to directly."""
        return self.filter(kind="branch")


class CommunityQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> CommunityQuerySet:
        wanted = within(user.structure_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def offered_to(self, user: User) -> CommunityQuerySet:
        """Communities that `user` may name: all of his street, none of another.

        Where somebody lives is chosen among public places; pages about a community
        stay with `visible_to`.
        """
        streets = {ancestors(path)[0] for path in user.structure_paths}
        wanted = within(sorted(streets), "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class CommunityOutlineQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CommunityOutlineQuerySet:
        """Of communities that `user` sees; the map draws the others of his street."""
        wanted = within(user.structure_paths, "community__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def kept_by(self, user: User) -> CommunityOutlineQuerySet:
        """Of communities that `user` maintains."""
        paths = user.rights_paths("manage_organizations")
        wanted = within(paths, "community__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class OfOrganizationQuerySet(models.QuerySet):
    """Rows of an organization that name nobody: whoever sees its place reads them."""

    def visible_to(self, user: User):
        wanted = within(user.structure_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class ElectionQuerySet(OfOrganizationQuerySet):
    def counted(self):
        return self.filter(withdrawn_at__isnull=True)

    def waiting(self):
        """Those whose result the higher organization has not approved yet."""
        return self.counted().filter(approved_on__isnull=True)


class TermQuerySet(OfOrganizationQuerySet):
    def current(self):
        """Terms that nobody was elected after."""
        return self.filter(ended_on__isnull=True)


class WorkUnitQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> WorkUnitQuerySet:
        """Units are no personal data: whoever works in the tree may name them."""
        if user.structure_paths:
            return self.all()
        return self.filter(pk__in=user.contact_unit_ids)


class PostQuerySet(models.QuerySet):
    def in_force(self, today: date) -> PostQuerySet:
        return self.filter(starts_on__lte=today).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today)
        )

    def in_force_after(self, day: date) -> PostQuerySet:
        """Posts that last beyond `day`, begun or not."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def visible_to(self, user: User) -> PostQuerySet:
        """Posts in the subtrees where `user` manages accounts."""
        from_here = within(user.rights_paths("manage_users"), "organization__path")
        if from_here is None:
            return self.none()
        return self.filter(from_here | Q(work_unit__isnull=False))


class UserQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> UserQuerySet:
        """Accounts that `user` manages or audits; everybody else sees their own.

        Managed are accounts with a post in the subtrees where `user` manages
        accounts, contact persons, and those that have no post yet.
        """
        if user.has_right("view_audit"):
            return self.all()
        from_here = within(user.rights_paths("manage_users"), "organization__path")
        if from_here is None:
            return self.filter(pk=user.pk)
        posts = self.model._meta.get_field("posts").related_model.objects
        elsewhere = posts.filter(organization__isnull=False).exclude(from_here)
        managed = posts.filter(from_here)
        return self.filter(
            Q(pk__in=managed.values("user"))
            | ~Q(pk__in=elsewhere.values("user"))
            | Q(pk=user.pk)
        )


class AuditEventQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AuditEventQuerySet:
        return self.all() if user.has_right("view_audit") else self.none()

    def update(self, **kwargs):
        raise TypeError("AuditEvent rows are append-only.")

    def delete(self):
        raise TypeError("AuditEvent rows are append-only.")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("AuditEvent rows are append-only.")


class JobQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> JobQuerySet:
        """A user's own jobs."""
        return self.filter(requester=user)

    def overseen_by(self, user: User) -> JobQuerySet:
        """Jobs of the accounts that `user` manages, to see that the queue moves."""
        users = self.model._meta.get_field("requester").related_model.objects
        return self.filter(requester__in=users.visible_to(user))

    def open(self) -> JobQuerySet:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])


class StoredFileQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """Files of the places whose people `user` sees; vouchers with their money."""
        wanted = within(user.member_paths, "organization__path")
        if wanted is None:
            return self.none()
        of_funds = within(user.rights_paths("view_funds"), "organization__path")
        no_voucher = ~Q(purpose=FilePurpose.VOUCHER)
        return self.filter(
            wanted, no_voucher if of_funds is None else no_voucher | of_funds
        )
