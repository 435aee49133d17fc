from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.fields import BytewiseCharField
from config.lib.masks import mask_address, mask_id_number, mask_phone
from members.choices import ETHNIC_GROUPS, MemberType, Precision
from members.choices.reporting import SlipSource, SlipState
from members.models.member import Member
from members.querysets.reporting import ReportSlipQuerySet
from organizations.models import Community, Organization, StoredFile, WorkUnit


class ReportSlip(models.Model):
    """An in-post member reports to the community where he lives (报到单).

    What is written on it stays as it was written. Until a branch accepts it nobody has
    a relation; then `member` is the file that was found or made.
    """

    names_a_person = True

    Source = SlipSource
    State = SlipState

    community = models.ForeignKey(
        Community,
        verbose_name="报到社区",
        on_delete=models.PROTECT,
        related_name="report_slips",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="受理党组织",
        on_delete=models.PROTECT,
        related_name="report_slips",
    )
    name = models.CharField("姓名", max_length=60)
    id_number = EncryptedTextField("公民身份号码")
    id_index = BytewiseCharField(max_length=64, editable=False)
    ethnicity = models.CharField(
        "民族", max_length=12, choices=list(ETHNIC_GROUPS.items()), default="Han"
    )
    member_type = models.CharField(
        "人员类别", max_length=15, choices=MemberType, default=MemberType.FULL
    )
    joined_on = models.DateField("入党日期", null=True, blank=True)
    joined_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY
    )
    phone = EncryptedTextField("手机号码", blank=True, default="")
    address = EncryptedTextField("现居住地", blank=True, default="")
    work_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="report_slips",
    )
    unit_name = models.CharField("单位名称", max_length=120, blank=True, default="")
    job_title = models.CharField("职务", max_length=60, blank=True, default="")
    skills = EncryptedTextField("特长", blank=True, default="")
    wishes = EncryptedTextField("服务意向", blank=True, default="")
    source = models.CharField("报到方式", max_length=10, choices=SlipSource)
    reported_on = models.DateField("报到日期")
    state = models.CharField(
        "状态", max_length=10, choices=SlipState, default=SlipState.RECEIVED
    )
    branch = models.ForeignKey(
        Organization,
        verbose_name="编入党支部",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accepted_slips",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="report_slips",
    )
    settled_on = models.DateField("办理日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = EncryptedTextField("办理说明", blank=True, default="")
    # The workbook it came with: that workbook is taken in once.
    sheet = models.ForeignKey(
        StoredFile,
        verbose_name="报到名单",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="report_slips",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReportSlipQuerySet.as_manager()

    class Meta:
        verbose_name = "报到单"
        verbose_name_plural = "报到单"
        ordering = ["-reported_on", "-pk"]
        indexes = [
            models.Index(fields=["id_index"], name="members_reportslip_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_reportslip_one_waiting",
                fields=["community", "id_index"],
                condition=Q(state=SlipState.RECEIVED),
                violation_error_message="该同志在这个社区已有一张待受理的报到单。",
            ),
            models.CheckConstraint(
                name="members_reportslip_accepted_somewhere",
                condition=~Q(state=SlipState.ACCEPTED)
                | Q(member__isnull=False, branch__isnull=False),
                violation_error_message="受理的报到单必须写明编入的党支部。",
            ),
            models.CheckConstraint(
                name="members_reportslip_settled_on_a_day",
                condition=Q(state=SlipState.RECEIVED) | Q(settled_on__isnull=False),
                violation_error_message="办结的报到单必须有办理日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.reported_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:slip", args=[self.pk])

    @property
    def unit_label(self) -> str:
        """The work unit, of the register or as it was written."""
        return str(self.work_unit) if self.work_unit_id else self.unit_name

    @property
    def masked_id_number(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_address(self) -> str:
        return mask_address(self.address)
