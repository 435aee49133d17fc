from django.db import models
from django.db.models import F, Q

from config.lib.history import RowHistory
from members.choices import AffiliationKind, EndReason, StartReason
from members.models.member import Member
from members.querysets import AffiliationQuerySet
from organizations.models import Organization


class Affiliation(models.Model):
    """The relation of a person to a branch, half-open in time: [starts_on, ends_on)."""

    names_a_person = True

    Kind = AffiliationKind
    StartReason = StartReason
    EndReason = EndReason

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="affiliations",
        db_index=False,
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="党组织",
        on_delete=models.PROTECT,
        related_name="affiliations",
    )
    kind = models.CharField("隶属方式", max_length=10, choices=AffiliationKind)
    starts_on = models.DateField("开始日期")
    start_reason = models.CharField("来源", max_length=20, choices=StartReason)
    ends_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField(
        "去向", max_length=20, choices=EndReason, blank=True, default=""
    )
    note = models.CharField("说明", max_length=200, blank=True, default="")

    objects = AffiliationQuerySet.as_manager()
    history = RowHistory(no_db_index=["member", "organization"])

    class Meta:
        verbose_name = "隶属关系"
        verbose_name_plural = "隶属关系"
        ordering = ["-starts_on", "-id"]
        indexes = [
            # Whether a person belongs to somebody's scope is answered from it alone.
            models.Index(
                fields=["member", "ends_on", "organization"],
                name="members_affiliation_person",
            ),
            # Who is co-managed, and who in two places, without a look at the rolls.
            models.Index(
                fields=["member"],
                name="members_affiliation_reported",
                condition=Q(ends_on__isnull=True, kind="co_managed"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_affiliation_one_open_on_roll",
                fields=["member"],
                condition=Q(ends_on__isnull=True, kind="on_roll"),
                violation_error_message="该党员已有一个在册党支部，请先办理转出。",
            ),
            # In this order every question for the open relations of a branch walks its
            # index too.
            models.UniqueConstraint(
                name="members_affiliation_once_per_branch",
                fields=["organization", "member", "kind"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="该党员已在这个党支部登记。",
            ),
            models.CheckConstraint(
                name="members_affiliation_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.organization} · {self.get_kind_display()}"
