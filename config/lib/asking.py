"""Pages that ask: a form that saves, a question before something ends.

What a service refuses is shown on the form that asked for it, and nothing of what was
typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.lib.versions import StaleError, renew

AddError = Callable[[Any, ValidationError], None]
Crumbs = list[tuple[str, str]]
Save = Callable[[dict[str, Any]], Any]
GONE = "所选的内容刚刚有变动，请重新选择后再保存。"


def add_service_error(form: Any, error: ValidationError) -> None:
    """Show what a service refused beside the field it is about."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return
    code = getattr(error, "code", None) or ""
    form.add_error(code if code in form.fields else None, error)


@dataclass
class Refusal:
    """The status of the page that shows the form again.

    `latest` is the row as somebody quicker left it, None where nobody was.
    """

    status: int = 422
    latest: Any = None


@contextmanager
def refusals(
    form: Any,
    latest: Callable[[], Any],
    add_error: AddError = add_service_error,
) -> Iterator[Refusal]:
    """Take what the services called within refuse, and lose nothing of what was typed.

    A broken rule stands beside its field. After somebody quicker the form may be sent
    again at the version that `latest` returns, and the page shows how things stand.
    """
    refusal = Refusal()
    try:
        yield refusal
    except StaleError as error:
        refusal.status, refusal.latest = 409, latest()
        renew(form, refusal.latest.version, error)
    except ValidationError as error:
        add_error(form, error)


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
    add_error: AddError = add_service_error,
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
            add_error(form, error)
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
    is_danger: bool = True,
    facts: Sequence[tuple[str, Any]] = (),
    add_error: AddError = add_service_error,
) -> HttpResponse:
    """Ask before something ends or is taken back; then go to `then`, else `back`.

    `facts` stand under the question; without `is_danger` it is a plain one. After
    somebody quicker the question stands again at the version of `latest()`.
    """
    status = 200
    if request.method == "POST":
        with refusals(form, latest, add_error) as refusal:
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
        "is_danger": is_danger,
        "facts": facts,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context, status=status)
