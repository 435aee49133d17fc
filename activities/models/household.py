from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.households import Circumstance, HouseholdEnd
from activities.querysets.households import HouseholdQuerySet
from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_name, mask_phone
from organizations.models import Community, Organization, StoredFile


class Household(models.Model):
    """A door of a community's own list, and who lives behind it.

    `organization` visits it: the community's own, or a branch below. The same door
    stands once in a list: `door_index` is the blind index of building and room.
    """

    names_a_person = True

    community = models.ForeignKey(
        Community,
        verbose_name="社区",
        on_delete=models.PROTECT,
        related_name="households",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="责任党组织",
        on_delete=models.PROTECT,
        related_name="households",
    )
    building = models.CharField("小区楼栋", max_length=60)
    room = EncryptedTextField("门牌")
    door_index = models.CharField(
        "门牌索引", max_length=64, blank=True, default="", editable=False
    )
    householder = EncryptedTextField("户主姓名", blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    people_count = models.PositiveSmallIntegerField("家庭人口", null=True, blank=True)
    # Codes between spaces. Where no name or room can be read, they point to nobody.
    circumstances = models.CharField("家庭情况", max_length=200, blank=True, default="")
    note = EncryptedTextField("备注", blank=True, default="")
    listed_on = models.DateField("建账日期")
    ended_on = models.DateField("销户日期", null=True, blank=True)
    ended_reason = models.CharField(
        "销户原因", max_length=20, choices=HouseholdEnd, blank=True, default=""
    )
    cleared_at = models.DateTimeField("信息清除时间", null=True, editable=False)
    sheet = models.ForeignKey(
        StoredFile,
        verbose_name="导入台账",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "住户"
        verbose_name_plural = "住户"
        ordering = ["community", "building", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_household_one_a_door",
                fields=["community", "door_index"],
                condition=Q(ended_on__isnull=True),
                violation_error_message="这一户已在本社区的台账里。",
            ),
            models.CheckConstraint(
                name="activities_household_ended_after_listed",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("listed_on")),
                violation_error_message="销户日期不能早于建账日期。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "building", "id"],
                name="activities_house_by_building",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.building}"

    def get_absolute_url(self) -> str:
        return reverse("activities:household", args=[self.pk])

    @property
    def is_listed(self) -> bool:
        return self.ended_on is None

    @property
    def door(self) -> str:
        """Where to knock; no more than the building once the rest is cleared."""
        return f"{self.building} {self.room}".strip()

    @property
    def masked_householder(self) -> str:
        return mask_name(self.householder)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def circumstance_names(self) -> list[str]:
        known = set(self.circumstances.split())
        return [one.label for one in Circumstance if one.value in known]
