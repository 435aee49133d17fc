from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.lib.crypto import EncryptedTextField
from members.choices.comments import CommentKind, CommentSource, CommentState
from members.models.member import Member
from members.querysets.comments import ResidentCommentQuerySet
from organizations.models import Organization


class ResidentComment(models.Model):
    """What a resident said of a member, and what became of it (居民评议).

    Read by the organization that keeps it and those above; counted for nobody.
    """

    names_a_person = True

    Source = CommentSource
    Kind = CommentKind
    State = CommentState

    member = models.ForeignKey(
        Member,
        verbose_name="党员",
        on_delete=models.PROTECT,
        related_name="resident_comments",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="办理党组织",
        on_delete=models.PROTECT,
        related_name="resident_comments",
    )
    received_on = models.DateField("收到日期")
    source = models.CharField("来源", max_length=10, choices=CommentSource)
    informant = EncryptedTextField("反映人", blank=True, default="")
    kind = models.CharField("类别", max_length=10, choices=CommentKind)
    content = EncryptedTextField("反映内容")
    state = models.CharField(
        "状态", max_length=10, choices=CommentState, default=CommentState.RECEIVED
    )
    handler = EncryptedTextField("处理人", blank=True, default="")
    handling = EncryptedTextField("处理情况", blank=True, default="")
    handled_on = models.DateField("处理日期", null=True, blank=True)
    answer = EncryptedTextField("答复情况", blank=True, default="")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    request_id = models.UUIDField(null=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ResidentCommentQuerySet.as_manager()

    class Meta:
        verbose_name = "居民评议"
        verbose_name_plural = "居民评议"
        ordering = ["-received_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="members_residentcomment_answered_on_a_day",
                condition=~Q(state__in=[CommentState.ANSWERED, CommentState.CLOSED])
                | Q(answered_on__isnull=False),
                violation_error_message="答复过的必须有答复日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.received_on}"

    def get_absolute_url(self) -> str:
        return reverse("members:comment", args=[self.pk])
