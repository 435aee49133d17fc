"""Forms of what a conference dealt with: agenda, attendance, minutes, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainSelect
from config.lib.forms import TickedField
from liaison.choices.conferences import Presence
from liaison.forms.conferences import request_id_field, words_field
from liaison.models import (
    AgendaItem,
    ConferenceAttendance,
    ConferenceDecision,
    ConferenceMeeting,
    ConferenceSeat,
)
from liaison.services.agenda import Mark, Matter
from liaison.services.decisions import DecisionFacts
from members.forms.members import date_field


class AgendaForm(forms.Form):
    """Each matter is taken or left; one's own are added behind."""

    taken = TickedField(
        label="列入议程的",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="逾期的共建条款、以前没有办结的和征集的议题已列出；不列入的去掉勾选",
        error_messages={"invalid_choice": "有的议题刚刚撤回或者办结，请重新核对。"},
    )
    own = words_field("另加议题", 3, 1000, required=False, help_text="一行一个")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, matters: Sequence[Matter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken"].choices = [(each.key, each.label) for each in matters]
        self.fields["taken"].initial = [
            each.key for each in matters if not each.was_left
        ]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"taken": data["taken"], "own": data["own"].splitlines()}


class AttendanceForm(forms.Form):
    """Two fields for each unit: how it was there, and a name or a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        seats: Sequence[ConferenceSeat],
        marked: dict[int, ConferenceAttendance],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            row = marked.get(seat.pk)
            self.fields[f"presence_{seat.pk}"] = forms.ChoiceField(
                label=f"{seat}",
                choices=Presence,
                initial=row.presence if row else Presence.DELEGATE,
                widget=PlainSelect,
            )
            self.fields[f"words_{seat.pk}"] = forms.CharField(
                label=f"{seat}：参加人或者缺席原因",
                max_length=100,
                required=False,
                initial=(row.name or row.reason) if row else "",
            )

    def marks(self) -> list[Mark]:
        data = self.cleaned_data
        return [
            Mark(pk, data[f"presence_{pk}"], data[f"words_{pk}"])
            for pk in (seat.pk for seat in self.seats)
        ]


class MinutesForm(forms.Form):
    """What was said of each item, and the rest in a few words."""

    chair = forms.CharField(label="主持", max_length=50)
    recorder = forms.CharField(label="记录人", max_length=50)
    words = words_field("其他记录", 4, 3000, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        meeting: ConferenceMeeting,
        agenda: Sequence[AgendaItem],
        **kwargs: Any,
    ) -> None:
        initial = {
            "chair": meeting.chair,
            "recorder": meeting.recorder,
            "words": meeting.minutes_words,
            "version": meeting.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.agenda = agenda
        for item in agenda:
            self.fields[f"points_{item.pk}"] = words_field(
                f"议题{item.number}讨论要点：{item.title}",
                3,
                2000,
                required=False,
                initial=item.points,
            )
        points = [f"points_{item.pk}" for item in agenda]
        self.order_fields(["chair", "recorder", *points, "words"])

    def points(self) -> dict[int, str]:
        return {item.pk: self.cleaned_data[f"points_{item.pk}"] for item in self.agenda}


def _choice(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
    )


class DecisionForm(forms.Form):
    """What was decided, who does it, by when."""

    words = words_field("议定事项", 3, 200)
    item = _choice("对应议题")
    seat = _choice("责任单位")
    due_on = date_field("办理期限")
    request_id = request_id_field()

    def __init__(
        self,
        *args: Any,
        agenda: Sequence[AgendaItem],
        seats: Sequence[ConferenceSeat],
        home: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [
            ("", "不对应哪一项"),
            *((each.pk, f"议题{each.number}：{each.title}") for each in agenda),
        ]
        self.fields["seat"].choices = [
            ("", home),
            *((each.pk, str(each)) for each in seats),
        ]

    def facts(self) -> DecisionFacts:
        data = self.cleaned_data
        return DecisionFacts(
            words=data["words"],
            due_on=data["due_on"],
            seat_id=data["seat"],
            item_id=data["item"],
        )


class DecisionAmendForm(DecisionForm):
    request_id = None
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, decision: ConferenceDecision, **kwargs: Any) -> None:
        initial = {
            "words": decision.words,
            "item": decision.item_id,
            "seat": decision.seat_id,
            "due_on": decision.due_on,
            "version": decision.version,
        }
        super().__init__(*args, initial=initial, **kwargs)


class NoteForm(forms.Form):
    words = words_field("进展", 3, 500, help_text="办到哪一步、还差什么")
    request_id = request_id_field()


class CloseForm(forms.Form):
    closed_on = date_field("办结日期", initial=timezone.localdate)
    outcome = words_field("办结情况", 3, 500)
    version = forms.IntegerField(widget=forms.HiddenInput)


class BriefingForm(forms.Form):
    title = forms.CharField(label="标题", max_length=80)
    words = words_field("内容", 8, 3000)
    request_id = request_id_field()
