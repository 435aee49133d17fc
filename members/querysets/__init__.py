"""Reads of the members app. Every read of a person begins at `visible_to`."""

from members.querysets.people import (
    NEARNESS,
    AffiliationQuerySet,
    MemberQuerySet,
)
from members.querysets.roster import (
    DuplicateClaimQuerySet,
    RosterBatchQuerySet,
)
from members.querysets.transfers import (
    TransferQuerySet,
)

__all__ = [
    "NEARNESS",
    "AffiliationQuerySet",
    "DuplicateClaimQuerySet",
    "MemberQuerySet",
    "RosterBatchQuerySet",
    "TransferQuerySet",
]
