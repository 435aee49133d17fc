from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.teams import FreeTime
from config.lib.crypto import EncryptedTextField
from liaison.choices.posts import CLAIM_TONES, ClaimEnd, ClaimState
from liaison.models.card import LiaisonCard
from liaison.querysets.posts import ClaimPostQuerySet, PostClaimQuerySet
from members.models import Talent
from organizations.models import Organization


class ClaimPost(models.Model):
    """A post of service that a community or branch offers to card holders (认岗)."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="设岗的党组织",
        on_delete=models.PROTECT,
        related_name="claim_posts",
    )
    # A text, not a code: the list is the committee's, and an old post keeps its word.
    category = models.CharField("岗位类别", max_length=20)
    title = models.CharField("岗位名称", max_length=30)
    duties = models.CharField("做什么", max_length=200)
    places = models.PositiveSmallIntegerField("人数")
    talents = models.ManyToManyField(Talent, verbose_name="需要的特长", blank=True)
    needed_at = models.CharField(
        "服务时间", max_length=10, choices=FreeTime, blank=True, default=""
    )
    time_words = models.CharField("时间说明", max_length=60, blank=True, default="")
    opened_on = models.DateField("设岗日期")
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    closed_reason = EncryptedTextField("关闭原因", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="设岗人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = ClaimPostQuerySet.as_manager()

    class Meta:
        verbose_name = "认领岗位"
        verbose_name_plural = "认领岗位"
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_claimpost_one_title",
                fields=["organization", "title"],
                condition=Q(closed_on__isnull=True),
                violation_error_message="这个党组织已有同名的岗位。",
            ),
            models.CheckConstraint(
                name="liaison_claimpost_some",
                condition=Q(places__gte=1),
                violation_error_message="人数至少是1。",
            ),
            models.CheckConstraint(
                name="liaison_claimpost_closed_after_opened",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                violation_error_message="关闭日期不能早于设岗日期。",
            ),
        ]
        indexes = [models.Index(fields=["opened_on", "id"], name="liaison_post_day")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("liaison:post", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def when(self) -> str:
        """The time in words."""
        parts = (self.get_needed_at_display(), self.time_words)
        return "，".join(part for part in parts if part) or "时间不限"


class PostClaim(models.Model):
    """A card holder's claim of a post: proposed, decided, held on [starts_on, ends_on).

    `starts_on` is set when the community agrees.
    """

    names_a_person = True

    State = ClaimState

    post = models.ForeignKey(
        ClaimPost,
        verbose_name="岗位",
        on_delete=models.PROTECT,
        related_name="claims",
    )
    card = models.ForeignKey(
        LiaisonCard,
        verbose_name="联系卡",
        on_delete=models.PROTECT,
        related_name="claims",
    )
    state = models.CharField(
        "状态", max_length=10, choices=ClaimState, default=ClaimState.PROPOSED
    )
    words = EncryptedTextField("本人说明", blank=True, default="")
    proposed_on = models.DateField("提出日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="决定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Why it was declined, taken back or given up.
    reason = EncryptedTextField("原因", blank=True, default="")
    starts_on = models.DateField("上岗日期", null=True, blank=True)
    ends_on = models.DateField("离岗日期", null=True, blank=True)
    end_reason = models.CharField(
        "离岗原因", max_length=12, choices=ClaimEnd, blank=True, default=""
    )
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PostClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "认岗"
        verbose_name_plural = "认岗"
        ordering = ["-proposed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="liaison_postclaim_once",
                fields=["post", "card"],
                condition=Q(state__in=["proposed", "agreed"]),
                violation_error_message="这张联系卡已认领这个岗位。",
            ),
            models.CheckConstraint(
                name="liaison_postclaim_state_has_days",
                condition=Q(
                    state__in=["proposed", "declined", "withdrawn"],
                    starts_on__isnull=True,
                    ends_on__isnull=True,
                )
                | Q(state="agreed", starts_on__isnull=False, ends_on__isnull=True)
                | Q(state="ended", ends_on__gte=F("starts_on")),
                violation_error_message="认岗的状态与日期不一致。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.card}"

    @property
    def tone(self) -> str:
        return CLAIM_TONES[ClaimState(self.state)]
