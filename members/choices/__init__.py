"""Code values of the members app: stored in English, shown in Chinese."""

from members.choices.lists import (
    EDUCATION,
    ETHNIC_GROUPS,
    JOB_POSTS,
)
from members.choices.people import (
    AffiliationKind,
    Category,
    EndReason,
    MembershipStatus,
    MemberType,
    Precision,
    Sex,
    StartReason,
)
from members.choices.roster import (
    ClaimState,
    RosterState,
    RowVerdict,
)
from members.choices.transfers import (
    TransferDestination,
    TransferDirection,
    TransferState,
)

__all__ = [
    "EDUCATION",
    "ETHNIC_GROUPS",
    "JOB_POSTS",
    "AffiliationKind",
    "Category",
    "ClaimState",
    "EndReason",
    "MemberType",
    "MembershipStatus",
    "Precision",
    "RosterState",
    "RowVerdict",
    "Sex",
    "StartReason",
    "TransferDestination",
    "TransferDirection",
    "TransferState",
]
