from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_address
from members.models.member import Member
from members.querysets.plaques import PlaqueMemberQuerySet, PlaqueQuerySet
from organizations.models import Community, Organization, StoredFile


class Plaque(models.Model):
    """A plaque at a member household's door (党员挂牌), and the badges handed out."""

    names_a_person = True

    organization = models.ForeignKey(
        Organization,
        verbose_name="登记党组织",
        on_delete=models.PROTECT,
        related_name="plaques",
    )
    community = models.ForeignKey(
        Community,
        verbose_name="所在社区",
        on_delete=models.PROTECT,
        related_name="plaques",
    )
    building = models.CharField("小区楼栋", max_length=60, blank=True, default="")
    address = EncryptedTextField("门牌地址")
    hung_on = models.DateField("挂牌日期")
    badge_number = models.CharField("党徽编号", max_length=60, blank=True, default="")
    badge_given_on = models.DateField("党徽发放日期", null=True, blank=True)
    photo = models.ForeignKey(
        StoredFile,
        verbose_name="照片",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_down_on = models.DateField("摘牌日期", null=True, blank=True)
    taken_down_reason = EncryptedTextField("摘牌原因", blank=True, default="")
    members = models.ManyToManyField(
        Member, verbose_name="户内党员", through="PlaqueMember", related_name="plaques"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = PlaqueQuerySet.as_manager()

    class Meta:
        verbose_name = "党员挂牌"
        verbose_name_plural = "党员挂牌"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_plaque_down_after_hung",
                condition=Q(taken_down_on__isnull=True)
                | Q(taken_down_on__gte=F("hung_on")),
                violation_error_message="摘牌日期不能早于挂牌日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.hung_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:plaque", args=[self.pk])

    @property
    def is_hung(self) -> bool:
        return self.taken_down_on is None

    @property
    def masked_address(self) -> str:
        return mask_address(self.address)


class PlaqueMember(models.Model):
    """A member of the household, half-open in time: [covered_on, left_on)."""

    names_a_person = True

    plaque = models.ForeignKey(
        Plaque, verbose_name="挂牌", on_delete=models.CASCADE, related_name="places"
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="plaque_places",
    )
    covered_on = models.DateField("起")
    left_on = models.DateField("止", null=True, blank=True)

    objects = PlaqueMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "挂牌户内党员"
        verbose_name_plural = "挂牌户内党员"
        constraints = [
            models.UniqueConstraint(
                name="members_plaquemember_one_household",
                fields=["member"],
                condition=Q(left_on__isnull=True),
                violation_error_message="该同志已在一个挂牌户内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.covered_on}"
