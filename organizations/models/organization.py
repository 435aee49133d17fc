from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.lib.crypto import EncryptedTextField
from organizations.choices import OrganizationField, OrganizationKind, UnitSituation
from organizations.querysets import CommunityQuerySet, OrganizationQuerySet


class Organization(models.Model):
    """A Party organization; `path` holds six digits a level and names its subtree."""

    Kind = OrganizationKind
    Field = OrganizationField

    name = models.CharField("党组织全称", max_length=120, unique=True)
    short_name = models.CharField("党组织简称", max_length=60)
    code = models.CharField("短代码", max_length=20, unique=True)
    kind = models.CharField("组织类别", max_length=20, choices=OrganizationKind)
    field = models.CharField("领域", max_length=20, choices=OrganizationField)
    parent = models.ForeignKey(
        "self",
        verbose_name="上级党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField("路径", max_length=60, unique=True, editable=False)
    unit_situation = models.CharField(
        "所在单位情况", max_length=20, choices=UnitSituation, blank=True, default=""
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    term_ends_on = models.DateField("任期届满日期", null=True, blank=True)
    contact_name = models.CharField("联系人", max_length=50, blank=True, default="")
    contact_phone = EncryptedTextField("联系电话", blank=True, default="")
    fax = models.CharField("传真", max_length=20, blank=True, default="")
    address = models.CharField("通讯地址", max_length=200, blank=True, default="")
    postcode = models.CharField(
        "邮政编码",
        max_length=6,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9]{6}$", "邮政编码是6位数字。")],
    )
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    closed_reason = models.CharField("撤销原因", max_length=200, blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        verbose_name="并入",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = OrganizationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["contact_phone"])

    class Meta:
        verbose_name = "党组织"
        verbose_name_plural = "党组织"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="organizations_organization_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                violation_error_message="党组织不能是自己的上级。",
            ),
            models.CheckConstraint(
                name="organizations_organization_closed_after_founded",
                condition=Q(closed_on__isnull=True)
                | Q(founded_on__isnull=True)
                | Q(closed_on__gte=F("founded_on")),
                violation_error_message="撤销日期不能早于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class Community(models.Model):
    """A place (社区) with its buildings, looked after by one Party organization."""

    name = models.CharField("社区名称", max_length=60, unique=True)
    organization = models.OneToOneField(
        Organization,
        verbose_name="社区党组织",
        on_delete=models.PROTECT,
        related_name="community",
    )
    address = models.CharField("地址", max_length=200, blank=True, default="")
    grid_count = models.PositiveSmallIntegerField("网格数", default=0)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = "社区"
        verbose_name_plural = "社区"
        ordering = ["organization__path"]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    community = models.ForeignKey(
        Community,
        verbose_name="社区",
        on_delete=models.CASCADE,
        related_name="buildings",
    )
    name = models.CharField("楼栋", max_length=60)
    grid = models.CharField("网格", max_length=30, blank=True, default="")

    class Meta:
        verbose_name = "楼栋"
        verbose_name_plural = "楼栋"
        ordering = ["community", "grid", "name"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_building_unique_in_community",
                fields=["community", "name"],
                violation_error_message="同一社区内已有同名楼栋。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.name}"
