"""What stands on the letter that moves a relation, on paper and as a document alike.

Source: 《中国共产党党员组织关系介绍信》, three parts and their notes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from config.lib.docx import Paper
from config.lib.tags import cn_date, dash
from members import rules
from members.models import Transfer
from members.rules import transfers as transfer_rules

_BLANK = "\uff3f" * 6  # to be written on
_NAME = "中国共产党党员组织关系介绍信"


@dataclass(frozen=True)
class Part:
    """One part of a letter, from top to bottom."""

    title: str
    number: str
    addressee: str
    paragraphs: list[str]
    seal: list[str]
    foot: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Letter:
    """The sheet of one transfer; a reply has its receipt alone."""

    parts: list[Part]

    def write(self, paper: Paper) -> None:
        for number, part in enumerate(self.parts):
            if number:
                paper.cut()
            paper.title(part.title)
            paper.right(part.number)
            if part.addressee:
                paper.line(f"{part.addressee}：")
            for text in part.paragraphs:
                paper.body(text)
            for text in part.seal:
                paper.right(text)
            for text in part.foot:
                paper.line(text)


def letter_of(transfer: Transfer) -> Letter:
    """Return the sheet of a numbered letter, or the reply to one that was brought.

    `transfer` comes with its member, source, target and issuer.
    """
    if transfer.serial:
        return Letter([_stub(transfer), _letter(transfer), _receipt(transfer)])
    return Letter([_reply(transfer)])


def document(letters: Iterable[Letter], title: str, author: str, at: datetime) -> bytes:
    """Return the letters as one Word document, each on a page of its own."""
    paper = Paper(title, author, at)
    for number, letter in enumerate(letters):
        if number:
            paper.new_page()
        letter.write(paper)
    return paper.content()


def _stub(transfer: Transfer) -> Part:
    member = transfer.member
    return Part(
        f"{_NAME}（存根）",
        transfer.number,
        "",
        [
            f"{member.name}同志，系中共{member.get_member_type_display()}，"
            f"组织关系由{transfer.source.name}转到{transfer.target_name}。"
        ],
        [cn_date(transfer.issued_on)],
        ["（第三联回执贴此处）"],
    )


def _letter(transfer: Transfer) -> Part:
    member, issuer = transfer.member, transfer.issuer
    age = rules.age_on(member.born_on, transfer.issued_on)
    days = transfer_rules.in_capitals(transfer.valid_days)
    paid_to = transfer.dues_paid_to
    return Part(
        _NAME,
        transfer.number,
        transfer.addressee,
        [
            f"{member.name}同志（{member.get_sex_display()}，{age}岁，"
            f"{member.get_ethnicity_display()}），系中共"
            f"{member.get_member_type_display()}，公民身份号码{member.id_number}，"
            f"由{transfer.source.name}去{transfer.target_name}，请转接组织关系。"
            f"该同志党费已交到{paid_to.year}年{paid_to.month}月。",
            f"（有效期{days}天）",
        ],
        [f"{issuer.name}（盖章）", cn_date(transfer.issued_on)],
        [
            f"党员联系电话：{dash(member.phone)}",
            f"党员原所在基层党委通讯地址：{dash(issuer.address)}",
            f"联系电话：{dash(issuer.contact_phone)}　传真：{dash(issuer.fax)}"
            f"　邮编：{dash(issuer.postcode)}",
        ],
    )


def _receipt(transfer: Transfer) -> Part:
    return Part(
        f"{_NAME}（回执）",
        transfer.number,
        transfer.issuer.name,
        [f"{transfer.member.name}同志的党员组织关系已转达我处，特此回复。"],
        ["（盖章）", "年　　月　　日"],
        [f"经办人：{_BLANK}　联系电话：{_BLANK}"],
    )


def _reply(transfer: Transfer) -> Part:
    """The receipt that goes back to whoever issued the letter."""
    return Part(
        f"{_NAME}（回执）",
        transfer.foreign_number,
        transfer.source_name,
        [
            f"{transfer.member.name}同志的党员组织关系已转达我处"
            f"（{transfer.target.name}，{cn_date(transfer.accepted_on)}接收），特此回复。"
        ],
        ["（盖章）", "年　　月　　日"],
        [f"经办人：{_BLANK}　联系电话：{_BLANK}"],
    )
