from django.conf import settings
from django.db import models

from liaison.choices import CheckState
from liaison.models.feedback import FeedbackPeriod
from liaison.querysets import FeedbackCheckQuerySet
from organizations.models import Organization


class FeedbackCheck(models.Model):
    """The community's check of one branch's words in one round.

    Asked for where the street has switched this step on. A row that says "returned"
    goes when the branch has written again.
    """

    period = models.ForeignKey(
        FeedbackPeriod,
        verbose_name="反馈期",
        on_delete=models.PROTECT,
        related_name="checks",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="社区党支部",
        on_delete=models.PROTECT,
        related_name="feedback_checks",
    )
    state = models.CharField("审核", max_length=10, choices=CheckState)
    reason = models.CharField("退回原因", max_length=200, blank=True, default="")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审核人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField("审核时间", auto_now=True)

    objects = FeedbackCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "反馈审核"
        verbose_name_plural = "反馈审核"
        constraints = [
            models.UniqueConstraint(
                name="liaison_feedbackcheck_once", fields=["period", "organization"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.period.label} {self.get_state_display()}"
