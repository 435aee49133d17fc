from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.crypto import EncryptedTextField
from members.choices.employment import (
    EmploymentStatus,
    HelpKind,
    HelpResult,
    LeadKind,
    RecordSource,
)
from members.models.member import Member
from members.querysets.employment import (
    EmploymentQuerySet,
    EmploymentSpellQuerySet,
    OfMemberQuerySet,
)
from organizations.models import Organization


class EmploymentRecord(models.Model):
    """What a branch wrote down about somebody's work; withdrawn, never deleted."""

    names_a_person = True

    member = models.ForeignKey(Member, verbose_name="党员", on_delete=models.PROTECT)
    organization = models.ForeignKey(
        Organization,
        verbose_name="登记的党支部",
        on_delete=models.PROTECT,
        related_name="+",
    )
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

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        abstract = True


class EmploymentSpell(EmploymentRecord):
    """How somebody's employment stands since a day, until the next spell begins.

    The end is not stored, so that there can be neither gap nor overlap. A correction
    is a new row; the one it replaces stays, withdrawn.
    """

    Status = EmploymentStatus
    # Of two records that become one, each with a spell since the same day.
    twins_stay = True

    status = models.CharField("就业状况", max_length=15, choices=EmploymentStatus)
    starts_on = models.DateField("开始日期")
    workplace = EncryptedTextField("单位或行业", blank=True, default="")
    source = models.CharField(
        "来源",
        max_length=10,
        choices=RecordSource,
        default=RecordSource.HAND,
        editable=False,
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name="更正自",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )

    objects = EmploymentSpellQuerySet.as_manager()

    class Meta:
        verbose_name = "就业状况"
        verbose_name_plural = "就业状况"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_employmentspell_one_a_day",
                fields=["member", "starts_on"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="同一天只能有一种就业状况。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.starts_on} {self.get_status_display()}"


class EmploymentNeed(models.Model):
    """What somebody out of work needs and wants to learn; the latest row counts."""

    names_a_person = True

    member = models.ForeignKey(Member, verbose_name="党员", on_delete=models.PROTECT)
    needs = EncryptedTextField("困难和需求", blank=True, default="")
    skills = EncryptedTextField("想学的技能", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "就业需求"
        verbose_name_plural = "就业需求"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.member}的就业需求"

    @property
    def version(self) -> int:
        """What a form was filled in from: rows are added, never changed."""
        return self.pk


class HelpStep(EmploymentRecord):
    """One step of help towards work, and what came of it."""

    Kind = HelpKind
    Result = HelpResult

    kind = models.CharField("帮扶方式", max_length=10, choices=HelpKind)
    given_on = models.DateField("帮扶日期")
    provider = EncryptedTextField("由谁提供", blank=True, default="")
    content = EncryptedTextField("帮扶内容", blank=True, default="")
    result = models.CharField(
        "结果", max_length=10, choices=HelpResult, default=HelpResult.PENDING
    )
    result_on = models.DateField("结果日期", null=True, blank=True)
    result_words = EncryptedTextField("结果说明", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = "就业帮扶"
        verbose_name_plural = "就业帮扶"
        ordering = ["-given_on", "-pk"]
        indexes = [
            models.Index(fields=["member", "given_on"], name="members_helpstep_member"),
            models.Index(fields=["given_on"], name="members_helpstep_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="members_helpstep_result_dated",
                condition=Q(result=HelpResult.PENDING, result_on__isnull=True)
                | Q(~Q(result=HelpResult.PENDING), result_on__isnull=False),
                violation_error_message="有了结果的必须写明日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.given_on} {self.get_kind_display()}"


class Lead(EmploymentRecord):
    """What a member did for others' work: people led into it, a service opened."""

    Kind = LeadKind

    kind = models.CharField("带动方式", max_length=10, choices=LeadKind)
    starts_on = models.DateField("开始日期")
    title = EncryptedTextField("去向或项目")
    people_count = models.PositiveIntegerField("带领人数", default=0)
    posts_count = models.PositiveIntegerField("新增岗位", default=0)
    evidence = EncryptedTextField("依据", blank=True, default="")
    source = models.CharField(
        "来源",
        max_length=10,
        choices=RecordSource,
        default=RecordSource.HAND,
        editable=False,
    )

    class Meta:
        verbose_name = "“双带”事迹"
        verbose_name_plural = "“双带”事迹"
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["starts_on"], name="members_lead_day")]
        constraints = [
            models.CheckConstraint(
                name="members_lead_counted_once",
                condition=Q(kind=LeadKind.PEOPLE, people_count__gte=1, posts_count=0)
                | Q(kind=LeadKind.SERVICE, people_count=0)
                | Q(kind=LeadKind.POSTS, people_count=0, posts_count__gte=1),
                violation_error_message="带领人数和新增岗位只填一项。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.starts_on} {self.get_kind_display()}"
