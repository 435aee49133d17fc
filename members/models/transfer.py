from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from members.choices import TransferDestination, TransferDirection, TransferState
from members.models.member import Member
from members.querysets.transfers import TransferBatchQuerySet, TransferQuerySet
from members.rules.transfers import NOTE_LENGTH, letter_number
from organizations.models import Organization

_WAITING = Q(state__in=[TransferState.DRAFTED, TransferState.ISSUED])


class LetterCounter(models.Model):
    """The last serial of a year's letters; its row is locked while one is given."""

    issuer = models.ForeignKey(
        Organization, verbose_name="开具党组织", on_delete=models.PROTECT
    )
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "介绍信编号"
        verbose_name_plural = "介绍信编号"
        constraints = [
            models.UniqueConstraint(
                name="members_lettercounter_once", fields=["issuer", "year"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年第{self.last}号"


class TransferBatch(models.Model):
    """Transfers written down together, to be issued, printed and closed together."""

    names_a_person = True  # its title says whose

    title = models.CharField("名称", max_length=120)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    drafted_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = TransferBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "批量转接"
        verbose_name_plural = "批量转接"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:transfer-batch", args=[self.pk])


class Transfer(models.Model):
    """The formal relation of a person on its way to another branch.

    Until it is accepted the old branch stays responsible, so the relation itself
    is not touched before. Source: 《中国共产党党员教育管理工作条例》第二十五条.
    One that comes into the street is written down when the branch takes the person.
    """

    names_a_person = True

    Direction = TransferDirection
    State = TransferState

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="transfers"
    )
    direction = models.CharField("转接方式", max_length=10, choices=TransferDirection)
    state = models.CharField(
        "状态", max_length=10, choices=TransferState, default=TransferState.DRAFTED
    )
    source = models.ForeignKey(
        Organization,
        verbose_name="转出党支部",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="transfers_out",
    )
    source_name = models.CharField("转出党组织", max_length=120, blank=True, default="")
    foreign_number = models.CharField("来函编号", max_length=40, blank=True, default="")
    target = models.ForeignKey(
        Organization,
        verbose_name="接收党支部",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="transfers_in",
    )
    destination = models.CharField("去向", max_length=15, choices=TransferDestination)
    addressee = models.CharField("介绍信抬头", max_length=120, blank=True, default="")
    target_name = models.CharField("转往党组织", max_length=120, blank=True, default="")
    reason = models.CharField("转接原因", max_length=200, blank=True, default="")
    dues_paid_to = models.DateField("党费交至", help_text="该月的第一天")
    valid_days = models.PositiveSmallIntegerField("有效期天数", null=True, blank=True)
    issuer = models.ForeignKey(
        Organization,
        verbose_name="开具党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    serial = models.PositiveIntegerField("编号", null=True, blank=True)
    issued_on = models.DateField("开具日期", null=True, blank=True)
    last_day = models.DateField("有效期至", null=True, blank=True)
    accepted_on = models.DateField("接收日期", null=True, blank=True)
    # The first day on which nothing is under way any more: it was accepted or
    # withdrawn, or another letter stands for this one.
    ended_on = models.DateField(null=True, blank=True, editable=False)
    receipt_on = models.DateField("回执日期", null=True, blank=True)
    closing_note = models.CharField(
        "办结说明", max_length=NOTE_LENGTH, blank=True, default=""
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name="补开自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    batch = models.ForeignKey(
        TransferBatch,
        verbose_name="批量转接",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="transfers",
    )
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    drafted_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "组织关系转接"
        verbose_name_plural = "组织关系转接"
        ordering = ["-drafted_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "last_day"], name="members_transfer_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_transfer_one_waiting",
                fields=["member"],
                condition=_WAITING,
                violation_error_message="该同志已有一件转接正在办理。",
            ),
            models.UniqueConstraint(
                name="members_transfer_number_once",
                fields=["issuer", "year", "serial"],
                violation_error_message="这个介绍信编号已经用过。",
            ),
            models.CheckConstraint(
                name="members_transfer_letter_numbered",
                condition=~Q(direction=TransferDirection.OUT)
                | Q(state__in=[TransferState.DRAFTED, TransferState.WITHDRAWN])
                | Q(serial__isnull=False, issued_on__isnull=False),
                violation_error_message="开出的介绍信必须有编号和日期。",
            ),
            models.CheckConstraint(
                name="members_transfer_from_and_to",
                condition=Q(
                    direction=TransferDirection.OUT,
                    source__isnull=False,
                    target__isnull=True,
                )
                | Q(
                    direction=TransferDirection.WITHIN,
                    source__isnull=False,
                    target__isnull=False,
                )
                | Q(
                    ~Q(foreign_number="", source_name=""),
                    direction=TransferDirection.IN,
                    source__isnull=True,
                    target__isnull=False,
                ),
                violation_error_message="转出、转入的党组织没有写全。",
            ),
            models.CheckConstraint(
                name="members_transfer_accepted_after_issue",
                condition=Q(accepted_on__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(accepted_on__gte=F("issued_on")),
                violation_error_message="接收日期不能早于开具日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_direction_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:transfer", args=[self.pk])

    @property
    def number(self) -> str:
        """The letter's number, "" before it is issued and within the street."""
        if self.serial:
            return letter_number(self.year, self.serial)
        return self.foreign_number

    @property
    def origin_name(self) -> str:
        return str(self.source) if self.source_id else self.source_name

    @property
    def destination_name(self) -> str:
        return str(self.target) if self.target_id else self.target_name

    @property
    def place(self) -> Organization:
        """The branch whose work it is to see it through."""
        return self.source or self.target

    @property
    def state_label(self) -> str:
        """The state in words; of a letter that came, the receipt goes out."""
        is_sent = self.direction == TransferDirection.IN
        if is_sent and self.state == TransferState.RECEIPTED:
            return "回执已寄"
        return self.get_state_display()
