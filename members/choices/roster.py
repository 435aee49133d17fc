"""Code values of rosters and of claims to people known already."""

from django.db import models


class RosterState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    MAPPING = "mapping", "待核对列"
    CHECKING = "checking", "校验中"
    CHECKED = "checked", "待确认"
    IMPORTING = "importing", "写入中"
    IMPORTED = "imported", "已导入"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已放弃"
    EXPIRED = "expired", "预览已过期"


class RowVerdict(models.TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    ERROR = "error", "有错误"


class ClaimState(models.TextChoices):
    OPEN = "open", "待处理"
    ACCEPTED = "accepted", "已并入"
    REFUSED = "refused", "不予受理"
