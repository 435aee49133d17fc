from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices.dues import PayerKind
from members.models.member import Member
from members.querysets.dues import (
    DuesBaseQuerySet,
    DuesQuerySet,
    WithdrawableDuesQuerySet,
)
from organizations.models import Organization

_COUNTED = Q(withdrawn_at__isnull=True)


def money_field(label: str, **options: bool) -> models.DecimalField:
    return models.DecimalField(label, max_digits=10, decimal_places=2, **options)


class DuesEntry(models.Model):
    """Who wrote a row down, and who took it back; nothing is deleted."""

    names_a_person = True

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawal = models.CharField("撤回原因", max_length=40, blank=True, default="")

    class Meta:
        abstract = True


class DuesBase(DuesEntry):
    """What a member pays dues from, by whole months: [starts_on, ends_on).

    Of the rows that count one at most is in force in any month.
    """

    Kind = PayerKind

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="dues_bases"
    )
    kind = models.CharField("缴费类别", max_length=15, choices=PayerKind)
    # What somebody earns stays between him and his branch.
    base = EncryptedTextField("核算基数", blank=True, default="")
    # Reckoned when written, and again when the rates change, so that sums are SQL's.
    monthly = money_field("每月应交")
    starts_on = models.DateField("起算月份", help_text="该月的第一天")
    ends_on = models.DateField("止算月份", null=True, blank=True)
    reason = EncryptedTextField("理由", blank=True, default="")
    approver = models.CharField("批准的党委", max_length=120, blank=True, default="")
    approved_on = models.DateField("批准日期", null=True, blank=True)

    objects = DuesBaseQuerySet.as_manager()

    class Meta:
        verbose_name = "党费核定"
        verbose_name_plural = "党费核定"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_duesbase_one_a_month",
                fields=["member", "starts_on"],
                condition=_COUNTED,
                violation_error_message="该同志这个月的党费已经核定。",
            ),
            models.UniqueConstraint(
                name="members_duesbase_one_open",
                fields=["member"],
                condition=_COUNTED & Q(ends_on__isnull=True),
                violation_error_message="该同志的党费已经核定。",
            ),
            models.CheckConstraint(
                name="members_duesbase_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="止算月份应晚于起算月份。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()} {self.starts_on:%Y-%m}"

    @property
    def value(self) -> Decimal | None:
        """The income, or the sum of those who pay one of their own."""
        return Decimal(self.base) if self.base else None

    def holds(self, month: date) -> bool:
        ends_on = self.ends_on
        return self.starts_on <= month and (ends_on is None or ends_on > month)


class DuesMonth(DuesEntry):
    """A member has paid for a month; the portal writes it down and moves no money."""

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="dues_months",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="收缴的党支部",
        on_delete=models.PROTECT,
        related_name="dues_months",
        db_index=False,
    )
    month = models.DateField("月份", help_text="该月的第一天")
    due = money_field("应交", null=True, blank=True)
    paid = money_field("实交")
    paid_on = models.DateField("交纳日期")

    objects = WithdrawableDuesQuerySet.as_manager()

    class Meta:
        verbose_name = "党费交纳"
        verbose_name_plural = "党费交纳"
        ordering = ["-month", "-pk"]
        indexes = [
            models.Index(fields=["organization", "month"], name="members_duesmonth_by"),
            models.Index(fields=["member", "month"], name="members_duesmonth_whose"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_duesmonth_once",
                fields=["member", "month"],
                condition=_COUNTED,
                violation_error_message="该同志这个月的党费已经登记。",
            ),
            models.CheckConstraint(
                name="members_duesmonth_paid_in_full",
                condition=Q(due__isnull=True) | Q(paid__gte=F("due")),
                violation_error_message="实交金额不能少于应交金额。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.month:%Y-%m}"


class DuesStanding(models.Model):
    """Up to which month a member has paid, kept by the services for lists of many."""

    names_a_person = True

    member = models.OneToOneField(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="dues_standing",
    )
    # Settled before the ledger begins: by an introduction letter, or a book on paper.
    opened_to = models.DateField("此前已交至", help_text="该月的第一天")
    paid_to = models.DateField("交至", db_index=True)
    words = models.CharField("依据", max_length=100, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DuesQuerySet.as_manager()

    class Meta:
        verbose_name = "党费交至"
        verbose_name_plural = "党费交至"

    def __str__(self) -> str:
        return f"{self.member} {self.paid_to:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("members:dues", args=[self.member_id])
