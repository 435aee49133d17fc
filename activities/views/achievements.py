"""Single achievements: add one with its evidence, take one back."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from activities.forms.achievement import AchievementForm
from activities.models import Achievement, ActivityPhoto
from activities.services.achievements import (
    record_achievement,
    recording_organization,
    withdraw_achievement,
)
from activities.services.activities import remove_photo
from activities.views.activities import ReasonForm
from config.lib.errors import RuleError
from members.models import Member
from organizations.access import Right


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_add(request: HttpRequest, member_pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=member_pk)
    recording_organization(member, request.user)
    today = timezone.localdate()
    if request.method == "POST":
        form = AchievementForm(
            request.POST, request.FILES, user=request.user, member=member, today=today
        )
        if form.is_valid() and _save(request, form, member):
            messages.success(request, f"已记录：{member.name}完成一项。")
            return redirect(member)
    else:
        wanted = request.GET.get("item", "")
        form = AchievementForm(
            initial={"achieved_on": today, "request_id": uuid4(), "item": wanted},
            user=request.user,
            member=member,
            today=today,
        )
    context = {
        "form": form,
        "member": member,
        "page_title": f"记录{member.name}的完成项",
        "has_items": form.fields["item"].queryset.exists(),
        "cancel_url": member.get_absolute_url(),
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (member.name, member.get_absolute_url()),
            ("记录完成项", ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "activities/achievement_form.html", context, status=status)


def _save(request: HttpRequest, form: AchievementForm, member: Member) -> bool:
    data = form.cleaned_data
    try:
        record_achievement(
            member_id=member.pk,
            item_id=data["item"].pk,
            achieved_on=data["achieved_on"],
            content=data["content"],
            upload=data["evidence"],
            request_id=data["request_id"],
            actor=request.user,
            today=timezone.localdate(),
        )
    except RuleError as error:
        form.add_error(None, error)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    achievement = get_object_or_404(
        Achievement.objects.visible_to(request.user).select_related(
            "member", "item__program", "organization"
        ),
        pk=pk,
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, achievement.organization):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_achievement(
                achievement_id=achievement.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已撤回这条完成记录。")
            return redirect(achievement.member)
    context = {
        "title": "撤回完成记录",
        "question": f"确定撤回{achievement.member.name}的这条完成记录吗？",
        "facts": [
            ("项目", str(achievement.item)),
            ("完成日期", achievement.achieved_on.isoformat()),
            ("内容", achievement.content),
        ],
        "consequences": ["记录会保留备查，但不再计入完成情况。"],
        "form": form,
        "confirm_label": "确定撤回",
        "cancel_url": achievement.member.get_absolute_url(),
        "is_danger": True,
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (achievement.member.name, achievement.member.get_absolute_url()),
            ("撤回完成记录", ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def photo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    photo = get_object_or_404(
        ActivityPhoto.objects.visible_to(request.user).select_related(
            "activity__organization", "file"
        ),
        pk=pk,
    )
    activity = photo.activity
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    if request.method == "POST":
        remove_photo(photo_id=photo.pk, actor=request.user)
        messages.success(request, "已删除照片。")
        return redirect(activity)
    context = {
        "title": "删除照片",
        "question": f"确定删除照片“{photo.file.original_name}”吗？",
        "consequences": ["照片文件会一并删除，不能恢复。"],
        "confirm_label": "确定删除",
        "cancel_url": activity.get_absolute_url(),
        "is_danger": True,
        "breadcrumbs": [
            ("活动", reverse("activities:list")),
            (activity.title, activity.get_absolute_url()),
            ("删除照片", ""),
        ],
    }
    return render(request, "confirm.html", context)
