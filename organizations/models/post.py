from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organizations.choices import Role
from organizations.models.organization import Organization
from organizations.models.work_unit import WorkUnit
from organizations.querysets import PostQuerySet


class Post(models.Model):
    """A right with its place and its dates: no post, no rows."""

    Role = Role

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="账号",
        on_delete=models.PROTECT,
        related_name="posts",
    )
    role = models.CharField("角色", max_length=30, choices=Role)
    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    work_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True, help_text="含当日")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="授予人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="granted_posts",
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["user", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                name="organizations_post_place_fits_role",
                condition=Q(
                    role=Role.UNIT_CONTACT,
                    work_unit__isnull=False,
                    organization__isnull=True,
                )
                | (
                    ~Q(role=Role.UNIT_CONTACT)
                    & Q(work_unit__isnull=True, organization__isnull=False)
                ),
                violation_error_message="单位联络人须选工作单位；其他角色须选党组织。",
            ),
            models.CheckConstraint(
                name="organizations_post_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        place = self.organization or self.work_unit
        return f"{self.user} · {place} · {self.get_role_display()}"
