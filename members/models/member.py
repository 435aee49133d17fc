from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from config.lib.fields import BytewiseCharField
from config.lib.history import RowHistory
from config.lib.masks import mask_address, mask_id_number, mask_phone
from members.choices import (
    EDUCATION,
    ETHNIC_GROUPS,
    JOB_POSTS,
    Category,
    MembershipStatus,
    MemberType,
    Precision,
    Sex,
)
from members.querysets import MemberQuerySet
from members.rules.people import probation_ends_on
from organizations.models import Community, WorkUnit


class Talent(models.Model):
    """A skill a member offers (义诊, 法律, …); the list is the committee's."""

    name = models.CharField("特长", max_length=30, unique=True)
    sort_order = models.PositiveSmallIntegerField("顺序", default=0)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "特长"
        verbose_name_plural = "特长"
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """One person once, found by the blind index of the ID number."""

    names_a_person = True

    Category = Category
    Type = MemberType
    Status = MembershipStatus
    Sex = Sex

    name = models.CharField("姓名", max_length=60)
    name_pinyin = BytewiseCharField("姓名拼音", max_length=120, editable=False)
    name_initials = BytewiseCharField("姓名首字母", max_length=20, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex)
    ethnicity = models.CharField(
        "民族", max_length=12, choices=list(ETHNIC_GROUPS.items())
    )
    born_on = models.DateField("出生日期")
    id_number = EncryptedTextField("公民身份号码")
    # Indexed in Meta: as field options they would bring an index for LIKE each, which
    # nobody asks, and the histories would be indexed as well.
    id_index = BytewiseCharField(max_length=64, editable=False)
    id_last4 = BytewiseCharField(max_length=4, editable=False)
    education = models.CharField(
        "学历",
        max_length=30,
        choices=list(EDUCATION.items()),
        blank=True,
        default="",
    )
    degree = models.CharField("学位", max_length=40, blank=True, default="")
    category = models.CharField("党员类别", max_length=10, choices=Category)
    member_type = models.CharField("人员类别", max_length=15, choices=MemberType)
    status = models.CharField(
        "党籍状态",
        max_length=20,
        choices=MembershipStatus,
        default=MembershipStatus.NORMAL,
    )
    joined_on = models.DateField("入党日期")
    joined_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY
    )
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    confirmed_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY
    )
    # Set by the committee's decision alone; without it the year counts.
    probation_extended_to = models.DateField("预备期延长至", null=True, blank=True)
    job_post = models.CharField(
        "工作岗位",
        max_length=40,
        choices=list(JOB_POSTS.items()),
        blank=True,
        default="",
    )
    job_title = models.CharField("职务", max_length=60, blank=True, default="")
    home_unit = models.ForeignKey(
        WorkUnit,
        verbose_name="工作单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="members",
        db_index=False,
    )
    community = models.ForeignKey(
        Community,
        verbose_name="居住社区",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="residents",
        db_index=False,
    )
    phone = EncryptedTextField("手机号码", blank=True, default="")
    address = EncryptedTextField("现居住地", blank=True, default="")
    household_address = EncryptedTextField("户籍所在地", blank=True, default="")
    native_place = models.CharField("籍贯", max_length=60, blank=True, default="")
    is_lost = models.BooleanField("失联党员", default=False)
    lost_since = models.DateField("失去联系日期", null=True, blank=True)
    is_mobile = models.BooleanField("流动党员", default=False)
    talents = models.ManyToManyField(Talent, verbose_name="特长", blank=True)
    note = models.TextField("备注", max_length=500, blank=True, default="")
    # The database's own too, so that a roster need not say the same of ten thousand.
    version = models.PositiveIntegerField(
        "版本", default=1, db_default=1, editable=False
    )
    created_at = models.DateTimeField("建档时间", auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField("更新时间", auto_now=True, db_default=Now())

    objects = MemberQuerySet.as_manager()
    history = RowHistory(
        excluded_fields=[
            "id_number",
            "id_index",
            "phone",
            "address",
            "household_address",
            "name_pinyin",
            "name_initials",
            "created_at",
            "updated_at",
        ],
        m2m_fields=[talents],
        no_db_index=["home_unit", "community"],
    )

    class Meta:
        verbose_name = "党员"
        verbose_name_plural = "党员"
        ordering = ["name_pinyin", "id"]
        indexes = [
            # The order of the list; with the name a search is answered from it alone.
            models.Index(
                fields=["name_pinyin", "id", "name"], name="members_member_by_name"
            ),
            models.Index(fields=["name_initials"], name="members_member_initials"),
            models.Index(fields=["joined_on", "id"], name="members_member_by_joined"),
            models.Index(fields=["born_on", "id"], name="members_member_by_born"),
            models.Index(fields=["home_unit"], name="members_member_by_unit"),
            models.Index(fields=["id_last4"], name="members_member_by_last4"),
            models.Index(
                fields=["joined_on"],
                condition=Q(member_type=MemberType.PROBATIONARY),
                name="members_member_probationary",
            ),
            # Few of many, asked for on every first page.
            models.Index(
                fields=["id"], condition=Q(is_mobile=True), name="members_member_mobile"
            ),
            # The audience of a program is read from it alone, and so are the laid-off.
            models.Index(
                fields=["category", "status", "id"], name="members_member_by_category"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_member_once",
                fields=["id_index"],
                violation_error_message="这个身份证号已经登记。",
            ),
            models.CheckConstraint(
                name="members_member_confirmed_after_joined",
                condition=Q(confirmed_on__isnull=True)
                | Q(confirmed_on__gte=F("joined_on")),
                violation_error_message="转正日期不能早于入党日期。",
            ),
            models.CheckConstraint(
                name="members_member_joined_after_birth",
                condition=Q(joined_on__gt=F("born_on")),
                violation_error_message="入党日期应晚于出生日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("members:detail", args=[self.pk])

    @property
    def probation_ends_on(self) -> date:
        """The day the probation is complete, whether extended or not."""
        return self.probation_extended_to or probation_ends_on(self.joined_on)

    @property
    def masked_id_number(self) -> str:
        return mask_id_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_address(self) -> str:
        return mask_address(self.address)
