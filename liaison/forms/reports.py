"""Forms of a unit's answers and messages, and of settling them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms

from config.lib.forms import NO_CHOICE, ScopedForm
from config.lib.versions import VersionedFormMixin
from liaison.choices.reports import AnswerKind, ReportKind, ReportState
from liaison.services.reports import Answer, Message
from organizations.access import Right
from organizations.models import Organization

_NAME = forms.TextInput(attrs={"autocomplete": "name"})
_ANSWERS = [("", "不另答复"), *AnswerKind.choices]


@dataclass(frozen=True)
class AnswerRow:
    name: str
    kind: Any
    words: Any


class ReceiptForm(forms.Form):
    """The confirmation, with an answer for each member who asks for one.

    `people` are the lines of the packet; the fields are `answer-<card>`, `say-<card>`.
    """

    name = forms.CharField(label="确认人", max_length=50, widget=_NAME)
    words = forms.CharField(
        label="回复意见",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="可写对党员的鼓励或对街道的建议，也可以不填。",
    )

    def __init__(self, *args: Any, people: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for line in people:
            self.fields[f"answer-{line['card']}"] = forms.ChoiceField(
                label=f"{line['name']}的答复", required=False, choices=_ANSWERS
            )
            self.fields[f"say-{line['card']}"] = forms.CharField(
                label="说明", required=False, max_length=200
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for line in self.people:
            words = f"say-{line['card']}"
            kind = data.get(f"answer-{line['card']}")
            if kind == AnswerKind.DIFFERS and not data.get(words, "").strip():
                self.add_error(words, f"请写明{line['name']}哪里有出入。")
            elif not kind and data.get(words, "").strip():
                self.add_error(
                    f"answer-{line['card']}",
                    f"写了说明，请同时选择{line['name']}的答复。",
                )
        return data

    def rows(self) -> list[AnswerRow]:
        return [
            AnswerRow(
                line["name"],
                self[f"answer-{line['card']}"],
                self[f"say-{line['card']}"],
            )
            for line in self.people
        ]

    def given(self) -> dict[str, Any]:
        """What the services of a confirmation take."""
        data = self.cleaned_data
        answers = [
            Answer(
                line["card"],
                data[f"answer-{line['card']}"],
                data[f"say-{line['card']}"],
            )
            for line in self.people
        ]
        return {"name": data["name"], "words": data["words"], "answers": answers}


class TellForm(forms.Form):
    """A message of the unit about one person."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label="反映什么", choices=[("", NO_CHOICE), *ReportKind.choices]
    )
    card = forms.ChoiceField(label="党员", required=False)
    person_name = forms.CharField(
        label="其他人的姓名",
        required=False,
        max_length=30,
        help_text="不在上面名单中的人，如新到的在职党员，在这里填写。",
    )
    about = forms.CharField(
        label="内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明时间和经过，例如：2026年10月调往市教育局。",
    )
    told_by = forms.CharField(label="反映人", max_length=50, widget=_NAME)

    def __init__(self, *args: Any, people: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(line["card"], line["name"]) for line in people]
        self.fields["card"].choices = [("", "不在名单中"), *listed]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        named = bool(data.get("person_name", "").strip())
        if data.get("card") and named:
            self.add_error("person_name", "已从名单中选了党员，请不要再填姓名。")
        elif not data.get("card") and not named and "card" in data:
            self.add_error("card", "请从名单中选择，或在下面填写姓名。")
        return data

    def message(self) -> Message:
        data = self.cleaned_data
        return Message(
            kind=data["kind"],
            card=data["card"],
            person_name=data["person_name"],
            words=data["about"],
            told_by=data["told_by"],
            request_id=data["request_id"],
        )


class SettleForm(VersionedFormMixin, forms.Form):
    outcome = forms.ChoiceField(
        label="办理",
        choices=[
            (ReportState.ACCEPTED.value, "采纳"),
            (ReportState.LAID_ASIDE.value, "不予采纳"),
        ],
        widget=forms.RadioSelect,
    )
    reply = forms.CharField(
        label="答复",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="单位能看到。不予采纳的必须写明原因。",
    )

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class PassOnForm(VersionedFormMixin, ScopedForm):
    """To which of the places whose cards the user keeps."""

    place = forms.ModelChoiceField(label="转给", queryset=Organization.objects.none())

    def __init__(self, *args: Any, instance: Any, user: Any, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, user=user, **kwargs)
        places = Organization.objects.open().with_right(user, Right.KEEP_CARDS)
        self.fields["place"].queryset = places.order_by("path")


class ReportFilter(forms.Form):
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "待办"), ("all", "全部"), *ReportState.choices[1:]],
    )
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "不限"), *ReportKind.choices]
    )

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, reports: Any) -> Any:
        if not self.is_valid():
            return reports.none()
        data = self.cleaned_data
        if not data["state"]:
            reports = reports.open()
        elif data["state"] != "all":
            reports = reports.filter(state=data["state"])
        return reports.filter(kind=data["kind"]) if data["kind"] else reports
