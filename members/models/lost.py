from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices.standing import LostReason, LostState, SearchWay
from members.models.member import Member
from members.querysets.standing import (
    OPEN_STATES,
    LostCaseQuerySet,
    OutOfTouchQuerySet,
    SearchStepQuerySet,
)
from organizations.models import Organization


class LostCase(models.Model):
    """A branch has lost a member from sight: since when, why, and how it came out.

    `Member.is_lost` follows from an open case and from nothing else, but for what was
    so when the person was first registered.
    """

    names_a_person = True

    State = LostState

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="lost_cases"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="党支部",
        on_delete=models.PROTECT,
        related_name="lost_cases",
    )
    since = models.DateField("失去联系日期")
    reason = models.CharField("失联原因", max_length=15, choices=LostReason)
    # Whom he was with, what was tried: nobody else's business.
    circumstances = EncryptedTextField("最后联系情况", blank=True, default="")
    state = models.CharField(
        "状态", max_length=10, choices=LostState, default=LostState.SEARCHING
    )
    opened_on = models.DateField("登记日期")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closing = EncryptedTextField("办结情况", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = LostCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "失联处置"
        verbose_name_plural = "失联处置"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_lostcase_one_open",
                fields=["member"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                violation_error_message="该同志已有在办的失联处置。",
            ),
            models.CheckConstraint(
                name="members_lostcase_closed_when_over",
                condition=Q(
                    state__in=[str(state) for state in OPEN_STATES],
                    closed_on__isnull=True,
                )
                | (
                    ~Q(state__in=[str(state) for state in OPEN_STATES])
                    & Q(closed_on__isnull=False)
                ),
                violation_error_message="办结的失联处置须有办结日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.since}"

    def get_absolute_url(self) -> str:
        return reverse("members:lost", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class SearchStep(models.Model):
    """One attempt to find a lost member, and what came of it."""

    names_a_person = True

    Way = SearchWay

    case = models.ForeignKey(
        LostCase,
        verbose_name="失联处置",
        on_delete=models.PROTECT,
        related_name="steps",
    )
    taken_on = models.DateField("查找日期")
    way = models.CharField("查找方式", max_length=15, choices=SearchWay)
    result = EncryptedTextField("查找结果")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = SearchStepQuerySet.as_manager()

    class Meta:
        verbose_name = "查找记录"
        verbose_name_plural = "查找记录"
        ordering = ["-taken_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.taken_on} {self.get_way_display()}"


class OutOfTouch(models.Model):
    """Whom nobody was in contact with for months, found again every few hours.

    Kept, since asking every source of contacts for everybody takes seconds, and the
    home page has milliseconds.
    """

    names_a_person = True

    member = models.OneToOneField(
        Member,
        verbose_name="党员",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="out_of_touch",
    )
    since = models.DateField("最后联系日期", db_index=True)

    objects = OutOfTouchQuerySet.as_manager()

    class Meta:
        verbose_name = "久未联系"
        verbose_name_plural = "久未联系"
        ordering = ["since", "member"]

    def __str__(self) -> str:
        return f"{self.member} {self.since}"
