from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_phone
from liaison.choices.authorities import AuthorityKind, Direction, ExchangeState
from liaison.querysets.authorities import (
    AuthorityPartQuerySet,
    AuthorityQuerySet,
    ExchangeQuerySet,
)
from liaison.rules import authorities as rules
from organizations.models import Organization, StoredFile, WorkUnit


class Authority(models.Model):
    """A registration or competent authority that a street exchanges lists with."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="街道党工委",
        on_delete=models.PROTECT,
        related_name="authorities",
    )
    name = models.CharField("部门名称", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=AuthorityKind)
    duty = models.CharField("往来什么", max_length=200, blank=True, default="")
    since = models.DateField("建立联系日期")
    # Without one of its own the street's rhythm goes (a parameter).
    months = models.PositiveSmallIntegerField("几个月往来一次", null=True, blank=True)
    retired_on = models.DateField("停止联系日期", null=True, blank=True)
    retired_reason = EncryptedTextField("停止联系的原因", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = "双向联系部门"
        verbose_name_plural = "双向联系部门"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_authority_once",
                fields=["organization", "name"],
                condition=Q(retired_on__isnull=True),
                violation_error_message="这个部门已经登记。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("liaison:authority", args=[self.pk])

    def due_on(self, months: int) -> date:
        """When the next exchange is due; for rows asked `with_last_day`."""
        return rules.next_due(self.moved_on, self.months or months)


class AuthorityContact(models.Model):
    """Whom the street calls there: a person in office."""

    authority = models.ForeignKey(
        Authority,
        verbose_name="部门",
        on_delete=models.CASCADE,
        related_name="contacts",
    )
    name = models.CharField("姓名", max_length=50)
    job = models.CharField("科室和职务", max_length=80, blank=True, default="")
    phone = EncryptedTextField("电话", blank=True, default="")
    ended_on = models.DateField("不再联系日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = AuthorityPartQuerySet.as_manager()

    class Meta:
        verbose_name = "部门联系人"
        verbose_name_plural = "部门联系人"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class Exchange(models.Model):
    """One list or notice that went out or came in, and what came of it."""

    authority = models.ForeignKey(
        Authority,
        verbose_name="部门",
        on_delete=models.PROTECT,
        related_name="exchanges",
    )
    held_on = models.DateField("往来日期")
    direction = models.CharField("方向", max_length=10, choices=Direction)
    matter = models.CharField("事由", max_length=80)
    words = EncryptedTextField("内容", blank=True, default="")
    file = models.ForeignKey(
        StoredFile,
        verbose_name="附件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    units = models.ManyToManyField(
        WorkUnit, verbose_name="涉及的单位", blank=True, related_name="exchanges"
    )
    due_on = models.DateField("答复期限", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer_words = EncryptedTextField("答复内容", blank=True, default="")
    answer_file = models.ForeignKey(
        StoredFile,
        verbose_name="答复附件",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    left_open = models.CharField("未了事项", max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "双向联系往来"
        verbose_name_plural = "双向联系往来"
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["authority", "held_on"], name="liaison_exchange_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="liaison_exchange_due_after",
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("held_on")),
                violation_error_message="答复期限不能早于往来日期。",
            ),
            models.CheckConstraint(
                name="liaison_exchange_left_of_answer",
                condition=Q(left_open="") | Q(answered_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.matter

    def get_absolute_url(self) -> str:
        return reverse("liaison:exchange", args=[self.pk])

    def state_on(self, today: date) -> ExchangeState:
        return rules.state_of(
            due_on=self.due_on,
            answered_on=self.answered_on,
            left_open=self.left_open,
            is_withdrawn=self.withdrawn_at is not None,
            today=today,
        )
