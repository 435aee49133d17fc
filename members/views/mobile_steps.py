"""The steps of a stay: what each button says and asks, and what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from members.choices.mobile import MobileState
from members.forms.mobile import EndForm, PlaceForm, StepForm, VerifyForm
from members.models import MobileStay
from members.rules import mobile as rules
from members.services.mobile import end_stay, verify_stay
from members.services.mobile_placing import place_stay
from organizations.access import Right
from organizations.models import User


def keeps(user: User, stay: MobileStay, *sides: str) -> bool:
    """Whether `user` keeps one of the sides named; both where none is."""
    places = (getattr(stay, side) for side in sides or ("home", "host"))
    return any(
        place is not None and user.has_right_at(Right.EDIT_MEMBERS, place)
        for place in places
    )


@dataclass(frozen=True)
class Step:
    """What a button says and asks, which side may press it, and what it does."""

    label: str
    question: str
    done: str
    form: type[StepForm]
    wanted: str
    sides: tuple[str, ...]
    take: Callable[[MobileStay, User, dict[str, Any]], MobileStay]
    consequences: tuple[str, ...] = ()
    is_main: bool = True

    def may(self, stay: MobileStay, user: User) -> bool:
        return keeps(user, stay, *self.sides)

    def is_open(self, stay: MobileStay, user: User) -> bool:
        return rules.may_follow(stay.state, self.wanted) and self.may(stay, user)


def _place(stay: MobileStay, user: User, data: dict[str, Any]) -> MobileStay:
    values = {k: v for k, v in data.items() if k != "organization"}
    branch = data["organization"]
    return place_stay(stay_id=stay.pk, organization_id=branch.pk, actor=user, **values)


STEPS: dict[str, Step] = {
    "verify": Step(
        label="登记身份核实",
        question="核实了{name}的党员身份？",
        done="身份核实已登记，可以编入党支部。",
        form=VerifyForm,
        wanted=MobileState.VERIFIED,
        sides=("host",),
        take=lambda stay, user, data: verify_stay(stay_id=stay.pk, actor=user, **data),
        consequences=("会记下由谁、在哪一天、凭什么核实。",),
    ),
    "place": Step(
        label="编入党支部",
        question="把{name}编入一个党支部？",
        done="已编入党支部，从编入日期起按流入党员管理。",
        form=PlaceForm,
        wanted=MobileState.PLACED,
        sides=("host",),
        take=_place,
        consequences=(
            "本街道还没有这位党员档案的，同时建档；隶属方式为“流入”，不计入在册党员数。",
            "组织关系仍在原党支部，选举权在原党支部行使。",
        ),
    ),
    "end": Step(
        label="结束流动",
        question="结束{name}的这次流动？",
        done="已结束，登记保留可查。",
        form=EndForm,
        wanted=MobileState.ENDED,
        sides=("home", "host"),
        take=lambda stay, user, data: end_stay(stay_id=stay.pk, actor=user, **data),
        consequences=(
            "编入流入支部的，流入关系同日结束；档案和联系记录都保留。",
            "组织关系转来本街道的，请用“凭介绍信转入”办理，这里会自动结束。",
        ),
        is_main=False,
    ),
}
