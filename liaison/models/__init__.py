from liaison.models.agreement import Agreement, AgreementParty, Clause, ListItem
from liaison.models.authority import Authority, AuthorityContact, Exchange
from liaison.models.briefing import Briefing, BriefingRead
from liaison.models.card import CardEntry, LiaisonCard
from liaison.models.check import FeedbackCheck
from liaison.models.conference import (
    Conference,
    ConferenceDelegate,
    ConferenceSeat,
)
from liaison.models.decision import (
    AgendaItem,
    ConferenceAttendance,
    ConferenceDecision,
    DecisionNote,
)
from liaison.models.feedback import (
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    Receipt,
)
from liaison.models.meeting import ConferenceMeeting, ConferenceTopic, MeetingLink
from liaison.models.obligation import (
    AgreementReport,
    Evidence,
    Obligation,
    ResourceUse,
)
from liaison.models.own import CardLink, EntryProposal
from liaison.models.pair import (
    Pair,
    PairActivity,
    PairOutcome,
    PairPartner,
    PairTask,
)
from liaison.models.post import ClaimPost, PostClaim
from liaison.models.reminder import Reminder
from liaison.models.report import MemberAnswer, UnitReport
from liaison.models.schedule import UnitSchedule
from liaison.models.year import CardSummary, PlannedInvitation

__all__ = [
    "AgendaItem",
    "Agreement",
    "AgreementParty",
    "AgreementReport",
    "Authority",
    "AuthorityContact",
    "Briefing",
    "BriefingRead",
    "CardEntry",
    "CardLink",
    "CardSummary",
    "ClaimPost",
    "Clause",
    "Conference",
    "ConferenceAttendance",
    "ConferenceDecision",
    "ConferenceDelegate",
    "ConferenceMeeting",
    "ConferenceSeat",
    "ConferenceTopic",
    "DecisionNote",
    "Delivery",
    "EntryProposal",
    "Evidence",
    "Exchange",
    "FeedbackCheck",
    "FeedbackPacket",
    "FeedbackPeriod",
    "FeedbackRemark",
    "LiaisonCard",
    "ListItem",
    "MeetingLink",
    "MemberAnswer",
    "Obligation",
    "Pair",
    "PairActivity",
    "PairOutcome",
    "PairPartner",
    "PairTask",
    "PlannedInvitation",
    "PostClaim",
    "Receipt",
    "Reminder",
    "ResourceUse",
    "UnitReport",
    "UnitSchedule",
]
