from django.conf import settings
from django.db import models
from django.urls import reverse

from activities.models.activity import Activity
from activities.querysets.sign_in import SignInQuerySet, SignInSessionQuerySet
from config.lib.crypto import EncryptedTextField
from members.models import Member
from organizations.models import Organization


class SignInSession(models.Model):
    """A while in which people of an organization sign in by the code on a screen."""

    organization = models.ForeignKey(
        Organization,
        verbose_name="组织者",
        on_delete=models.PROTECT,
        related_name="+",
    )
    title = models.CharField("主题", max_length=100, blank=True, default="")
    # Stands in the address; without the changing code it opens nothing.
    slug = models.CharField("标识", max_length=32, unique=True, editable=False)
    secret = EncryptedTextField("密钥", editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="开启人",
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField("开启时间")
    closes_at = models.DateTimeField("结束时间")
    activity = models.OneToOneField(
        Activity,
        verbose_name="活动",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sign_in_session",
    )

    objects = SignInSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "扫码签到"
        verbose_name_plural = "扫码签到"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title or f"{self.organization}扫码签到"

    def get_absolute_url(self) -> str:
        return reverse("activities:sign-in-session", args=[self.pk])


class SignIn(models.Model):
    """Somebody gave his name and the last four digits while the code was shown."""

    names_a_person = True

    session = models.ForeignKey(
        SignInSession,
        verbose_name="扫码签到",
        on_delete=models.CASCADE,
        related_name="sign_ins",
    )
    member = models.ForeignKey(
        Member, verbose_name="党员", on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField("签到时间")

    objects = SignInQuerySet.as_manager()

    class Meta:
        verbose_name = "签到"
        verbose_name_plural = "签到"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="activities_signin_once", fields=["session", "member"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.session}"
