from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from config.lib.crypto import EncryptedTextField
from organizations.models.organization import Organization
from organizations.models.room import Room
from organizations.room_querysets import RoomBookingQuerySet, RoomOpeningQuerySet


class RoomBooking(models.Model):
    """A time of one day, [starts_at, ends_at), that an organization has asked for."""

    room = models.ForeignKey(
        Room, verbose_name="活动室", on_delete=models.PROTECT, related_name="bookings"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="预订的党组织",
        on_delete=models.PROTECT,
        related_name="room_bookings",
    )
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间")
    purpose = models.CharField("用途", max_length=100)
    people = models.PositiveSmallIntegerField("预计人数", null=True, blank=True)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="预订人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    booked_at = models.DateTimeField("预订时间", auto_now_add=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_reason = EncryptedTextField("取消原因", blank=True, default="")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RoomBookingQuerySet.as_manager()

    class Meta:
        verbose_name = "活动室预订"
        verbose_name_plural = "活动室预订"
        ordering = ["held_on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_roombooking_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="结束时间要晚于开始时间。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["room", "held_on"], name="organizations_roombooking_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.held_on} {self.times}"

    @property
    def times(self) -> str:
        return f"{self.starts_at:%H:%M}—{self.ends_at:%H:%M}"


class RoomOpening(models.Model):
    """That a room was open: when, what for, how many of whom. Written once."""

    room = models.ForeignKey(
        Room, verbose_name="活动室", on_delete=models.PROTECT, related_name="openings"
    )
    booking = models.ForeignKey(
        RoomBooking,
        verbose_name="预订",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="openings",
    )
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间")
    purpose = models.CharField("用途", max_length=100)
    in_post = models.PositiveSmallIntegerField("在职党员", default=0)
    mobile = models.PositiveSmallIntegerField("流动党员", default=0)
    on_roll = models.PositiveSmallIntegerField("在册党员", default=0)
    others = models.PositiveSmallIntegerField("居民群众", default=0)
    is_checked = models.BooleanField("已检查设备", default=False)
    words = EncryptedTextField("备注", blank=True, default="")
    keeper_name = models.CharField("值班管理员", max_length=50, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RoomOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = "活动室开放记录"
        verbose_name_plural = "活动室开放记录"
        ordering = ["-held_on", "-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_roomopening_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message="结束时间要晚于开始时间。",
            ),
            models.UniqueConstraint(
                name="organizations_roomopening_of_booking_once",
                fields=["booking"],
                condition=Q(booking__isnull=False, withdrawn_at__isnull=True),
                violation_error_message="这个预订已经登记过开放。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["room", "held_on"], name="organizations_roomopening_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.held_on} {self.times}"

    @property
    def times(self) -> str:
        return f"{self.starts_at:%H:%M}—{self.ends_at:%H:%M}"

    @property
    def people(self) -> int:
        return self.in_post + self.mobile + self.on_roll + self.others
