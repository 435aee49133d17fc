"""Login, logout and one's own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.lib.views import safe_next
from organizations import audit, passwords
from organizations.choices import AuditAction
from organizations.forms.account import LoginForm, OwnPasswordForm
from organizations.services import accounts


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


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse | HttpResponseRedirect:
    status = 422 if context["form"].errors else 200
    return render(request, template, context, status=status)
