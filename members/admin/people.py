"""Members in the browser admin: scoped, masked, saved by the services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm
from django.http import HttpRequest
from django.utils.html import format_html

from config.lib.admin import ReadOnlyInline, ReadOnlyScopedAdmin, ScopedModelAdmin
from config.lib.masks import mask_address
from config.lib.versions import VersionedAdminForm
from members import search
from members.models import Affiliation, DuplicateClaim, Member, Talent
from members.services.members import update_member
from members.services.talents import save_talent
from organizations.access import Right

_MASKED = (
    "masked_id_number",
    "masked_phone",
    "masked_address",
    "masked_household_address",
)
# A case of lost contact or a decision alone changes these.
_DECIDED = ("status", "is_lost", "lost_since")
# The portal's form adds people: it begins with the ID number and names the branch.
_EDITABLE = (
    "name",
    "ethnicity",
    "category",
    "member_type",
    "joined_on",
    "confirmed_on",
    "education",
    "degree",
    "job_post",
    "job_title",
    "home_unit",
    "community",
    "native_place",
    "is_mobile",
    "talents",
    "note",
)


class AffiliationInline(ReadOnlyInline):
    model = Affiliation
    fields = (
        "organization",
        "kind",
        "starts_on",
        "start_reason",
        "ends_on",
        "end_reason",
    )
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Affiliation]:
        return (
            super()
            .get_queryset(request)
            .visible_to(request.user)
            .select_related("organization")
        )


@admin.register(Member)
class MemberAdmin(ScopedModelAdmin):
    form = VersionedAdminForm
    view_right = Right.VIEW_MEMBERS
    change_right = Right.EDIT_MEMBERS
    list_display = (
        "name",
        "sex",
        "born_on",
        "branch",
        "category",
        "member_type",
        "status",
        "masked_phone",
    )
    list_filter = ("category", "member_type", "status", "is_lost")
    search_fields = ("name",)
    search_help_text = "姓名、拼音、首字母或身份证后四位"
    fields = (
        "portal_page",
        *_EDITABLE,
        "sex",
        "born_on",
        *_DECIDED,
        *_MASKED,
        "opened_version",
    )
    readonly_fields = ("portal_page", "sex", "born_on", *_DECIDED, *_MASKED)
    # Django's two lists side by side have a nameless icon, and no room on a phone.
    formfield_overrides = {ManyToManyField: {"widget": CheckboxSelectMultiple}}
    inlines = (AffiliationInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        return super().get_queryset(request).with_branch()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Member], search_term: str
    ) -> tuple[QuerySet[Member], bool]:
        found = search.condition(search_term)
        return (queryset if found is None else queryset.filter(found)), False

    @admin.display(description="党支部")
    def branch(self, member: Member) -> str:
        return member.branch_name

    @admin.display(description="公民身份号码")
    def masked_id_number(self, member: Member) -> str:
        return member.masked_id_number

    @admin.display(description="手机号码")
    def masked_phone(self, member: Member) -> str:
        return member.masked_phone

    @admin.display(description="现居住地")
    def masked_address(self, member: Member) -> str:
        return member.masked_address

    @admin.display(description="户籍所在地")
    def masked_household_address(self, member: Member) -> str:
        return mask_address(member.household_address)

    @admin.display(description="档案页")
    def portal_page(self, member: Member) -> str:
        return format_html(
            '<a href="{}">查看完整信息、办理隶属关系</a>', member.get_absolute_url()
        )

    def place_of(self, obj: Member) -> Any:
        held = obj.affiliations.open().select_related("organization")
        first = held.order_by("-kind", "pk").first()
        return first.organization if first else None

    def save_by_service(
        self, request: HttpRequest, obj: Member, form: ModelForm, change: bool
    ) -> Member:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        changed.pop("opened_version", None)
        talents = changed.pop("talents", None)
        if changed.keys() & {"joined_on", "confirmed_on"}:
            # The admin's date picker gives whole days.
            changed |= {
                name.replace("_on", "_precision"): "day"
                for name in ("joined_on", "confirmed_on")
                if name in changed
            }
        return update_member(
            member_id=obj.pk,
            version=form.cleaned_data["opened_version"] or 0,
            talents=talents,
            actor=request.user,
            **changed,
        )


@admin.register(Affiliation)
class AffiliationAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = (
        "member",
        "organization",
        "kind",
        "starts_on",
        "start_reason",
        "ends_on",
        "end_reason",
    )
    list_filter = ("kind", "start_reason", "end_reason")
    list_select_related = ("member", "organization")
    date_hierarchy = "starts_on"
    ordering = ("-starts_on", "-id")
    fields = (
        "member",
        "organization",
        "kind",
        "starts_on",
        "start_reason",
        "ends_on",
        "end_reason",
        "note",
    )


@admin.register(DuplicateClaim)
class DuplicateClaimAdmin(ReadOnlyScopedAdmin):
    view_right = Right.SETTLE_CLAIMS
    list_display = ("member", "organization", "kind", "state", "claimed_by")
    list_filter = ("state", "kind")
    list_select_related = ("member", "organization", "claimed_by")
    fields = (
        "member",
        "organization",
        "kind",
        "claimed_by",
        "source",
        "state",
        "settled_by",
        "settled_at",
        "words",
    )


@admin.register(Talent)
class TalentAdmin(ScopedModelAdmin):
    view_right = Right.VIEW_MEMBERS
    add_right = Right.MANAGE_PARAMETERS
    change_right = Right.MANAGE_PARAMETERS
    list_display = fields = ("name", "sort_order", "is_active")

    def save_by_service(
        self, request: HttpRequest, obj: Talent, form: ModelForm, change: bool
    ) -> Talent:
        return save_talent(
            talent_id=obj.pk if change else None,
            name=form.cleaned_data["name"],
            sort_order=form.cleaned_data["sort_order"],
            is_active=form.cleaned_data["is_active"],
            actor=request.user,
        )
