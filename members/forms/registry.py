"""Forms of registration authorities' lists: upload and settling."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.utils import timezone

from config.lib.choices import PlainModelChoiceField
from config.lib.forms import ScopedForm, TickedField
from config.lib.periods import Quarter
from organizations.coverage_choices import OUTCOMES, RegistryScope
from organizations.models import Community
from organizations.services.registry import ListFacts

QUARTERS_OFFERED = 5


class DifferenceGroup(models.TextChoices):
    """Tabs of a list: the kinds, and what is settled."""

    NEW = "new", "新登记"
    GONE = "gone", "名单上没有"
    RENAMED = "renamed", "名称变更"
    CHANGED = "changed", "其他变更"
    SETTLED = "settled", "已处理"


class RegistryUploadForm(forms.Form):
    authority = forms.CharField(
        label="登记机关", max_length=60, help_text="如：区市场监督管理局、区民政局"
    )
    scope = forms.ChoiceField(
        label="名单范围",
        choices=RegistryScope.choices,
        help_text="名单上没有的，只在这个范围里查",
    )
    quarter = forms.ChoiceField(label="季度")
    file = forms.FileField(
        label="名单",
        help_text="支持 .xlsx、.xls、.csv；须有“统一社会信用代码”和“企业名称”两栏，"
        "另认企业类型、住所、法定代表人、登记状态",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = [Quarter.containing(timezone.localdate())]
        while len(quarters) < QUARTERS_OFFERED:
            quarters.append(quarters[-1].previous())
        self.fields["quarter"].choices = [
            (each.start.isoformat(), each.title) for each in quarters
        ]

    def facts(self) -> ListFacts:
        data = self.cleaned_data
        return ListFacts(
            authority=data["authority"],
            scope=data["scope"],
            quarter_starts_on=date.fromisoformat(data["quarter"]),
        )


class SettleForm(ScopedForm):
    """What is decided about the ticked differences of one kind."""

    ids = TickedField(label="单位", coerce=int, required=False)
    everything = forms.BooleanField(label="这一类全部", required=False)
    outcome = forms.ChoiceField(label="处理")
    community = PlainModelChoiceField(
        label="所在社区",
        queryset=Community.objects.order_by("organization__path"),
        label_column="name",
        required=False,
        help_text="从地址看不出社区的，纳入以前选一个",
    )
    reason = forms.CharField(
        label="不改的原因", max_length=200, required=False, help_text="选“不改”的必填"
    )

    def __init__(self, *args: Any, group: str, offered: list[int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (each.value, each.label) for each in OUTCOMES[group]
        ]
        self.fields["ids"].choices = [(pk, pk) for pk in offered]
        places = self.fields["community"].queryset.visible_to(self.user)
        self.fields["community"].queryset = places
        if group != DifferenceGroup.NEW:
            del self.fields["community"]
