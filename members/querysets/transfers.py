"""Reads of relations on their way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices import TransferState
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


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
