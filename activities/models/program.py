from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from activities.choices import EarnedBy, ProgramPeriod
from activities.querysets import AchievementQuerySet, ProgramQuerySet
from activities.querysets.programs import ProgramItemQuerySet
from members.choices import Category
from members.models import Member
from organizations.models import Organization, StoredFile

# Between the key of a program and the number of its version: wu-ge-yi-v2.
VERSION_MARK = "-v"


class Program(models.Model):
    """A list of items to fulfil: 五个一, 六带, or what a committee invents."""

    Period = ProgramPeriod

    key = models.SlugField("标识", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    audience = models.CharField("对象", max_length=10, choices=Category)
    period = models.CharField(
        "周期", max_length=10, choices=ProgramPeriod, default=ProgramPeriod.YEAR
    )
    valid_from = models.DateField("启用日期")
    valid_until = models.DateField("停用日期", null=True, blank=True)
    source = models.CharField("依据", max_length=200, blank=True, default="")
    sort_order = models.PositiveSmallIntegerField("顺序", default=0)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = "项目清单"
        verbose_name_plural = "项目清单"
        ordering = ["sort_order", "key"]
        constraints = [
            models.CheckConstraint(
                name="activities_program_valid_until_after_from",
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                violation_error_message="停用日期应晚于启用日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def line(self) -> str:
        """The key that all versions of this program share."""
        return self.key.split(VERSION_MARK)[0]

    def is_in_force(self, day: date) -> bool:
        """Whether the program may be earned on `day`; `valid_until` is exclusive."""
        return self.valid_from <= day and (
            self.valid_until is None or day < self.valid_until
        )


class ProgramItem(models.Model):
    program = models.ForeignKey(
        Program, verbose_name="清单", on_delete=models.PROTECT, related_name="items"
    )
    key = models.SlugField("标识", max_length=40)
    name = models.CharField("项目", max_length=40)
    required_count = models.PositiveSmallIntegerField("应完成次数", default=1)
    unit = models.CharField("单位", max_length=10, default="次")
    needs_evidence = models.BooleanField("须佐证材料", default=False)
    # Where it is set the item is reckoned from there alone: nobody types it twice.
    earned_by = models.CharField(
        "自动取自", max_length=15, choices=EarnedBy, blank=True, default=""
    )
    sort_order = models.PositiveSmallIntegerField("顺序", default=0)

    objects = ProgramItemQuerySet.as_manager()

    class Meta:
        verbose_name = "清单项目"
        verbose_name_plural = "清单项目"
        ordering = ["program", "sort_order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="activities_programitem_key_once", fields=["program", "key"]
            ),
            models.CheckConstraint(
                name="activities_programitem_required_positive",
                condition=Q(required_count__gte=1),
                violation_error_message="应完成次数至少为 1。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.program} · {self.name}"


class Achievement(models.Model):
    """One item fulfilled by one member outside an activity, with its evidence.

    Taking part in an activity that carries the item earns it without a row here.
    """

    names_a_person = True

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="achievements",
    )
    item = models.ForeignKey(
        ProgramItem,
        verbose_name="项目",
        on_delete=models.PROTECT,
        related_name="achievements",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="记录党组织",
        on_delete=models.PROTECT,
        related_name="achievements",
    )
    achieved_on = models.DateField("完成日期")
    content = models.CharField("内容", max_length=300)
    evidence = models.ForeignKey(
        StoredFile,
        verbose_name="佐证材料",
        null=True,
        blank=True,
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
    # Counted since then: the branch says that it is so.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = "完成记录"
        verbose_name_plural = "完成记录"
        ordering = ["-achieved_on", "-id"]
        indexes = [
            models.Index(
                fields=["member", "item", "achieved_on"],
                name="activities_ach_earned",
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="activities_achievement_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                violation_error_message="确认时间和确认人须同时填写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.item.name}"
