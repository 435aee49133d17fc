from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.fields import BytewiseCharField
from config.lib.masks import mask_phone
from members.choices import EDUCATION, ETHNIC_GROUPS, MemberType, Precision
from members.choices.mobile import (
    IdentityProof,
    MobileDirection,
    MobileEnd,
    MobileReason,
    MobileState,
    MobileWork,
)
from members.divisions import place_name
from members.models.member import Member
from members.querysets.mobile import MobileStayQuerySet
from organizations.models import Organization

_OPEN = Q(ended_on__isnull=True)


class MobileStay(models.Model):
    """A member away from the branch of the roll: one record for both sides.

    `home` is where the relation lies, `host` where the person lives now; a side that
    is not of the street is written as text. Somebody from outside is known by what he
    said until the identity is verified and a branch takes him: then `member` is set.
    """

    names_a_person = True

    Direction = MobileDirection
    State = MobileState

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stays",
    )
    # What somebody from outside said of himself; the record of `member` takes over.
    name = models.CharField("姓名", max_length=60, blank=True, default="")
    id_number = EncryptedTextField("公民身份号码", blank=True, default="")
    id_index = BytewiseCharField(
        max_length=64, editable=False, blank=True, default="", db_index=True
    )
    phone = EncryptedTextField("手机号码", blank=True, default="")
    ethnicity = models.CharField(
        "民族",
        max_length=12,
        choices=list(ETHNIC_GROUPS.items()),
        blank=True,
        default="",
    )
    education = models.CharField(
        "学历", max_length=30, choices=list(EDUCATION.items()), blank=True, default=""
    )
    member_type = models.CharField(
        "人员类别", max_length=15, choices=MemberType, blank=True, default=""
    )
    joined_on = models.DateField("入党日期", null=True, blank=True)
    joined_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY
    )

    direction = models.CharField("流动方向", max_length=10, choices=MobileDirection)
    state = models.CharField("状态", max_length=12, choices=MobileState)
    home = models.ForeignKey(
        Organization,
        verbose_name="原党支部",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stays_out",
    )
    home_name = models.CharField(
        "组织关系所在党组织", max_length=120, blank=True, default=""
    )
    home_contact = models.CharField(
        "原支部联系人", max_length=30, blank=True, default=""
    )
    home_phone = EncryptedTextField("原支部联系电话", blank=True, default="")
    host = models.ForeignKey(
        Organization,
        verbose_name="接收党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stays_in",
    )
    host_name = models.CharField("流入地党组织", max_length=120, blank=True, default="")
    host_contact = models.CharField(
        "接收支部联系人", max_length=30, blank=True, default=""
    )
    host_phone = EncryptedTextField("接收支部联系电话", blank=True, default="")
    # The end of the stay that is not here: where to, of an in-flow where from.
    division = models.CharField("行政区划", max_length=6, blank=True, default="")
    place = EncryptedTextField("详细地点", blank=True, default="")
    reason = models.CharField("流动原因", max_length=10, choices=MobileReason)
    work = models.CharField(
        "外出流向", max_length=15, choices=MobileWork, blank=True, default=""
    )
    started_on = models.DateField("流动开始日期")
    expected_end_on = models.DateField("预计结束日期", null=True, blank=True)
    card_number = models.CharField("活动证编号", max_length=30, blank=True, default="")
    card_issued_on = models.DateField("发证日期", null=True, blank=True)

    proof = models.CharField(
        "核实依据", max_length=10, choices=IdentityProof, blank=True, default=""
    )
    proof_words = models.CharField("核实说明", max_length=200, blank=True, default="")
    verified_on = models.DateField("核实日期", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核实人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    group_name = models.CharField("党小组", max_length=60, blank=True, default="")
    placed_on = models.DateField("编入日期", null=True, blank=True)

    registered_on = models.DateField("登记日期")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # The latest contact of any source, the day of registration where there is none:
    # kept, so that who fell silent is found among twenty thousand by an index.
    last_contact_on = models.DateField("最近联系日期")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField(
        "结束原因", max_length=12, choices=MobileEnd, blank=True, default=""
    )
    closing_note = models.CharField("结束说明", max_length=200, blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = MobileStayQuerySet.as_manager()

    class Meta:
        verbose_name = "流动登记"
        verbose_name_plural = "流动登记"
        ordering = ["last_contact_on", "pk"]
        # The longest silent comes first; what is over is asked for rarely. Each side
        # of the board has its own, lest the other's rows be passed on the way; the
        # tiles count from it alone, without the wide rows.
        indexes = [
            models.Index(
                fields=[
                    *("last_contact_on", "id", side, "state", "expected_end_on"),
                    *("started_on", "registered_on", "card_number"),
                ],
                name=f"members_mobilestay_{side}",
                condition=_OPEN & Q(**{f"{side}__isnull": False}),
            )
            for side in ("home", "host")
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_mobilestay_one_open",
                fields=["member"],
                condition=_OPEN,
                violation_error_message="该同志已有一条流动登记。",
            ),
            models.UniqueConstraint(
                name="members_mobilestay_person_once",
                fields=["host", "id_index"],
                condition=_OPEN & ~Q(id_index=""),
                violation_error_message="这个身份证号已经登记流入。",
            ),
            models.CheckConstraint(
                name="members_mobilestay_two_sides",
                condition=Q(direction="out", home__isnull=False, host__isnull=True)
                | Q(direction="within", home__isnull=False, host__isnull=False)
                | Q(direction="in", home__isnull=True, host__isnull=False),
                violation_error_message="流出、流入的党组织没有写全。",
            ),
            models.CheckConstraint(
                name="members_mobilestay_known",
                condition=Q(member__isnull=False) | (Q(direction="in") & ~Q(name="")),
                violation_error_message="没有写明是谁。",
            ),
            models.CheckConstraint(
                name="members_mobilestay_verified_first",
                condition=~Q(state__in=["verified", "placed"])
                | Q(verified_on__isnull=False) & ~Q(proof=""),
                violation_error_message="先核实党员身份，再编入党支部。",
            ),
            models.CheckConstraint(
                name="members_mobilestay_placed",
                condition=~Q(state="placed")
                | Q(placed_on__isnull=False, member__isnull=False),
                violation_error_message="编入党支部须有日期和党员档案。",
            ),
            models.CheckConstraint(
                name="members_mobilestay_ended",
                condition=Q(state="ended", ended_on__gte=F("started_on"))
                | (~Q(state="ended") & Q(ended_on__isnull=True)),
                violation_error_message="结束日期不能早于流动开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.get_direction_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:mobile", args=[self.pk])

    @property
    def person_name(self) -> str:
        return self.member.name if self.member else self.name

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def origin_name(self) -> str:
        return str(self.home) if self.home_id else self.home_name

    @property
    def destination_name(self) -> str:
        return str(self.host) if self.host_id else self.host_name

    @property
    def division_name(self) -> str:
        is_within = self.direction == MobileDirection.WITHIN
        return "本街道" if is_within else place_name(self.division)
