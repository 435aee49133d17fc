from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from activities.choices import ActivityKind, ActivityState, Presence
from activities.models.program import ProgramItem
from activities.models.school import Course
from activities.models.team import VolunteerTeam
from activities.querysets import (
    ActivityPhotoQuerySet,
    ActivityQuerySet,
    ParticipationQuerySet,
)
from members.models import Member
from organizations.models import Organization, StoredFile


class Activity(models.Model):
    """One event of a branch, written once and counted everywhere."""

    Kind = ActivityKind
    State = ActivityState

    organization = models.ForeignKey(
        Organization,
        verbose_name="组织者",
        on_delete=models.PROTECT,
        related_name="activities",
    )
    kind = models.CharField("类型", max_length=20, choices=ActivityKind)
    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name="服务队",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    title = models.CharField("主题", max_length=100)
    starts_at = models.DateTimeField("开始时间")
    held_on = models.DateField("日期", editable=False)
    hours = models.DecimalField("时长（小时）", max_digits=4, decimal_places=1)
    place = models.CharField("地点", max_length=100)
    leader = models.CharField("主持（主讲）人", max_length=50, blank=True, default="")
    summary = models.TextField("内容摘要", max_length=2000, blank=True, default="")
    people_served = models.PositiveIntegerField("服务人次", default=0)
    items = models.ManyToManyField(
        ProgramItem, verbose_name="计入项目", blank=True, related_name="activities"
    )
    # Of the Party school; a session of it is an activity like any other.
    course = models.ForeignKey(
        Course,
        verbose_name="党校课程",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    state = models.CharField(
        "状态", max_length=10, choices=ActivityState, default=ActivityState.HELD
    )
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ActivityQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[items])

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        ordering = ["-held_on", "-id"]
        indexes = [
            models.Index(
                fields=["organization", "held_on"], name="activities_act_by_place"
            ),
            models.Index(fields=["held_on", "id"], name="activities_act_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activities_activity_hours_plausible",
                condition=Q(hours__gt=0) & Q(hours__lte=24),
                violation_error_message="时长应大于 0 且不超过 24 小时。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("activities:detail", args=[self.pk])


class Participation(models.Model):
    names_a_person = True
    Presence = Presence

    activity = models.ForeignKey(
        Activity,
        verbose_name="活动",
        on_delete=models.CASCADE,
        related_name="participations",
        db_index=False,  # the rule that nobody comes twice has an index of its own
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="participations",
    )
    presence = models.CharField(
        "出勤", max_length=10, choices=Presence, default=Presence.PRESENT
    )
    hours = models.DecimalField(
        "学时或工时", max_digits=4, decimal_places=1, default=Decimal("0")
    )
    note = models.CharField("说明", max_length=100, blank=True, default="")

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "参加记录"
        verbose_name_plural = "参加记录"
        ordering = ["activity", "id"]
        constraints = [
            models.UniqueConstraint(
                name="activities_participation_once",
                fields=["activity", "member"],
                violation_error_message="该党员已在参加名单中。",
            ),
            models.CheckConstraint(
                name="activities_participation_hours_only_when_present",
                condition=Q(presence="present") | Q(hours=0),
                violation_error_message="请假或缺席的党员不计时长。",
            ),
            models.CheckConstraint(
                name="activities_participation_hours_plausible",
                condition=Q(hours__gte=0) & Q(hours__lte=24),
                violation_error_message="时长应在 0 到 24 小时之间。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["member", "presence"], name="activities_part_by_member"
            ),
            # Who was there is added up for everything that an activity counts for.
            models.Index(
                fields=["activity", "member"],
                condition=Q(presence=Presence.PRESENT),
                name="activities_part_present",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.activity}"


class ActivityPhoto(models.Model):
    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.CASCADE, related_name="photos"
    )
    file = models.ForeignKey(
        StoredFile, verbose_name="文件", on_delete=models.PROTECT, related_name="+"
    )
    caption = models.CharField("说明", max_length=100, blank=True, default="")

    objects = ActivityPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = "活动照片"
        verbose_name_plural = "活动照片"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="activities_activityphoto_once", fields=["activity", "file"]
            ),
        ]

    def __str__(self) -> str:
        return self.caption or str(self.file)
