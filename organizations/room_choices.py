"""Code values of activity rooms: stored in English, shown in Chinese."""

from django.db import models


class StationKind(models.TextChoices):
    """Source: 街道经验材料《街道党建创新》：党员活动室内设三站."""

    IN_POST = "in_post", "在职党员联络站"
    MOBILE = "mobile", "流动党员活动站"
    ON_ROLL = "on_roll", "在册党员服务站"


class AssetKind(models.TextChoices):
    EQUIPMENT = "equipment", "电教设备"
    PERIODICAL = "periodical", "党建刊物"
    OTHER = "other", "其他物品"


class AssetState(models.TextChoices):
    GOOD = "good", "完好"
    BROKEN = "broken", "损坏"
    LOST = "lost", "丢失"
    RETURNED = "returned", "已交回"


# Still in the room.
IN_HAND = (AssetState.GOOD, AssetState.BROKEN)
ASSET_TONES = {
    AssetState.GOOD: "ok",
    AssetState.BROKEN: "bad",
    AssetState.LOST: "bad",
    AssetState.RETURNED: "mute",
}


class RoomGroup(models.TextChoices):
    """Tabs of the list."""

    IDLE = "idle", "久未开放"
    CLOSED = "closed", "已停用"
    ALL = "all", "全部"
