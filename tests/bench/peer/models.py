"""The same facts about people in plain columns."""

from django.db import models


class Community(models.Model):
    name = models.CharField("社区名称", max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "社区"

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    name = models.CharField("党组织全称", max_length=120, unique=True)
    short_name = models.CharField("党组织简称", max_length=60)
    community = models.ForeignKey(
        Community, verbose_name="社区", on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = verbose_name_plural = "党支部"

    def __str__(self) -> str:
        return self.short_name


class Unit(models.Model):
    name = models.CharField("单位名称", max_length=120, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作单位"

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    name = models.CharField("姓名", max_length=60)
    name_pinyin = models.CharField("姓名拼音", max_length=120, blank=True)
    sex = models.CharField("性别", max_length=6)
    ethnicity = models.CharField("民族", max_length=12)
    born_on = models.DateField("出生日期")
    id_number = models.CharField("公民身份号码", max_length=18, unique=True)
    education = models.CharField("学历", max_length=30, blank=True)
    degree = models.CharField("学位", max_length=40, blank=True)
    category = models.CharField("党员类别", max_length=10, blank=True)
    member_type = models.CharField("人员类别", max_length=15)
    status = models.CharField("党籍状态", max_length=20)
    joined_on = models.DateField("入党日期")
    confirmed_on = models.DateField("转正日期", null=True, blank=True)
    job_post = models.CharField("工作岗位", max_length=40, blank=True)
    job_title = models.CharField("职务", max_length=60, blank=True)
    branch = models.ForeignKey(
        Branch, verbose_name="所在党支部", on_delete=models.PROTECT
    )
    home_unit = models.ForeignKey(
        Unit, verbose_name="工作单位", null=True, blank=True, on_delete=models.PROTECT
    )
    community = models.ForeignKey(
        Community,
        verbose_name="居住社区",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    phone = models.CharField("手机号码", max_length=20, blank=True)
    address = models.CharField("现居住地", max_length=200, blank=True)
    household_address = models.CharField("户籍所在地", max_length=200, blank=True)
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    is_lost = models.CharField("是否失联党员", max_length=4, blank=True)
    is_mobile = models.CharField("是否流动党员", max_length=4, blank=True)
    lost_since = models.DateField("失去联系日期", null=True, blank=True)
    created_at = models.DateTimeField("建档时间", auto_now_add=True)
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "党员"
        ordering = ["name_pinyin", "id"]
        # As the portal has it; without it each page would sort the whole table.
        indexes = [
            models.Index(fields=["name_pinyin", "id", "name"], name="peer_by_name")
        ]

    def __str__(self) -> str:
        return self.name
