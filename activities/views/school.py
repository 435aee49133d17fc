"""The part-time Party school: its terms, a term with its courses, who comes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.school import (
    CourseForm,
    TermAmendForm,
    TermFilterForm,
    TermForm,
    schools,
)
from activities.models import Activity, Course, SchoolTerm
from activities.school import course_rows, people_taught, with_figures
from activities.services.school import amend_term, open_term, save_course
from config.lib.paging import page_by_key, total_of
from config.lib.versions import StaleError, stale_response
from members.forms.members import add_service_error
from organizations.access import Right
from organizations.models import Organization

TITLE = "业余党校"
SESSIONS_SHOWN = 30


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("activities:term-list")), *more]


@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied
    form = TermFilterForm(request.GET, user=request.user)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    today = timezone.localdate()
    found = SchoolTerm.objects.visible_to(request.user)
    if state == "running":
        found = found.filter(starts_on__lte=today, ends_on__gte=today)
    elif state == "ended":
        found = found.filter(ends_on__lt=today)
    page = page_by_key(
        found.select_related("organization", "partner"),
        request.GET,
        "starts_on",
        descending=True,
    )
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "rows": with_figures(page.rows),
        "total": total_of(page, found),
        "today": today,
        "is_filtered": bool(state),
        "clear_url": reverse("activities:term-list"),
        "may_open": schools(request.user).exists(),
    }
    return render(request, "activities/term_list.html", context)


@require_safe
def term(request: HttpRequest, pk: int) -> HttpResponse:
    found = _term(request, pk)
    sessions = (
        Activity.objects.visible_to(request.user)
        .held()
        .filter(course__term=found)
        .select_related("organization", "course")
        .with_present_count()
    )
    rows = course_rows(found.courses.all())
    offered = Course.objects.offered_at(found.organization, timezone.localdate())
    context = {
        "page_title": found.name,
        "breadcrumbs": _crumbs((found.name, "")),
        "term": found,
        "rows": rows,
        "total_sessions": sum(row.sessions for row in rows),
        "total_present": sum(row.present for row in rows),
        "people": people_taught(found),
        "sessions": sessions.order_by("-held_on", "-pk")[:SESSIONS_SHOWN],
        "may_edit": _may_keep(request, found),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES)
        and offered.filter(term=found).exists(),
    }
    return render(request, "activities/term.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def term_add(request: HttpRequest) -> HttpResponse:
    places = list(schools(request.user)[:2])
    if not places:
        raise PermissionDenied("业余党校由街道、社区开办，您的岗位不能新建学期。")
    only = {"organization": places[0].pk} if len(places) == 1 else {}
    form = TermForm(request.POST or None, user=request.user, initial=only)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_term(
                organization_id=form.cleaned_data["organization"].pk,
                actor=request.user,
                **form.facts(),
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "学期已建立，接着添加课程。")
            return redirect(opened)
    return _form_page(request, form, "新建学期", reverse("activities:term-list"))


@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = _kept_term(request, pk)
    form = TermAmendForm(request.POST or None, instance=found, user=request.user)
    title, back = "修改学期", found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_term(
                term_id=pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **form.facts(),
            )
        except StaleError:
            fresh = _kept_term(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(back)
    return _form_page(request, form, title, back, (found.name, back))


@require_http_methods(["GET", "HEAD", "POST"])
def course_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a course to term `pk`."""
    found = _kept_term(request, pk)
    return _course_form(request, found, Course(term=found), "添加课程")


@require_http_methods(["GET", "HEAD", "POST"])
def course_edit(request: HttpRequest, pk: int) -> HttpResponse:
    course = _course(request, pk)
    if not _may_keep(request, course.term):
        raise PermissionDenied
    return _course_form(request, course.term, course, "修改课程")


def _course_form(
    request: HttpRequest, term: SchoolTerm, course: Course, title: str
) -> HttpResponse:
    form = CourseForm(request.POST or None, instance=course, user=request.user)
    back = term.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_course(
                term_id=term.pk,
                course_id=course.pk,
                version=form.cleaned_data.get("version"),
                actor=request.user,
                **form.facts(),
            )
        except StaleError:
            fresh = _course(request, course.pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已保存课程“{saved.title}”。")
            return redirect(back)
    return _form_page(request, form, title, back, (term.name, back))


@require_safe
def course_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Who comes to a session: those of one branch, or of several called together."""
    course = _course(request, pk)
    if not request.user.has_right(Right.RECORD_ACTIVITIES):
        raise PermissionDenied
    organization = course.term.organization
    record_url = f"{reverse('activities:record')}?{urlencode({'course': pk})}"
    if not _may_keep(request, course.term):
        return redirect(record_url)
    context = {
        "page_title": f"记一次课：{course.title}",
        "breadcrumbs": _crumbs(
            (course.term.name, course.term.get_absolute_url()), ("记一次课", "")
        ),
        "course": course,
        "organization": organization,
        "groups": _groups(organization),
        "record_url": record_url,
    }
    return render(request, "activities/course_session.html", context)


def _groups(organization: Organization) -> list[dict[str, Any]]:
    """Places right below a school, each with all the branches under it."""
    groups: list[dict[str, Any]] = []
    below = Organization.objects.subtree(organization).open().order_by("path")
    for place in below:
        if place.parent_id == organization.pk:
            groups.append({"place": place, "places": []})
        elif groups and place.path.startswith(groups[-1]["place"].path):
            groups[-1]["places"].append(place)
    return groups


def _term(request: HttpRequest, pk: int) -> SchoolTerm:
    terms = SchoolTerm.objects.visible_to(request.user)
    return get_object_or_404(
        terms.select_related("organization", "partner", "recorded_by"), pk=pk
    )


def _kept_term(request: HttpRequest, pk: int) -> SchoolTerm:
    """The term, for somebody who keeps the school."""
    term = _term(request, pk)
    if not _may_keep(request, term):
        raise PermissionDenied
    return term


def _course(request: HttpRequest, pk: int) -> Course:
    courses = Course.objects.visible_to(request.user)
    return get_object_or_404(courses.select_related("term__organization"), pk=pk)


def _may_keep(request: HttpRequest, term: SchoolTerm) -> bool:
    return request.user.has_right_at(Right.RECORD_ACTIVITIES, term.organization)


def _form_page(
    request: HttpRequest,
    form: Any,
    title: str,
    back: str,
    *above: tuple[str, str],
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": _crumbs(*above, (title, "")),
        "form": form,
        "is_draft": True,
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "form.html", context, status=status)
