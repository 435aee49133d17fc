from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from organizations.models.organization import Building, Organization
from organizations.room_choices import StationKind
from organizations.room_querysets import RoomPartQuerySet, RoomQuerySet
from organizations.room_rules import Span, hours_lines, read_hours


class Room(models.Model):
    """党员活动室: kept by a Party organization, in use on [opened_on, closed_on)."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="管理的党组织",
        on_delete=models.PROTECT,
        related_name="rooms",
    )
    name = models.CharField("活动室名称", max_length=60)
    # The list of buildings is replaced as a whole now and then; the words stay.
    building = models.ForeignKey(
        Building,
        verbose_name="楼栋",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="rooms",
    )
    place = models.CharField("具体位置", max_length=100, blank=True, default="")
    capacity = models.PositiveSmallIntegerField("可容纳人数", null=True, blank=True)
    # [weekday, "08:30", "11:30"] each, as `room_rules.stored_hours` writes them.
    hours = models.JSONField("每周开放时间", default=list, blank=True)
    keeper_name = models.CharField("管理员", max_length=50, blank=True, default="")
    keeper_phone = EncryptedTextField("管理员电话", blank=True, default="")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True, blank=True)
    closed_reason = models.CharField("停用原因", max_length=200, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = "党员活动室"
        verbose_name_plural = "党员活动室"
        ordering = ["organization__path", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_room_closes_after_start",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gt=F("opened_on")),
                violation_error_message="停用日期应晚于启用日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:room", args=[self.pk])

    @property
    def week_url(self) -> str:
        return reverse("organizations:room-week", args=[self.pk])

    @property
    def spans(self) -> list[Span]:
        return read_hours(self.hours)

    @property
    def hours_lines(self) -> list[str]:
        return hours_lines(self.spans)

    @property
    def place_text(self) -> str:
        return " ".join(filter(None, [str(self.building or ""), self.place]))


class RoomStation(models.Model):
    """One of the three stations that a room houses."""

    room = models.ForeignKey(
        Room, verbose_name="活动室", on_delete=models.CASCADE, related_name="stations"
    )
    kind = models.CharField("站点", max_length=10, choices=StationKind)
    service = models.CharField("服务内容", max_length=200, blank=True, default="")
    keeper_name = models.CharField("负责人", max_length=50, blank=True, default="")
    keeper_phone = EncryptedTextField("负责人电话", blank=True, default="")

    objects = RoomPartQuerySet.as_manager()

    class Meta:
        verbose_name = "活动室站点"
        verbose_name_plural = "活动室站点"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_roomstation_once", fields=["room", "kind"]
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
