"""Writing down employment, needs, help, its results and deeds; taking them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.lib.errors import RuleError
from config.lib.versions import StaleError, stale_response
from config.lib.views import safe_next
from members.choices.employment import HelpKind, HelpResult
from members.forms.employment import (
    HelpForm,
    LeadForm,
    NeedsForm,
    ResultForm,
    SpellAmendForm,
    SpellForm,
)
from members.forms.members import add_service_error
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead, Member
from members.models.employment import EmploymentRecord
from members.rules.employment import disagrees
from members.services.employment import (
    amend_spell,
    record_spell,
    save_needs,
    withdraw_record,
)
from members.services.employment_help import record_help, record_lead, settle_help
from members.views.members import member_crumbs

_KINDS: dict[str, type[EmploymentRecord]] = {
    "spell": EmploymentSpell,
    "help": HelpStep,
    "lead": Lead,
}


@require_http_methods(["GET", "POST"])
def spell_add(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    form = SpellForm(request.POST or None)

    def save(data: dict[str, Any]) -> HttpResponse:
        spell = record_spell(member_id=pk, actor=request.user, **data)
        answer = _back(request, member, f"已登记{member.name}的就业状况。")
        _say_category(request, spell, data["set_category"])
        return answer

    return _form_page(
        request,
        member,
        form,
        "登记就业状况",
        save,
        note="登记新的状况，前一段到这一天为止，中间不断、不重。",
    )


@require_http_methods(["GET", "POST"])
def spell_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a spell right; whoever comes second sees what stands there by now."""
    spell = get_object_or_404(
        EmploymentSpell.objects.visible_to(request.user).select_related("member"),
        pk=pk,
    )
    member = _editable(request, spell.member_id)
    form = SpellAmendForm(request.POST or None, instance=spell)
    if spell.withdrawn_at is not None:
        return _meanwhile(request, spell, member, form)

    def save(data: dict[str, Any]) -> HttpResponse:
        done = amend_spell(spell_id=pk, actor=request.user, **data)
        answer = _back(request, member, "已更正；原来的一段保留，注明已更正。")
        _say_category(request, done, data["set_category"])
        return answer

    return _form_page(
        request,
        member,
        form,
        "更正就业状况",
        save,
        stale=lambda: _meanwhile(
            request,
            EmploymentSpell.objects.visible_to(request.user).get(pk=pk),
            member,
            form,
        ),
    )


def _meanwhile(
    request: HttpRequest, spell: EmploymentSpell, member: Member, form: Any
) -> HttpResponse:
    """What to do with a spell that was corrected or taken back meanwhile."""
    seen = EmploymentSpell.objects.visible_to(request.user)
    fresh = seen.filter(replaces=spell).first()
    while fresh is not None and fresh.withdrawn_at is not None:
        fresh = seen.filter(replaces=fresh).first()
    if fresh is None:
        messages.warning(request, "这一段就业状况已撤回，不能更正；需要的请重新登记。")
        return redirect("members:employment", member.pk)
    address = reverse("members:spell-amend", args=[fresh.pk])
    if not form.is_bound or not form.is_valid():
        return redirect(address)
    fresh.version = fresh.pk
    return stale_response(
        request,
        form,
        fresh,
        title="更正就业状况",
        cancel_url=reverse("members:employment", args=[member.pk]),
        extra={"action": address},
    )


@require_http_methods(["GET", "POST"])
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    known = EmploymentNeed.objects.visible_to(request.user).filter(member=member)
    form = NeedsForm(request.POST or None, instance=known.first())

    def save(data: dict[str, Any]) -> HttpResponse:
        save_needs(member_id=pk, actor=request.user, **data)
        return _back(request, member, f"已保存{member.name}的需求。")

    return _form_page(
        request,
        member,
        form,
        "困难、需求和想学的技能",
        save,
        stale=lambda: stale_response(
            request,
            form,
            known.first(),
            title="困难、需求和想学的技能",
            cancel_url=reverse("members:employment", args=[pk]),
        ),
    )


@require_http_methods(["GET", "POST"])
def help_add(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    form = HelpForm(request.POST or None)

    def save(data: dict[str, Any]) -> HttpResponse:
        record_help(member_id=pk, actor=request.user, **data)
        return _back(request, member, f"已记下对{member.name}的帮扶，也算一次联系。")

    return _form_page(request, member, form, "记一次帮扶", save)


@require_http_methods(["GET", "POST"])
def help_result(request: HttpRequest, pk: int) -> HttpResponse:
    step = _counted(request, HelpStep, pk)
    member = _editable(request, step.member_id)
    form = ResultForm(request.POST or None, instance=step)

    def save(data: dict[str, Any]) -> HttpResponse:
        done = settle_help(step_id=pk, actor=request.user, **data)
        is_hired = (done.kind, done.result) == (
            HelpKind.JOB_OFFER,
            HelpResult.SUCCEEDED,
        )
        if is_hired:
            messages.success(request, "结果已登记。上了岗的，请接着登记就业状况。")
            return redirect("members:spell-add", member.pk)
        return _back(request, member, "结果已登记。")

    return _form_page(
        request,
        member,
        form,
        "登记帮扶结果",
        save,
        note=f"{step.given_on} {step.get_kind_display()} {step.provider}"
        f" {step.content}".strip(),
        stale=lambda: stale_response(
            request,
            form,
            HelpStep.objects.visible_to(request.user).get(pk=pk),
            title="登记帮扶结果",
            cancel_url=reverse("members:employment", args=[member.pk]),
        ),
    )


@require_http_methods(["GET", "POST"])
def lead_add(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    form = LeadForm(request.POST or None)

    def save(data: dict[str, Any]) -> HttpResponse:
        record_lead(member_id=pk, actor=request.user, **data)
        return _back(request, member, f"已记入{member.name}的“双带”事迹。")

    return _form_page(
        request,
        member,
        form,
        "记“双带”事迹",
        save,
        note="自己再就业的在“就业状况”里登记，这里只记带动别人的；在本人开办的服务项目里"
        "上岗的，在“活动”的“服务项目”里登记，自动记入，这里不用再记。",
    )


@require_http_methods(["GET", "POST"])
def employment_withdraw(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Take back a spell, a step of help or a deed written down by mistake."""
    model = _KINDS[kind]
    record = _counted(request, model, pk)
    member = _editable(request, record.member_id)
    if request.method == "POST":
        try:
            withdraw_record(model=model, record_id=pk, actor=request.user)
        except RuleError as error:
            messages.error(request, error.text)
            return redirect("members:employment", member.pk)
        return _back(request, member, "已撤回，不再计算。")
    label = model._meta.verbose_name
    title = f"撤回{label}"
    context = {
        "title": title,
        "page_title": title,
        "breadcrumbs": member_crumbs(member, title),
        "question": f"撤回{member.name}的这条{label}记录？",
        "facts": _facts(record),
        "consequences": ["记录保留并注明已撤回，不再计入统计。"]
        + (
            ["前一段就业状况接着往后算，直到下一段开始。"]
            if model is EmploymentSpell
            else []
        ),
        "confirm_label": "确认撤回",
        "cancel_url": reverse("members:employment", args=[member.pk]),
    }
    return render(request, "confirm.html", context)


def _facts(record: Any) -> list[tuple[str, Any]]:
    """What the record says, by the names of its fields."""
    names = {
        EmploymentSpell: ("status", "starts_on", "workplace"),
        HelpStep: ("kind", "given_on", "provider", "content", "result"),
        Lead: ("kind", "starts_on", "title", "people_count", "posts_count"),
    }[type(record)]
    facts = []
    for name in names:
        shown = getattr(record, f"get_{name}_display", None)
        value = shown() if shown else getattr(record, name)
        facts.append((str(type(record)._meta.get_field(name).verbose_name), value))
    return facts


def _editable(request: HttpRequest, pk: int) -> Member:
    """The member, where the user looks after him; 404 out of scope."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记就业情况。")
    return member


def _counted(request: HttpRequest, model: Any, pk: int) -> Any:
    return get_object_or_404(model.objects.visible_to(request.user).counted(), pk=pk)


def _say_category(request: HttpRequest, spell: EmploymentSpell, is_set: bool) -> None:
    category = spell.member.category
    if not is_set and disagrees(spell.status, category):
        label = spell.member.get_category_display()
        messages.info(request, f"党员类别没有改，仍是“{label}”。")


def _back(request: HttpRequest, member: Member, words: str) -> HttpResponse:
    messages.success(request, words)
    page = reverse("members:employment", args=[member.pk])
    return redirect(safe_next(request, page))


def _form_page(
    request: HttpRequest,
    member: Member,
    form: Any,
    title: str,
    save: Callable[[dict[str, Any]], HttpResponse],
    *,
    note: str = "",
    stale: Callable[[], HttpResponse] | None = None,
) -> HttpResponse:
    """Ask on GET, save on POST; what is refused keeps what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return save(form.cleaned_data)
        except StaleError:
            if stale is None:
                raise
            return stale()
        except ValidationError as error:
            add_service_error(form, error)
    context = {
        "page_title": title,
        "breadcrumbs": [
            *member_crumbs(member, "")[:-1],
            ("就业帮扶", reverse("members:employment", args=[member.pk])),
            (title, ""),
        ],
        "form": form,
        "is_draft": True,
        "form_note": f"{member.name}：{note}" if note else member.name,
        "cancel_url": safe_next(
            request, reverse("members:employment", args=[member.pk])
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)
