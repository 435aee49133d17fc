"""Posts of a project, who begins at them and who leaves."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from activities.forms.projects import (
    LeaveForm,
    PlacementForm,
    PostAmendForm,
    PostEndForm,
    PostForm,
    WithdrawForm,
)
from activities.models import Placement, ServicePost, ServiceProject
from activities.people import MOST_PEOPLE, Person, people_of
from activities.services.project_people import (
    add_post,
    amend_post,
    end_placement,
    end_post,
    place_person,
    withdraw_placement,
    withdraw_post,
)
from activities.views.projects import (
    GONE,
    confirm,
    founders_of,
    person_of,
    project_crumbs,
    running_project,
)
from config.lib.versions import stale_response
from members.views.asking import form_page

_LED = "已记入“双带”台账的带领人数"


@require_http_methods(["GET", "HEAD", "POST"])
def post_add(request: HttpRequest, pk: int) -> HttpResponse:
    project = running_project(request, pk)
    return form_page(
        request,
        PostForm(request.POST or None),
        "添加岗位",
        project_crumbs(project, "添加岗位"),
        project.get_absolute_url(),
        lambda data: add_post(project_id=pk, actor=request.user, **data),
        "岗位已添加，记入开办人的“双带”台账。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project, post = _post(request, pk)
    form = PostAmendForm(request.POST or None, instance=post)
    back = project.get_absolute_url()
    return form_page(
        request,
        form,
        "修改岗位",
        project_crumbs(project, "修改岗位"),
        back,
        lambda data: amend_post(post_id=pk, actor=request.user, **data),
        "已保存。",
        stale=lambda: stale_response(
            request, form, _post(request, pk)[1], title="修改岗位", cancel_url=back
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    project, post = _post(request, pk)
    return confirm(
        request,
        PostEndForm(request.POST or None),
        "撤销岗位",
        project,
        f"不再设“{post}”这个岗位？",
        ["从这一天起不再算在岗位数里；曾经新增的岗位照旧计数。"],
        lambda data: end_post(post_id=pk, actor=request.user, **data),
        f"岗位“{post}”已撤销。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    project, post = _post(request, pk)
    return confirm(
        request,
        WithdrawForm(request.POST or None),
        "撤回岗位",
        project,
        f"岗位“{post}”登记有误，撤回？",
        ["不再计入新增岗位；记录保留备查。不再设的岗位请用“撤销”。"],
        lambda data: withdraw_post(post_id=pk, actor=request.user, **data),
        f"岗位“{post}”已撤回。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Who begins at a post, on one form."""
    project = running_project(request, pk)
    posts = list(
        ServicePost.objects.visible_to(request.user).free().filter(project=project)
    )
    if not posts and request.method != "POST":
        messages.warning(request, "现在没有空岗，请先添加岗位或者登记离岗。")
        return redirect(project)
    form = PlacementForm(
        request.POST or None,
        posts=posts,
        founders=founders_of(request, project),
        people=_candidates(request, project),
        initial={"post": request.GET.get("post", "")},
    )

    def save(data: dict[str, Any]) -> None:
        place_person(
            post_id=data["post"],
            starts_on=data["starts_on"],
            founder_id=data["founder"],
            member_id=data["member"],
            person_name=data["person_name"],
            way=data["way"],
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记上岗",
        project_crumbs(project, "登记上岗"),
        project.get_absolute_url(),
        save,
        "已登记上岗，记入带领人的“双带”台账；是党员的，就业状况已随之登记。",
        gone=GONE,
    )


def _candidates(request: HttpRequest, project: ServiceProject) -> list[Person]:
    """Whom one may choose: of the community where one may, else of the branch."""
    branch = project.organization
    people = people_of(branch.parent or branch, request.user)
    if len(people) > MOST_PEOPLE:
        people = people_of(branch, request.user)
    return people


@require_http_methods(["GET", "HEAD", "POST"])
def placement_end(request: HttpRequest, pk: int) -> HttpResponse:
    project, row = _placement(request, pk)
    next_words = (
        ["他的就业状况随之登记：到别处就业的写新单位，另找工作的登记为“正在求职”。"]
        if row.member_id is not None
        else []
    )
    return confirm(
        request,
        LeaveForm(request.POST or None),
        "登记离岗",
        project,
        f"{person_of(row)}不在“{row.post}”做了？",
        [*next_words, f"{_LED}照旧计。"],
        lambda data: end_placement(placement_id=pk, actor=request.user, **data),
        "已登记离岗。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def placement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    project, row = _placement(request, pk)
    return confirm(
        request,
        WithdrawForm(request.POST or None),
        "登记有误",
        project,
        f"{person_of(row)}在“{row.post}”上岗的登记有误，撤回？",
        [f"{_LED}、随之登记的就业状况一并撤回；记录保留备查。"],
        lambda data: withdraw_placement(placement_id=pk, actor=request.user, **data),
        "已撤回上岗记录。",
    )


def _post(request: HttpRequest, pk: int) -> tuple[ServiceProject, ServicePost]:
    post = get_object_or_404(ServicePost.objects.visible_to(request.user), pk=pk)
    return running_project(request, post.project_id), post


def _placement(request: HttpRequest, pk: int) -> tuple[ServiceProject, Placement]:
    rows = Placement.objects.visible_to(request.user).with_names(request.user)
    row = get_object_or_404(rows.select_related("post", "member"), pk=pk)
    return running_project(request, row.post.project_id), row
