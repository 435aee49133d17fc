from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices.hardship import CaseEnd, CaseState, FindingKind, Level
from members.models.member import Member
from members.querysets.hardship import (
    HardshipAidQuerySet,
    HardshipCaseQuerySet,
    OfCaseQuerySet,
)
from members.rules.hardship import OPEN_STATES
from organizations.models import Organization


def _by(label: str, **more: object) -> models.ForeignKey:
    """Somebody who did a step."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **more,
    )


class HardshipCase(models.Model):
    """Care for a member in difficulty, from the application to its end.

    What it says stands in nobody's history and in no audit: who may know is decided
    by `visible_to` alone. `street` is where its figures lie, so that no figure of a
    branch or community tells who it is.
    """

    names_a_person = True
    # Others who work with all that is recorded of a person see nothing of it.
    is_confidential = True

    State = CaseState
    Level = Level
    End = CaseEnd

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="hardships"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="申请的党支部",
        on_delete=models.PROTECT,
        related_name="+",
    )
    street = models.ForeignKey(
        Organization, verbose_name="街道", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        "状态", max_length=10, choices=CaseState, default=CaseState.APPLIED
    )
    level = models.CharField(
        "困难级别", max_length=10, choices=Level, blank=True, default=""
    )
    # One a line, in the words of the parameters when they were chosen.
    kinds = EncryptedTextField("困难类型")
    criteria = EncryptedTextField("认定条件")
    household_size = models.PositiveSmallIntegerField("家庭人口")
    income_per_head = models.DecimalField(
        "家庭人均月收入", max_digits=10, decimal_places=2
    )
    words = EncryptedTextField("情况说明", blank=True, default="")
    applied_on = models.DateField("申请日期")
    applied_by = _by("登记人")
    met_on = models.DateField("支部大会日期", null=True, blank=True)
    meeting_words = EncryptedTextField("支部大会意见", blank=True, default="")
    public_from = models.DateField("公示开始", null=True, blank=True)
    public_until = models.DateField("公示结束", null=True, blank=True)
    recognized_on = models.DateField("认定日期", null=True, blank=True)
    recognized_body = models.CharField(
        "认定机关", max_length=60, blank=True, default=""
    )
    recognized_by = _by("认定登记人", null=True, blank=True)
    ended_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField(
        "结束原因", max_length=10, choices=CaseEnd, blank=True, default=""
    )
    closing_words = EncryptedTextField("办结说明", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = HardshipCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "困难帮扶"
        verbose_name_plural = "困难帮扶"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state"], name="members_hardship_state")]
        constraints = [
            models.UniqueConstraint(
                name="members_hardship_one_open",
                fields=["member"],
                condition=Q(state__in=OPEN_STATES),
                violation_error_message="该同志已有一件困难帮扶正在办理。",
            ),
            models.CheckConstraint(
                name="members_hardship_recognized_whole",
                condition=~Q(state=CaseState.RECOGNIZED)
                | (Q(recognized_on__isnull=False) & ~Q(level="")),
                violation_error_message="认定的，须写明日期和级别。",
            ),
            models.CheckConstraint(
                name="members_hardship_income",
                condition=Q(income_per_head__gte=0, household_size__gte=1),
                violation_error_message="收入不能小于0，家庭人口至少1人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:hardship", args=[self.pk])

    @property
    def kind_labels(self) -> list[str]:
        return self.kinds.splitlines()

    @property
    def criteria_labels(self) -> list[str]:
        return self.criteria.splitlines()


class HardshipFinding(models.Model):
    """What was found at the recognition and at each review, in force until the next.

    A review that finds nobody in difficulty any more has no level, and begins and
    ends on its day.
    """

    names_a_person = True
    is_confidential = True

    Kind = FindingKind

    case = models.ForeignKey(
        HardshipCase,
        verbose_name="困难帮扶",
        on_delete=models.PROTECT,
        related_name="findings",
    )
    kind = models.CharField("类别", max_length=10, choices=FindingKind)
    starts_on = models.DateField("日期")
    ends_on = models.DateField("到下一次", null=True, blank=True)
    level = models.CharField(
        "困难级别", max_length=10, choices=Level, blank=True, default=""
    )
    household_size = models.PositiveSmallIntegerField("家庭人口")
    income_per_head = models.DecimalField(
        "家庭人均月收入", max_digits=10, decimal_places=2
    )
    line = models.DecimalField(
        "当时的低保标准", max_digits=10, decimal_places=2, null=True
    )
    words = EncryptedTextField("说明", blank=True, default="")
    decided_by = _by("登记人")
    decided_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "困难认定"
        verbose_name_plural = "困难认定"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_hardshipfinding_once", fields=["case", "starts_on"]
            ),
            models.CheckConstraint(
                name="members_hardshipfinding_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_on}"


class HardshipAid(models.Model):
    """Something given to a member in difficulty; one written down wrongly stays."""

    names_a_person = True
    is_confidential = True

    case = models.ForeignKey(
        HardshipCase,
        verbose_name="困难帮扶",
        on_delete=models.PROTECT,
        related_name="aids",
    )
    street = models.ForeignKey(
        Organization, verbose_name="街道", on_delete=models.PROTECT, related_name="+"
    )
    kind = EncryptedTextField("帮扶形式", max_length=40)
    amount = models.DecimalField(
        "金额", max_digits=10, decimal_places=2, default=Decimal(0)
    )
    given_on = models.DateField("帮扶日期")
    voucher_number = models.CharField("凭证号", max_length=40, blank=True, default="")
    visitors = EncryptedTextField("走访人", max_length=100, blank=True, default="")
    # Not what they are, only that somebody came: the day counts as a contact.
    is_visit = models.BooleanField("上门走访", default=False, editable=False)
    words = EncryptedTextField("说明", blank=True, default="")
    urgent_reason = EncryptedTextField("急难原因", blank=True, default="")
    recorded_by = _by("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    withdrawn_by = _by("撤回人", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_words = EncryptedTextField("撤回原因", blank=True, default="")

    objects = HardshipAidQuerySet.as_manager()

    class Meta:
        verbose_name = "帮扶记录"
        verbose_name_plural = "帮扶记录"
        ordering = ["-given_on", "-pk"]
        indexes = [
            models.Index(
                fields=["case", "given_on"], name="members_hardshipaid_by_case"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_hardshipaid_voucher_once",
                fields=["street", "voucher_number"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(voucher_number=""),
                violation_error_message="本街道已有一笔帮扶用了这个凭证号。",
            ),
            models.CheckConstraint(
                name="members_hardshipaid_amount",
                condition=Q(amount__gte=0),
                violation_error_message="金额不能小于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} {self.amount}元"
