"""Somebody comes with a letter from outside the street."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.forms.members import add_service_error
from members.forms.transfers import TransferInForm
from members.services.transfers_in import receive_transfer
from members.views.members import require_right
from members.views.transfers import crumbs
from organizations.access import Right

TITLE = "凭介绍信转入"


@require_http_methods(["GET", "POST"])
def transfer_in(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.EDIT_MEMBERS)
    initial = {"starts_on": timezone.localdate(), "ethnicity": "Han"}
    form = TransferInForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            transfer = receive_transfer(
                organization_id=data["organization"].pk,
                letter=form.letter(),
                accepted_on=data["starts_on"],
                actor=request.user,
                **form.values(),
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(
                request,
                f"已接收{transfer.member.name}的组织关系，编入{transfer.target}。"
                "请街道在一个月内寄回回执。",
            )
            return redirect(transfer)
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "form": form,
        "is_draft": True,
        "is_wide": True,
        "submit_label": "接收并编入",
        "cancel_url": reverse("members:transfer-list"),
        "form_note": "按介绍信填写。本街道已有档案的，核对身份证号和姓名后沿用原档案，"
        "下面的其他栏目不会覆盖原来的内容。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)
