"""Login, logout, one's own password and second factor."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.lib.errors import RuleError
from config.lib.views import safe_next
from organizations import audit, passwords
from organizations.choices import AuditAction
from organizations.forms.account import (
    LoginForm,
    OwnPasswordForm,
    PasswordConfirmForm,
    TokenForm,
)
from organizations.middleware import is_totp_required
from organizations.services import accounts, totp

PENDING_KEY = "totp_pending"


class LoginView(auth_views.LoginView):
    # Django's view would take a PUT for a POST.
    http_method_names = ["get", "head", "post", "options"]
    form_class = LoginForm
    template_name = "registration/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        audit.record(actor=user, action=AuditAction.LOGIN, target=user)
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class LogoutView(auth_views.LogoutView):
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        # Drafts and pages of one person are not for the next at the same desk.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Let the user choose an own password; the first one, or another."""
    user = request.user
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data["new_password1"]
        accounts.change_own_password(user=user, password=password)
        # Other sessions of this account end; this one goes on under a new key.
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改，下次登录请使用新密码。")
        return redirect(safe_next(request))
    is_first = user.must_change_password
    is_expired = not is_first and passwords.is_expired(user, timezone.now())
    if request.method == "GET" and is_expired:
        days = passwords.current_profile().max_age.days
        messages.warning(request, f"密码已使用满 {days} 天，请更换后继续工作。")
    name = "first_password" if is_first else "password_change_form"
    return _answer(request, f"registration/{name}.html", {"form": form})


@require_http_methods(["GET", "POST"])
def totp_setup(request: HttpRequest) -> HttpResponse:
    """Show a fresh key as QR code and turn it on once the phone has proved it."""
    user = request.user
    if user.totp_on:
        return redirect("totp-disable")
    key = request.session.setdefault(PENDING_KEY, totp.new_key())
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            device = totp.enable_totp(
                user=user, key=key, token=form.cleaned_data["token"]
            )
        except RuleError as error:
            form.add_error("token", error)
        else:
            del request.session[PENDING_KEY]
            _pass_second_step(request, device)
            messages.success(request, "两步验证已开启，今后登录需要手机验证码。")
            return redirect(safe_next(request))
    device = TOTPDevice(user=user, key=key)
    context = {
        "form": form,
        "qr_data_uri": segno.make(device.config_url, error="m").svg_data_uri(scale=5),
        "secret": _grouped(device),
        "is_required": is_totp_required(user),
    }
    return _answer(request, "registration/totp_setup.html", context)


@require_http_methods(["GET", "POST"])
def totp_verify(request: HttpRequest) -> HttpResponse:
    """Ask for the code after the password."""
    if request.user.is_verified():
        return redirect(safe_next(request))
    if not request.user.totp_on:
        # Reset by an administrator while this session was waiting.
        return redirect(safe_next(request))
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        try:
            device = totp.verify_totp(user=request.user, token=token)
        except RuleError as error:
            form.add_error("token", error)
        else:
            _pass_second_step(request, device)
            return redirect(safe_next(request))
    context = {"form": form, "next": safe_next(request)}
    return _answer(request, "registration/totp_verify.html", context)


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
        messages.success(request, "两步验证已停用。")
        return redirect("/")
    context = {
        "form": form,
        "title": "停用两步验证",
        "question": "停用后，只凭密码就能登录您的账号。确定要停用吗？",
        "confirm_label": "停用",
        "cancel_url": "/",
        "is_danger": True,
    }
    return _answer(request, "confirm.html", context)


def _pass_second_step(request: HttpRequest, device: TOTPDevice) -> None:
    """Mark the session as verified, under a new key."""
    otp_login(request, device)
    request.session.cycle_key()


def _grouped(device: TOTPDevice) -> str:
    """Return the key as apps take it by hand: base32 in groups of four."""
    secret = device.config_url.split("secret=")[1].split("&")[0]
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse | HttpResponseRedirect:
    status = 422 if context["form"].errors else 200
    return render(request, template, context, status=status)
