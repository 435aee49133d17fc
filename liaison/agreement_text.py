"""The text of an agreement as a Word document, in the street's own wording.

The wording is a parameter of plain paragraphs; what stands in braces is filled in from
the agreement. It is never run, so that no template can do anything.
"""

from __future__ import annotations

import re
from datetime import datetime

from config.lib.docx import Paper
from config.lib.tags import cn_date
from liaison.choices.agreements import ListKind
from liaison.models import Agreement, ListItem
from liaison.parameters.agreements import AGREEMENT_WORDS
from organizations import parameters

_MARK = re.compile(r"\{([^{}]*)\}")
_BLANK = "\uff3f" * 6  # to be written on


def paragraphs_of(agreement: Agreement) -> list[str]:
    """The text from top to bottom.

    `agreement` comes with its organization and witness; a paragraph that stands for
    several lines becomes several.
    """
    known = _known(agreement)
    lines: list[str] = []
    for paragraph in parameters.get(AGREEMENT_WORDS.key):
        whole = _MARK.fullmatch(paragraph.strip())
        if whole:
            lines += known[whole[1]].splitlines()
        else:
            filled = _MARK.sub(lambda found: known[found[1]], paragraph)
            lines += filled.splitlines()
    return lines


def document(agreement: Agreement, author: str, at: datetime) -> bytes:
    paper = Paper(agreement.title, author, at)
    paper.title(agreement.title)
    if agreement.number:
        paper.right(f"编号：{agreement.number}")
    for line in paragraphs_of(agreement):
        paper.body(line)
    return paper.content()


def _known(agreement: Agreement) -> dict[str, str]:
    parties = list(agreement.parties.select_related("unit"))
    clauses = agreement.clauses.select_related("party__unit")
    items = list(
        agreement.items.filter(removed_at__isnull=True).select_related("party__unit")
    )
    home = str(agreement.organization)
    return {
        "甲方": home,
        "乙方": "、".join(str(party.unit) for party in parties),
        "见证方": str(agreement.witness or home),
        "协议名称": agreement.title,
        "共建目标": agreement.purpose or _BLANK,
        "生效日期": cn_date(agreement.starts_on),
        "到期日期": cn_date(agreement.ends_on),
        "条款": "\n".join(
            f"{clause}　{clause.words}（{promise_of(clause)}）" for clause in clauses
        ),
        "资源清单": _list(items, ListKind.RESOURCE),
        "需求清单": _list(items, ListKind.NEED),
        "项目清单": _list(items, ListKind.PROJECT),
        "签字栏": "\n".join(
            f"{side}（盖章）　负责人签字：{_BLANK}　日期：{_BLANK}"
            for side in (
                f"甲方：{home}",
                *(f"乙方：{party.unit}" for party in parties),
                f"见证方：{agreement.witness or home}",
            )
        ),
    }


def promise_of(clause) -> str:
    """Who does it, how often, by when: “江滨中学，每季度1次”."""
    owner = str(clause.party.unit) if clause.party else "社区"
    if clause.due_on is not None:
        return f"{owner}，{clause.due_on:%Y-%m-%d}前{clause.times}次"
    return f"{owner}，{clause.get_rhythm_display()}{clause.times}次"


def _list(items: list[ListItem], kind: str) -> str:
    label = ListKind(kind).label
    lines = [
        f"{label}{number}　{item.words}（{'，'.join(_details(item))}）"
        for number, item in enumerate(
            (item for item in items if item.kind == kind), start=1
        )
    ]
    return "\n".join(lines) or f"{label}清单：暂无，履行中补充。"


def _details(item: ListItem) -> list[str]:
    owner = str(item.party.unit) if item.party else "社区"
    due = f"{item.due_on:%Y-%m-%d}前" if item.due_on else ""
    found = (owner, item.get_category_display(), item.amount, item.available, due)
    return [each for each in found if each]
