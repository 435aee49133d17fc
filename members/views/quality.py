"""What is missing in the records, who can see one, and two records of one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.paging import page_by_key, total_of
from config.lib.versions import StaleError
from members import completeness, merging
from members.choices.quality import PairState
from members.forms.quality import GONE, ApartForm, MergeForm
from members.models import Affiliation, DuplicatePair, Member, MemberMerge
from members.parameters.quality import MERGE_UNDO_DAYS
from members.readers import readers, sentences
from members.services.duplicates import tell_apart
from members.services.merging import Sides, merge_members, undo_merge
from members.services.viewing import record_view, record_views
from members.tabs import tabs
from members.views.members import member_crumbs, readable_member, require_right
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

QUALITY, PAIRS = "数据质量", "疑似重复"


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """How complete the records below an organization are, and what is missing."""
    require_right(request, Right.VIEW_MEMBERS)
    mine = Organization.objects.with_right(request.user, Right.VIEW_MEMBERS).open()
    asked = request.GET.get("organization", "")
    if asked:
        organization = mine.filter(pk=asked).first() if asked.isdigit() else None
        if organization is None:
            raise Http404
    else:
        organization = mine.order_by("path").first()
    if organization is None:
        raise PermissionDenied("您的岗位下没有在用的党组织，请联系街道工作人员。")
    rows, total = completeness.rows(request.user, organization)
    context = {
        "page_title": QUALITY,
        "breadcrumbs": [("党员名册", reverse("members:list")), (QUALITY, "")],
        "organization": organization,
        "items": [item.label for item in completeness.ITEMS],
        "rows": rows,
        "total": total,
        "may_settle": request.user.has_right(Right.SETTLE_CLAIMS),
    }
    return render(request, "members/quality.html", context)


@require_GET
def who_sees(request: HttpRequest, pk: int) -> HttpResponse:
    """Who can see this person, in plain words."""
    member, is_gone = readable_member(request, pk)
    record_view(member=member, page="who-sees", actor=request.user)
    context = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, "谁能看到"),
        "tabs": tabs(member, "who-sees", request.user),
        "member": member,
        "is_gone": is_gone,
        "readers": readers(member, request.user, timezone.localdate()),
        "sentences": sentences(member, request.user),
    }
    return render(request, "members/who_sees.html", context)


@require_GET
def pair_list(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, and mergers that can still be taken back."""
    require_right(request, Right.SETTLE_CLAIMS)
    group = request.GET.get("group", "")
    group = group if group in {"different", "merged"} else ""
    pairs = DuplicatePair.objects.visible_to(request.user)
    if group == "merged":
        found: Any = MemberMerge.objects.visible_to(request.user).select_related(
            "kept", "gone", "merged_by", "undone_by"
        )
    else:
        state = PairState.DIFFERENT if group else PairState.OPEN
        found = pairs.filter(state=state).select_related(
            "first", "second", "settled_by"
        )
    page = page_by_key(found, request.GET, descending=True)
    if group != "merged":
        _place(request, page.rows)
    address = reverse("members:pair-list")
    context = {
        "page_title": PAIRS,
        "breadcrumbs": [("党员名册", reverse("members:list")), (PAIRS, "")],
        "page": page,
        "total": total_of(page, found),
        "group": group,
        "undo_days": parameters.get(MERGE_UNDO_DAYS),
        "tabs": [
            {"label": label, "url": f"{address}{query}", "is_current": key == group}
            for key, label, query in (
                ("", "待核对", ""),
                ("different", "不是同一人", "?group=different"),
                ("merged", "已合并", "?group=merged"),
            )
        ],
    }
    return render(request, "members/pair_list.html", context)


def _place(request: HttpRequest, pairs: list[DuplicatePair]) -> None:
    """Write beside both of each pair where they belong, as far as the user sees."""
    ids = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
    held = (
        Affiliation.objects.visible_to(request.user)
        .open()
        .filter(member__in=ids)
        .select_related("organization")
        .order_by("pk")
    )
    found: dict[int, list[str]] = {}
    for each in held:
        words = f"{each.organization}（{each.get_kind_display()}）"
        found.setdefault(each.member_id, []).append(words)
    for pair in pairs:
        for member in (pair.first, pair.second):
            member.place = "、".join(found.get(member.pk, ["已离开"]))


@require_http_methods(["GET", "POST"])
def pair_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the two are different people."""
    pair = _pair(request, pk)
    form = ApartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tell_apart(pair_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("words", error)
        else:
            messages.success(request, "已记下，不再提示这两份档案。")
            return redirect("members:pair-list")
    context = {
        "title": "不是同一人",
        "page_title": "不是同一人",
        "breadcrumbs": _crumbs("不是同一人"),
        "question": f"{pair.first.name}的两份档案是两个人？",
        "facts": [
            ("依据", pair.get_reason_display()),
            ("档案一", f"{pair.first.born_on}生，{pair.first.joined_on}入党"),
            ("档案二", f"{pair.second.born_on}生，{pair.second.joined_on}入党"),
        ],
        "form": form,
        "confirm_label": "是两个人",
        "cancel_url": reverse("members:pair-list"),
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def pair_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose for each field, see what moves, then make one record of the two."""
    pair = _pair(request, pk)
    sides = _sides(request, pair)
    form = MergeForm(request.POST or None, sides=sides)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if form.is_valid():
                data = form.cleaned_data
                merge_members(
                    kept_id=sides.kept.pk,
                    gone_id=sides.gone.pk,
                    taken=form.taken(),
                    roll_of_gone=data.get("roll") == GONE,
                    versions=(data["kept_version"], data["gone_version"]),
                    actor=request.user,
                )
                days = parameters.get(MERGE_UNDO_DAYS)
                messages.success(request, f"已合并。{days}天内可以在“已合并”里撤销。")
                return redirect(sides.kept)
        except StaleError as error:
            # Both as they stand by now; what was chosen stays.
            status = 409
            form.data = form.data.copy()
            form.data["kept_version"] = sides.kept.version
            form.data["gone_version"] = sides.gone.version
            form.add_error(None, error)
        except ValidationError as error:
            form.add_error(None, error)
    else:
        record_views(members=[sides.kept, sides.gone], page="merge", actor=request.user)
    found = [
        share
        for share in merging.shares(sides.kept.pk, sides.gone.pk)
        if not share.is_confidential
    ]
    context = {
        "page_title": f"合并{sides.kept.name}的档案",
        "breadcrumbs": _crumbs("合并"),
        "sides": sides,
        "form": form,
        "shares": [share for share in found if share.moving or share.staying],
        "excluding": [share.label for share in found if share.excluding],
        "swap_url": "?keep=second" if sides.kept.pk == pair.first_id else "?keep=first",
        "undo_days": parameters.get(MERGE_UNDO_DAYS),
    }
    return render(request, "members/pair_merge.html", context, status=status)


def _sides(request: HttpRequest, pair: DuplicatePair) -> Sides:
    """The two records; `?keep=second` keeps the other one."""
    people = Member.objects.readable_by(request.user).select_related(
        "home_unit", "community"
    )
    found = people.in_bulk([pair.first_id, pair.second_id])
    if len(found) != 2:
        raise Http404
    first, second = found[pair.first_id], found[pair.second_id]
    if request.GET.get("keep") == "second":
        return Sides(second, first)
    return Sides(first, second)


@require_http_methods(["GET", "POST"])
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request, Right.SETTLE_CLAIMS)
    merge = get_object_or_404(
        MemberMerge.objects.visible_to(request.user)
        .filter(undone_at__isnull=True)
        .select_related("kept", "gone", "merged_by"),
        pk=pk,
    )
    if request.method == "POST":
        try:
            undo_merge(merge_id=pk, actor=request.user)
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
        else:
            messages.success(request, "已撤销合并，两份档案恢复原样。")
        return redirect("members:pair-list")
    context = {
        "title": "撤销合并",
        "page_title": "撤销合并",
        "breadcrumbs": _crumbs("撤销合并"),
        "question": f"把{merge.kept.name}的档案恢复为合并前的两份？",
        "facts": [("合并人", merge.merged_by), ("合并时间", merge.merged_at)],
        "consequences": [
            "移动过来的记录、隶属关系和身份证号都还给原来的档案。",
            "合并以后新记的、改过的内容留在保留的档案里。",
        ],
        "confirm_label": "撤销合并",
        "cancel_url": reverse("members:pair-list") + "?group=merged",
    }
    return render(request, "confirm.html", context)


def _pair(request: HttpRequest, pk: int) -> DuplicatePair:
    require_right(request, Right.SETTLE_CLAIMS)
    return get_object_or_404(
        DuplicatePair.objects.visible_to(request.user)
        .exclude(state=PairState.MERGED)
        .select_related("first", "second"),
        pk=pk,
    )


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (PAIRS, reverse("members:pair-list")),
        (last, ""),
    ]
