"""Instructors: members sent to two-new units, the units, what they did, how well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_phone
from members.choices import MembershipStatus, MemberType
from members.choices.instructors import (
    InstructorGrade,
    InstructorSource,
    RecordKind,
)
from members.models.member import Member
from members.querysets.instructors import (
    AppraisalQuerySet,
    InstructorQuerySet,
    PostingQuerySet,
    RecordQuerySet,
)
from organizations.models import Organization, WorkUnit


def _writer(label: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class Instructor(models.Model):
    """党建工作指导员: sent by an organization; in office on [starts_on, ended_on)."""

    names_a_person = True

    organization = models.ForeignKey(
        Organization,
        verbose_name="选派的党组织",
        on_delete=models.PROTECT,
        related_name="instructors",
    )
    # None for somebody of whom the portal knows no more than is written here.
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="instructorships",
    )
    # The name of somebody sent by office, as it stood when he was.
    name = models.CharField("姓名", max_length=50)
    source = models.CharField("来源", max_length=8, choices=InstructorSource)
    work = models.CharField("原单位和职务", max_length=100, blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    words = EncryptedTextField("党务工作经历", blank=True, default="")
    starts_on = models.DateField("选派日期")
    ends_on = models.DateField("任期截止")
    ended_on = models.DateField("离任日期", null=True, blank=True)
    ended_reason = EncryptedTextField("离任原因", blank=True, default="")
    recorded_by = _writer("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = InstructorQuerySet.as_manager()

    class Meta:
        verbose_name = "党建工作指导员"
        verbose_name_plural = "党建工作指导员"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_instructor_days",
                condition=Q(ends_on__gt=F("starts_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on"))),
                violation_error_message="任期截止、离任日期不能早于选派日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:instructor", args=[self.pk])

    @property
    def is_unfit(self) -> bool:
        """In office, and known to be no full member in good standing any more."""
        if self.ended_on is not None or self.member is None:
            return False
        standing = (self.member.member_type, self.member.status)
        return standing != (MemberType.FULL, MembershipStatus.NORMAL)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


class InstructorPosting(models.Model):
    """A unit that an instructor guides; [starts_on, ends_on)."""

    names_a_person = True

    instructor = models.ForeignKey(
        Instructor,
        verbose_name="指导员",
        on_delete=models.PROTECT,
        related_name="postings",
    )
    unit = models.ForeignKey(
        WorkUnit,
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="instructor_postings",
    )
    starts_on = models.DateField("联系起")
    ends_on = models.DateField("联系止", null=True, blank=True)
    recorded_by = _writer("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "指导员联系单位"
        verbose_name_plural = "指导员联系单位"
        ordering = ["ends_on", "unit__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_instructorposting_one_open",
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="这家单位已有指导员。",
            ),
            models.CheckConstraint(
                name="members_instructorposting_days",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instructor} {self.unit}"


class InstructorRecord(models.Model):
    """A visit or a call to a unit, or a report on the work as a whole."""

    names_a_person = True

    instructor = models.ForeignKey(
        Instructor,
        verbose_name="指导员",
        on_delete=models.PROTECT,
        related_name="records",
    )
    posting = models.ForeignKey(
        InstructorPosting,
        verbose_name="联系的单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="records",
    )
    kind = models.CharField("种类", max_length=6, choices=RecordKind)
    held_on = models.DateField("日期")
    words = EncryptedTextField("情况", blank=True, default="")
    recorded_by = _writer("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "指导员工作记录"
        verbose_name_plural = "指导员工作记录"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_instructorrecord_unit",
                condition=Q(kind="report", posting__isnull=True)
                | Q(kind__in=["visit", "call"], posting__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_kind_display()}"


class InstructorAppraisal(models.Model):
    """How an instructor's year was graded; written again it is put right."""

    names_a_person = True

    instructor = models.ForeignKey(
        Instructor,
        verbose_name="指导员",
        on_delete=models.PROTECT,
        related_name="appraisals",
    )
    year = models.PositiveSmallIntegerField("年度")
    grade = models.CharField("等次", max_length=12, choices=InstructorGrade)
    decided_on = models.DateField("评定日期")
    words = EncryptedTextField("评定意见", blank=True, default="")
    recorded_by = _writer("登记人")
    recorded_at = models.DateTimeField("登记时间", auto_now=True)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = "指导员考核"
        verbose_name_plural = "指导员考核"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                name="members_instructorappraisal_once", fields=["instructor", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年 {self.get_grade_display()}"
