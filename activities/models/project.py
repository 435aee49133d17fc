from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.projects import LeavingReason, ServiceField
from activities.querysets.projects import (
    PlacementQuerySet,
    ProjectFounderQuerySet,
    ServicePostQuerySet,
    ServiceProjectQuerySet,
)
from config.lib.crypto import EncryptedTextField
from members.models import EmploymentSpell, Lead, Member
from organizations.models import Community, Organization


class Taken(models.Model):
    """A row that somebody wrote down, and may take back with a reason: it stays."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")

    class Meta:
        abstract = True


class ServiceProject(Taken):
    """A community service that members opened, most of them laid off before.

    `lead` is the deed it earns its first founder; posts and placements earn theirs.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="登记的党支部",
        on_delete=models.PROTECT,
        related_name="service_projects",
    )
    community = models.ForeignKey(
        Community,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="service_projects",
    )
    name = models.CharField("项目名称", max_length=40)
    field = models.CharField("服务领域", max_length=15, choices=ServiceField)
    place = models.CharField("地点", max_length=100)
    phone = EncryptedTextField("业务电话", blank=True, default="")
    opened_on = models.DateField("开办日期")
    closed_on = models.DateField("停办日期", null=True, blank=True)
    closed_reason = EncryptedTextField("停办原因", blank=True, default="")
    lead = models.OneToOneField(
        Lead, verbose_name="“双带”事迹", on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ServiceProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "服务项目"
        verbose_name_plural = "服务项目"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_serviceproject_one_name",
                fields=["organization", "name"],
                condition=Q(closed_on__isnull=True, withdrawn_at__isnull=True),
                violation_error_message="这个党支部已有同名的服务项目在办。",
            ),
            models.CheckConstraint(
                name="activities_serviceproject_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="停办日期不能早于开办日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_on", "id"], name="activities_project_day")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("activities:project", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.closed_on is None and self.withdrawn_at is None


class ProjectFounder(models.Model):
    """A member who opened a project; the first one's is the deed."""

    names_a_person = True

    project = models.ForeignKey(
        ServiceProject,
        verbose_name="服务项目",
        on_delete=models.PROTECT,
        related_name="founders",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="开办人",
        on_delete=models.PROTECT,
        related_name="service_projects",
    )
    is_first = models.BooleanField("牵头", default=False)
    # What opening it made of his own employment, and what came after.
    spell = models.OneToOneField(
        EmploymentSpell,
        verbose_name="就业状况",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    next_spell = models.OneToOneField(
        EmploymentSpell,
        verbose_name="停办以后的就业状况",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ProjectFounderQuerySet.as_manager()

    class Meta:
        verbose_name = "服务项目开办人"
        verbose_name_plural = "服务项目开办人"
        ordering = ["-is_first", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_projectfounder_once",
                fields=["project", "member"],
                violation_error_message="这名党员已是开办人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.member}"


class ServicePost(Taken):
    """Posts of one kind that a project created."""

    project = models.ForeignKey(
        ServiceProject,
        verbose_name="服务项目",
        on_delete=models.PROTECT,
        related_name="posts",
    )
    name = models.CharField("岗位名称", max_length=30)
    places = models.PositiveSmallIntegerField("岗位数")
    created_on = models.DateField("设立日期")
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    lead = models.OneToOneField(
        Lead, verbose_name="“双带”事迹", on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ServicePostQuerySet.as_manager()

    class Meta:
        verbose_name = "服务岗位"
        verbose_name_plural = "服务岗位"
        ordering = ["created_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_servicepost_one_name",
                fields=["project", "name"],
                condition=Q(ended_on__isnull=True, withdrawn_at__isnull=True),
                violation_error_message="这个项目已有同名的岗位。",
            ),
            models.CheckConstraint(
                name="activities_servicepost_some",
                condition=Q(places__gte=1),
                violation_error_message="岗位数至少是1。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.ended_on is None and self.withdrawn_at is None


class Placement(Taken):
    """Somebody who works at a post: a member, or a resident known by name only.

    [starts_on, ends_on). `lead` is the deed of the founder who led him to it.
    """

    names_a_person = True

    Reason = LeavingReason

    post = models.ForeignKey(
        ServicePost,
        verbose_name="岗位",
        on_delete=models.PROTECT,
        related_name="placements",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="上岗党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placements",
    )
    person_name = EncryptedTextField("上岗居民", blank=True, default="")
    led_by = models.ForeignKey(
        ProjectFounder,
        verbose_name="带领人",
        on_delete=models.PROTECT,
        related_name="placements",
    )
    starts_on = models.DateField("上岗日期")
    ends_on = models.DateField("离岗日期", null=True, blank=True)
    leaving = models.CharField(
        "离岗原因", max_length=10, choices=LeavingReason, blank=True, default=""
    )
    leaving_words = EncryptedTextField("离岗说明", blank=True, default="")
    lead = models.OneToOneField(
        Lead, verbose_name="“双带”事迹", on_delete=models.PROTECT, related_name="+"
    )
    spell = models.OneToOneField(
        EmploymentSpell,
        verbose_name="就业状况",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    next_spell = models.OneToOneField(
        EmploymentSpell,
        verbose_name="离岗以后的就业状况",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = "上岗记录"
        verbose_name_plural = "上岗记录"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="activities_placement_one_person",
                condition=Q(member__isnull=False, person_name="")
                | (Q(member__isnull=True) & ~Q(person_name="")),
                violation_error_message="上岗的人请选一名党员，或者写居民的姓名。",
            ),
            models.CheckConstraint(
                name="activities_placement_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message="离岗日期应晚于上岗日期。",
            ),
            models.UniqueConstraint(
                name="activities_placement_one_at_a_time",
                fields=["member"],
                condition=Q(ends_on__isnull=True, withdrawn_at__isnull=True),
                violation_error_message="这名党员已在岗。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.starts_on}"
