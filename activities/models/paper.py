from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.models.activity import Activity
from activities.querysets.papers import PaperQuerySet
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import StoredFile


class Paper(models.Model):
    """What somebody wrote for a seminar or an exchange; withdrawn, never deleted.

    By a member, or by a guest who is known by name only.
    """

    names_a_person = True

    activity = models.ForeignKey(
        Activity, verbose_name="活动", on_delete=models.PROTECT, related_name="papers"
    )
    member = models.ForeignKey(
        Member,
        verbose_name="作者（党员）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="papers",
    )
    author_name = EncryptedTextField("作者（其他人）", blank=True, default="")
    title = models.CharField("题目", max_length=100)
    file = models.ForeignKey(
        StoredFile, verbose_name="文件", on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = EncryptedTextField("撤回原因", blank=True, default="")
    request_id = models.UUIDField(null=True, unique=True, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = "交流材料"
        verbose_name_plural = "交流材料"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="activities_paper_one_author",
                condition=Q(member__isnull=False, author_name="")
                | (Q(member__isnull=True) & ~Q(author_name="")),
                violation_error_message="作者请选一名党员，或者写其他人的姓名。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
