from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.crypto import EncryptedTextField
from liaison.choices import EntryKind
from liaison.choices.own import ProposalState
from liaison.models.card import CardEntry, LiaisonCard
from liaison.models.links import SignedLink
from liaison.querysets.years import OfCardQuerySet


class CardLink(SignedLink):
    """The link by which a member sees his own card."""

    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="links",
    )

    objects = OfCardQuerySet.as_manager()

    class Meta:
        verbose_name = "党员本人链接"
        verbose_name_plural = "党员本人链接"
        ordering = ["-attempt"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_cardlink_attempt", fields=["card", "attempt"]
            ),
            models.UniqueConstraint(
                name="liaison_cardlink_one_working",
                fields=["card"],
                condition=Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.attempt}"


class EntryProposal(models.Model):
    """What a member says he did; it counts only as the entry the branch makes of it."""

    names_a_person = True

    State = ProposalState

    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="proposals",
    )
    kind = models.CharField("类别", max_length=10, choices=EntryKind)
    occurred_on = models.DateField("日期")
    hours = models.DecimalField(
        "时长（小时）", max_digits=4, decimal_places=1, default=Decimal("0")
    )
    content = EncryptedTextField("内容")
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    state = models.CharField(
        "状态", max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    entry = models.OneToOneField(
        CardEntry,
        verbose_name="记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposal",
    )
    reason = EncryptedTextField("不予记入的原因", blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("核定时间", null=True, blank=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = OfCardQuerySet.as_manager()

    class Meta:
        verbose_name = "党员提出的记录"
        verbose_name_plural = "党员提出的记录"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_entryproposal_confirmed_is_entry",
                condition=Q(state="confirmed", entry__isnull=False)
                | (~Q(state="confirmed") & Q(entry__isnull=True)),
                violation_error_message="确认的记录应写入联系卡。",
            ),
        ]
        indexes = [
            models.Index(fields=["card", "state"], name="liaison_proposal_state")
        ]

    def __str__(self) -> str:
        return f"{self.card} {self.occurred_on}"
