"""Warnings of liaison cards and feedback (domain.md 9, numbers 13 and 14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from activities.models import Participation
from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices import EntryKind, FeedbackState
from liaison.models import (
    CardEntry,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
)
from members.choices import AffiliationKind, Category, MembershipStatus
from members.models import Affiliation
from organizations import parameters
from organizations.access import Right

DOMAIN_13 = "domain.md 9 第 13 条"
DOMAIN_14 = "domain.md 9 第 14 条"


def _round_ending(user: Any, today: date) -> FeedbackPeriod | None:
    """The latest open round of the user's street whose last day is near."""
    days = parameters.get("liaison.feedback_remind_days_before_due")
    rounds = FeedbackPeriod.objects.visible_to(user).filter(
        state=FeedbackState.OPEN, due_on__lte=today + timedelta(days=days)
    )
    return rounds.order_by("-starts_on").first()


def _cards_without_words(user: Any, period: FeedbackPeriod) -> QuerySet[LiaisonCard]:
    written = FeedbackRemark.objects.filter(period=period, card=OuterRef("pk"))
    return (
        LiaisonCard.objects.visible_to(user)
        .active_during(period.starts_on, period.ends_on)
        .filter(~Exists(written))
    )


def _not_worded(user: Any, today: date) -> int:
    period = _round_ending(user, today)
    return _cards_without_words(user, period).count() if period else 0


def _not_worded_rows(user: Any, today: date) -> Iterable[AlertItem]:
    period = _round_ending(user, today)
    if period is None:
        return
    for card in _cards_without_words(user, period).select_related("member"):
        yield AlertItem(
            card.organization_id,
            card.member.name,
            reverse("liaison:remarks", args=[period.pk, card.organization_id]),
            period.due_on,
            f"{period.label} 反馈还没有评语",
        )


def without_card(user: Any, today: date) -> QuerySet[Affiliation]:
    open_cards = LiaisonCard.objects.open().filter(member=OuterRef("member"))
    return (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(
            kind=AffiliationKind.CO_MANAGED,
            member__category=Category.IN_POST,
            member__status=MembershipStatus.NORMAL,
        )
        .filter(~Exists(open_cards))
    )


def _without_card_rows(user: Any, today: date) -> Iterable[AlertItem]:
    for row in without_card(user, today).select_related("member"):
        yield AlertItem(
            row.organization_id,
            row.member.name,
            reverse("liaison:card-add", args=[row.member_id]),
            row.starts_on,
            "已报到，还没有建联系卡",
        )


def _inactive(user: Any, today: date) -> QuerySet[LiaisonCard]:
    """Open cards of some standing without any service in the last months."""
    since = today - timedelta(days=30 * parameters.get("liaison.inactive_months"))
    served = CardEntry.objects.counted().filter(
        card=OuterRef("pk"), kind=EntryKind.SERVICE, occurred_on__gte=since
    )
    took_part = Participation.objects.counted().filter(
        member=OuterRef("member"), activity__held_on__gte=since
    )
    return (
        LiaisonCard.objects.visible_to(user)
        .open()
        .filter(starts_on__lt=since)
        .filter(~Exists(served), ~Exists(took_part))
    )


def _inactive_rows(user: Any, today: date) -> Iterable[AlertItem]:
    months = parameters.get("liaison.inactive_months")
    for card in _inactive(user, today).select_related("member"):
        yield AlertItem(
            card.organization_id,
            card.member.name,
            card.get_absolute_url(),
            None,
            f"{months} 个月没有服务记录",
        )


def _left_behind(user: Any, today: date) -> QuerySet[LiaisonCard]:
    """Open cards whose member no longer belongs to the card's branch."""
    here = Affiliation.objects.open().filter(
        member=OuterRef("member"), organization=OuterRef("organization")
    )
    return LiaisonCard.objects.visible_to(user).open().filter(~Exists(here))


def _left_behind_rows(user: Any, today: date) -> Iterable[AlertItem]:
    for card in _left_behind(user, today):
        # The member may be another branch's by now: the number is enough.
        yield AlertItem(
            card.organization_id,
            card.number,
            card.get_absolute_url(),
            None,
            "党员已不在本支部，联系卡还没有注销",
        )


def _unconfirmed(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    limit = today - timedelta(days=parameters.get("liaison.confirm_days"))
    return FeedbackPacket.objects.visible_to(user).filter(
        sent_at__date__lt=limit, receipt__isnull=True
    )


def _unconfirmed_rows(user: Any, today: date) -> Iterable[AlertItem]:
    packets = _unconfirmed(user, today).select_related("period", "work_unit")
    for packet in packets:
        yield AlertItem(
            packet.period.organization_id,
            packet.work_unit.name,
            packet.get_absolute_url(),
            packet.sent_at.date() if packet.sent_at else None,
            f"{packet.period.label} 反馈已送达，单位还没有确认",
        )


def _unsent(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    return FeedbackPacket.objects.visible_to(user).filter(sent_at__isnull=True)


def _unsent_rows(user: Any, today: date) -> Iterable[AlertItem]:
    for packet in _unsent(user, today).select_related("period", "work_unit"):
        yield AlertItem(
            packet.period.organization_id,
            packet.work_unit.name,
            packet.get_absolute_url(),
            packet.period.due_on,
            f"{packet.period.label} 反馈材料还没有送达",
        )


register_alert(
    Alert(
        "liaison.not_worded",
        "反馈评语未填",
        "warning",
        "在填的反馈期临近期限，联系卡还没有评语和等次。",
        DOMAIN_13,
        Right.WORD_FEEDBACK,
        _not_worded,
        _not_worded_rows,
        ("liaison.feedback_remind_days_before_due",),
    )
)
register_alert(
    Alert(
        "liaison.without_card",
        "在职党员未建卡",
        "info",
        "社区协管的在职党员还没有在用的联系卡。",
        "seed.txt 三、建立党员联系卡",
        Right.KEEP_CARDS,
        lambda user, today: without_card(user, today).count(),
        _without_card_rows,
        queryset=without_card,
    )
)
register_alert(
    Alert(
        "liaison.inactive",
        "在职党员久未服务",
        "info",
        "在用联系卡超过设定的月数没有服务记录，也没有参加活动。",
        DOMAIN_14,
        Right.KEEP_CARDS,
        lambda user, today: _inactive(user, today).count(),
        _inactive_rows,
        ("liaison.inactive_months",),
        queryset=_inactive,
    )
)
register_alert(
    Alert(
        "liaison.left_behind",
        "联系卡待注销",
        "warning",
        "在用联系卡的党员已经离开建卡的党支部。",
        "本平台工作惯例",
        Right.KEEP_CARDS,
        lambda user, today: _left_behind(user, today).count(),
        _left_behind_rows,
        queryset=_left_behind,
    )
)
register_alert(
    Alert(
        "liaison.unsent",
        "反馈材料未送达",
        "warning",
        "已生成的反馈材料还没有送达单位。",
        DOMAIN_13,
        Right.ISSUE_FEEDBACK,
        lambda user, today: _unsent(user, today).count(),
        _unsent_rows,
        queryset=_unsent,
    )
)
register_alert(
    Alert(
        "liaison.unconfirmed",
        "反馈未确认",
        "warning",
        "反馈材料送达后，单位超过设定天数没有确认。",
        DOMAIN_13,
        Right.ISSUE_FEEDBACK,
        lambda user, today: _unconfirmed(user, today).count(),
        _unconfirmed_rows,
        ("liaison.confirm_days",),
        queryset=_unconfirmed,
    )
)
