"""Projects of community services: the list, one project, and its own forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from activities.choices.projects import ProjectGroup
from activities.forms.projects import (
    ProjectAmendForm,
    ProjectCloseForm,
    ProjectFilterForm,
    ProjectForm,
    WithdrawForm,
)
from activities.models import (
    Placement,
    ProjectFounder,
    ServicePost,
    ServiceProject,
)
from activities.people import people_of
from activities.services.projects import (
    amend_project,
    close_project,
    open_project,
    withdraw_project,
)
from activities.views.record import choose_branch, chosen_branch
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.paths import ancestors
from config.lib.versions import stale_response
from members.forms.refusals import refusals
from members.models import Member
from members.services.contacts import branch_in_touch
from members.views.asking import confirm_page, form_page
from organizations.access import Right, require, require_right
from organizations.models import Community, Organization

TITLE = "服务项目"
_TABS = [("", "在办"), *ProjectGroup.choices]
GONE = "所选的党员已不在您的工作范围内，请重新选择。"


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        ("活动", reverse("activities:list")),
        (TITLE, reverse("activities:project-list")),
        *steps,
    ]


def project_crumbs(project: ServiceProject, here: str) -> list[tuple[str, str]]:
    return crumbs((project.name, project.get_absolute_url()), (here, ""))


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    form = ProjectFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else ServiceProject.objects.none()
    page = page_by_key(
        found.with_numbers().select_related("organization", "community"),
        request.GET,
        "opened_on",
        descending=True,
    )
    for project in page.rows:
        project.free_places = (project.places - project.filled) or "—"
    address = reverse("activities:project-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [*crumbs()[:-1], (TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(
            data.get(name) for name in ("community", "field", "organization")
        ),
        "clear_url": f"{address}?group={group}" if group else address,
        "may_open": request.user.has_right(Right.EDIT_MEMBERS),
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "activities/project_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found = ServiceProject.objects.visible_to(request.user).counted()
    if group == ProjectGroup.CLOSED:
        found = found.filter(closed_on__isnull=False)
    elif group != ProjectGroup.ALL:
        found = found.running()
    if group == ProjectGroup.FREE:
        free = ServicePost.objects.visible_to(request.user).free()
        found = found.filter(pk__in=free.order_by().values("project"))
    if data["community"]:
        found = found.filter(community=data["community"])
    if data["field"]:
        found = found.filter(field=data["field"])
    if place := data["organization"]:
        found = found.lying_below([place.path])
    return found


@require_safe
def project_detail(request: HttpRequest, pk: int) -> HttpResponse:
    project = visible_project(request, pk)
    user = request.user
    posts = list(
        ServicePost.objects.visible_to(user).filter(project=project).with_numbers()
    )
    for post in posts:
        post.free = post.places - post.filled if post.is_open else 0
        post.free_text = f"空{post.free}个"
    rows = list(
        Placement.objects.visible_to(user)
        .filter(post__project=project)
        .with_names(user)
        .select_related("post", "member")
    )
    founders = founders_of(request, project)
    names = {each.pk: each for each in founders}
    there = [row for row in rows if row.ends_on is None and not row.withdrawn_at]
    for row in rows:
        row.leader = names.get(row.led_by_id)
    may_edit = project.is_running and user.has_right_at(
        Right.EDIT_MEMBERS, project.organization
    )
    context = {
        "page_title": project.name,
        "breadcrumbs": crumbs((project.name, "")),
        "project": project,
        "founders": founders,
        "posts": posts,
        "free": sum(post.free for post in posts),
        "working": there,
        "past": [row for row in rows if row not in there],
        "may_edit": may_edit,
    }
    return render(request, "activities/project_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_add(request: HttpRequest) -> HttpResponse:
    """Opened by members of one branch: the founder's, where the address names him."""
    require_right(request.user, Right.EDIT_MEMBERS)
    founder = _founder(request)
    if founder is not None:
        branch: Organization | None = branch_in_touch(founder, request.user)
    else:
        branch = chosen_branch(request)
    if branch is None:
        return choose_branch(
            request, "activities:project-add", "登记服务项目", "开办人在哪个党支部？"
        )
    require(request.user, Right.EDIT_MEMBERS, branch)
    above = Community.objects.offered_to(request.user).filter(
        organization__path__in=ancestors(branch.path)
    )
    form = ProjectForm(
        request.POST or None,
        user=request.user,
        people=people_of(branch, request.user),
        initial={"founder": founder and founder.pk, "community": above.first()},
    )

    def save(data: dict[str, Any]) -> ServiceProject:
        return open_project(
            facts=form.facts(),
            opened_on=data["opened_on"],
            founder_ids=form.founder_ids(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记服务项目",
        crumbs(("登记服务项目", "")),
        reverse("activities:project-list"),
        save,
        "服务项目已登记，接着添加岗位。",
        then=lambda project: project.get_absolute_url(),
        gone=GONE,
    )


def _founder(request: HttpRequest) -> Member | None:
    wanted = request.GET.get("founder", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        raise Http404
    return get_object_or_404(Member.objects.visible_to(request.user), pk=wanted)


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project = running_project(request, pk)
    form = ProjectAmendForm(request.POST or None, instance=project, user=request.user)
    title, back = "修改服务项目", project.get_absolute_url()

    def save(data: dict[str, Any]) -> None:
        amend_project(
            project_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        title,
        project_crumbs(project, title),
        back,
        save,
        "已保存。",
        stale=lambda: stale_response(
            request, form, running_project(request, pk), title=title, cancel_url=back
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def project_close(request: HttpRequest, pk: int) -> HttpResponse:
    project = running_project(request, pk)
    form = ProjectCloseForm(request.POST or None, instance=project)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: running_project(request, pk)) as refusal:
            if form.is_valid():
                data = form.cleaned_data
                close_project(project_id=pk, actor=request.user, **data)
                messages.success(request, f"已登记{project}停办。")
                return redirect(project)
        status, project = refusal.status, refusal.latest or project
    rows = Placement.objects.visible_to(request.user).working()
    working = rows.filter(post__project=project).with_names(request.user)
    names = [person_of(row) for row in working.select_related("member")]
    leaving = (
        f"{len(names)}人从这一天起离岗：{'、'.join(names)}；其中的党员登记为“正在求职”。"
        if names
        else "现在没有人在岗。"
    )
    context = {
        "title": "停办服务项目",
        "breadcrumbs": project_crumbs(project, "停办"),
        "question": f"登记“{project}”停办？",
        "consequences": [
            leaving,
            "因开办项目登记为“自谋职业”的开办人，登记为“正在求职”；另有工作的请再登记。",
            "项目、岗位和带领的人数保留，照旧计数。",
        ],
        "form": form,
        "confirm_label": "登记停办",
        "is_danger": True,
        "cancel_url": project.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def project_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    project = running_project(request, pk)
    return confirm(
        request,
        WithdrawForm(request.POST or None),
        "撤回服务项目",
        project,
        f"“{project}”登记有误，撤回？",
        [
            "项目、岗位和记入“双带”台账、就业状况的内容一并撤回，不再计数；记录保留备查。"
        ],
        lambda data: withdraw_project(project_id=pk, actor=request.user, **data),
        "已撤回服务项目。",
    )


def person_of(row: Placement) -> str:
    """Who it is, for whom the row was asked `with_names`."""
    if not row.is_named:
        return "其他党组织的党员"
    return row.member.name if row.member else row.person_name


def founders_of(request: HttpRequest, project: ServiceProject) -> list[ProjectFounder]:
    rows = ProjectFounder.objects.visible_to(request.user).filter(project=project)
    return list(rows.with_names(request.user).select_related("member"))


def visible_project(request: HttpRequest, pk: int) -> ServiceProject:
    return get_object_or_404(
        ServiceProject.objects.visible_to(request.user).select_related(
            "organization", "community", "recorded_by"
        ),
        pk=pk,
    )


def running_project(request: HttpRequest, pk: int) -> ServiceProject:
    """The project, where the user may change it; one that ended is as it was."""
    project = visible_project(request, pk)
    require(request.user, Right.EDIT_MEMBERS, project.organization)
    if not project.is_running:
        raise PermissionDenied("这个服务项目已经停办或撤回，不能再办理。")
    return project


def confirm(
    request: HttpRequest, form: Any, title: str, project: ServiceProject, *asked: Any
) -> HttpResponse:
    """Ask of a project: the question, what follows, what is done, and its words."""
    crumbs, back = project_crumbs(project, title), project.get_absolute_url()
    return confirm_page(request, form, title, crumbs, back, *asked)
