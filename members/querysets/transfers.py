"""Reads of relations on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from members.choices import TransferState
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import Organization, User


class TransferQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TransferQuerySet:
        """Transfers out of or into a branch where `user` sees members.

        The branch that is asked to take somebody sees the transfer, and no more of
        the person than stands on it, before the relation is its own.
        """
        leaving = within(user.member_paths, "source__path")
        coming = within(user.member_paths, "target__path")
        if leaving is None or coming is None:
            return self.none()
        return self.filter(leaving | coming)

    def waiting(self) -> TransferQuerySet:
        """Those on their way: neither accepted nor given up."""
        return self.filter(state__in=[TransferState.DRAFTED, TransferState.ISSUED])

    def under_way(self) -> TransferQuerySet:
        """Those that may still come to something: also the letters past or lost."""
        return self.filter(
            state__in=[
                TransferState.DRAFTED,
                TransferState.ISSUED,
                TransferState.EXPIRED,
                TransferState.LOST,
            ],
            replaced_by=None,
        )

    def of_branch(self, branch: Organization) -> TransferQuerySet:
        """From a branch or to it."""
        return self.filter(Q(source=branch) | Q(target=branch))


class TransferBatchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TransferBatchQuerySet:
        """Batches in which `user` sees a transfer."""
        transfers = self.model._meta.get_field("transfers").related_model.objects
        seen = transfers.visible_to(user).filter(batch=OuterRef("pk"))
        return self.filter(Exists(seen))
