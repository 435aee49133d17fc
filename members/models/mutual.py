"""Mutual aid: accounts, drives, what was given, and what helped whom."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices.mutual import DonorKind, GiftForm, RecipientKind
from members.models.hardship import HardshipAid, HardshipCase
from members.models.member import Member
from members.querysets.mutual import (
    AidDriveQuerySet,
    AidFundQuerySet,
    AidPaymentQuerySet,
    DonationQuerySet,
)
from members.rules.mutual import receipt_number
from organizations.fund_choices import PAYMENT_TONES, PaymentState
from organizations.models import Organization, WorkUnit
from organizations.models.fund import money_column, person_column


class _Kept(models.Model):
    """Who wrote a row, and once."""

    made_by = person_column("登记人")
    made_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True


class _Entered(models.Model):
    """An entry: never changed, only withdrawn, and then it stays."""

    entered_by = person_column("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_by = person_column("撤回人", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True


class AidFund(_Kept):
    """An account of mutual aid, kept apart from other money.

    `street` is where the figures of whom it helped lie, as with hardship.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="aid_funds",
    )
    street = models.ForeignKey(
        Organization, verbose_name="街道", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("账户名称", max_length=60)
    # Who steers and watches over it, in words: names of people.
    steering = EncryptedTextField("管理和监督小组", blank=True, default="")
    note = models.CharField("说明", max_length=200, blank=True, default="")
    opened_on = models.DateField("设立日期")
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    closed_reason = models.CharField("关闭原因", max_length=200, blank=True, default="")

    objects = AidFundQuerySet.as_manager()

    class Meta:
        verbose_name = "互助金账户"
        verbose_name_plural = "互助金账户"
        ordering = ["organization__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_aidfund_once",
                fields=["organization", "name"],
                violation_error_message="这个党组织已有同名的互助金账户。",
            ),
            models.CheckConstraint(
                name="members_aidfund_in_order",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:mutual-fund", args=[self.pk])


class AidDrive(_Kept):
    """A drive: when and for what was asked. Voluntary, so it has no sum to reach."""

    fund = models.ForeignKey(
        AidFund, verbose_name="账户", on_delete=models.PROTECT, related_name="drives"
    )
    name = models.CharField("活动名称", max_length=80)
    purpose = models.CharField("捐赠用途", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    published_on = models.DateField("公示日期", null=True, blank=True)
    published_where = models.CharField(
        "公示地点", max_length=100, blank=True, default=""
    )

    objects = AidDriveQuerySet.as_manager()

    class Meta:
        verbose_name = "捐助活动"
        verbose_name_plural = "捐助活动"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_aiddrive_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:mutual-drive", args=[self.pk])


class Donation(_Entered):
    """Something given, with the number of its receipt; withdrawn it keeps the number.

    Who gave how much is told to whoever keeps the account, and to nobody else.
    """

    names_a_person = True
    is_confidential = True

    fund = models.ForeignKey(
        AidFund, verbose_name="账户", on_delete=models.PROTECT, related_name="donations"
    )
    drive = models.ForeignKey(
        AidDrive,
        verbose_name="捐助活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="donations",
    )
    year = models.PositiveSmallIntegerField("收据年度")
    serial = models.PositiveIntegerField("收据序号")
    donor_kind = models.CharField("捐赠人类别", max_length=10, choices=DonorKind)
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="donations",
    )
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    donor_name = EncryptedTextField("捐赠人或来源", blank=True, default="")
    form = models.CharField("捐赠形式", max_length=10, choices=GiftForm)
    # Of goods: what they are worth.
    amount = money_column("金额")
    item = models.CharField("物品", max_length=40, blank=True, default="")
    quantity = models.PositiveIntegerField("数量", null=True, blank=True)
    measure = models.CharField("计量单位", max_length=10, blank=True, default="")
    donated_on = models.DateField("捐赠日期")
    wish = EncryptedTextField("捐赠人的意愿", blank=True, default="")

    objects = DonationQuerySet.as_manager()

    class Meta:
        verbose_name = "捐赠"
        verbose_name_plural = "捐赠"
        ordering = ["fund", "-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                name="members_donation_number", fields=["fund", "year", "serial"]
            ),
            models.CheckConstraint(
                name="members_donation_positive", condition=Q(amount__gt=0)
            ),
            models.CheckConstraint(
                name="members_donation_goods",
                condition=Q(form=GiftForm.MONEY, quantity__isnull=True)
                | Q(form=GiftForm.GOODS, quantity__gt=0),
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "donated_on"], name="members_donation_by_day")
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("members:donation", args=[self.pk])

    @property
    def number(self) -> str:
        return receipt_number(self.year, self.serial)

    @property
    def donor(self) -> str:
        """Who gave, as the receipt says it."""
        if self.member is not None:
            return self.member.name
        if self.unit is not None:
            return self.unit.name
        return self.donor_name or "匿名"

    @property
    def goods(self) -> str:
        """ "大米 20 袋"; empty for money."""
        return f"{self.item} {self.quantity} {self.measure}" if self.quantity else ""


class AidPayment(_Entered):
    """Aid that goes out: entered by one person, confirmed by another.

    From its entry on it is taken from what is left. A member's is joined to his open
    case; once confirmed it stands there as aid, so that nobody writes it down twice.
    """

    names_a_person = True
    is_confidential = True

    fund = models.ForeignKey(
        AidFund, verbose_name="账户", on_delete=models.PROTECT, related_name="payments"
    )
    drive = models.ForeignKey(
        AidDrive,
        verbose_name="捐助活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )
    recipient_kind = models.CharField("受助类别", max_length=10, choices=RecipientKind)
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="aid_payments",
    )
    case = models.ForeignKey(
        HardshipCase,
        verbose_name="困难帮扶",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    aid = models.ForeignKey(
        HardshipAid,
        verbose_name="帮扶记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )
    # Whether the aid was written by this payment, and goes with it.
    wrote_aid = models.BooleanField(default=False, editable=False)
    recipient = EncryptedTextField("受助家庭或去向", blank=True, default="")
    kind = EncryptedTextField("帮扶形式", max_length=40, blank=True, default="")
    lot = models.ForeignKey(
        Donation,
        verbose_name="发放的物品",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="given_out",
    )
    quantity = models.PositiveIntegerField("数量", null=True, blank=True)
    amount = money_column("金额")
    paid_on = models.DateField("支出日期")
    voucher = models.CharField("凭证号", max_length=40)
    visitors = EncryptedTextField("走访人", max_length=100, blank=True, default="")
    words = EncryptedTextField("事由", blank=True, default="")
    urgent_reason = EncryptedTextField("急难原因", blank=True, default="")
    state = models.CharField(
        "状态", max_length=10, choices=PaymentState, default=PaymentState.WAITING
    )
    confirmed_by = person_column("确认人", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    objects = AidPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "互助金支出"
        verbose_name_plural = "互助金支出"
        ordering = ["-paid_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_aidpayment_positive", condition=Q(amount__gt=Decimal(0))
            ),
            models.CheckConstraint(
                name="members_aidpayment_two_people",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("entered_by")),
                violation_error_message="登记支出和确认支出应是两个人。",
            ),
            models.CheckConstraint(
                name="members_aidpayment_confirmed",
                condition=~Q(state="paid") | Q(confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="members_aidpayment_pieces",
                condition=Q(lot__isnull=True, quantity__isnull=True)
                | Q(lot__isnull=False, quantity__gt=0),
            ),
            models.UniqueConstraint(
                name="members_aidpayment_aid_once",
                fields=["aid"],
                condition=~Q(state="withdrawn"),
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "paid_on"], name="members_aidpayment_by_day"),
            models.Index(
                fields=["entered_at", "id"],
                name="members_aidpayment_wait",
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"支出 {self.voucher} {self.amount:,.2f} 元"

    def get_absolute_url(self) -> str:
        return reverse("members:aid-payment", args=[self.pk])

    @property
    def tone(self) -> str:
        return PAYMENT_TONES[self.state]
