from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.reviews import Correction, Grade, Outcome, ReviewState
from activities.models.activity import Activity
from activities.querysets.reviews import ReviewQuerySet, ReviewResultQuerySet
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import Organization

GRADED_STATES = (ReviewState.DECIDED, ReviewState.APPROVED)


class Review(models.Model):
    """A branch's democratic review of its members in a year.

    Who came is told by the activity at which the ballots were cast. `street` is where
    the figures of grades and outcomes lie: those of a branch would tell who it is.
    """

    State = ReviewState

    organization = models.ForeignKey(
        Organization,
        verbose_name="党支部",
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    street = models.ForeignKey(
        Organization, verbose_name="街道", on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField("年度")
    state = models.CharField(
        "状态", max_length=10, choices=ReviewState, default=ReviewState.DRAFTED
    )
    opened_on = models.DateField("开始日期")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    activity = models.OneToOneField(
        Activity,
        verbose_name="民主评议会",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="review",
    )
    handed_out = models.PositiveSmallIntegerField("发出测评表", default=0)
    returned = models.PositiveSmallIntegerField("收回测评表", default=0)
    decided_on = models.DateField("审定日期", null=True, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="批准登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Why the superior gave it back, until it is decided anew.
    returned_words = EncryptedTextField("退回原因", blank=True, default="")
    returned_on = models.DateField("退回日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "民主评议"
        verbose_name_plural = "民主评议"
        ordering = ["-year", "-pk"]
        indexes = [
            models.Index(fields=["year", "state"], name="activities_review_year"),
            models.Index(
                fields=["street", "opened_on"], name="activities_review_street"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="activities_review_once",
                fields=["organization", "year"],
                violation_error_message="这个支部本年度的民主评议已经开始。",
            ),
            models.CheckConstraint(
                name="activities_review_returned_of_handed_out",
                condition=Q(returned__lte=F("handed_out")),
                violation_error_message="收回的测评表不能多于发出的。",
            ),
            models.CheckConstraint(
                name="activities_review_voted_at_a_meeting",
                condition=Q(state=ReviewState.DRAFTED)
                | Q(activity__isnull=False, returned__gt=0),
                violation_error_message="已测评的须写明民主评议会和收回的测评表。",
            ),
            models.CheckConstraint(
                name="activities_review_dates_of_its_state",
                condition=Q(state__in=[ReviewState.DRAFTED, ReviewState.VOTED])
                | Q(state=ReviewState.DECIDED, decided_on__isnull=False)
                | Q(
                    state=ReviewState.APPROVED,
                    decided_on__isnull=False,
                    approved_on__gte=F("decided_on"),
                ),
                violation_error_message="批准日期不能早于审定日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}{self.year}年民主评议"

    def get_absolute_url(self) -> str:
        return reverse("activities:review", args=[self.pk])


class ReviewResult(models.Model):
    """What was said and found of one member; who said it in the mutual review is not.

    It stands in no history, and whoever may read it is decided by `visible_to` alone.
    """

    names_a_person = True
    is_confidential = True

    review = models.ForeignKey(
        Review,
        verbose_name="民主评议",
        on_delete=models.PROTECT,
        related_name="results",
    )
    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="reviews"
    )
    # Not on the branch's roll: a mobile or co-managed member reviewed here.
    is_guest = models.BooleanField("流入或协管", default=False)
    removed_on = models.DateField("移出日期", null=True, blank=True)
    removed_reason = EncryptedTextField("移出原因", blank=True, default="")
    self_grade = models.CharField(
        "自评等次", max_length=12, choices=Grade, blank=True, default=""
    )
    self_words = EncryptedTextField("自评", blank=True, default="")
    mutual_words = EncryptedTextField("互评意见", blank=True, default="")
    excellent = models.PositiveSmallIntegerField("优秀票", default=0)
    qualified = models.PositiveSmallIntegerField("合格票", default=0)
    basic = models.PositiveSmallIntegerField("基本合格票", default=0)
    unqualified = models.PositiveSmallIntegerField("不合格票", default=0)
    grade = models.CharField(
        "评定等次", max_length=12, choices=Grade, blank=True, default=""
    )
    words = EncryptedTextField("评定意见", blank=True, default="")
    outcome = models.CharField(
        "组织处置", max_length=12, choices=Outcome, blank=True, default=""
    )
    term_ends_on = models.DateField("改正期限", null=True, blank=True)
    serial = models.PositiveSmallIntegerField("通知书序号", null=True, blank=True)
    delivered_on = models.DateField("送达日期", null=True, blank=True)
    correction = models.CharField(
        "改正情况", max_length=15, choices=Correction, blank=True, default=""
    )
    corrected_on = models.DateField("改正核实日期", null=True, blank=True)
    correction_words = EncryptedTextField("改正情况说明", blank=True, default="")
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ReviewResultQuerySet.as_manager()

    class Meta:
        verbose_name = "民主评议结果"
        verbose_name_plural = "民主评议结果"
        ordering = ["review", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_reviewresult_once",
                fields=["review", "member"],
                violation_error_message="该同志已在评议名单中。",
            ),
            models.UniqueConstraint(
                name="activities_reviewresult_number_once",
                fields=["review", "serial"],
                condition=Q(serial__isnull=False),
            ),
            models.CheckConstraint(
                name="activities_reviewresult_outcome_of_unqualified",
                condition=Q(outcome="") ^ Q(grade=Grade.UNQUALIFIED),
                violation_error_message="不合格的须写明组织处置，其他等次没有处置。",
            ),
            models.CheckConstraint(
                name="activities_reviewresult_term_of_correction",
                condition=Q(outcome=Outcome.CORRECTION) ^ Q(term_ends_on__isnull=True),
                violation_error_message="限期改正的须写明期限，其他处置没有期限。",
            ),
            models.CheckConstraint(
                name="activities_reviewresult_delivered_with_number",
                condition=Q(delivered_on__isnull=True)
                | Q(serial__isnull=False) & ~Q(grade=""),
                violation_error_message="送达的通知书须有文号和等次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.review.year}年民主评议"

    def get_absolute_url(self) -> str:
        return reverse("activities:review-result", args=[self.pk])

    @property
    def ballots(self) -> tuple[int, int, int, int]:
        """Votes by grade, in the order of the grades."""
        return self.excellent, self.qualified, self.basic, self.unqualified

    @property
    def number(self) -> str:
        """The letter's number; the review comes loaded with it."""
        if self.serial is None:
            return ""
        return f"民评\u3014{self.review.year}\u3015{self.serial}号"
