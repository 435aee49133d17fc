"""Liaison cards: list, page, opening, changing, closing, printing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.htmx import render_page_or_fragment
from config.lib.paging import capped_count, page_by_key
from config.lib.periods import Year
from config.lib.versions import StaleError, stale_response
from liaison.filters import CardFilter
from liaison.forms.cards import CardAddForm, CardCloseForm, CardEditForm, EntryForm
from liaison.models import CardEntry, EntryProposal, LiaisonCard, PostClaim
from liaison.service_record import records
from liaison.services import cards as service
from members.forms.members import add_service_error
from members.models import Member
from organizations.access import Right, require_right

LIST = "联系卡"


@require_GET
def card_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    form = CardFilter(request.GET, user=request.user)
    cards = form.narrow(LiaisonCard.objects.visible_to(request.user))
    page = page_by_key(cards.values_list(*_COLUMNS, named=True), request.GET, "number")
    context = {
        "page_title": LIST,
        "breadcrumbs": [(LIST, "")],
        "form": form,
        "is_filtered": form.is_filtered,
        "is_searched": form.is_filtered or bool(request.GET.get("q")),
        "clear_url": reverse("liaison:card-list"),
        "fragment_target": "#card-table",
        "rows": _rows(page.rows),
        "page": page,
        "total": capped_count(cards),
        "may_keep": request.user.has_right(Right.KEEP_CARDS),
    }
    return render_page_or_fragment(
        request, "liaison/card_list.html", "liaison/_card_table.html", context
    )


# What the list shows; a card with its people has eighty columns, some of them sealed.
_COLUMNS = (
    *("pk", "member_id", "number", "starts_on", "ends_on"),
    *("member__name", "organization__short_name", "home_unit__name"),
)


def _rows(cards: list[Any]) -> list[dict[str, Any]]:
    """Each card of a page ready as text, with its record of this year."""
    year = Year.containing(timezone.localdate())
    done = records(cards, year.start, year.end)
    base = reverse("liaison:card-list")
    return [
        {
            "url": f"{base}{card.pk}/",
            "name": card.member__name,
            "number": card.number,
            "branch": card.organization__short_name,
            "unit": card.home_unit__name,
            "starts_on": card.starts_on.isoformat(),
            "times": done[card.pk].times,
            "hours": done[card.pk].hours_text,
            "state": "已注销" if card.ends_on else "在用",
            "tone": "mute" if card.ends_on else "ok",
        }
        for card in cards
    ]


@require_GET
def card_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return card_page(request, readable_card(request, pk))


_ON_PAGES = ("member", "organization__parent", "home_unit", "opened_by")


def readable_card(request: HttpRequest, pk: int) -> LiaisonCard:
    cards = LiaisonCard.objects.visible_to(request.user)
    return get_object_or_404(cards.select_related(*_ON_PAGES), pk=pk)


def kept_card(request: HttpRequest, pk: int) -> LiaisonCard:
    """A card in scope that the user may change; 403 when it is only to be read."""
    card = readable_card(request, pk)
    if not request.user.has_right_at(Right.KEEP_CARDS, card.organization):
        raise PermissionDenied("您的岗位不能办理这张联系卡。")
    return card


def card_page(
    request: HttpRequest, card: LiaisonCard, form: EntryForm | None = None
) -> HttpResponse:
    """The card's page; with a refused entry form it is 422."""
    today = timezone.localdate()
    year = wished_year(request, today)
    record = records([card], year.start, year.end)[card.pk]
    may_keep = request.user.has_right_at(Right.KEEP_CARDS, card.organization)
    # The member may belong to another branch by now, whose page stays closed.
    sees_member = Member.objects.visible_to(request.user).filter(pk=card.member_id)
    context = {
        "page_title": f"{card.member.name}的联系卡",
        "breadcrumbs": [(LIST, reverse("liaison:card-list")), (card.number, "")],
        "card": card,
        "facts": card_facts(card),
        "member_url": card.member.get_absolute_url() if sees_member.exists() else "",
        "year": year.year,
        "other_years": _other_years(card, year.year, today),
        "record": record,
        "entries": _entries(request, card, year),
        "form": form or EntryForm(initial={"occurred_on": today}),
        "claims": _claims(request, card),
        "proposals": _proposals(request, card),
        "may_keep": may_keep and card.ends_on is None,
    }
    status = 422 if form is not None else 200
    return render(request, "liaison/card_detail.html", context, status=status)


def wished_year(request: HttpRequest, today: date) -> Year:
    text = request.GET.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and text >= "1900":
        return Year(min(int(text), 2999))
    return Year.containing(today)


def _other_years(card: LiaisonCard, shown: int, today: date) -> list[int]:
    first = min(card.starts_on.year, today.year)
    last = (card.ends_on or today).year
    return [year for year in range(last, first - 1, -1) if year != shown]


def _entries(request: HttpRequest, card: LiaisonCard, year: Year) -> list[CardEntry]:
    return list(
        CardEntry.objects.visible_to(request.user)
        .filter(card=card)
        .during(year)
        .select_related("written_by")
    )


def _claims(request: HttpRequest, card: LiaisonCard) -> list[PostClaim]:
    """Posts the card asks for, holds and held."""
    claims = PostClaim.objects.visible_to(request.user).filter(card=card)
    return list(claims.select_related("post"))


def _proposals(request: HttpRequest, card: LiaisonCard) -> list[EntryProposal]:
    """What the member says he did and nobody has settled."""
    proposals = EntryProposal.objects.visible_to(request.user)
    waiting = proposals.filter(card=card, state=EntryProposal.State.WAITING)
    return list(waiting.order_by("pk"))


def card_facts(card: LiaisonCard) -> list[tuple[str, Any]]:
    state = "在用"
    if card.ends_on is not None:
        state = f"{card.ends_on:%Y-%m-%d} 注销（{card.get_end_reason_display()}）"
    return [
        ("卡号", card.number),
        ("党员", card.member.name),
        ("社区党支部", card.organization),
        ("工作单位", card.home_unit),
        ("职业", card.profession),
        ("服务意向", card.wishes),
        ("空闲时间", card.free_time),
        ("建卡日期", f"{card.starts_on:%Y-%m-%d}"),
        ("建卡人", card.opened_by),
        ("状态", state),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def card_add(request: HttpRequest, member_id: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_CARDS)
    members = Member.objects.visible_to(request.user).select_related("home_unit")
    member = get_object_or_404(members, pk=member_id)
    form = CardAddForm(
        request.POST if request.method == "POST" else None,
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            card = service.open_card(
                member_id=member.pk, actor=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已为{member.name}建立联系卡 {card.number}。")
            return redirect(card)
    unit = member.home_unit or "未填写，请先在党员信息中补充"
    context = {
        "page_title": f"为{member.name}建联系卡",
        "breadcrumbs": [(LIST, reverse("liaison:card-list")), ("建卡", "")],
        "form": form,
        "is_draft": True,
        "form_note": f"工作单位：{unit}。反馈材料将送到这个单位。",
        "submit_label": "建卡",
        "cancel_url": member.get_absolute_url(),
    }
    return _form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def card_edit(request: HttpRequest, pk: int) -> HttpResponse:
    card = kept_card(request, pk)
    form = CardEditForm(
        request.POST if request.method == "POST" else None, instance=card
    )
    title = f"修改联系卡 {card.number}"
    if request.method == "POST" and form.is_valid():
        try:
            service.update_card(card_id=pk, actor=request.user, **form.cleaned_data)
        except StaleError:
            fresh = LiaisonCard.objects.visible_to(request.user).get(pk=pk)
            return stale_response(
                request, form, fresh, title=title, cancel_url=card.get_absolute_url()
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(card)
    context = {
        "page_title": title,
        "breadcrumbs": card_crumbs(card, "修改"),
        "form": form,
        "is_draft": True,
        "cancel_url": card.get_absolute_url(),
    }
    return _form_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def card_close(request: HttpRequest, pk: int) -> HttpResponse:
    card = kept_card(request, pk)
    form = CardCloseForm(
        request.POST if request.method == "POST" else None,
        initial={"ends_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            service.close_card(card_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"联系卡 {card.number} 已注销。")
            return redirect(card)
    context = {
        "title": "注销联系卡",
        "breadcrumbs": card_crumbs(card, "注销"),
        "question": f"注销{card.member.name}的联系卡 {card.number}？",
        "consequences": [
            "注销后不能再记录，已有的记录保留，并计入本期反馈。",
            "登记有误注销的，可以为该党员重新建卡。",
        ],
        "form": form,
        "confirm_label": "注销",
        "is_danger": True,
        "cancel_url": card.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "form.html", context, status=status)


def card_crumbs(card: LiaisonCard, last: str) -> list[tuple[str, str]]:
    return [
        (LIST, reverse("liaison:card-list")),
        (card.number, card.get_absolute_url()),
        (last, ""),
    ]
