from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from activities.choices.households import MatterAct, MatterKind, MatterState
from activities.models.household import Household
from activities.querysets.households import (
    MatterStepQuerySet,
    VisitMatterQuerySet,
    VisitMemberQuerySet,
    VisitQuerySet,
)
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import Organization


class Visit(models.Model):
    """One visit to a household (走百家门，知百家情).

    Counted at `organization`, which was to visit the household on that day.
    """

    names_a_person = True

    household = models.ForeignKey(
        Household, verbose_name="住户", on_delete=models.PROTECT, related_name="visits"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="走访党组织",
        on_delete=models.PROTECT,
        related_name="visits",
    )
    visited_on = models.DateField("走访日期")
    visitors = models.CharField("走访人", max_length=100)
    members = models.ManyToManyField(
        Member,
        verbose_name="走访党员",
        through="VisitMember",
        related_name="household_visits",
    )
    situation = EncryptedTextField("家庭情况", blank=True, default="")
    wishes = EncryptedTextField("诉求与建议", blank=True, default="")
    promises = EncryptedTextField("当场承诺", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访记录"
        verbose_name_plural = "走访记录"
        ordering = ["-visited_on", "-pk"]
        indexes = [
            models.Index(
                fields=["household", "visited_on"], name="activities_visit_by_house"
            ),
            models.Index(
                fields=["organization", "visited_on"], name="activities_visit_by_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.visited_on}"

    def get_absolute_url(self) -> str:
        return reverse("activities:visit", args=[self.pk])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class VisitMember(models.Model):
    """A member among those who went; he earns nothing by it, it only says so."""

    names_a_person = True

    visit = models.ForeignKey(
        Visit, verbose_name="走访", on_delete=models.CASCADE, related_name="places"
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="visit_places",
    )

    objects = VisitMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "走访党员"
        verbose_name_plural = "走访党员"
        constraints = [
            models.UniqueConstraint(
                name="activities_visitmember_once", fields=["visit", "member"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.visit}"


class VisitMatter(models.Model):
    """What a household asked for on a visit, followed up until it has its answer."""

    names_a_person = True
    State = MatterState

    visit = models.ForeignKey(
        Visit, verbose_name="走访", on_delete=models.PROTECT, related_name="matters"
    )
    kind = models.CharField("类别", max_length=20, choices=MatterKind)
    content = EncryptedTextField("事项")
    handler = models.CharField("承办人", max_length=60, blank=True, default="")
    due_on = models.DateField("承诺办结日期")
    state = models.CharField(
        "状态", max_length=20, choices=MatterState, default=MatterState.OPEN
    )
    settled_on = models.DateField("办结日期", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = VisitMatterQuerySet.as_manager()

    class Meta:
        verbose_name = "走访事项"
        verbose_name_plural = "走访事项"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="activities_visitmatter_settled_on_a_day",
                condition=Q(
                    state__in=[MatterState.OPEN, MatterState.IN_PROGRESS],
                    settled_on__isnull=True,
                )
                | Q(
                    state__in=[
                        MatterState.SOLVED,
                        MatterState.REFERRED,
                        MatterState.NOT_POSSIBLE,
                    ],
                    settled_on__isnull=False,
                ),
                violation_error_message="办结的事项必须有办结日期。",
            ),
            models.CheckConstraint(
                name="activities_visitmatter_answered_once_settled",
                condition=Q(answered_on__isnull=True) | Q(settled_on__isnull=False),
                violation_error_message="办结以后才能答复。",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(answered_on__isnull=True),
                name="activities_matter_to_close",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("activities:visit-matter", args=[self.pk])

    @property
    def is_closed(self) -> bool:
        return self.answered_on is not None


class MatterStep(models.Model):
    """A dated line of a matter: what was done, or said to the household."""

    names_a_person = True

    matter = models.ForeignKey(
        VisitMatter,
        verbose_name="走访事项",
        on_delete=models.PROTECT,
        related_name="steps",
    )
    act = models.CharField("办理", max_length=20, choices=MatterAct)
    taken_on = models.DateField("日期")
    words = EncryptedTextField("情况")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = MatterStepQuerySet.as_manager()

    class Meta:
        verbose_name = "走访事项进展"
        verbose_name_plural = "走访事项进展"
        ordering = ["taken_on", "pk"]

    def __str__(self) -> str:
        return f"{self.matter} {self.taken_on}"
