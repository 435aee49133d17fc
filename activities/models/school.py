from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from activities.querysets.school import CourseQuerySet, SchoolTermQuerySet
from organizations.models import Organization, WorkUnit


class SchoolTerm(models.Model):
    """One term of a part-time Party school (业余党校), run by a street or community."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="办学党组织",
        on_delete=models.PROTECT,
        related_name="school_terms",
    )
    name = models.CharField("名称", max_length=60)
    starts_on = models.DateField("开学日期")
    ends_on = models.DateField("结业日期")
    partner = models.ForeignKey(
        WorkUnit,
        verbose_name="合办单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="school_terms",
    )
    plan = models.TextField("教学计划", max_length=2000, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = SchoolTermQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "党校学期"
        verbose_name_plural = "党校学期"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_schoolterm_once",
                fields=["organization", "name"],
                violation_error_message="这个党组织已经有同名的学期，请换一个名称。",
            ),
            models.CheckConstraint(
                name="activities_schoolterm_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="结业日期不能早于开学日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("activities:term", args=[self.pk])


class Course(models.Model):
    """A course of a term; what was held of it are activities, its sessions."""

    term = models.ForeignKey(
        SchoolTerm,
        verbose_name="学期",
        on_delete=models.PROTECT,
        related_name="courses",
    )
    title = models.CharField("课程", max_length=100)
    lecturer = models.CharField("授课人", max_length=30)
    lecturer_post = models.CharField(
        "授课人单位和职务", max_length=60, blank=True, default=""
    )
    hours = models.DecimalField("计划学时", max_digits=4, decimal_places=1)
    audience = models.CharField("面向对象", max_length=100, blank=True, default="")
    # Without it the sessions' own lists say who should have come.
    expected_people = models.PositiveIntegerField("每次应到人数", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = CourseQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "党校课程"
        verbose_name_plural = "党校课程"
        ordering = ["term", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_course_once",
                fields=["term", "title"],
                violation_error_message="这个学期已经有同名的课程，请换一个名称。",
            ),
            models.CheckConstraint(
                name="activities_course_hours_positive",
                condition=Q(hours__gt=0),
                violation_error_message="计划学时应大于0。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
