"""Code values of projects of community services."""

from django.db import models


class ServiceField(models.TextChoices):
    HOUSEKEEPING = "housekeeping", "家政保洁"
    CHILDCARE = "childcare", "托幼托管"
    ELDERLY = "elderly", "养老照料"
    REPAIR = "repair", "维修缝补"
    CATERING = "catering", "餐饮早点"
    DELIVERY = "delivery", "配送跑腿"
    RETAIL = "retail", "便民零售"
    OTHER = "other", "其他"


class LeavingReason(models.TextChoices):
    OTHER_JOB = "other_job", "到别处就业"
    QUIT = "quit", "不做了，另找工作"
    RETIRED = "retired", "退休"
    CLOSED = "closed", "项目停办"
    OTHER = "other", "其他"


class ProjectGroup(models.TextChoices):
    """Which projects the list shows; "" is those that run."""

    FREE = "free", "有空岗"
    CLOSED = "closed", "已停办"
    ALL = "all", "全部"
