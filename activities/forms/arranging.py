"""The form of an activity to come."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from activities.choices import ActivityKind
from activities.models import Activity
from activities.services.arranging import Arrangement
from activities.suggestions import KIND_DEFAULTS, title_for
from config.lib.choices import OfferedInput
from config.lib.forms import ScopedForm
from config.lib.periods import Month
from config.lib.versions import display_value
from organizations.models import Room

MOST_ROOMS = 50


class ArrangeForm(ScopedForm):
    """A day, an hour, a place. `accepts` says that the clashes shown are known."""

    kind = forms.ChoiceField(label="活动类型", choices=ActivityKind)
    title = forms.CharField(
        label="主题", max_length=100, required=False, help_text="留空按类型自动填写"
    )
    starts_at = forms.DateTimeField(
        label="开始时间",
        widget=forms.DateTimeInput,
        error_messages={"invalid": "时间不对，请按 2026-10-05 09:00 的样子填写。"},
    )
    hours = forms.DecimalField(
        label="时长（小时）",
        required=False,
        min_value=0.1,
        max_value=24,
        decimal_places=1,
        max_digits=4,
        help_text="留空按类型自动填写",
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    place = forms.CharField(label="地点", max_length=100)
    leader = forms.CharField(label="主持（主讲）人", max_length=50, required=False)
    summary = forms.CharField(
        label="内容安排", max_length=2000, required=False, widget=forms.Textarea
    )
    accepts = forms.BooleanField(label="已知道下面的冲突，仍然这样安排", required=False)
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shows_clashes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rooms = Room.objects.visible_to(self.user).in_use(timezone.localdate())
        names = rooms.order_by("pk").values_list("name", flat=True)[:MOST_ROOMS]
        self.fields["place"].widget = OfferedInput(names)
        if not shows_clashes:
            self.fields["accepts"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, when = data.get("kind"), data.get("starts_at")
        if kind is None or when is None:
            return data
        if not (data.get("title") or "").strip():
            data["title"] = title_for(kind, Month.containing(timezone.localdate(when)))
        if data.get("hours") is None and "hours" not in self.errors:
            data["hours"] = KIND_DEFAULTS[kind].hours
        return data

    def stale_display(self, name: str, value: Any) -> str:
        if name == "starts_at":
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        return display_value(self.fields[name], value)

    def facts(self) -> Arrangement:
        data = self.cleaned_data
        return Arrangement(
            **{
                name: data[name]
                for name in (
                    *("kind", "title", "starts_at", "hours"),
                    *("place", "leader", "summary"),
                )
            }
        )


def initial_arrangement(
    kind: str, title: str, place: str, starts_at: Any
) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "place": place,
        "starts_at": starts_at,
        "hours": f"{KIND_DEFAULTS[kind].hours.normalize():f}",
        "request_id": uuid4(),
    }


def initial_of_planned(activity: Activity) -> dict[str, Any]:
    return {
        "kind": activity.kind,
        "title": activity.title,
        "starts_at": timezone.localtime(activity.starts_at),
        "hours": f"{activity.hours.normalize():f}",
        "place": activity.place,
        "leader": activity.leader,
        "summary": activity.summary,
        "version": activity.version,
    }
