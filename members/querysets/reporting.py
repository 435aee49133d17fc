"""Reads of report slips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

from members.choices.people import AffiliationKind
from members.choices.reporting import SlipState
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class ReportSlipQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ReportSlipQuerySet:
        """Slips addressed to, or accepted into, where `user` sees members."""
        asked = within(user.member_paths, "organization__path")
        taken = within(user.member_paths, "branch__path")
        if asked is None or taken is None:
            return self.none()
        return self.filter(asked | taken)

    def received(self) -> ReportSlipQuerySet:
        return self.filter(state=SlipState.RECEIVED)

    def doubled(self) -> ReportSlipQuerySet:
        """Waiting slips of somebody who waits, or is co-managed, elsewhere as well."""
        others = (
            self.model._base_manager.filter(
                id_index=OuterRef("id_index"), state=SlipState.RECEIVED
            )
            .exclude(pk=OuterRef("pk"))
            .order_by()
        )
        member = self.model._meta.get_field("member").related_model
        relations = member._meta.get_field("affiliations").related_model
        held = relations.objects.open().filter(kind=AffiliationKind.CO_MANAGED)
        # Whom a number belongs to is found by an index, for each slip that waits.
        person = member._base_manager.filter(id_index=OuterRef("id_index"))
        return (
            self.received()
            .alias(person_id=Subquery(person.order_by().values("pk")[:1]))
            .filter(
                Q(Exists(others)) | Q(person_id__in=held.order_by().values("member_id"))
            )
        )
