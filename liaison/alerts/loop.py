"""Warnings of liaison cards and feedback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.urls import reverse
from django.utils import timezone

from activities.models import Participation
from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices import EntryKind, FeedbackState
from liaison.models import (
    CardEntry,
    FeedbackCheck,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
)
from liaison.round_cards import latest, owed_in
from members.choices import AffiliationKind, Category, MembershipStatus
from members.models import Affiliation
from organizations import parameters
from organizations.access import Right
from organizations.choices import FeedbackChannel
from organizations.models import Organization

_FEEDBACK = "街道经验材料《街道党建创新》：情况的反馈机制；时限为本平台工作惯例"
_SERVICE = "在职党员“双报到”做法；月数为本平台工作惯例"
_REMIND_DAYS = "liaison.feedback_remind_days_before_due"
_CHECK = "liaison.community_check"
_INACTIVE_MONTHS = "liaison.inactive_months"
_CONFIRM_DAYS = "liaison.confirm_days"
_UNIT_REMIND_DAYS = "liaison.unit_remind_every_days"


def _not_worded(user: Any, today: date) -> QuerySet[LiaisonCard]:
    """Cards without words in the latest open rounds whose last day is near."""
    days = parameters.get(_REMIND_DAYS)
    rounds = FeedbackPeriod.objects.visible_to(user).filter(
        state=FeedbackState.OPEN, due_on__lte=today + timedelta(days=days)
    )

    def waiting(period: FeedbackPeriod) -> Q:
        written = FeedbackRemark.objects.filter(period=period, card=OuterRef("pk"))
        return owed_in(period) & ~Exists(written)

    cards = _by_round(LiaisonCard.objects.visible_to(user), latest(rounds), waiting)
    return cards.select_related("member").order_by("number")


def _by_round(
    rows: Any, rounds: list[FeedbackPeriod], waiting: Callable[[FeedbackPeriod], Q]
) -> Any:
    """Rows that wait for something in a round, with its id, title and last day."""
    if not rounds:
        return rows.none()
    conditions = [(period, waiting(period)) for period in rounds]

    def told(of: Callable[[FeedbackPeriod], Any], field: Field) -> Case:
        whens = [When(q, then=Value(of(each), field)) for each, q in conditions]
        # One round is the rule: then nothing is asked twice.
        return whens[0].result if len(whens) == 1 else Case(*whens)

    return rows.filter(reduce(or_, (q for _, q in conditions))).annotate(
        period_id=told(lambda period: period.pk, IntegerField()),
        period_title=told(lambda period: period.title, CharField()),
        due_on=told(lambda period: period.due_on, DateField()),
    )


def _to_check(user: Any, today: date) -> QuerySet[Organization]:
    """Branches whose words are complete and wait for the community's check."""
    places = Organization.objects.within(user.rights_paths(Right.CHECK_FEEDBACK))
    if parameters.get(_CHECK) != "on":
        return places.none()
    rounds = FeedbackPeriod.objects.visible_to(user).exclude(state=FeedbackState.BUILT)

    def waiting(period: FeedbackPeriod) -> Q:
        cards = LiaisonCard.objects.filter(owed_in(period), organization=OuterRef("pk"))
        written = FeedbackRemark.objects.filter(period=period, card=OuterRef("pk"))
        checked = FeedbackCheck.objects.filter(
            period=period, organization=OuterRef("pk")
        )
        found = Exists(cards) & ~Exists(checked)
        if period.state == FeedbackState.OPEN:
            found &= ~Exists(cards.filter(~Exists(written)))
        return found

    return _by_round(places, latest(rounds), waiting).order_by("path")


def _to_check_item(branch: Any, today: date) -> AlertItem:
    return AlertItem(
        branch.pk,
        str(branch),
        reverse("liaison:remarks", args=[branch.period_id, branch.pk]),
        branch.due_on,
        f"{branch.period_title}评语已写好，等社区审核",
    )


def _not_worded_item(card: Any, today: date) -> AlertItem:
    return AlertItem(
        card.organization_id,
        card.member.name,
        reverse("liaison:remarks", args=[card.period_id, card.organization_id]),
        card.due_on,
        f"{card.period_title}反馈还没有评语",
    )


def without_card(user: Any, today: date) -> QuerySet[Affiliation]:
    open_cards = LiaisonCard.objects.open().filter(member=OuterRef("member"))
    reported_in = (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(kind=AffiliationKind.CO_MANAGED)
    )
    # Most have a card: looked at first, so that few people are left to read.
    cardless = reported_in.filter(~Exists(open_cards)).order_by().values("pk")
    return (
        reported_in.filter(
            pk__in=cardless,
            member__category=Category.IN_POST,
            member__status=MembershipStatus.NORMAL,
        )
        .select_related("member")
        .order_by("starts_on", "pk")
    )


def _without_card_item(row: Affiliation, today: date) -> AlertItem:
    return AlertItem(
        row.organization_id,
        row.member.name,
        reverse("liaison:card-add", args=[row.member_id]),
        row.starts_on,
        "已报到，还没有建联系卡",
    )


def _inactive(user: Any, today: date) -> QuerySet[LiaisonCard]:
    """Open cards of some standing without any service in the last months."""
    since = today - timedelta(days=30 * parameters.get(_INACTIVE_MONTHS))
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
        .select_related("member")
        .order_by("number")
    )


def _inactive_item(card: LiaisonCard, today: date) -> AlertItem:
    return AlertItem(
        card.organization_id,
        card.member.name,
        card.get_absolute_url(),
        detail=f"{parameters.get(_INACTIVE_MONTHS)} 个月没有服务记录",
    )


def _left_behind(user: Any, today: date) -> QuerySet[LiaisonCard]:
    """Open cards whose member no longer belongs to the card's branch."""
    here = Affiliation.objects.open().filter(
        member=OuterRef("member"), organization=OuterRef("organization")
    )
    cards = LiaisonCard.objects.visible_to(user).open().filter(~Exists(here))
    return cards.order_by("number")


def _left_behind_item(card: LiaisonCard, today: date) -> AlertItem:
    # The member may be another branch's by now: the number is enough.
    return AlertItem(
        card.organization_id,
        card.number,
        card.get_absolute_url(),
        detail="党员已不在本支部，联系卡还没有注销",
    )


def _unconfirmed(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    limit = today - timedelta(days=parameters.get(_CONFIRM_DAYS))
    # Later it is for those in charge: liaison.escalated.
    last = today - timedelta(days=parameters.get("liaison.escalate_days"))
    packets = FeedbackPacket.objects.visible_to(user).filter(
        sent_at__date__lt=limit, sent_at__date__gt=last, receipt__isnull=True
    )
    return packets.select_related("period", "work_unit").order_by("sent_at", "number")


def _unconfirmed_item(packet: FeedbackPacket, today: date) -> AlertItem:
    return AlertItem(
        packet.period.organization_id,
        packet.work_unit.name,
        packet.get_absolute_url(),
        timezone.localdate(packet.sent_at),
        f"{packet.title}已送达，单位还没有确认{_reminded(packet)}",
    )


def _reminded(packet: FeedbackPacket) -> str:
    if packet.reminded_at is None:
        return ""
    return f"（{timezone.localdate(packet.reminded_at):%m-%d} 已催办）"


def _to_call(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    """Handed over by link or on paper, and silent: no mail can remind these units.

    Past the last day for confirming they stand among the unconfirmed.
    """
    waited = today - timedelta(days=parameters.get(_UNIT_REMIND_DAYS))
    limit = today - timedelta(days=parameters.get(_CONFIRM_DAYS))
    packets = (
        FeedbackPacket.objects.visible_to(user)
        .exclude(channel=FeedbackChannel.EMAIL)
        .filter(
            sent_at__date__lte=waited, sent_at__date__gte=limit, receipt__isnull=True
        )
        .filter(Q(reminded_at__isnull=True) | Q(reminded_at__date__lte=waited))
    )
    return packets.select_related("period", "work_unit").order_by("sent_at", "number")


def _to_call_item(packet: FeedbackPacket, today: date) -> AlertItem:
    way = packet.get_channel_display()
    days = timedelta(days=parameters.get(_CONFIRM_DAYS))
    return AlertItem(
        packet.period.organization_id,
        packet.work_unit.name,
        packet.get_absolute_url(),
        timezone.localdate(packet.sent_at) + days,
        f"{packet.title}（{way}）没有邮件可催，请打电话催单位确认",
    )


def _unsent(user: Any, today: date) -> QuerySet[FeedbackPacket]:
    packets = FeedbackPacket.objects.visible_to(user).filter(sent_at__isnull=True)
    return packets.select_related("period", "work_unit").order_by("number")


def _unsent_item(packet: FeedbackPacket, today: date) -> AlertItem:
    return AlertItem(
        packet.period.organization_id,
        packet.work_unit.name,
        packet.get_absolute_url(),
        packet.period.due_on,
        f"{packet.title}材料还没有送达",
    )


register_alert(
    Alert(
        "liaison.not_worded",
        "反馈评语未填",
        "warning",
        "在填的反馈期临近期限，联系卡还没有评语和等次。",
        _FEEDBACK,
        Right.WORD_FEEDBACK,
        _not_worded,
        _not_worded_item,
        (_REMIND_DAYS,),
        reads_first=True,
    )
)
register_alert(
    Alert(
        "liaison.to_check",
        "反馈评语待审核",
        "warning",
        "支部的评语已经写好，等社区审核；街道开启了审核这一步才有。",
        _FEEDBACK,
        Right.CHECK_FEEDBACK,
        _to_check,
        _to_check_item,
        (_CHECK,),
        reads_first=True,
    )
)
register_alert(
    Alert(
        "liaison.without_card",
        "在职党员未建卡",
        "info",
        "社区协管的在职党员还没有在用的联系卡。",
        "街道经验材料《街道党建创新》三、建立党员联系卡",
        Right.KEEP_CARDS,
        without_card,
        _without_card_item,
    )
)
register_alert(
    Alert(
        "liaison.inactive",
        "在职党员久未服务",
        "info",
        "在用联系卡超过设定的月数没有服务记录，也没有参加活动。",
        _SERVICE,
        Right.KEEP_CARDS,
        _inactive,
        _inactive_item,
        (_INACTIVE_MONTHS,),
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
        _left_behind,
        _left_behind_item,
    )
)
register_alert(
    Alert(
        "liaison.unsent",
        "反馈材料未送达",
        "warning",
        "已生成的反馈材料还没有送达单位。",
        _FEEDBACK,
        Right.ISSUE_FEEDBACK,
        _unsent,
        _unsent_item,
    )
)
register_alert(
    Alert(
        "liaison.unconfirmed",
        "反馈未确认",
        "warning",
        "反馈材料送达后，单位超过设定天数没有确认。",
        _FEEDBACK,
        Right.ISSUE_FEEDBACK,
        _unconfirmed,
        _unconfirmed_item,
        (_CONFIRM_DAYS,),
    )
)
register_alert(
    Alert(
        "liaison.to_call",
        "待电话催办",
        "info",
        "以链接或纸质送达的反馈材料，单位超过设定天数没有确认，也没有催办过。",
        _FEEDBACK,
        Right.ISSUE_FEEDBACK,
        _to_call,
        _to_call_item,
        (_UNIT_REMIND_DAYS, _CONFIRM_DAYS),
    )
)
