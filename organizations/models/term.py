from django.conf import settings
from django.db import models
from django.db.models import F, Q

from organizations.choices import ElectionForum, ElectionKind, TermChangeKind
from organizations.models.organization import Organization
from organizations.querysets import (
    ElectionQuerySet,
    OfOrganizationQuerySet,
    TermQuerySet,
)


class Election(models.Model):
    """An election meeting in figures; whom it elected stands with the members."""

    Kind = ElectionKind

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="elections",
    )
    kind = models.CharField("选举类别", max_length=10, choices=ElectionKind)
    forum = models.CharField("选举会议", max_length=10, choices=ElectionForum)
    held_on = models.DateField("选举日期")
    seats = models.PositiveSmallIntegerField("应选人数")
    eligible = models.PositiveIntegerField("应到会有选举权人数")
    present = models.PositiveIntegerField("实到会有选举权人数")
    issued = models.PositiveIntegerField("发出选票")
    returned = models.PositiveIntegerField("收回选票")
    valid = models.PositiveIntegerField("有效选票")
    note = models.CharField("说明", max_length=300, blank=True, default="")
    due_before = models.DateField("原届满日期", null=True, blank=True, editable=False)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    approval = models.CharField("批复文号", max_length=60, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField(
        "撤回原因", max_length=200, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "选举记录"
        verbose_name_plural = "选举记录"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_election_votes_in_order",
                condition=Q(valid__lte=F("returned"))
                & Q(returned__lte=F("issued"))
                & Q(issued__lte=F("present"))
                & Q(present__lte=F("eligible")),
                violation_error_message="到会人数和选票数前后不符，请逐项核对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.held_on} {self.get_kind_display()}"


class Term(models.Model):
    """A term (届) of a committee, half-open: [starts_on, ended_on).

    When it is to end today stands at the organization (`term_ends_on`), because the
    higher organization may move that day; `due_on` is what the rules gave at first.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="terms",
    )
    number = models.PositiveSmallIntegerField("届次")
    starts_on = models.DateField("起始日期")
    due_on = models.DateField("应届满日期")
    ended_on = models.DateField("实际届满日期", null=True, blank=True)
    election = models.OneToOneField(
        Election,
        verbose_name="选举",
        null=True,
        on_delete=models.PROTECT,
        related_name="term",
    )

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = "任期"
        verbose_name_plural = "任期"
        ordering = ["organization", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_term_one_open",
                fields=["organization"],
                condition=Q(ended_on__isnull=True),
                violation_error_message="这个党组织已有一个没有结束的任期。",
            ),
            models.CheckConstraint(
                name="organizations_term_in_order",
                condition=Q(due_on__gt=F("starts_on"))
                & (Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on"))),
                violation_error_message="任期的届满日期应在起始日期之后。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}第{self.number}届"


class TermChange(models.Model):
    """A delay or an advance of a term's end, approved by the higher organization."""

    Kind = TermChangeKind

    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="term_changes",
    )
    kind = models.CharField("种类", max_length=10, choices=TermChangeKind)
    before = models.DateField("原届满日期")
    after = models.DateField("新届满日期")
    approved_on = models.DateField("批准日期")
    approval = models.CharField("批准文号", max_length=60, blank=True, default="")
    reason = models.CharField("事由", max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = OfOrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = "任期变更"
        verbose_name_plural = "任期变更"
        ordering = ["-approved_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_termchange_moves",
                condition=Q(kind="delay", after__gt=F("before"))
                | Q(kind="advance", after__lt=F("before")),
                violation_error_message="延期应晚于原届满日期，提前应早于原届满日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.get_kind_display()}"
