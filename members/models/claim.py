from django.conf import settings
from django.db import models

from members.choices import AffiliationKind, ClaimState
from members.models.member import Member
from members.querysets import DuplicateClaimQuerySet
from organizations.models import Organization


class DuplicateClaim(models.Model):
    """A branch entered a person already known elsewhere; street staff decide.

    The branch is never told where: it reads only 「请联系街道核对」.
    """

    names_a_person = True

    State = ClaimState

    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="claims"
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name="申请党组织",
        on_delete=models.PROTECT,
        related_name="claims",
    )
    kind = models.CharField("隶属方式", max_length=10, choices=AffiliationKind)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申请人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    claimed_at = models.DateTimeField("申请时间", auto_now_add=True)
    source = models.CharField("来源", max_length=120, blank=True, default="")
    state = models.CharField(
        "状态", max_length=10, choices=ClaimState, default=ClaimState.OPEN
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("处理时间", null=True)
    words = models.CharField("处理意见", max_length=200, blank=True, default="")

    objects = DuplicateClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "重复认领"
        verbose_name_plural = "重复认领"
        ordering = ["-claimed_at"]
        constraints = [
            models.UniqueConstraint(
                name="members_duplicateclaim_one_open",
                fields=["member", "organization", "kind"],
                condition=models.Q(state="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} → {self.organization}"
