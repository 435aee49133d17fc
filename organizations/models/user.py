from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from organizations.access import RightsMixin
from organizations.querysets import UserQuerySet


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    use_in_migrations = False


class User(RightsMixin, AbstractUser):
    """An account; what it may do comes from its posts alone."""

    first_name = None
    last_name = None
    display_name = models.CharField("姓名", max_length=50)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    # On the account, not in a session: what one session turns on binds all of them.
    totp_on = models.BooleanField("已开启两步验证", default=False, editable=False)

    objects = AccountManager()

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class PasswordRecord(models.Model):
    """A hash the account used before, so that the last five cannot come back."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="password_records"
    )
    password = models.CharField("密码散列", max_length=128)
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "历史密码"
        verbose_name_plural = "历史密码"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
