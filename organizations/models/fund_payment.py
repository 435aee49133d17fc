from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from organizations.fund_choices import PAYMENT_TONES, PaymentState
from organizations.fund_querysets import PaymentQuerySet
from organizations.models.fund import (
    FundLine,
    FundProject,
    money_column,
    person_column,
)
from organizations.models.stored_file import StoredFile


class FundPayment(models.Model):
    """Money that goes out: entered by one person, confirmed by another.

    From its entry on it is taken from what is left; withdrawn it stays on record.
    """

    names_a_person = True

    line = models.ForeignKey(
        FundLine,
        verbose_name="经费预算",
        on_delete=models.PROTECT,
        related_name="payments",
    )
    project = models.ForeignKey(
        FundProject,
        verbose_name="经费项目",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )
    paid_on = models.DateField("付款日期")
    amount = money_column("金额")
    voucher = models.CharField("凭证号", max_length=40)
    # Whoever is paid may be a person.
    payee = EncryptedTextField("收款人")
    purpose = EncryptedTextField("付款事由")
    scan = models.ForeignKey(
        StoredFile,
        verbose_name="凭证扫描件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        "状态", max_length=10, choices=PaymentState, default=PaymentState.WAITING
    )
    entered_by = person_column("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    confirmed_by = person_column("确认人", null=True, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_by = person_column("撤回人", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = "经费付款"
        verbose_name_plural = "经费付款"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_fundpayment_positive",
                condition=Q(amount__gt=0),
                violation_error_message="付款金额应大于零。",
            ),
            models.CheckConstraint(
                name="organizations_fundpayment_two_people",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("entered_by")),
                violation_error_message="登记付款和确认付款应是两个人。",
            ),
            models.CheckConstraint(
                name="organizations_fundpayment_paid_is_confirmed",
                condition=~Q(state="paid") | Q(confirmed_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["paid_on", "id"],
                name="organizations_fundpayment_wait",
                condition=Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"付款 {self.voucher} {self.amount:,.2f} 元"

    def get_absolute_url(self) -> str:
        return reverse("organizations:fund-payment", args=[self.pk])

    @property
    def tone(self) -> str:
        return PAYMENT_TONES[self.state]
