"""The steps of a transfer: what each button says and asks, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from members.choices import TransferDirection, TransferState
from members.forms.transfers import DayForm, ReissueForm, StepForm, WordsForm
from members.models import Transfer
from members.services.transfers import (
    accept_transfer,
    give_up_transfer,
    issue_letter,
    reissue_letter,
    return_receipt,
)
from organizations.access import Right
from organizations.models import User


def holds(user: User, right: Right, transfer: Transfer) -> bool:
    return user.has_right_at(right, transfer.source)


def _may_accept(transfer: Transfer, user: User) -> bool:
    """The branch that takes the person; of a letter, the branch it leaves."""
    place = transfer.target or transfer.source
    return user.has_right_at(Right.EDIT_MEMBERS, place)


def _may_give_up(transfer: Transfer, user: User) -> bool:
    right = Right.ISSUE_LETTERS if transfer.serial else Right.EDIT_MEMBERS
    return holds(user, right, transfer)


@dataclass(frozen=True)
class Step:
    """What a button says and asks, who may press it, and what it does."""

    label: str
    question: str
    done: str
    form: type[StepForm]
    states: frozenset[str]
    may: Callable[[Transfer, User], bool]
    take: Callable[[Transfer, User, dict[str, Any]], Transfer]
    consequences: tuple[str, ...] = ()
    is_letter: bool = False
    is_main: bool = True
    is_danger: bool = False

    def is_open(self, transfer: Transfer, user: User) -> bool:
        is_letter = transfer.direction == TransferDirection.OUT
        return (
            transfer.state in self.states
            and (is_letter or not self.is_letter)
            and self.may(transfer, user)
            and not hasattr(transfer, "replaced_by")
        )


def _issues(transfer: Transfer, user: User) -> bool:
    return holds(user, Right.ISSUE_LETTERS, transfer)


STEPS: dict[str, Step] = {
    "issue": Step(
        label="开具介绍信",
        question="为{name}开具组织关系介绍信，转往{transfer.destination_name}？",
        done="已编号开具，可以打印。",
        form=StepForm,
        states=frozenset({TransferState.DRAFTED}),
        may=_issues,
        take=lambda transfer, user, data: issue_letter(
            transfer_id=transfer.pk, actor=user, **data
        ),
        consequences=("编号按年度连续，开出后不能改号。", "接收之前仍由原支部负责。"),
        is_letter=True,
    ),
    "accept": Step(
        label="登记接收",
        question="{transfer.destination_name}已接收{name}的组织关系？",
        done="已接收，组织关系已转。",
        form=DayForm,
        states=frozenset({TransferState.ISSUED, TransferState.EXPIRED}),
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
        question="{name}的介绍信回执已寄回？",
        done="回执已登记。",
        form=DayForm,
        states=frozenset({TransferState.ACCEPTED}),
        may=lambda transfer, user: holds(user, Right.EDIT_MEMBERS, transfer),
        take=lambda transfer, user, data: return_receipt(
            transfer_id=transfer.pk,
            actor=user,
            receipt_on=data["day"],
            version=data["version"],
        ),
        consequences=("请把回执贴在存根上。",),
        is_letter=True,
    ),
    "reissue": Step(
        label="补开介绍信",
        question="为{name}补开介绍信，代替{transfer.number}？",
        done="已补开新的介绍信。",
        form=ReissueForm,
        states=frozenset({TransferState.EXPIRED, TransferState.LOST}),
        may=_issues,
        take=lambda transfer, user, data: reissue_letter(
            transfer_id=transfer.pk, actor=user, **data
        ),
        consequences=("新的介绍信另编号；原件作废，不能再凭它接收。",),
        is_letter=True,
    ),
    "lost": Step(
        label="登记遗失",
        question="{name}的介绍信{transfer.number}遗失了？",
        done="已登记遗失，可以补开。",
        form=WordsForm,
        states=frozenset({TransferState.ISSUED}),
        may=_issues,
        take=lambda transfer, user, data: give_up_transfer(
            transfer_id=transfer.pk, actor=user, state=TransferState.LOST, **data
        ),
        is_letter=True,
        is_main=False,
    ),
    "withdraw": Step(
        label="撤回转接",
        question="撤回{name}的组织关系转接？",
        done="已撤回，组织关系不变。",
        form=WordsForm,
        states=frozenset(
            {
                TransferState.DRAFTED,
                TransferState.ISSUED,
                TransferState.EXPIRED,
                TransferState.LOST,
            }
        ),
        may=_may_give_up,
        take=lambda transfer, user, data: give_up_transfer(
            transfer_id=transfer.pk, actor=user, state=TransferState.WITHDRAWN, **data
        ),
        consequences=("该同志仍在原支部在册；已编号的介绍信作废，号码不再使用。",),
        is_main=False,
        is_danger=True,
    ),
}
