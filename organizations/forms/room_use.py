"""Forms of what rooms are used for: a booking, an opening, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.forms import (
    ScopedForm,
    request_id_field,
    words_field,
)
from config.lib.paths import ancestors
from organizations.access import Right
from organizations.forms.parts import (
    date_field,
    place_field,
    time_field,
)
from organizations.models import Organization, Room, RoomBooking, RoomOpening
from organizations.querysets import within
from organizations.room_querysets import USERS
from organizations.services.room_use import OpeningFacts, UseFacts

_LABELS = {
    "in_post": "在职党员（人）",
    "mobile": "流动党员（人）",
    "on_roll": "在册党员（人，退休和其他）",
    "others": "居民群众（人）",
}


class BookingForm(ScopedForm):
    """A time of one day for an organization of the user's."""

    organization = place_field("哪个党组织用")
    held_on = date_field("日期", initial=timezone.localdate)
    starts_at = time_field("开始时间")
    ends_at = time_field("结束时间")
    purpose = forms.CharField(
        label="用途", max_length=100, help_text="如：支部党员大会、政策讲座"
    )
    people = forms.IntegerField(
        label="预计人数", required=False, min_value=1, max_value=10_000
    )
    request_id = request_id_field()

    def __init__(
        self, *args: Any, user: Any, room: Room | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        places = Organization.objects.with_right(user, Right.BOOK_ROOMS).open()
        if room is not None:
            street = ancestors(room.organization.path)[0]
            places = places.filter(within([street]))
        self.fields["organization"].queryset = places.order_by("path")

    def facts(self) -> UseFacts:
        data = self.cleaned_data
        names = ("held_on", "starts_at", "ends_at", "purpose")
        return UseFacts(**{name: data[name] for name in names})


def first_place(form: BookingForm) -> int | None:
    """The one organization that somebody may book for; None where he has to choose."""
    found = list(form.fields["organization"].queryset.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


class OpeningForm(forms.Form):
    """A line of the opening log."""

    held_on = date_field("日期", initial=timezone.localdate)
    starts_at = time_field("开始时间")
    ends_at = time_field("结束时间")
    purpose = forms.CharField(
        label="用途", max_length=100, help_text="如：阅览、党课、居民议事"
    )
    is_checked = forms.BooleanField(
        label="这次检查过电教设备，都能用",
        required=False,
        help_text="勾选的，算全部设备当天检查过；坏了的另在设备清单里登记",
    )
    keeper_name = forms.CharField(label="值班管理员", max_length=50, required=False)
    words = words_field("备注", 2, 500, required=False)
    request_id = request_id_field()

    field_order = (
        *("held_on", "starts_at", "ends_at", "purpose"),
        *USERS,
        *("is_checked", "keeper_name", "words"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _LABELS.items():
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=10_000
            )
        self.order_fields(self.field_order)

    def facts(self) -> OpeningFacts:
        data = self.cleaned_data
        numbers = {name: data[name] or 0 for name in USERS}
        names = ("held_on", "starts_at", "ends_at", "purpose")
        more = ("is_checked", "keeper_name", "words")
        return OpeningFacts(**{n: data[n] for n in (*names, *more)}, **numbers)


def initial_of_use(row: RoomBooking | RoomOpening) -> dict[str, Any]:
    """What an opening takes over of a booking, or of a record that was withdrawn."""
    names = ["held_on", "starts_at", "ends_at", "purpose"]
    if isinstance(row, RoomOpening):
        names += [*USERS, "is_checked", "keeper_name", "words"]
    return {name: getattr(row, name) for name in names}


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = words_field("原因", 2, 200)
