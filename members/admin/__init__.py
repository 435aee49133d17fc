"""The browser admin of members."""

from members.admin.people import (
    AffiliationAdmin,
    DuplicateClaimAdmin,
    MemberAdmin,
    TalentAdmin,
)
from members.admin.transfers import TransferAdmin

__all__ = [
    "AffiliationAdmin",
    "DuplicateClaimAdmin",
    "MemberAdmin",
    "TalentAdmin",
    "TransferAdmin",
]
