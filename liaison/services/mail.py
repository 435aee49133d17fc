"""The mails to units: one carries a packet, later ones ask to confirm it."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import timezone

from config.lib.dates import SHANGHAI
from liaison.letter import heading
from liaison.models import Delivery, Reminder
from liaison.packet_workbook import file_name, packet_workbook
from liaison.services import delivery as delivery_service
from liaison.services import reminders as reminder_service
from liaison.services.delivery import link_token

logger = logging.getLogger(__name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def message_id(delivery: Delivery) -> str:
    """The same for the same attempt, so that a mail server can drop a second copy."""
    return f"<feedback-{delivery.packet_id}-{delivery.attempt}@portal>"


def packet_url(delivery: Delivery) -> str:
    """The address a unit opens; absolute where the portal knows its own address."""
    path = reverse("liaison:unit-packet", args=[link_token(delivery)])
    return f"{settings.PORTAL_BASE_URL.rstrip('/')}{path}"


def send_packet(delivery: Delivery) -> bool:
    """Mail one claimed delivery; return whether the server took it."""
    return _send(delivery, _message, delivery_service)


def send_reminder(reminder: Reminder) -> bool:
    """Mail one claimed reminder; return whether the server took it."""
    return _send(reminder, _reminder, reminder_service)


def _send(row: Any, compose: Callable[[Any], EmailMessage], service: Any) -> bool:
    """Mail what `compose` makes of a claimed row, and have `service` settle it."""
    name = f"{row._meta.model_name} {row.pk}"
    try:
        message = compose(row)
    except Exception:
        # Nothing has left yet: not an attempt that may have arrived.
        logger.exception("%s: no message", name)
        service.mark_failed(row, "生成邮件时系统出错，未发送，请联系系统管理员。")
        return False
    try:
        message.send()
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        # The server may have taken the mail before it fell silent.
        logger.warning("%s: %s", name, type(error).__name__)
        service.settle_broken_off(row)
        return False
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("%s: %s", name, type(error).__name__)
        service.mark_failed(row, _reason(error))
        return False
    service.mark_sent(row)
    return True


def _message(delivery: Delivery) -> EmailMessage:
    content = delivery.packet.content
    lines = [
        f"{content['unit']}：",
        "",
        f"附件是{heading(content)}的材料（编号 {content['number']}）。",
    ]
    lines += [*_link_lines(delivery), "", content["street"]]
    message = EmailMessage(
        subject=f"{heading(content)}（{content['number']}）",
        body="\n".join(lines),
        to=[delivery.recipient],
        headers={"Message-ID": message_id(delivery)},
        connection=get_connection(fail_silently=False),
    )
    message.attach(file_name(content), packet_workbook(content), XLSX)
    return message


def _reminder(reminder: Reminder) -> EmailMessage:
    """Short, and without the workbook: the unit has it already."""
    delivery = reminder.delivery
    content = delivery.packet.content
    assert delivery.sent_at is not None
    sent_on = timezone.localtime(delivery.sent_at)
    link = _link_lines(delivery)
    lines = [
        f"{content['unit']}：",
        "",
        f"{heading(content)}的材料"
        f"（编号 {content['number']}）已于{sent_on:%Y年%m月%d日}发到这个邮箱，"
        "我们还没有收到贵单位的确认。",
        *(link or ["", "请核对后回复或致电我们确认；没有收到材料的，也请告知。"]),
        "",
        "如果已经确认，请不必理会这封邮件。",
        "",
        content["street"],
    ]
    name = f"{delivery.packet_id}-{delivery.attempt}-{reminder.number}"
    return EmailMessage(
        subject=f"请确认：{heading(content)}（{content['number']}）",
        body="\n".join(lines),
        to=[delivery.recipient],
        headers={
            "Message-ID": f"<reminder-{name}@portal>",
            "In-Reply-To": message_id(delivery),
        },
        connection=get_connection(fail_silently=False),
    )


def _link_lines(delivery: Delivery) -> list[str]:
    """The way to the unit's page, where the portal knows its address and it works."""
    until = delivery.expires_at
    if not settings.PORTAL_BASE_URL or until is None or until <= timezone.now():
        return []
    return [
        "",
        "请打开下面的链接核对并确认收到，链接只供贵单位使用，"
        f"{until.astimezone(SHANGHAI):%Y年%m月%d日}前有效：",
        packet_url(delivery),
    ]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "邮件服务器拒收这个邮箱地址，请核对单位联络邮箱。"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器拒绝发送（代码 {error.smtp_code}），请稍后再送。"
    return "连不上邮件服务器，请稍后再送或联系系统管理员。"
