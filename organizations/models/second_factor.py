"""The second factor of an account: its key, encrypted, and its recovery codes."""

from __future__ import annotations

import time
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django_otp.models import Device, DeviceManager, ThrottlingMixin
from django_otp.oath import TOTP

from config.lib.crypto import EncryptedTextField
from organizations.models.user import User

# Codes before and after the present one that are taken: phones' clocks differ.
TOLERANCE_STEPS = 1


class TotpDevice(ThrottlingMixin, Device):
    """A phone that shows codes (RFC 6238); django-otp's own keeps the key in clear."""

    key = EncryptedTextField("密钥", help_text="十六进制，加密保存。")
    last_step = models.BigIntegerField("最近用过的时间步", default=-1)
    created_at = models.DateTimeField("开启时间", auto_now_add=True)

    objects = DeviceManager()

    class Meta:
        verbose_name = "两步验证设备"
        verbose_name_plural = "两步验证设备"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="organizations_one_device_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.user_id}"

    def verify_token(self, token: str) -> bool:
        """Whether `token` is the code of now or of the step beside; each works once.

        Wrong ones make the next wait. The caller holds the row's lock.
        """
        if not self.verify_is_allowed()[0]:
            return False
        clock = TOTP(bytes.fromhex(self.key))
        clock.time = time.time()
        # The window stays where the server's clock is: it never drifts with a phone.
        if not clock.verify(int(token), TOLERANCE_STEPS, self.last_step + 1):
            self.throttle_increment()
            return False
        self.last_step = clock.t()
        self.throttle_reset()
        return True

    def get_throttle_factor(self) -> int:
        return 1

    @property
    def secret(self) -> str:
        """The key as apps take it by hand: base32."""
        return b32encode(bytes.fromhex(self.key)).decode()

    @property
    def config_url(self) -> str:
        """What the QR code says to the app."""
        issuer = settings.PORTAL_NAME
        label = quote(f"{issuer}:{self.user.get_username()}")
        query = urlencode({"secret": self.secret, "issuer": issuer}, quote_via=quote)
        return f"otpauth://totp/{label}?{query}"


class RecoveryCode(models.Model):
    """One of ten codes on paper, for a lost phone; only its keyed hash is kept."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="recovery_codes"
    )
    digest = models.CharField("散列", max_length=43)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    class Meta:
        verbose_name = "恢复码"
        verbose_name_plural = "恢复码"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "digest"], name="organizations_recovery_code"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
