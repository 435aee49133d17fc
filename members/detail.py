"""What a person's page says, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from config.lib.dates import PartialDate
from config.lib.masks import mask_address
from members import rules
from members.choices import AffiliationKind, EndReason
from members.models import Affiliation, Member
from organizations.access import Right
from organizations.models import User


@dataclass(frozen=True)
class Relation:
    """One affiliation as the page shows it; a branch out of scope has no name."""

    branch: str
    kind: str
    starts: str
    ends: str
    note: str
    is_open: bool
    end_url: str = ""
    move_url: str = ""
    transfer_url: str = ""
    reopen_url: str = ""


def basics(member: Member, today: date) -> list[tuple[str, Any]]:
    """Label and value pairs that need no mask; `member` comes with_talent_names."""
    born = f"{member.born_on.isoformat()}（{rules.age_on(member.born_on, today)}岁）"
    facts = [
        ("性别", member.get_sex_display()),
        ("民族", member.get_ethnicity_display()),
        ("出生日期", born),
        ("党员类别", member.get_category_display()),
        ("人员类别", member.get_member_type_display()),
        ("党籍状态", member.get_status_display()),
        ("入党日期", PartialDate(member.joined_on, member.joined_precision)),
        ("转正日期", _confirmed(member)),
        ("学历", member.get_education_display()),
        ("学位", member.degree),
        ("工作单位", member.home_unit),
        ("工作岗位", member.get_job_post_display()),
        ("职务", member.job_title),
        ("居住社区", member.community),
        ("籍贯", member.native_place),
        ("流动党员", "是" if member.is_mobile else "否"),
        ("特长", _talents(member)),
    ]
    if member.is_lost:
        since = member.lost_since.isoformat() if member.lost_since else "日期未填"
        facts.append(("失联", f"是（{since}起）"))
    if member.note:
        facts.append(("备注", member.note))
    return facts


def _talents(member: Member) -> str:
    return "、".join(sorted((member.talent_names or "").split("、")))


def _confirmed(member: Member) -> str:
    if member.confirmed_on:
        return str(PartialDate(member.confirmed_on, member.confirmed_precision))
    if member.member_type == Member.Type.PROBATIONARY:
        return f"预备期至{member.probation_ends_on}"
    return ""


def sensitive_facts(member: Member, fields: set[str]) -> list[dict[str, str]]:
    """Masked values; `reveal_url` only for those in `fields` that hold something."""
    shown = (
        ("id_number", "公民身份号码", member.masked_id_number),
        ("phone", "手机号码", member.masked_phone),
        ("address", "现居住地", member.masked_address),
        ("household_address", "户籍所在地", mask_address(member.household_address)),
    )
    return [
        {
            "field": field,
            "label": label,
            "masked": masked,
            "reveal_url": reverse("members:reveal", args=[member.pk, field])
            if masked and field in fields
            else "",
        }
        for field, label, masked in shown
    ]


def relations(affiliations: Iterable[Affiliation], user: User) -> list[Relation]:
    """Every affiliation, the newest first; those out of scope stay without a name."""
    return [_relation(affiliation, user) for affiliation in affiliations]


def _relation(affiliation: Affiliation, user: User) -> Relation:
    organization = affiliation.organization
    is_visible = user.has_right_at(Right.VIEW_MEMBERS, organization)
    is_open = affiliation.ends_on is None
    may_edit = is_open and user.has_right_at(Right.EDIT_MEMBERS, organization)
    may_reopen = (
        not is_open
        and affiliation.end_reason != EndReason.MOVED_WITHIN
        and user.has_right_at(Right.SETTLE_CLAIMS, organization)
    )
    starts, ends = f"{affiliation.starts_on}", ""
    if is_visible:
        starts += f"，{affiliation.get_start_reason_display()}"
    if not is_open:
        ends = f"{affiliation.ends_on}"
        if is_visible:
            ends += f"，{affiliation.get_end_reason_display()}"
    pk = [affiliation.pk]
    return Relation(
        branch=str(organization) if is_visible else "其他党组织",
        kind=affiliation.get_kind_display(),
        starts=starts,
        ends=ends,
        note=affiliation.note if is_visible else "",
        is_open=is_open,
        end_url=reverse("members:affiliation-end", args=pk) if may_edit else "",
        move_url=reverse("members:affiliation-move", args=pk) if may_edit else "",
        transfer_url=reverse("members:transfer-add", args=pk)
        if may_edit and affiliation.kind == AffiliationKind.ON_ROLL
        else "",
        reopen_url=reverse("members:affiliation-reopen", args=pk) if may_reopen else "",
    )
