"""Long work of the liaison app: building packets, mailing them."""

from __future__ import annotations

from config.lib.errors import RuleError
from liaison.choices import FeedbackState
from liaison.models import Delivery, FeedbackPeriod
from liaison.services import delivery, mail, packets
from organizations.access import Right, require
from organizations.jobs import JobContext, job_kind


@job_kind("liaison.build_packets")
def build_packets_job(context: JobContext) -> None:
    """Build the packets of a closed round; parameters: `period` (id)."""
    period = FeedbackPeriod.objects.visible_to(context.requester).get(
        pk=context.parameters["period"]
    )
    require(context.requester, Right.ISSUE_FEEDBACK, period.organization)
    if period.state == FeedbackState.OPEN:
        raise RuleError("这一期反馈还在填写，请先截止再生成材料。", code="period_open")
    built = packets.build_packets(
        period_id=period.pk,
        guard=context.guard,
        progress=context.progress,
        actor=context.requester,
    )
    context.result(f"新生成 {built} 份反馈材料。", built=built)


@job_kind("liaison.mail_packets")
def mail_packets_job(context: JobContext) -> None:
    """Mail pending deliveries; parameters: `deliveries` (ids).

    Each is claimed by itself, so a killed run goes on with the rest.
    """
    ids = context.parameters["deliveries"]
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
    words = f"已发送 {sent} 封邮件。"
    if failed:
        words += f"{failed} 封未能送出，请在反馈看板查看原因。"
    context.result(words, sent=sent, failed=failed)
