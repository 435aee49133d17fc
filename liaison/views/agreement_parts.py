"""Parts of an agreement: its clauses, the lines of the three lists, resources used."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from liaison.choices.agreements import ListKind
from liaison.forms.agreements import (
    ClauseForm,
    DiscardForm,
    ItemForm,
    MeetForm,
    ReasonForm,
    UseForm,
)
from liaison.models import Clause, ListItem, ResourceUse
from liaison.services.clauses import put_clause, remove_clause
from liaison.services.obligations import (
    add_item,
    meet_need,
    remove_item,
    use_resource,
    withdraw_use,
)
from liaison.views.agreement_pages import (
    agreement_crumbs,
    confirm,
    draft,
    kept_agreement,
    parties_of,
)
from members.views.asking import form_page


@require_http_methods(["GET", "HEAD", "POST"])
def clause_add(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = draft(request, pk)
    form = ClauseForm(request.POST or None, parties=parties_of(agreement))
    return form_page(
        request,
        form,
        "添加条款",
        agreement_crumbs(agreement, "添加条款"),
        agreement.get_absolute_url(),
        lambda data: put_clause(
            agreement_id=pk, facts=form.facts(), actor=request.user
        ),
        "条款已添加。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clause_edit(request: HttpRequest, pk: int) -> HttpResponse:
    clause = _clause(request, pk)
    agreement = draft(request, clause.agreement_id)
    form = ClauseForm(
        request.POST or None, parties=parties_of(agreement), clause=clause
    )
    return form_page(
        request,
        form,
        f"修改{clause}",
        agreement_crumbs(agreement, f"修改{clause}"),
        agreement.get_absolute_url(),
        lambda data: put_clause(
            agreement_id=agreement.pk,
            clause_id=pk,
            facts=form.facts(),
            actor=request.user,
        ),
        "已保存。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def clause_remove(request: HttpRequest, pk: int) -> HttpResponse:
    clause = _clause(request, pk)
    agreement = draft(request, clause.agreement_id)
    form = DiscardForm(request.POST or None, initial={"version": agreement.version})
    return confirm(
        request,
        form,
        "删去条款",
        agreement,
        f"删去{clause}“{clause.words}”？",
        ["后面的条款序号依次提前。"],
        lambda data: remove_clause(clause_id=pk, actor=request.user),
        "条款已删去。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def item_add(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = kept_agreement(request, pk)
    kind = request.GET.get("kind", "")
    form = ItemForm(
        request.POST or None,
        parties=parties_of(agreement),
        initial={"kind": kind if kind in ListKind else ListKind.RESOURCE.value},
    )
    return form_page(
        request,
        form,
        "添加清单事项",
        agreement_crumbs(agreement, "添加清单事项"),
        agreement.get_absolute_url(),
        lambda data: add_item(
            agreement_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已添加。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def item_remove(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    agreement = kept_agreement(request, item.agreement_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        "移出清单",
        agreement,
        f"把“{item}”移出{item.get_kind_display()}清单？",
        ["记录保留备查；是项目的，它的应办事项随之免办。"],
        lambda data: remove_item(item_id=pk, actor=request.user, **data),
        "已移出清单。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def item_meet(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    if item.kind != ListKind.NEED:
        raise Http404
    agreement = kept_agreement(request, item.agreement_id)
    offered = agreement.items.filter(removed_at__isnull=True).exclude(
        kind=ListKind.NEED
    )
    form = MeetForm(
        request.POST or None, items=list(offered), initial={"met_by": item.met_by_id}
    )
    return form_page(
        request,
        form,
        "落实需求",
        agreement_crumbs(agreement, "落实需求"),
        agreement.get_absolute_url(),
        lambda data: meet_need(
            item_id=pk, met_by_id=data["met_by"], actor=request.user
        ),
        "已保存。",
        form_note=f"需求：{item}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def use_add(request: HttpRequest, pk: int) -> HttpResponse:
    item = _item(request, pk)
    if item.kind != ListKind.RESOURCE:
        raise Http404
    agreement = kept_agreement(request, item.agreement_id)
    form = UseForm(request.POST or None)

    def save(data: dict[str, Any]) -> ResourceUse:
        return use_resource(item_id=pk, actor=request.user, **data)

    return form_page(
        request,
        form,
        "登记使用",
        agreement_crumbs(agreement, "登记使用"),
        agreement.get_absolute_url(),
        save,
        "使用记录已登记，可以作为条款的履行依据。",
        form_note=f"资源：{item}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def use_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    use = get_object_or_404(
        ResourceUse.objects.visible_to(request.user).select_related("item"), pk=pk
    )
    agreement = kept_agreement(request, use.item.agreement_id)
    return confirm(
        request,
        ReasonForm(request.POST or None),
        "撤回使用记录",
        agreement,
        f"撤回{use.used_on}使用“{use.item}”的记录？",
        ["撤回后不再作为履行依据，相应的应办事项恢复未办；记录保留备查。"],
        lambda data: withdraw_use(use_id=pk, actor=request.user, **data),
        "已撤回。",
    )


def _clause(request: HttpRequest, pk: int) -> Clause:
    return get_object_or_404(Clause.objects.visible_to(request.user), pk=pk)


def _item(request: HttpRequest, pk: int) -> ListItem:
    rows = ListItem.objects.visible_to(request.user).filter(removed_at__isnull=True)
    return get_object_or_404(rows, pk=pk)
