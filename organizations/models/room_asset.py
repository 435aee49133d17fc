from __future__ import annotations

from django.db import models

from config.lib.crypto import EncryptedTextField
from organizations.models.room import Room
from organizations.room_choices import AssetKind, AssetState
from organizations.room_querysets import RoomAssetQuerySet


class RoomAsset(models.Model):
    """Equipment, periodicals and other things of a room; a line for each state."""

    room = models.ForeignKey(
        Room, verbose_name="活动室", on_delete=models.PROTECT, related_name="assets"
    )
    kind = models.CharField("类别", max_length=12, choices=AssetKind)
    name = models.CharField("名称", max_length=80)
    quantity = models.PositiveSmallIntegerField("数量", default=1)
    state = models.CharField(
        "状态", max_length=10, choices=AssetState, default=AssetState.GOOD
    )
    state_since = models.DateField("状态自何日起")
    state_words = EncryptedTextField("状态说明", blank=True, default="")
    subscribed_year = models.PositiveSmallIntegerField(
        "订阅年份", null=True, blank=True
    )
    acquired_on = models.DateField("配备日期")
    # A checked opening of the room counts too: see `with_last_check`.
    checked_on = models.DateField("上次检查日期")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RoomAssetQuerySet.as_manager()

    class Meta:
        verbose_name = "活动室设备刊物"
        verbose_name_plural = "活动室设备刊物"
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name
