"""One slip, one form, one card (一单一表一卡): what the printed set says."""

from __future__ import annotations

from typing import Any

from liaison.models import LiaisonCard
from members.models import Member, ReportSlip
from members.slip_paper import SlipPaper, paper_of
from organizations.models import Community


def slip_of(card: LiaisonCard, slip: ReportSlip | None, community: str) -> SlipPaper:
    """The slip that was reported with, or one to be filled in where none was."""
    if slip is not None:
        return paper_of(slip)
    return SlipPaper(
        name=card.member.name,
        unit=card.home_unit.name,
        community=community,
        wishes=card.wishes,
    )


def form_rows(
    card: LiaisonCard, member: Member | None, talents: str
) -> list[tuple[tuple[str, Any], tuple[str, Any]]]:
    """Label and value of the registration form, two a row; phones are written in.

    `member` is None where the reader sees him no more: then the card alone speaks.
    """
    return [
        (("姓名", card.member.name), ("性别", member and member.get_sex_display())),
        (
            ("出生年月", member and f"{member.born_on:%Y年%m月}"),
            ("民族", member and member.get_ethnicity_display()),
        ),
        (
            ("文化程度", member and member.get_education_display()),
            ("入党日期", member and f"{member.joined_on:%Y年%m月}"),
        ),
        (("工作单位", card.home_unit.name), ("职务", member and member.job_title)),
        (("职业", card.profession), ("特长", talents)),
        (("居住社区", member and member.community), ("联系电话", "")),
        (("服务意向", card.wishes), ("空闲时间", card.free_time)),
        (("编入党支部", card.organization.short_name), ("卡号", card.number)),
    ]


def community_of(card: LiaisonCard, member: Member | None) -> str:
    """Where the member lives, else the place above the card's branch."""
    living: Community | None = member.community if member is not None else None
    return str(living or card.organization.parent or card.organization)
