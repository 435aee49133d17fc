from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.teams import FreeTime
from activities.querysets.teams import (
    AvailabilityQuerySet,
    TeamPlaceQuerySet,
    VolunteerTeamQuerySet,
)
from members.models import Member, Talent
from organizations.models import Organization


class VolunteerTeam(models.Model):
    """A team of volunteers by specialty (党员志愿服务队).

    What it did are activities that name it; nothing is counted by hand.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name="所属党组织",
        on_delete=models.PROTECT,
        related_name="volunteer_teams",
    )
    name = models.CharField("服务队名称", max_length=60)
    talents = models.ManyToManyField(
        Talent, verbose_name="专长", blank=True, related_name="volunteer_teams"
    )
    founded_on = models.DateField("成立日期")
    closed_on = models.DateField("解散日期", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = VolunteerTeamQuerySet.as_manager()

    class Meta:
        verbose_name = "志愿服务队"
        verbose_name_plural = "志愿服务队"
        ordering = ["organization", "name"]
        constraints = [
            models.UniqueConstraint(
                name="activities_volunteerteam_one_name",
                fields=["organization", "name"],
                condition=Q(closed_on__isnull=True),
                violation_error_message="本党组织已有同名的服务队。",
            ),
            models.CheckConstraint(
                name="activities_volunteerteam_closed_after_founded",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("founded_on")),
                violation_error_message="解散日期不能早于成立日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("activities:team", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class TeamPlace(models.Model):
    """A member in a team, half-open in time: [joined_on, left_on)."""

    names_a_person = True
    # Of two records of one person in one team the kept one's place goes on.
    twins_stay = True

    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name="服务队",
        on_delete=models.PROTECT,
        related_name="places",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="team_places",
    )
    is_leader = models.BooleanField("队长", default=False)
    joined_on = models.DateField("加入日期")
    left_on = models.DateField("离队日期", null=True, blank=True)

    objects = TeamPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "服务队队员"
        verbose_name_plural = "服务队队员"
        ordering = ["team", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_teamplace_once",
                fields=["team", "member"],
                condition=Q(left_on__isnull=True),
                violation_error_message="该同志已在这支服务队。",
            ),
            models.UniqueConstraint(
                name="activities_teamplace_one_leader",
                fields=["team"],
                condition=Q(left_on__isnull=True, is_leader=True),
                violation_error_message="一支服务队一名队长。",
            ),
            models.CheckConstraint(
                name="activities_teamplace_left_after_joined",
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                violation_error_message="离队日期不能早于加入日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.team}"


class Availability(models.Model):
    """When a member can help, as he said; without a row nobody has asked him."""

    names_a_person = True

    member = models.OneToOneField(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="availability",
    )
    weekdays = models.BooleanField(FreeTime.WEEKDAYS.label, default=False)
    evenings = models.BooleanField(FreeTime.EVENINGS.label, default=False)
    weekends = models.BooleanField(FreeTime.WEEKENDS.label, default=False)
    asked_on = models.DateField("登记日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = "空闲时间"
        verbose_name_plural = "空闲时间"

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The free times in words."""
        times = [time.label for time in FreeTime if getattr(self, time)]
        return "、".join(times) or "目前都没有空"
