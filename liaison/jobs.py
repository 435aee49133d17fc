"""Long work of the liaison app: building packets, handing them over, packing them."""

from __future__ import annotations

import zipfile
from typing import Any

from config.lib.errors import RuleError
from liaison.models import Delivery, FeedbackPacket, FeedbackPeriod, Reminder
from liaison.packet_workbook import file_name, packet_workbook
from liaison.services import delivery, mail, packets, reminders, sending
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FeedbackChannel
from organizations.jobs import JobContext, job_kind
from organizations.models import Job, User


@job_kind("liaison.build_packets")
def build_packets_job(context: JobContext) -> None:
    """Build the packets of a closed round; parameters: `period` (id)."""
    period = _round(context)
    built = packets.build_packets(
        period_id=period.pk,
        guard=context.guard,
        progress=context.progress,
        actor=context.requester,
    )
    context.result(f"新生成 {built} 份反馈材料。", built=built)


@job_kind("liaison.mail_packets")
def mail_packets_job(context: JobContext) -> None:
    """Mail pending deliveries; parameters: `deliveries` (ids)."""
    sent, failed = _mail(context, context.parameters["deliveries"])
    context.result(_mailed(sent, failed), sent=sent, failed=failed)


@job_kind("liaison.mail_reminders")
def mail_reminders_job(context: JobContext) -> None:
    """Mail reminders somebody asked for; parameters: `reminders` (ids)."""
    ids = context.parameters["reminders"]
    mine = Reminder.objects.visible_to(context.requester).filter(pk__in=ids)
    sent = failed = 0
    for reminder_id in mine.order_by("pk").values_list("pk", flat=True):
        claimed = reminders.claim_for_mailing(reminder_id)
        if claimed is None:
            continue
        is_sent = mail.send_reminder(claimed)
        sent, failed = sent + is_sent, failed + (not is_sent)
    words = f"已发送 {sent} 封催办邮件。"
    if failed:
        words += f"{failed} 封未能送出，请在材料页面查看原因。"
    context.result(words, sent=sent, failed=failed)


@job_kind("liaison.deliver_round")
def deliver_round_job(context: JobContext) -> None:
    """Hand over what was not sent of a round; parameters: `period` (id).

    Taken up again after a crash it goes on: packets it began stand no longer among
    those to hand over, and their e-mails still wait or are settled.
    """
    period = _round(context)
    waiting = sending.unsent_by_channel(period)
    links, refused = 0, []
    for channel in (FeedbackChannel.EMAIL, FeedbackChannel.LINK):
        for packet_id in waiting[channel]:
            try:
                with context.step():
                    delivery.deliver(
                        packet_id=packet_id, channel=channel, actor=context.requester
                    )
            except RuleError as error:
                refused.append(str(error))
            else:
                links += channel == FeedbackChannel.LINK
    sent, failed = _mail(context, _pending(period, context.requester))
    on_paper = len(waiting[FeedbackChannel.PAPER])
    words = [_mailed(sent, failed), f"开通 {links} 个单位链接。"]
    if refused:
        words.append(f"{len(refused)} 份没有送出：{refused[0]}")
    if on_paper:
        words.append(f"{on_paper} 份登记为纸质送达，请在“纸质送达清单”中办理。")
    context.result(
        "".join(words), sent=sent, failed=failed, links=links, paper=on_paper
    )


def _may_fetch_archive(user: User, job: Job) -> bool:
    rounds = FeedbackPeriod.objects.issued_by(user)
    return rounds.filter(pk=job.parameters["period"]).exists()


@job_kind("liaison.archive_packets", may_download=_may_fetch_archive)
def archive_packets_job(context: JobContext) -> None:
    """Pack every workbook of a round into one zip file; parameters: `period` (id)."""
    period = _round(context)
    rows = FeedbackPacket.objects.filter(period=period).order_by("number")
    total = rows.count()
    path = context.new_file(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        contents = rows.values_list("number", "content").iterator(chunk_size=200)
        for done, (number, content) in enumerate(contents, start=1):
            # A workbook is compressed already.
            archive.writestr(f"{number}_{file_name(content)}", packet_workbook(content))
            if done % 100 == 0:
                context.progress(done, total)
    with context.step(last=True):
        audit.record(
            actor=context.requester,
            action=AuditAction.EXPORTED,
            target=period,
            organization=period.organization,
            details={"packets": total},
        )
        context.attach(path, f"{period.label}反馈材料.zip")
        context.result(f"共 {total} 份反馈材料。", packets=total)


def _round(context: JobContext) -> FeedbackPeriod:
    period = (
        FeedbackPeriod.objects.visible_to(context.requester)
        .select_related("organization")
        .get(pk=context.parameters["period"])
    )
    require(context.requester, Right.ISSUE_FEEDBACK, period.organization)
    return period


def _pending(period: FeedbackPeriod, requester: User) -> list[int]:
    """E-mails of this requester that wait, or that a dead worker left half-way."""
    return list(
        Delivery.objects.filter(
            packet__period=period,
            channel=FeedbackChannel.EMAIL,
            state__in=[Delivery.State.PENDING, Delivery.State.SENDING],
            created_by=requester,
            revoked_at__isnull=True,
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _mail(context: JobContext, ids: list[Any]) -> tuple[int, int]:
    """Mail deliveries; each is claimed by itself, so a killed run goes on."""
    mine = Delivery.objects.visible_to(context.requester).filter(pk__in=ids)
    known = set(mine.values_list("pk", flat=True))
    sent = failed = 0
    for number, delivery_id in enumerate(ids, start=1):
        if delivery_id in known:
            claimed = delivery.claim_for_mailing(delivery_id)
            if claimed is not None and mail.send_packet(claimed):
                sent += 1
            elif claimed is not None:
                failed += 1
        context.progress(number, len(ids))
    return sent, failed


def _mailed(sent: int, failed: int) -> str:
    words = f"已发送 {sent} 封邮件。"
    if failed:
        words += f"{failed} 封未能送出，请在反馈看板查看原因。"
    return words
