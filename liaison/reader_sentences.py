"""What the page 谁能看到 says of the units that are told of a member."""

from __future__ import annotations

from liaison.models import LiaisonCard
from members.models import Member
from members.readers import register_sentences
from organizations.models import User

_TOLD = (
    "只收到每期的反馈材料，里面有姓名、联系卡号、参加的活动、等次和评语，"
    "没有档案、电话、住址和身份证号。"
)


def contacts_of_units(user: User, member: Member) -> list[str]:
    """A sentence for each unit that is, or once was, told by the member's card.

    Of cards that `user` does not see nothing is said.
    """
    cards = (
        LiaisonCard.objects.visible_to(user)
        .filter(member=member)
        .select_related("home_unit")
        .order_by("-pk")
    )
    is_open_at: dict[str, bool] = {}
    for card in cards:
        unit = card.home_unit.name
        is_open_at[unit] = is_open_at.get(unit, False) or card.ends_on is None
    return [
        f"工作单位{unit}的联络人：{_TOLD}"
        if is_open
        else f"以前的工作单位{unit}的联络人：{_TOLD}联系卡注销以后不再发给。"
        for unit, is_open in is_open_at.items()
    ]


register_sentences(contacts_of_units)
