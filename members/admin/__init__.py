"""The browser admin of members."""

from members.admin.development import ApplicantAdmin
from members.admin.people import (
    AffiliationAdmin,
    DuplicateClaimAdmin,
    MemberAdmin,
    TalentAdmin,
)
from members.admin.transfers import TransferAdmin

__all__ = [
    "AffiliationAdmin",
    "ApplicantAdmin",
    "DuplicateClaimAdmin",
    "MemberAdmin",
    "TalentAdmin",
    "TransferAdmin",
]
