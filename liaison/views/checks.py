"""The community's check of a branch's words."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from config.lib.errors import RuleError
from liaison.forms.rounds import ReturnForm
from liaison.services import checks
from liaison.views.periods import LIST, readable_period
from members.views.asking import confirm_page
from organizations.access import Right, require
from organizations.models import Organization


@require_POST
def words_pass(
    request: HttpRequest, period_id: int, organization_id: int
) -> HttpResponse:
    """Note that a branch's words are right."""
    try:
        checks.pass_words(
            period_id=period_id, organization_id=organization_id, actor=request.user
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已审核通过。")
    return redirect("liaison:remarks", period_id, organization_id)


@require_http_methods(["GET", "HEAD", "POST"])
def words_return(
    request: HttpRequest, period_id: int, organization_id: int
) -> HttpResponse:
    """Give a branch's words back, with what is to be changed."""
    period = readable_period(request, period_id)
    places = Organization.objects.with_members_visible_to(request.user)
    branch = get_object_or_404(places, pk=organization_id)
    require(request.user, Right.CHECK_FEEDBACK, branch)
    back = reverse("liaison:remarks", args=[period_id, organization_id])
    return confirm_page(
        request,
        ReturnForm(request.POST or None),
        "退回修改",
        [
            (LIST, reverse("liaison:period-list")),
            (period.title, period.get_absolute_url()),
            (str(branch), back),
            ("退回修改", ""),
        ],
        back,
        f"把{branch}的{period.title}评语退回修改？",
        ["支部会看到退回原因，改好保存后再请社区审核。"],
        lambda data: checks.return_words(
            period_id=period_id,
            organization_id=organization_id,
            reason=data["reason"],
            actor=request.user,
        ),
        "已退回，支部可以修改。",
    )
