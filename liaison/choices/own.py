"""Code values of what a member proposes for his own card."""

from django.db import models


class ProposalState(models.TextChoices):
    WAITING = "waiting", "待核定"
    CONFIRMED = "confirmed", "已记入"
    DECLINED = "declined", "未记入"


PROPOSAL_TONES = {
    ProposalState.WAITING: "warn",
    ProposalState.CONFIRMED: "ok",
    ProposalState.DECLINED: "mute",
}
