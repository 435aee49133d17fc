from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.lib.crypto import EncryptedTextField
from members.choices.quality import PairReason, PairState
from members.models.member import Member
from members.querysets.quality import DuplicatePairQuerySet, MemberMergeQuerySet


class DuplicatePair(models.Model):
    """Two records that may be one person; street staff compare them with the cards."""

    names_a_person = True

    Reason = PairReason
    State = PairState

    first = models.ForeignKey(
        Member, verbose_name="档案一", on_delete=models.PROTECT, related_name="+"
    )
    second = models.ForeignKey(
        Member, verbose_name="档案二", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("依据", max_length=10, choices=PairReason)
    state = models.CharField(
        "状态", max_length=10, choices=PairState, default=PairState.OPEN
    )
    found_at = models.DateTimeField("发现时间", auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("处理时间", null=True)
    words = models.CharField("说明", max_length=200, blank=True, default="")

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = "疑似重复档案"
        verbose_name_plural = "疑似重复档案"
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_duplicatepair_once", fields=["first", "second"]
            ),
            # Each pair has one spelling.
            models.CheckConstraint(
                name="members_duplicatepair_ordered",
                condition=Q(first__lt=F("second")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"


class MemberMerge(models.Model):
    """Two records became one: what was chosen, what moved, and how to take it back.

    The record that is given up stays, without relations and without its number.
    """

    names_a_person = True

    kept = models.ForeignKey(
        Member, verbose_name="保留的档案", on_delete=models.PROTECT, related_name="+"
    )
    gone = models.ForeignKey(
        Member, verbose_name="并入的档案", on_delete=models.PROTECT, related_name="+"
    )
    # Both records as they were, as JSON; and what moved: {"app.Model.field": [pk]}.
    before = EncryptedTextField("合并前")
    moved = models.JSONField("移动的记录", default=dict)
    ended = models.JSONField("结束的隶属关系", default=list)
    talents_added = models.JSONField("并入的特长", default=list)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="合并人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    merged_at = models.DateTimeField("合并时间", auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤销人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = MemberMergeQuerySet.as_manager()

    class Meta:
        verbose_name = "档案合并"
        verbose_name_plural = "档案合并"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kept}（档案{self.gone_id}并入）"
