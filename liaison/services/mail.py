"""The mail that carries a packet to its unit."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from config.lib.dates import SHANGHAI
from liaison.models import Delivery
from liaison.packet_workbook import file_name, packet_workbook
from liaison.services.delivery import (
    link_token,
    mark_failed,
    mark_sent,
    settle_broken_off,
)

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
    try:
        message = _message(delivery)
    except Exception:
        # Nothing has left yet: not an attempt that may have arrived.
        logger.exception("delivery %s: no message", delivery.pk)
        mark_failed(delivery, "生成邮件时系统出错，未发送，请联系系统管理员。")
        return False
    try:
        message.send()
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        # The server may have taken the mail before it fell silent.
        logger.warning("delivery %s: %s", delivery.pk, type(error).__name__)
        settle_broken_off(delivery)
        return False
    except (smtplib.SMTPException, OSError) as error:
        logger.warning("delivery %s: %s", delivery.pk, type(error).__name__)
        mark_failed(delivery, _reason(error))
        return False
    mark_sent(delivery)
    return True


def _message(delivery: Delivery) -> EmailMessage:
    content = delivery.packet.content
    lines = [
        f"{content['unit']}：",
        "",
        f"附件是{content['period_title']}贵单位在职党员参加社区建设情况的反馈材料"
        f"（编号 {content['number']}）。",
    ]
    if settings.PORTAL_BASE_URL and delivery.expires_at:
        until = delivery.expires_at.astimezone(SHANGHAI)
        lines += [
            "",
            "请打开下面的链接核对并确认收到，链接只供贵单位使用，"
            f"{until:%Y年%m月%d日}前有效：",
            packet_url(delivery),
        ]
    lines += ["", content["street"]]
    message = EmailMessage(
        subject=f"{content['period_title']}在职党员情况反馈（{content['number']}）",
        body="\n".join(lines),
        to=[delivery.recipient],
        headers={"Message-ID": message_id(delivery)},
        connection=get_connection(fail_silently=False),
    )
    message.attach(file_name(content), packet_workbook(content), XLSX)
    return message


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "邮件服务器拒收这个邮箱地址，请核对单位联络邮箱。"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"邮件服务器拒绝发送（代码 {error.smtp_code}），请稍后再送。"
    return "连不上邮件服务器，请稍后再送或联系系统管理员。"
