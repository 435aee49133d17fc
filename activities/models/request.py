from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from activities.choices.requests import (
    RequestKind,
    RequestSource,
    RequestState,
    Satisfaction,
)
from activities.choices.teams import FreeTime
from activities.models.activity import Activity
from activities.models.team import VolunteerTeam
from activities.querysets.requests import RequestClaimQuerySet, ServiceRequestQuerySet
from config.lib.crypto import EncryptedTextField
from config.lib.masks import mask_address, mask_name, mask_phone
from members.models import Member, Talent
from organizations.models import Community, Organization

_ENDED = [RequestState.CLOSED, RequestState.REFUSED, RequestState.WITHDRAWN]


class ServiceRequest(models.Model):
    """What a resident asks for (贴心服务, 微心愿), from its coming to his word on it.

    `asked` is read by every team of the street and names nobody. Who asks and where
    he lives is kept apart, masked, and deleted a while after the end; there is no
    history of rows from which it could come back.
    """

    names_a_person = True

    Kind = RequestKind
    State = RequestState

    organization = models.ForeignKey(
        Organization,
        verbose_name="受理党组织",
        on_delete=models.PROTECT,
        related_name="service_requests",
    )
    community = models.ForeignKey(
        Community,
        verbose_name="所在社区",
        on_delete=models.PROTECT,
        related_name="service_requests",
    )
    kind = models.CharField("类别", max_length=10, choices=RequestKind)
    source = models.CharField("来源", max_length=10, choices=RequestSource)
    asked = models.CharField("需要什么", max_length=100)
    talent = models.ForeignKey(
        Talent,
        verbose_name="需要的特长",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    needed_at = models.CharField(
        "什么时候方便", max_length=10, choices=FreeTime, blank=True, default=""
    )
    received_on = models.DateField("收到日期")
    wanted_by = models.DateField("希望办结日期")

    name = EncryptedTextField("需求人", blank=True, default="")
    phone = EncryptedTextField("联系电话", blank=True, default="")
    place = EncryptedTextField("详细地点", blank=True, default="")

    state = models.CharField(
        "状态", max_length=10, choices=RequestState, default=RequestState.RECEIVED
    )
    checked_on = models.DateField("核实日期", null=True, blank=True)
    published_on = models.DateField("发布日期", null=True, blank=True)
    # Whose people do it: reads the request as the organization does.
    taker = models.ForeignKey(
        Organization,
        verbose_name="认领党组织",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_requests",
    )
    done_on = models.DateField("办理日期", null=True, blank=True)
    result = EncryptedTextField("办理情况", blank=True, default="")
    # Where the hours are counted, once, however many requests it served.
    activity = models.ForeignKey(
        Activity,
        verbose_name="办理活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="service_requests",
    )
    satisfaction = models.CharField(
        "居民评价", max_length=10, choices=Satisfaction, blank=True, default=""
    )
    words = EncryptedTextField("居民的话", blank=True, default="")
    closed_on = models.DateField("结束日期", null=True, blank=True)
    reason = EncryptedTextField("原因", blank=True, default="")
    cleared_on = models.DateField("清除日期", null=True, blank=True)

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "服务需求"
        verbose_name_plural = "服务需求"
        ordering = ["wanted_by", "pk"]
        indexes = [
            # What is under way, the most pressing first; what is over is asked rarely.
            models.Index(
                fields=["wanted_by", "id"],
                name="activities_request_due",
                condition=Q(closed_on__isnull=True),
            ),
            models.Index(
                fields=["closed_on"],
                name="activities_request_uncleared",
                condition=Q(cleared_on__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="activities_servicerequest_wanted_later",
                condition=Q(wanted_by__gte=F("received_on")),
                violation_error_message="希望办结日期不能早于收到日期。",
            ),
            models.CheckConstraint(
                name="activities_servicerequest_taken",
                condition=Q(state__in=["claimed", "done", "closed"])
                ^ Q(taker__isnull=True),
                violation_error_message="认领以后才有认领党组织，没有认领的不能有。",
            ),
            models.CheckConstraint(
                name="activities_servicerequest_done_on_a_day",
                condition=Q(
                    state__in=["done", "closed"],
                    done_on__isnull=False,
                    activity__isnull=False,
                )
                | (
                    ~Q(state__in=["done", "closed"])
                    & Q(done_on__isnull=True, activity__isnull=True)
                ),
                violation_error_message="办好的须有日期和办理活动。",
            ),
            models.CheckConstraint(
                name="activities_servicerequest_ended_on_a_day",
                condition=Q(state__in=_ENDED, closed_on__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_on__isnull=True)),
                violation_error_message="结束的须有日期。",
            ),
            models.CheckConstraint(
                name="activities_servicerequest_residents_word",
                condition=~Q(state="closed") ^ ~Q(satisfaction=""),
                violation_error_message="办结须有居民的评价。",
            ),
            models.CheckConstraint(
                name="activities_servicerequest_cleared_after_the_end",
                condition=Q(cleared_on__isnull=True) | Q(closed_on__isnull=False),
                violation_error_message="没有结束的不清除需求人信息。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on}"

    def get_absolute_url(self) -> str:
        return reverse("activities:request", args=[self.pk])

    @property
    def masked_name(self) -> str:
        return mask_name(self.name)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)

    @property
    def masked_place(self) -> str:
        return mask_address(self.place)

    def lateness(self, today: date) -> str:
        """In time or late, in words; "" where that is no question."""
        if self.done_on is not None:
            return "按时" if self.done_on <= self.wanted_by else "超期办结"
        if self.closed_on is not None or today <= self.wanted_by:
            return ""
        return f"超期 {(today - self.wanted_by).days} 天"


class RequestClaim(models.Model):
    """A team or a member that took a request, or took it and gave it back."""

    names_a_person = True

    request = models.ForeignKey(
        ServiceRequest,
        verbose_name="服务需求",
        on_delete=models.CASCADE,
        related_name="claims",
    )
    team = models.ForeignKey(
        VolunteerTeam,
        verbose_name="服务队",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="request_claims",
    )
    claimed_on = models.DateField("认领日期")
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    given_back_on = models.DateField("退回日期", null=True, blank=True)
    given_back_reason = EncryptedTextField("退回原因", blank=True, default="")

    objects = RequestClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "需求认领"
        verbose_name_plural = "需求认领"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_requestclaim_once",
                fields=["request"],
                condition=Q(given_back_on__isnull=True),
                violation_error_message="这件需求已被认领。",
            ),
            models.CheckConstraint(
                name="activities_requestclaim_by_one",
                condition=Q(team__isnull=True) ^ Q(member__isnull=True),
                violation_error_message="由一支服务队或一名党员认领。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team or self.member} {self.claimed_on}"
