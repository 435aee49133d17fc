from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.fields import BytewiseCharField
from config.lib.masks import mask_id_number, mask_phone
from members.choices import EDUCATION, ETHNIC_GROUPS, Category, Sex
from members.choices.development import CloseReason, Outcome, Stage, StepKind
from members.models.member import Member
from members.querysets.development import (
    ApplicantQuerySet,
    DevelopmentStepQuerySet,
)
from members.rules.development import Fact, Votes
from organizations.models import Organization


class Applicant(models.Model):
    """Somebody on the way into the Party; no member before the approval."""

    names_a_person = True

    Stage = Stage
    CloseReason = CloseReason

    name = models.CharField("姓名", max_length=60)
    name_pinyin = BytewiseCharField("姓名拼音", max_length=120, editable=False)
    name_initials = BytewiseCharField("姓名首字母", max_length=20, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    ethnicity = models.CharField(
        "民族", max_length=12, choices=list(ETHNIC_GROUPS.items())
    )
    born_on = models.DateField("出生日期")
    id_number = EncryptedTextField("公民身份号码")
    id_index = BytewiseCharField(max_length=64, editable=False)
    id_last4 = BytewiseCharField(max_length=4, editable=False)
    phone = EncryptedTextField("手机号码", blank=True, default="")
    education = models.CharField(
        "学历", max_length=30, choices=list(EDUCATION.items()), blank=True, default=""
    )
    category = models.CharField("类别", max_length=10, choices=Category)
    job_title = models.CharField("单位和职务", max_length=60, blank=True, default="")
    organization = models.ForeignKey(
        Organization,
        verbose_name="培养的党支部",
        on_delete=models.PROTECT,
        related_name="applicants",
    )
    stage = models.CharField(
        "阶段", max_length=10, choices=Stage, default=Stage.APPLICANT
    )
    # What the steps say, kept here for lists and figures.
    applied_on = models.DateField("申请日期")
    activist_on = models.DateField(
        "确定为积极分子日期", null=True, blank=True, editable=False
    )
    candidate_on = models.DateField(
        "列为发展对象日期", null=True, blank=True, editable=False
    )
    passed_on = models.DateField(
        "支部大会通过日期", null=True, blank=True, editable=False
    )
    # The first day on which he is no applicant any more: joined, or given up.
    closed_on = models.DateField("终止日期", null=True, blank=True)
    close_reason = models.CharField(
        "终止原因", max_length=12, choices=CloseReason, blank=True, default=""
    )
    close_note = EncryptedTextField("终止说明", blank=True, default="")
    member = models.OneToOneField(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applicant",
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    registered_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = "培养对象"
        verbose_name_plural = "培养对象"
        ordering = ["name_pinyin", "pk"]
        indexes = [
            models.Index(
                fields=["stage", "name_pinyin"], name="members_applicant_stage"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_applicant_one_open",
                fields=["id_index"],
                condition=Q(closed_on__isnull=True),
                violation_error_message="这个身份证号已经登记为入党申请人。",
            ),
            models.CheckConstraint(
                name="members_applicant_admitted_with_member",
                condition=Q(stage=Stage.ADMITTED, member__isnull=False)
                | (~Q(stage=Stage.ADMITTED) & Q(member__isnull=True)),
                violation_error_message="已接收为预备党员的必须有党员档案。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:applicant", args=[self.pk])

    @property
    def masked_id_number(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class DevelopmentStep(models.Model):
    """A dated step of an applicant, or of a member on probation; never deleted."""

    names_a_person = True

    Kind = StepKind

    applicant = models.ForeignKey(
        Applicant,
        verbose_name="培养对象",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="steps",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="预备党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="development_steps",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="党支部",
        on_delete=models.PROTECT,
        related_name="development_steps",
    )
    kind = models.CharField("步骤", max_length=12, choices=StepKind)
    taken_on = models.DateField("日期")
    until = models.DateField("截止日期", null=True, blank=True)
    filed_on = models.DateField("上级党委备案日期", null=True, blank=True)
    outcome = models.CharField(
        "结果", max_length=3, choices=Outcome, blank=True, default=""
    )
    decides = models.CharField(
        "审批的决议", max_length=12, choices=StepKind, blank=True, default=""
    )
    first = models.ForeignKey(
        Member,
        verbose_name="第一名",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    second = models.ForeignKey(
        Member,
        verbose_name="第二名",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    eligible = models.PositiveSmallIntegerField("应到人数", null=True, blank=True)
    present = models.PositiveSmallIntegerField("实到人数", null=True, blank=True)
    in_favour = models.PositiveSmallIntegerField("赞成", null=True, blank=True)
    against = models.PositiveSmallIntegerField("反对", null=True, blank=True)
    abstained = models.PositiveSmallIntegerField("弃权", null=True, blank=True)
    hours = models.PositiveSmallIntegerField("学时", null=True, blank=True)
    document = models.CharField("文号", max_length=60, blank=True, default="")
    # What a branch thinks of somebody is nobody else's business.
    note = EncryptedTextField("说明", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_note = EncryptedTextField("撤回原因", blank=True, default="")

    objects = DevelopmentStepQuerySet.as_manager()

    class Meta:
        verbose_name = "发展党员步骤"
        verbose_name_plural = "发展党员步骤"
        ordering = ["-taken_on", "-pk"]
        indexes = [
            models.Index(fields=["kind", "taken_on"], name="members_devstep_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="members_devstep_of_one",
                condition=Q(applicant__isnull=False, member__isnull=True)
                | Q(applicant__isnull=True, member__isnull=False),
                violation_error_message="一个步骤只属于一个人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.applicant or self.member} {self.get_kind_display()}"

    @property
    def person(self) -> Applicant | Member:
        return self.applicant or self.member

    @property
    def votes(self) -> Votes | None:
        if self.eligible is None:
            return None
        return Votes(*(getattr(self, name) or 0 for name in Votes.__dataclass_fields__))

    @property
    def fact(self) -> Fact:
        """What rules ask of it."""
        return Fact(self.kind, self.taken_on, self.until, self.outcome, self.decides)
