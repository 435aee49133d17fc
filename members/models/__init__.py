from members.models.affiliation import Affiliation
from members.models.claim import DuplicateClaim
from members.models.member import Member, Talent
from members.models.roster import ColumnMapping, RosterBatch, RosterRow

__all__ = [
    "Affiliation",
    "ColumnMapping",
    "DuplicateClaim",
    "Member",
    "RosterBatch",
    "RosterRow",
    "Talent",
]
