from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_phone
from liaison.choices.conferences import ConferenceLevel, DelegateRole
from liaison.querysets.conferences import (
    ConferenceQuerySet,
    OfSeatQuerySet,
    SeatQuerySet,
)
from organizations.models import Organization, WorkUnit


class Conference(models.Model):
    """党建联席会 of a street or a community; one at a time for an organization."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="召集的党组织",
        on_delete=models.PROTECT,
        related_name="conferences",
    )
    level = models.CharField("层级", max_length=10, choices=ConferenceLevel)
    founded_on = models.DateField("成立日期")
    duties = models.TextField("职责和约定", max_length=1000, blank=True, default="")
    # In office: who collects topics and is asked.
    liaison_name = models.CharField("会议联络人", max_length=50, blank=True, default="")
    liaison_phone = EncryptedTextField("联络电话", blank=True, default="")
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=200, blank=True, default="")
    founded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ConferenceQuerySet.as_manager()

    class Meta:
        verbose_name = "党建联席会"
        verbose_name_plural = "党建联席会"
        ordering = ["founded_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_conference_one_standing",
                fields=["organization"],
                condition=Q(ended_on__isnull=True),
                violation_error_message="这个党组织已有党建联席会。",
            ),
            models.CheckConstraint(
                name="liaison_conference_ends_after_start",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("founded_on")),
                violation_error_message="终止日期不能早于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}党建联席会"

    def get_absolute_url(self) -> str:
        return reverse("liaison:conference", args=[self.pk])


class ConferenceSeat(models.Model):
    """A member of the conference: a resident work unit or a Party organization."""

    conference = models.ForeignKey(
        Conference,
        verbose_name="党建联席会",
        on_delete=models.PROTECT,
        related_name="seats",
    )
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conference_seats",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conference_seats",
    )
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=200, blank=True, default="")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会成员单位"
        verbose_name_plural = "联席会成员单位"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="liaison_conferenceseat_of_one",
                condition=Q(unit__isnull=False, organization__isnull=True)
                | Q(unit__isnull=True, organization__isnull=False),
            ),
            models.UniqueConstraint(
                name="liaison_conferenceseat_unit_once",
                fields=["conference", "unit"],
                condition=Q(left_on__isnull=True),
                violation_error_message="这个单位已是成员单位。",
            ),
            models.UniqueConstraint(
                name="liaison_conferenceseat_organization_once",
                fields=["conference", "organization"],
                condition=Q(left_on__isnull=True),
                violation_error_message="这个党组织已是成员单位。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.organization)

    def get_absolute_url(self) -> str:
        return reverse("liaison:seat", args=[self.pk])


class ConferenceDelegate(models.Model):
    """Who sits for a member unit on [starts_on, ends_on); one replaced stays on record.

    Replaced by a notice of the unit. Source: 街道党建联席会议制度.
    """

    names_a_person = True

    seat = models.ForeignKey(
        ConferenceSeat,
        verbose_name="成员单位",
        on_delete=models.PROTECT,
        related_name="delegates",
    )
    role = models.CharField("身份", max_length=10, choices=DelegateRole)
    name = models.CharField("姓名", max_length=50)
    position = models.CharField("职务", max_length=60, blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    starts_on = models.DateField("担任日期")
    ends_on = models.DateField("更换日期", null=True, blank=True)
    notice = EncryptedTextField("更换通知", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = OfSeatQuerySet.as_manager()

    class Meta:
        verbose_name = "联席会代表"
        verbose_name_plural = "联席会代表"
        ordering = ["role", "-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_conferencedelegate_one_now",
                fields=["seat", "role"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="这个单位已有这个身份的人选。",
            ),
            models.CheckConstraint(
                name="liaison_conferencedelegate_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="更换日期不能早于担任日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)
