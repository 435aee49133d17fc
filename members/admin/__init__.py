"""The browser admin of members."""

from members.admin.people import (
    AffiliationAdmin,
    DuplicateClaimAdmin,
    MemberAdmin,
    TalentAdmin,
)

__all__ = ["AffiliationAdmin", "DuplicateClaimAdmin", "MemberAdmin", "TalentAdmin"]
