"""Reads of posts and claims: a post is public in its place, a claim names a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from config.lib.paths import ancestors
from liaison.choices.posts import LIVE, ClaimState
from organizations.access import Right
from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from organizations.models import User


class ClaimPostQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Posts of places where `user` sees members, and of the communities above.

        Whoever keeps cards of a branch records claims of its community's posts.
        """
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        above = {path for root in roots for path in ancestors(root)}
        return self.filter(
            Q(LiesBelow(roots)) | Q(organization__path__in=sorted(above))
        )

    def decided_by(self, user: User) -> Self:
        """Posts that `user` sets up, closes and decides on."""
        return self.lying_below(user.rights_paths(Right.KEEP_CARDS))

    def open(self) -> Self:
        return self.filter(closed_on__isnull=True)

    def with_numbers(self) -> Self:
        """Annotate `filled`, who holds it now, and `waiting`, claims to decide."""
        return self.annotate(
            filled=self._counted(ClaimState.AGREED),
            waiting=self._counted(ClaimState.PROPOSED),
        )

    def free(self) -> Self:
        """Open posts where somebody could still begin."""
        return self.open().with_numbers().filter(filled__lt=F("places"))

    def open_to(self, card_path: str) -> Self:
        """Open posts that a card of the organization at `card_path` may claim."""
        return self.open().filter(organization__path__in=ancestors(card_path))

    def _counted(self, state: str) -> Coalesce:
        claims = self.model._meta.get_field("claims").related_model.objects
        rows: QuerySet = claims.filter(post=OuterRef("pk"), state=state).order_by()
        number = rows.values("post").annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(number, output_field=IntegerField()), 0)


class PostClaimQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Claims by cards of branches where `user` sees members."""
        return self.lying_below(user.member_paths, "card__organization")

    def with_names(self, user: User) -> Self:
        """Annotate `is_named`: whether `user` may read whose claim it is."""
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        named = When(LiesBelow(roots, "card__organization"), then=Value(True))
        return self.annotate(
            is_named=Case(named, default=Value(False), output_field=BooleanField())
        )

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def held(self) -> Self:
        """Claims in force now."""
        return self.filter(state=ClaimState.AGREED)
