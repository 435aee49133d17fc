from members.models.affiliation import Affiliation
from members.models.claim import DuplicateClaim
from members.models.commendation import Commendation
from members.models.comment import ResidentComment
from members.models.contact import Contact
from members.models.development import Applicant, DevelopmentStep
from members.models.dues import DuesBase, DuesMonth, DuesStanding
from members.models.employment import (
    EmploymentNeed,
    EmploymentSpell,
    HelpStep,
    Lead,
)
from members.models.hardship import HardshipAid, HardshipCase, HardshipFinding
from members.models.instructor import (
    Instructor,
    InstructorAppraisal,
    InstructorPosting,
    InstructorRecord,
)
from members.models.lost import LostCase, OutOfTouch, SearchStep
from members.models.member import Member, Talent
from members.models.merge import DuplicatePair, MemberMerge
from members.models.mobile import MobileStay
from members.models.mutual import AidDrive, AidFund, AidPayment, Donation
from members.models.plaque import Plaque, PlaqueMember
from members.models.reporting import ReportSlip
from members.models.roster import ColumnMapping, RosterBatch, RosterRow
from members.models.standing import MembershipDecision
from members.models.team import Candidate, Officer
from members.models.transfer import LetterCounter, Transfer, TransferBatch

__all__ = [
    "Affiliation",
    "AidDrive",
    "AidFund",
    "AidPayment",
    "Applicant",
    "Candidate",
    "ColumnMapping",
    "Commendation",
    "Contact",
    "DevelopmentStep",
    "Donation",
    "DuesBase",
    "DuesMonth",
    "DuesStanding",
    "DuplicateClaim",
    "DuplicatePair",
    "EmploymentNeed",
    "EmploymentSpell",
    "HardshipAid",
    "HardshipCase",
    "HardshipFinding",
    "HelpStep",
    "Instructor",
    "InstructorAppraisal",
    "InstructorPosting",
    "InstructorRecord",
    "Lead",
    "LetterCounter",
    "LostCase",
    "Member",
    "MemberMerge",
    "MembershipDecision",
    "MobileStay",
    "Officer",
    "OutOfTouch",
    "Plaque",
    "PlaqueMember",
    "ReportSlip",
    "ResidentComment",
    "RosterBatch",
    "RosterRow",
    "SearchStep",
    "Talent",
    "Transfer",
    "TransferBatch",
]
