"""The committee's programs: everybody may read them, committee staff keep them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.programs import (
    ItemFormSet,
    ProgramForm,
    facts_from,
    initial_items,
    initial_program,
)
from activities.models import Program
from activities.services.programs import save_program, start_new_version
from config.lib.errors import RuleError
from config.lib.periods import period_containing
from organizations.access import Right


class VersionForm(forms.Form):
    valid_from = forms.DateField(label="新版启用日期", widget=forms.DateInput)


@require_safe
def program_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    programs = Program.objects.prefetch_related("items").order_by(
        "sort_order", "key", "-valid_from"
    )
    today = timezone.localdate()
    context = {
        "programs": [
            {"program": program, "is_in_force": program.is_in_force(today)}
            for program in programs
        ],
        "may_manage": request.user.has_right(Right.MANAGE_PROGRAMS),
        "breadcrumbs": [("项目清单", "")],
    }
    return render(request, "activities/program_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def program_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def program_edit(request: HttpRequest, pk: int) -> HttpResponse:
    _require_manager(request)
    return _edit(request, get_object_or_404(Program, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def program_new_version(request: HttpRequest, pk: int) -> HttpResponse:
    _require_manager(request)
    program = get_object_or_404(Program, pk=pk)
    following = period_containing(program.period, timezone.localdate()).next()
    form = VersionForm(request.POST or None, initial={"valid_from": following.start})
    if request.method == "POST" and form.is_valid():
        try:
            new = start_new_version(
                program_id=program.pk,
                valid_from=form.cleaned_data["valid_from"],
                actor=request.user,
            )
        except RuleError as error:
            form.add_error("valid_from", error)
        else:
            messages.success(request, "已建立新版，请核对项目。")
            return redirect("activities:program-edit", new.pk)
    context = {
        "title": "另建新版",
        "question": f"为“{program.name}”另建新版？",
        "consequences": [
            "现在这一版从新版启用之日起停用，已有的完成记录不变。",
            "新版先照抄现有项目，接着可以修改。",
        ],
        "form": form,
        "confirm_label": "另建新版",
        "cancel_url": reverse("activities:program-list"),
        "breadcrumbs": _crumbs("另建新版"),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _edit(request: HttpRequest, program: Program | None) -> HttpResponse:
    _require_manager(request)
    if request.method == "POST":
        form, formset = ProgramForm(request.POST), ItemFormSet(request.POST)
        if form.is_valid() and formset.is_valid():
            try:
                saved = save_program(
                    facts=facts_from(form, formset),
                    actor=request.user,
                    program_id=program.pk if program else None,
                )
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"已保存：{saved.name}。")
                return redirect("activities:program-list")
    elif program is None:
        start = timezone.localdate().replace(month=1, day=1)
        form, formset = ProgramForm(initial={"valid_from": start}), ItemFormSet()
    else:
        form = ProgramForm(initial=initial_program(program))
        formset = ItemFormSet(initial=initial_items(program))
    title = "修改项目清单" if program else "新建项目清单"
    context = {
        "form": form,
        "formset": formset,
        "page_title": title,
        "cancel_url": reverse("activities:program-list"),
        "breadcrumbs": _crumbs(title),
    }
    has_errors = form.errors or (formset.is_bound and not formset.is_valid())
    status = 422 if has_errors else 200
    return render(request, "activities/program_form.html", context, status=status)


def _require_manager(request: HttpRequest) -> None:
    if not request.user.has_right(Right.MANAGE_PROGRAMS):
        raise PermissionDenied


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [("项目清单", reverse("activities:program-list")), (last, "")]
