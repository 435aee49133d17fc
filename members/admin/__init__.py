"""The browser admin of members."""

from members.admin.development import ApplicantAdmin
from members.admin.dues import CommendationAdmin, DuesMonthAdmin
from members.admin.employment import EmploymentSpellAdmin, HelpStepAdmin, LeadAdmin
from members.admin.mobile import MobileStayAdmin
from members.admin.people import (
    AffiliationAdmin,
    DuplicateClaimAdmin,
    MemberAdmin,
    TalentAdmin,
)
from members.admin.reporting import PlaqueAdmin, ReportSlipAdmin
from members.admin.standing import LostCaseAdmin, MembershipDecisionAdmin
from members.admin.transfers import TransferAdmin

__all__ = [
    "AffiliationAdmin",
    "ApplicantAdmin",
    "CommendationAdmin",
    "DuesMonthAdmin",
    "DuplicateClaimAdmin",
    "EmploymentSpellAdmin",
    "HelpStepAdmin",
    "LeadAdmin",
    "LostCaseAdmin",
    "MemberAdmin",
    "MembershipDecisionAdmin",
    "MobileStayAdmin",
    "PlaqueAdmin",
    "ReportSlipAdmin",
    "TalentAdmin",
    "TransferAdmin",
]
