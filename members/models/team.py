from django.conf import settings
from django.db import models
from django.db.models import F, Q

from members.choices.teams import OfficerRole
from members.models.member import Member
from members.querysets.teams import CandidateQuerySet, OfficerQuerySet
from organizations.models import Election, Organization


class Officer(models.Model):
    """A member who is secretary or on the team (班子) of an organization.

    Half-open in time: [starts_on, ends_on).
    """

    names_a_person = True
    Role = OfficerRole

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="offices"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="任职党组织",
        on_delete=models.PROTECT,
        related_name="officers",
    )
    role = models.CharField("职务", max_length=12, choices=OfficerRole)
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("免职日期", null=True, blank=True)
    election = models.ForeignKey(
        Election,
        verbose_name="当选的选举",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="officers",
    )
    ended_by = models.ForeignKey(
        Election,
        verbose_name="卸任的选举",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="former_officers",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="记录人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = "班子成员"
        verbose_name_plural = "班子成员"
        ordering = ["organization", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_officer_one_open",
                fields=["member", "organization"],
                condition=Q(ends_on__isnull=True),
                violation_error_message="这位党员已登记在本党组织任职。",
            ),
            models.CheckConstraint(
                name="members_officer_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="免职日期不能早于任职日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_role_display()}"


class Candidate(models.Model):
    """A member who stood for a post in an election, and the votes he had."""

    names_a_person = True

    election = models.ForeignKey(
        Election,
        verbose_name="选举",
        on_delete=models.CASCADE,
        related_name="candidates",
    )
    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField("职务", max_length=12, choices=OfficerRole)
    votes = models.PositiveIntegerField("得票")
    is_elected = models.BooleanField("当选")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "候选人"
        verbose_name_plural = "候选人"
        ordering = ["election", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="members_candidate_once",
                fields=["election", "member"],
                violation_error_message="这位党员在这次选举中已经列为候选人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_role_display()}"
