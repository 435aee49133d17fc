"""The second factor of one's own account: phone, recovery codes, taking it off."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login

from config.lib.errors import RuleError
from config.lib.views import safe_next
from organizations.forms.account import (
    PasswordConfirmForm,
    RecoveryCodeForm,
    TokenForm,
)
from organizations.middleware import is_totp_required
from organizations.models import TotpDevice
from organizations.services import recovery, totp

PENDING_KEY = "totp_pending"


@require_http_methods(["GET", "POST"])
def totp_setup(request: HttpRequest) -> HttpResponse:
    """Show a fresh key as QR code and turn it on once the phone has proved it."""
    user = request.user
    if user.totp_on:
        return redirect("totp-recovery")
    if PENDING_KEY not in request.session:
        request.session[PENDING_KEY] = totp.new_pending_key()
    pending = request.session[PENDING_KEY]
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = totp.enable_totp(
                user=user, pending=pending, token=form.cleaned_data["token"]
            )
        except RuleError as error:
            form.add_error("token", error)
        else:
            del request.session[PENDING_KEY]
            _pass_second_step(request, device)
            messages.success(request, "两步验证已开启，今后登录需要手机验证码。")
            return _show_codes(request, codes, "请保存恢复码")
    device = totp.pending_device(user, pending)
    context = {
        "form": form,
        "qr_data_uri": segno.make(device.config_url, error="m").svg_data_uri(scale=5),
        "secret": _grouped(device.secret),
        "is_required": is_totp_required(user),
    }
    return _answer(request, "registration/totp_setup.html", context)


@require_http_methods(["GET", "POST"])
def totp_verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password; a recovery code will do."""
    if request.user.is_verified() or not request.user.totp_on:
        # Passed, or reset by an administrator while this session was waiting.
        return redirect(safe_next(request))
    is_recovery = "recovery_code" in request.POST
    form = TokenForm(None if is_recovery else request.POST or None)
    recovery_form = RecoveryCodeForm(request.POST if is_recovery else None)
    posted = recovery_form if is_recovery else form
    if request.method == "POST" and posted.is_valid():
        try:
            device = _verify(request, posted)
        except RuleError as error:
            posted.add_error(next(iter(posted.fields)), error)
        else:
            _pass_second_step(request, device)
            return redirect(safe_next(request))
    context = {"form": form, "recovery_form": recovery_form, "next": safe_next(request)}
    status = 422 if posted.errors else 200
    return render(request, "registration/totp_verify.html", context, status=status)


@require_http_methods(["GET", "POST"])
def totp_recovery(request: HttpRequest) -> HttpResponse:
    """Tell how many recovery codes are left; with the password make ten new ones."""
    if not request.user.totp_on:
        return redirect("totp-setup")
    form = PasswordConfirmForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        codes = recovery.renew_codes(user=request.user)
        return _show_codes(request, codes, "新的恢复码")
    context = {
        "form": form,
        "left": recovery.codes_left(request.user),
        "is_required": is_totp_required(request.user),
    }
    return _answer(request, "registration/totp_recovery.html", context)


@require_http_methods(["GET", "POST"])
def totp_disable(request: HttpRequest) -> HttpResponse:
    """Turn the second factor off, with the password, where no role asks for it."""
    if not request.user.totp_on:
        return redirect("totp-setup")
    is_required = is_totp_required(request.user)
    form = PasswordConfirmForm(request.POST or None, user=request.user)
    if is_required:
        messages.info(request, "您的岗位要求两步验证，不能停用。换手机请找系统管理员。")
        return redirect("/")
    if request.method == "POST" and form.is_valid():
        totp.disable_totp(user=request.user)
        messages.success(request, "两步验证已停用，恢复码一并作废。")
        return redirect("/")
    context = {
        "form": form,
        "title": "停用两步验证",
        "question": "停用后，只凭密码就能登录您的账号。确定要停用吗？",
        "confirm_label": "停用",
        "cancel_url": reverse("totp-recovery"),
        "is_danger": True,
    }
    return _answer(request, "confirm.html", context)


def _verify(request: HttpRequest, form: TokenForm | RecoveryCodeForm) -> TotpDevice:
    if isinstance(form, TokenForm):
        return totp.verify_totp(user=request.user, token=form.cleaned_data["token"])
    device = totp.verify_recovery(
        user=request.user, code=form.cleaned_data["recovery_code"]
    )
    left = recovery.codes_left(request.user)
    text = f"您用恢复码登录，还剩 {left} 个。手机丢失请尽快联系街道系统管理员。"
    messages.warning(request, text)
    return device


def _pass_second_step(request: HttpRequest, device: TotpDevice) -> None:
    """Mark the session as verified, under a new key."""
    otp_login(request, device)
    request.session.cycle_key()


def _show_codes(request: HttpRequest, codes: list[str], title: str) -> HttpResponse:
    """Answer with the codes themselves: they are kept nowhere, a session included."""
    context = {
        "codes": codes,
        "title": title,
        "next": safe_next(request),
        "made_at": timezone.now(),
    }
    return render(request, "registration/recovery_codes.html", context)


def _grouped(secret: str) -> str:
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, template, context, status=status)
