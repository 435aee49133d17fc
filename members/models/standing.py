from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices import MembershipStatus
from members.choices.standing import DecisionGround, DecisionKind, DecisionState
from members.models.lost import LostCase
from members.models.member import Member
from members.querysets.standing import DecisionQuerySet
from organizations.models import Organization


class MembershipDecision(models.Model):
    """What was decided about a membership: proposed by the branch, approved above.

    A death is written down in the same book, though nobody decides it.
    """

    names_a_person = True

    Kind = DecisionKind
    Ground = DecisionGround
    State = DecisionState

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="decisions"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="党支部",
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    case = models.ForeignKey(
        LostCase,
        verbose_name="失联处置",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    kind = models.CharField("处理", max_length=20, choices=DecisionKind)
    ground = models.CharField(
        "依据", max_length=15, choices=DecisionGround, blank=True, default=""
    )
    state = models.CharField(
        "状态", max_length=10, choices=DecisionState, default=DecisionState.PROPOSED
    )
    since = models.DateField("起算日期", null=True, blank=True)
    meeting_on = models.DateField("支部大会日期", null=True, blank=True)
    facts = EncryptedTextField("事实和理由", blank=True, default="")
    # The day from which it holds; of a death, the day.
    decided_on = models.DateField("批准日期", null=True, blank=True)
    document_number = models.CharField(
        "批准文号", max_length=60, blank=True, default=""
    )
    reply = EncryptedTextField("办理意见", blank=True, default="")
    # What it goes back to where a death was written down by mistake.
    status_before = models.CharField(
        max_length=20, choices=MembershipStatus, editable=False
    )
    # The first day on which a suspension no longer holds.
    ended_on = models.DateField(null=True, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提出人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("办理时间", null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "党籍处理决定"
        verbose_name_plural = "党籍处理决定"
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state", "kind", "decided_on"],
                name="members_decision_state",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                name="members_decision_one_waiting",
                fields=["member"],
                condition=Q(state="proposed"),
                violation_error_message="该同志已有一件党籍处理等待批准。",
            ),
            models.CheckConstraint(
                name="members_decision_approved_on_a_day",
                condition=~Q(state__in=["approved", "revoked"])
                | Q(decided_on__isnull=False),
                violation_error_message="已批准的处理须有批准日期。",
            ),
            models.CheckConstraint(
                name="members_decision_after_meeting",
                condition=Q(decided_on__isnull=True)
                | Q(meeting_on__isnull=True)
                | Q(decided_on__gte=F("meeting_on")),
                violation_error_message="批准日期不能早于支部大会日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("members:decision", args=[self.pk])

    @property
    def is_death(self) -> bool:
        return self.kind == DecisionKind.DEATH

    @property
    def state_label(self) -> str:
        """The state in words; a death is written down, not approved."""
        if self.is_death and self.state == DecisionState.APPROVED:
            return "已登记"
        return self.get_state_display()
