"""The steps of a transfer: what each button says and asks, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from members.choices import TransferDirection, TransferState
from members.forms.transfers import (
    DayForm,
    ReissueForm,
    StepForm,
    TogetherDayForm,
    TogetherForm,
    WordsForm,
)
from members.models import Transfer
from members.rules import transfers as rules
from members.services.letters import issue_letter, issue_letters, reissue_letter
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    return_receipt,
)
from members.services.transfers_together import accept_transfers, return_receipts
from organizations.access import Right
from organizations.models import User


def holds(user: User, right: Right, transfer: Transfer) -> bool:
    return user.has_right_at(right, transfer.place)


def _issues(transfer: Transfer, user: User) -> bool:
    return holds(user, Right.ISSUE_LETTERS, transfer)


def _may_accept(transfer: Transfer, user: User) -> bool:
    """The branch that takes the person; of a letter, the branch it leaves."""
    place = transfer.target or transfer.source
    return user.has_right_at(Right.EDIT_MEMBERS, place)


def _may_give_up(transfer: Transfer, user: User) -> bool:
    right = Right.ISSUE_LETTERS if transfer.serial else Right.EDIT_MEMBERS
    return holds(user, right, transfer)


def _may_receipt(transfer: Transfer, user: User) -> bool:
    """Whoever waits for it notes that it came; the street sends its own."""
    is_sent = transfer.direction == TransferDirection.IN
    return holds(user, Right.ISSUE_LETTERS if is_sent else Right.EDIT_MEMBERS, transfer)


@dataclass(frozen=True)
class Step:
    """What a button says and asks, who may press it, and what it does.

    `wanted` is the state that follows; `coming` is what the button says of a transfer
    that comes into the street, where that differs.
    """

    label: str
    question: str
    done: str
    form: type[StepForm]
    wanted: str
    may: Callable[[Transfer, User], bool]
    take: Callable[[Transfer, User, dict[str, Any]], Transfer]
    consequences: tuple[str, ...] = ()
    coming: str = ""
    is_main: bool = True
    is_danger: bool = False

    def fits(self, transfer: Transfer) -> bool:
        """Whether the transfer stands where this step goes on from."""
        return rules.may_follow(transfer.state, self.wanted, transfer.direction)

    def is_open(self, transfer: Transfer, user: User) -> bool:
        return (
            self.fits(transfer)
            and self.may(transfer, user)
            and not hasattr(transfer, "replaced_by")
        )

    def label_for(self, transfer: Transfer) -> str:
        is_in = transfer.direction == TransferDirection.IN
        return self.coming if is_in and self.coming else self.label


class _Reissue(Step):
    def fits(self, transfer: Transfer) -> bool:
        return transfer.state in rules.REISSUABLE


STEPS: dict[str, Step] = {
    "issue": Step(
        label="开具介绍信",
        question="为{name}开具组织关系介绍信，转往{transfer.destination_name}？",
        done="已编号开具，可以打印。",
        form=StepForm,
        wanted=TransferState.ISSUED,
        may=_issues,
        take=lambda transfer, user, data: issue_letter(
            transfer_id=transfer.pk, actor=user, **data
        ),
        consequences=("编号按年度连续，开出后不能改号。", "接收之前仍由原支部负责。"),
    ),
    "accept": Step(
        label="登记接收",
        question="{transfer.destination_name}已接收{name}的组织关系？",
        done="已接收，组织关系已转。",
        form=DayForm,
        wanted=TransferState.ACCEPTED,
        may=_may_accept,
        take=lambda transfer, user, data: accept_transfer(
            transfer_id=transfer.pk,
            actor=user,
            accepted_on=data["day"],
            version=data["version"],
        ),
        consequences=(
            "从接收日期起，原支部的在册关系结束。",
            "街道内转接的，接收支部的在册关系同日开始，中间不断档。",
        ),
    ),
    "receipt": Step(
        label="登记回执",
        coming="登记已寄回执",
        question="{name}的介绍信回执已寄回？",
        done="回执已登记。",
        form=DayForm,
        wanted=TransferState.RECEIPTED,
        may=_may_receipt,
        take=lambda transfer, user, data: return_receipt(
            transfer_id=transfer.pk,
            actor=user,
            receipt_on=data["day"],
            version=data["version"],
        ),
        consequences=("转出的，请把寄回的回执贴在存根上。",),
    ),
    "reissue": _Reissue(
        label="补开介绍信",
        question="为{name}补开介绍信，代替{transfer.number}？",
        done="已补开新的介绍信。",
        form=ReissueForm,
        wanted=TransferState.ISSUED,
        may=_issues,
        take=lambda transfer, user, data: reissue_letter(
            transfer_id=transfer.pk, actor=user, **data
        ),
        consequences=("新的介绍信另编号；原件作废，不能再凭它接收。",),
    ),
    "lost": Step(
        label="登记遗失",
        question="{name}的介绍信{transfer.number}遗失了？",
        done="已登记遗失，可以补开。",
        form=WordsForm,
        wanted=TransferState.LOST,
        may=_issues,
        take=lambda transfer, user, data: give_up_transfer(
            transfer_id=transfer.pk, actor=user, state=TransferState.LOST, **data
        ),
        is_main=False,
    ),
    "withdraw": Step(
        label="撤回转接",
        coming="撤销转入登记",
        question="撤回{name}的组织关系转接？",
        done="已撤回。",
        form=WordsForm,
        wanted=TransferState.WITHDRAWN,
        may=_may_give_up,
        take=lambda transfer, user, data: give_up_transfer(
            transfer_id=transfer.pk, actor=user, state=TransferState.WITHDRAWN, **data
        ),
        consequences=(
            "转出、街道内转接的：该同志仍在原支部在册；已编号的介绍信作废，号码不再使用。",
            "转入的：按“登记有误”结束在本支部的在册关系，档案保留。",
        ),
        is_main=False,
        is_danger=True,
    ),
}


@dataclass(frozen=True)
class Together:
    """The same step of many: what the button says, asks and does."""

    label: str
    question: str
    done: str
    form: type[TogetherForm]
    right: Right
    take: Callable[[Collection[int], User, dict[str, Any]], list[Transfer]]
    consequences: tuple[str, ...] = ()


TOGETHER: dict[str, Together] = {
    "issue": Together(
        label="批量开具",
        question="为下列{count}人各开具一封介绍信？",
        done="已编号开具{count}封介绍信，可以打印。",
        form=TogetherForm,
        right=Right.ISSUE_LETTERS,
        take=lambda ids, user, data: issue_letters(transfer_ids=ids, actor=user),
        consequences=(
            "每人一封，编号按年度连续，开出后不能改号。",
            "有一人不符合条件就都不开具，并写明是谁、为什么。",
        ),
    ),
    "accept": Together(
        label="批量登记接收",
        question="下列{count}人的组织关系已于同一天被接收？",
        done="{count}人已接收，组织关系已转。",
        form=TogetherDayForm,
        right=Right.EDIT_MEMBERS,
        take=lambda ids, user, data: accept_transfers(
            transfer_ids=ids, accepted_on=data["day"], actor=user
        ),
        consequences=("从接收日期起，原支部的在册关系结束。",),
    ),
    "receipt": Together(
        label="批量登记回执",
        question="下列{count}人的回执已于同一天寄回或寄出？",
        done="已登记{count}份回执。",
        form=TogetherDayForm,
        right=Right.EDIT_MEMBERS,
        take=lambda ids, user, data: return_receipts(
            transfer_ids=ids, receipt_on=data["day"], actor=user
        ),
    ),
}
