"""Forms of the tree and of communities: they parse and phrase, nothing more."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.forms import ScopedForm, ScopedModelForm
from config.lib.identity import normalize_phone
from config.lib.paths import successor
from config.lib.versions import VersionedFormMixin
from organizations.access import Right
from organizations.choices import OrganizationKind
from organizations.models import Community, Organization
from organizations.rules import CHILD_KINDS
from organizations.services.communities import BuildingLine

_FIELDS = [
    "name",
    "short_name",
    "kind",
    "field",
    "unit_situation",
    "founded_on",
    "term_ends_on",
    "contact_name",
    "contact_phone",
    "fax",
    "address",
    "postcode",
]
_HELP = {
    "name": "与印章一致，如“中共江滨社区委员会”。",
    "short_name": "列表和报表中使用；留空则按全称自动生成。",
    "field": "留空则按名称和上级自动判断。",
    "address": "印在组织关系介绍信上，开具介绍信的党工委、党委请填写。",
}
_ONCE = {"name": {"unique": "已有同名的党组织，请核对全称。"}}


class _OrganizationFields(ScopedModelForm):
    class Meta:
        model = Organization
        fields = _FIELDS
        help_texts = _HELP
        error_messages = _ONCE
        widgets = {
            "contact_phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "fax": forms.TextInput(attrs={"inputmode": "tel"}),
            "postcode": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def clean_contact_phone(self) -> str:
        return normalize_phone(self.cleaned_data["contact_phone"])

    def clean_fax(self) -> str:
        return normalize_phone(self.cleaned_data["fax"])


class OrganizationCreateForm(_OrganizationFields):
    """A new organization; its kinds are those its parent allows."""

    def __init__(self, *args: Any, parent: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = CHILD_KINDS[parent.kind]
        self.fields["kind"].choices = [
            choice for choice in OrganizationKind.choices if choice[0] in allowed
        ]
        self.fields["short_name"].required = False
        self.fields["field"].required = False
        self.fields["field"].choices = [
            ("", "自动判断"),
            *[c for c in self.fields["field"].choices if c[0]],
        ]


class OrganizationForm(VersionedFormMixin, _OrganizationFields):
    """An organization that exists; its place is changed elsewhere."""

    class Meta(_OrganizationFields.Meta):
        # Nothing is filled in for a name that stands already.
        help_texts = {
            "name": _HELP["name"],
            "short_name": "列表和报表中使用。",
            "address": _HELP["address"],
        }


class MoveForm(ScopedForm):
    new_parent = forms.ModelChoiceField(Organization.objects.none(), label="新的上级")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_parent"].queryset = places_for(organization, self.user)


class MergeForm(ScopedForm):
    target = forms.ModelChoiceField(Organization.objects.none(), label="并入")
    on_date = forms.DateField(
        label="决定日期", help_text="原组织存续的最后一天，不能晚于今天。"
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = partners_of(organization, self.user)
        self.fields["on_date"].initial = timezone.localdate


class CloseForm(ScopedForm):
    on_date = forms.DateField(
        label="撤销日期", initial=timezone.localdate, help_text="不能晚于今天。"
    )
    reason = forms.CharField(
        label="撤销原因", max_length=200, help_text="如“党员全部转出”，附批复文号更好。"
    )


def places_for(organization: Organization, user: Any):
    """Organizations under which `user` may put `organization`."""
    fitting = [
        kind for kind, below in CHILD_KINDS.items() if organization.kind in below
    ]
    return (
        Organization.objects.with_right(user, Right.MANAGE_ORGANIZATIONS)
        .open()
        .filter(kind__in=fitting)
        .exclude(pk=organization.parent_id)
        .exclude(path__gte=organization.path, path__lt=successor(organization.path))
        .order_by("path")
    )


def partners_of(organization: Organization, user: Any):
    """Organizations that may take `organization` in."""
    return (
        Organization.objects.with_right(user, Right.MANAGE_ORGANIZATIONS)
        .open()
        .filter(kind=organization.kind)
        .exclude(path__gte=organization.path, path__lt=successor(organization.path))
        .order_by("path")
    )


_GRID = re.compile(r"[,，、\t]")


class CommunityForm(ScopedModelForm):
    """A place; its buildings are one line each, the grid behind a comma."""

    buildings = forms.CharField(
        label="楼栋",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一栋，网格写在逗号之后，如“1号楼，第一网格”。删去一行即删除该楼栋。",
    )

    class Meta:
        model = Community
        fields = ["name", "organization", "address", "grid_count"]
        error_messages = {
            "name": {"unique": "已有同名的社区，请核对名称。"},
            "organization": {"unique": "这个党组织已对应另一个社区，请另选。"},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Organization.objects.with_right(
            self.user, Right.MANAGE_ORGANIZATIONS
        ).open()
        kinds = [OrganizationKind.COMMITTEE, OrganizationKind.GENERAL_BRANCH]
        self.fields["organization"].queryset = choices.filter(
            kind__in=[*kinds, OrganizationKind.BRANCH]
        )
        if self.instance.pk:
            self.fields["buildings"].initial = "\n".join(
                f"{each.name}，{each.grid}" if each.grid else each.name
                for each in self.instance.buildings.all()
            )

    def clean_buildings(self) -> list[BuildingLine]:
        lines = []
        for number, text in enumerate(
            self.cleaned_data["buildings"].splitlines(), start=1
        ):
            name, *rest = [part.strip() for part in _GRID.split(text, maxsplit=1)]
            if not name:
                if rest:
                    raise RuleError(f"第{number}行没有写楼栋名称。", code="building")
                continue
            if len(name) > 60 or any(len(part) > 30 for part in rest):
                raise RuleError(
                    f"第{number}行太长：楼栋最多60字，网格最多30字。", code="building"
                )
            lines.append(BuildingLine(name, *rest))
        return lines


class RegisterUploadForm(forms.Form):
    """The workbook; what it holds is judged by the preview."""

    file = forms.FileField(
        label="党组织信息表",
        help_text="支持 .xlsx、.xls、.csv；须有“党组织全称”“上级党组织”等栏。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
