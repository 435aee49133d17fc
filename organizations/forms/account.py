"""Forms of one's own account: login, password, second factor."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from organizations import passwords
from organizations.models import User


class LoginForm(AuthenticationForm):
    error_messages = {
        # The same words whether the account exists, is disabled or neither.
        "invalid_login": "用户名或密码不正确，请核对后重新输入。密码区分大小写。",
        "inactive": "用户名或密码不正确，请核对后重新输入。密码区分大小写。",
    }

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if passwords.is_stale_initial(user, timezone.now()):
            days = passwords.INITIAL_PASSWORD_AGE.days
            raise ValidationError(
                f"一次性初始密码 {days} 天内未使用，已经失效。"
                "请联系街道系统管理员重新发放。",
                code="stale_initial",
            )


class OwnPasswordForm(PasswordChangeForm):
    error_messages = {
        "password_incorrect": "原密码不正确，请重新输入。",
        "password_mismatch": "两次输入的新密码不一致，请重新输入。",
    }

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        labels = {
            "old_password": "一次性初始密码" if user.must_change_password else "原密码",
            "new_password1": "新密码",
            "new_password2": "再输一次新密码",
        }
        for name, label in labels.items():
            self.fields[name].label = label
        validator = passwords.PortalPasswordValidator()
        self.fields["new_password1"].help_text = validator.get_help_text()
        self.fields["new_password2"].help_text = ""


class TokenForm(forms.Form):
    token = forms.CharField(
        label="6 位动态验证码",
        max_length=7,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )

    def clean_token(self) -> str:
        token = self.cleaned_data["token"].replace(" ", "")
        if not (len(token) == 6 and token.isascii() and token.isdigit()):
            raise ValidationError("请输入手机上显示的 6 位数字。", code="shape")
        return token


class RecoveryCodeForm(forms.Form):
    recovery_code = forms.CharField(
        label="恢复码",
        max_length=30,
        help_text="12 位字母和数字，不分大小写，横线可以不输入。每个只能用一次。",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters"}
        ),
    )


class PasswordConfirmForm(forms.Form):
    """Asks the password again before something that weakens the account."""

    password = forms.CharField(
        label="当前密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError("密码不正确，请重新输入。", code="wrong")
        return password
