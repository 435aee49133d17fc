"""Code values of employment and of help on the way to it."""

from django.db import models


class EmploymentStatus(models.TextChoices):
    LAID_OFF = "laid_off", "下岗失业"
    SEEKING = "seeking", "正在求职"
    FLEXIBLE = "flexible", "灵活就业"
    BY_UNIT = "by_unit", "单位招用"
    SELF_EMPLOYED = "self_employed", "自谋职业"
    RETIRED = "retired", "已退休"
    OTHER = "other", "其他"


class HelpKind(models.TextChoices):
    TRAINING = "training", "技能培训"
    JOB_OFFER = "job_offer", "推荐岗位"
    GUIDANCE = "guidance", "职业指导"
    POLICY = "policy", "代办政策补贴、社保"
    LOAN = "loan", "创业扶持、小额贷款"
    RELIEF = "relief", "生活帮扶"
    OTHER = "other", "其他帮扶"


class HelpResult(models.TextChoices):
    PENDING = "pending", "等待结果"
    SUCCEEDED = "succeeded", "有成效"
    FAILED = "failed", "没有办成"


class LeadKind(models.TextChoices):
    PEOPLE = "people", "带领他人就业"
    SERVICE = "service", "开办服务项目"
    # Of a project that adds posts as it grows; a service written down by hand says
    # their number itself.
    POSTS = "posts", "新增服务岗位"


class RecordSource(models.TextChoices):
    """Who wrote a record: somebody on the member's page, or his project of services."""

    HAND = "hand", "手工登记"
    PROJECT = "project", "服务项目"


class EmploymentGroup(models.TextChoices):
    """Whom the list shows."""

    OUT = "out", "未就业"
    BACK = "reemployed", "已再就业"
    ALL = "all", "全部"
