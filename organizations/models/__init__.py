from organizations.models.audit import AuditEvent
from organizations.models.coverage import CensusSheet, Coverage, DoorVisit
from organizations.models.fund import (
    FundLine,
    FundProject,
    FundReceipt,
    FundStep,
    FundYear,
)
from organizations.models.fund_payment import FundPayment
from organizations.models.job import Job
from organizations.models.matter import (
    DelegatedMatter,
    DelegationStep,
    MatterArrival,
)
from organizations.models.organization import Building, Community, Organization
from organizations.models.outline import CommunityOutline
from organizations.models.parameter import Parameter
from organizations.models.post import Post
from organizations.models.registry import RegistryDifference, RegistryList
from organizations.models.room import Room, RoomStation
from organizations.models.room_asset import RoomAsset
from organizations.models.room_use import RoomBooking, RoomOpening
from organizations.models.second_factor import RecoveryCode, TotpDevice
from organizations.models.stored_file import StoredFile
from organizations.models.term import Election, Term, TermChange
from organizations.models.user import PasswordRecord, User
from organizations.models.work_unit import WorkUnit

__all__ = [
    "AuditEvent",
    "Building",
    "CensusSheet",
    "Community",
    "CommunityOutline",
    "Coverage",
    "DelegatedMatter",
    "DelegationStep",
    "DoorVisit",
    "Election",
    "FundLine",
    "FundPayment",
    "FundProject",
    "FundReceipt",
    "FundStep",
    "FundYear",
    "Job",
    "MatterArrival",
    "Organization",
    "Parameter",
    "PasswordRecord",
    "Post",
    "RecoveryCode",
    "RegistryDifference",
    "RegistryList",
    "Room",
    "RoomAsset",
    "RoomBooking",
    "RoomOpening",
    "RoomStation",
    "StoredFile",
    "Term",
    "TermChange",
    "TotpDevice",
    "User",
    "WorkUnit",
]
