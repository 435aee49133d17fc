"""Pages that ask: a form that saves, a question before something ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.lib.versions import StaleError, renew
from members.forms.members import add_service_error
from members.forms.refusals import refusals

Crumbs = list[tuple[str, str]]
Save = Callable[[dict[str, Any]], Any]
GONE = "所选的内容刚刚有变动，请重新选择后再保存。"


def form_page(
    request: HttpRequest,
    form: Any,
    title: str,
    crumbs: Crumbs,
    back: str,
    save: Save,
    done: str,
    *,
    stale: Callable[[], HttpResponse] | None = None,
    latest: Callable[[], Any] | None = None,
    then: Callable[[Any], str] | None = None,
    gone: str = GONE,
    **more: Any,
) -> HttpResponse:
    """Ask on GET; on POST `save`, and go to `then` of what it returned, else `back`.

    What is refused keeps what was typed. After somebody quicker `stale()` answers, or
    the form stands again at the version of `latest()`. `gone` is said where a choice
    is no longer there; `more` are further options of `_form.html`.
    """
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            saved = save(form.cleaned_data)
        except StaleError as error:
            if stale is not None:
                return stale()
            if latest is None:
                raise
            renew(form, latest().version, error)
            status = 409
        except ValidationError as error:
            add_service_error(form, error)
        except ObjectDoesNotExist:
            form.add_error(None, gone)
        else:
            messages.success(request, done)
            return redirect(then(saved) if then else back)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs,
        "form": form,
        "is_draft": True,
        "cancel_url": back,
        **more,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "form.html", context, status=status)


def confirm_page(
    request: HttpRequest,
    form: Any,
    title: str,
    crumbs: Crumbs,
    back: str,
    question: str,
    consequences: list[str],
    save: Save,
    done: str,
    *,
    latest: Callable[[], Any] = lambda: None,
    then: str = "",
) -> HttpResponse:
    """Ask before something ends or is taken back; then go to `then`, else `back`.

    After somebody quicker the question stands again at the version of `latest()`.
    """
    status = 200
    if request.method == "POST":
        with refusals(form, latest) as refusal:
            if form.is_valid():
                save(form.cleaned_data)
                messages.success(request, done)
                return redirect(then or back)
        status = refusal.status
    context = {
        "title": title,
        "breadcrumbs": crumbs,
        "question": question,
        "consequences": consequences,
        "form": form,
        "confirm_label": title,
        "is_danger": True,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context, status=status)
