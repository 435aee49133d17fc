from django.conf import settings
from django.db import models
from django.db.models import Q

from activities.models.program import ProgramItem
from activities.querysets.programs import PledgeQuerySet
from members.models import Member
from organizations.models import Organization


class Pledge(models.Model):
    """A member has taken an item upon himself for a period; kept when it is done."""

    names_a_person = True

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="pledges"
    )
    item = models.ForeignKey(
        ProgramItem,
        verbose_name="项目",
        on_delete=models.PROTECT,
        related_name="pledges",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="登记的党支部",
        on_delete=models.PROTECT,
        related_name="+",
    )
    # The period it is for: the label says which, its first day finds it.
    starts_on = models.DateField("周期开始")
    pledged_on = models.DateField("认领日期")
    words = models.CharField("怎样做", max_length=200, blank=True, default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("取消时间", null=True, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        verbose_name = "项目认领"
        verbose_name_plural = "项目认领"
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_pledge_once",
                fields=["member", "item", "starts_on"],
                condition=Q(withdrawn_at__isnull=True),
                violation_error_message="这一项已经认领。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.item.name}"
