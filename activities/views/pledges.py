"""What a member takes upon himself of the programs for his kind of member."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.forms.pledges import PledgeForm
from activities.services.achievements import recording_organization
from activities.services.pledges import items_for, pledges_of, save_pledges
from members.models import Member


@require_http_methods(["GET", "HEAD", "POST"])
def pledges(request: HttpRequest, member_pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=member_pk)
    recording_organization(member, request.user)
    today = timezone.localdate()
    items = items_for(member, today)
    standing = {each.item_id: each.words for each in pledges_of(member, today)}
    form = PledgeForm(request.POST or None, items=items, standing=standing)
    if request.method == "POST" and form.is_valid():
        kept = save_pledges(
            member_id=member.pk, words=form.words, actor=request.user, today=today
        )
        said = f"共认领 {len(kept)} 项" if kept else "没有认领的项目"
        messages.success(request, f"已保存{member.name}的认领：{said}。")
        return redirect(member)
    context = {
        "form": form,
        "member": member,
        "items": items,
        "page_title": f"{member.name}的认领",
        "cancel_url": member.get_absolute_url(),
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (member.name, member.get_absolute_url()),
            ("认领", ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "activities/pledge_form.html", context, status=status)
