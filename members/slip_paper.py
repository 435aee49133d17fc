"""A report slip on paper: what stands on it, filled in or left to be written.

Numbers, phones and addresses stay off the paper; whoever needs them writes them in.
Source: 在职党员“双报到”做法，一单一表一卡（报到单附受理意见和回执）.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.choices.reporting import SlipState
from members.models import ReportSlip


@dataclass(frozen=True)
class SlipPaper:
    """A slip, its acceptance and its receipt; what is "" or None is left blank."""

    name: str
    unit: str
    community: str
    member_type: str = ""
    job_title: str = ""
    skills: str = ""
    wishes: str = ""
    reported_on: date | None = None
    branch: str = ""
    settled_on: date | None = None
    number: str = ""


def paper_of(slip: ReportSlip) -> SlipPaper:
    """The paper of a slip; acceptance and receipt are filled in once it is accepted."""
    is_accepted = slip.state == SlipState.ACCEPTED
    return SlipPaper(
        name=slip.name,
        unit=slip.unit_label,
        community=str(slip.community),
        member_type=slip.get_member_type_display(),
        job_title=slip.job_title,
        skills=slip.skills,
        wishes=slip.wishes,
        reported_on=slip.reported_on,
        branch=str(slip.branch) if is_accepted and slip.branch else "",
        settled_on=slip.settled_on if is_accepted else None,
        number=f"BD{slip.pk:06d}",
    )
