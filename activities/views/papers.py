"""Papers of a seminar or an exchange: add one, take one back."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activities.forms.papers import PaperForm
from activities.models import Activity, Paper, Participation
from activities.people import MOST_PEOPLE, Person, people_of
from activities.rules.papers import takes_papers
from activities.services.papers import add_paper, withdraw_paper
from activities.views.activities import ReasonForm
from config.lib.errors import RuleError
from members.models import Member
from organizations.access import Right

_GONE = "所选的党员已不在您的工作范围内，请重新选择。"


@require_http_methods(["GET", "HEAD", "POST"])
def paper_add(request: HttpRequest, pk: int) -> HttpResponse:
    activity = _activity(request, pk)
    if not takes_papers(activity.kind, activity.state):
        messages.warning(request, "只有没有取消的研讨会、经验交流会登记交流材料。")
        return redirect(activity)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        people=_authors(request, activity),
        initial={"request_id": uuid4()},
    )
    if request.method == "POST" and form.is_valid() and _save(request, form, activity):
        title = form.cleaned_data["title"]
        messages.success(request, f"已登记交流材料：{title}。")
        return redirect(activity)
    context = {
        "page_title": "登记交流材料",
        "form": form,
        "submit_label": "保存",
        "cancel_url": activity.get_absolute_url(),
        "breadcrumbs": _crumbs(activity, "登记交流材料"),
    }
    status = 422 if form.errors else 200
    return render(request, "form.html", context, status=status)


def _save(request: HttpRequest, form: PaperForm, activity: Activity) -> bool:
    data = form.cleaned_data
    try:
        add_paper(
            activity_id=activity.pk,
            member_id=data["member"],
            author_name=data["author_name"],
            title=data["title"],
            upload=data["file"],
            request_id=data["request_id"],
            actor=request.user,
        )
    except RuleError as error:
        is_named = error.code == "author_name"
        form.add_error("author_name" if is_named else "file", error)
    except Member.DoesNotExist:
        form.add_error("member", _GONE)
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
def paper_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    papers = Paper.objects.visible_to(request.user)
    paper = get_object_or_404(papers.select_related("activity"), pk=pk)
    activity = paper.activity
    # Of an activity that is not his to see he is told no more than of none.
    _activity(request, activity.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_paper(
                paper_id=pk, reason=form.cleaned_data["reason"], actor=request.user
            )
        except RuleError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已撤回交流材料：{paper.title}。")
            return redirect(activity)
    context = {
        "title": "撤回交流材料",
        "question": f"确定撤回“{paper.title}”吗？",
        "consequences": ["记录会保留备查，页面上不再能打开这份文件。"],
        "form": form,
        "confirm_label": "确定撤回",
        "cancel_url": activity.get_absolute_url(),
        "is_danger": True,
        "breadcrumbs": _crumbs(activity, "撤回交流材料"),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _activity(request: HttpRequest, pk: int) -> Activity:
    """The activity in scope where the user records."""
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("organization"), pk=pk
    )
    if not request.user.has_right_at(Right.RECORD_ACTIVITIES, activity.organization):
        raise PermissionDenied
    return activity


def _authors(request: HttpRequest, activity: Activity) -> list[Person]:
    """The branch's people and who was invited; of a street only who was invited."""
    people = people_of(activity.organization, request.user, activity)
    if len(people) <= MOST_PEOPLE:
        return people
    invited = (
        Participation.objects.visible_to(request.user)
        .filter(activity=activity)
        .order_by("member__name_pinyin", "member_id")
        .values_list("member_id", "member__name", "member__name_pinyin")
    )
    return [Person(*row) for row in invited]


def _crumbs(activity: Activity, here: str) -> list[tuple[str, str]]:
    return [
        ("活动", reverse("activities:list")),
        (activity.title, activity.get_absolute_url()),
        (here, ""),
    ]
