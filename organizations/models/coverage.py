from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_phone
from organizations.coverage_choices import (
    SHARED_FORMS,
    CoverageForm,
    UnitState,
    VisitOutcome,
)
from organizations.coverage_querysets import DatedPartQuerySet, DoorVisitQuerySet
from organizations.models.organization import Organization
from organizations.models.work_unit import WorkUnit


class CensusSheet(models.Model):
    """一企一表: what a two-new unit was found to be; holds on [starts_on, ends_on).

    What is found later is the next sheet, so that each day keeps what was known then.
    """

    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="census_sheets",
    )
    starts_on = models.DateField("核查日期")
    ends_on = models.DateField("有效至", null=True, blank=True)
    state = models.CharField("经营状态", max_length=10, choices=UnitState)
    # False for what a registration authority's list alone says.
    is_surveyed = models.BooleanField("已上门核查", default=True)
    staff = models.PositiveIntegerField("从业人员", null=True, blank=True)
    full_members = models.PositiveIntegerField("正式党员", default=0)
    probationary = models.PositiveIntegerField("预备党员", default=0)
    not_moved_in = models.PositiveIntegerField("未转入组织关系的党员", default=0)
    # Public: it stands in the registration authority's own notice.
    owner_name = models.CharField(
        "出资人（负责人）", max_length=50, blank=True, default=""
    )
    owner_is_member = models.BooleanField("出资人是党员", default=False)
    owner_phone = EncryptedTextField("出资人电话", blank=True, default="")
    words = EncryptedTextField("说明", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DatedPartQuerySet.as_manager()

    class Meta:
        verbose_name = "一企一表"
        verbose_name_plural = "一企一表"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_censussheet_one_open",
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="organizations_censussheet_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_on}"

    @property
    def members(self) -> int:
        return self.full_members + self.probationary

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.owner_phone)


class Coverage(models.Model):
    """How a two-new unit is covered, as somebody decided; [starts_on, ends_on)."""

    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="coverages",
    )
    form = models.CharField("覆盖形式", max_length=12, choices=CoverageForm)
    starts_on = models.DateField("核定日期")
    ends_on = models.DateField("有效至", null=True, blank=True)
    organization = models.ForeignKey(
        Organization,
        verbose_name="覆盖的党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="coverages",
    )
    # Names of people sent or in charge by office.
    instructor_name = models.CharField(
        "党建工作指导员", max_length=50, blank=True, default=""
    )
    reason = models.CharField("没有覆盖的原因", max_length=60, blank=True, default="")
    responsible_name = models.CharField("责任人", max_length=50, blank=True, default="")
    due_on = models.DateField("完成期限", null=True, blank=True)
    # What the rule proposed on that day.
    proposed = models.CharField(
        "系统建议", max_length=12, choices=CoverageForm, blank=True, default=""
    )
    words = EncryptedTextField("说明", blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核定人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("核定时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = DatedPartQuerySet.as_manager()

    class Meta:
        verbose_name = "两新覆盖"
        verbose_name_plural = "两新覆盖"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_coverage_one_open",
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="organizations_coverage_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="organizations_coverage_names_its_organization",
                condition=Q(organization__isnull=False) | ~Q(form__in=SHARED_FORMS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_form_display()}"

    @property
    def by_whom(self) -> str:
        """The organization or person that covers; "" where nobody does."""
        if self.form == CoverageForm.OWN and self.organization is None:
            return self.unit.party_organization_name
        return str(self.organization or self.instructor_name)


class DoorVisit(models.Model):
    """上门: somebody went to a two-new unit about its Party building."""

    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="door_visits",
    )
    visited_on = models.DateField("上门日期")
    visitors = models.CharField("上门人员", max_length=100)
    met = EncryptedTextField("接待人", blank=True, default="")
    outcome = models.CharField("结果", max_length=10, choices=VisitOutcome)
    words = EncryptedTextField("情况", blank=True, default="")
    next_on = models.DateField("下次上门", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = DoorVisitQuerySet.as_manager()

    class Meta:
        verbose_name = "上门记录"
        verbose_name_plural = "上门记录"
        ordering = ["-visited_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_doorvisit_next_is_later",
                condition=Q(next_on__isnull=True) | Q(next_on__gt=F("visited_on")),
                violation_error_message="下次上门的日期应晚于这次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.visited_on}"
