"""The form of a supplement: every line of the packet, to correct where it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms

from liaison.rules import MAX_WORDS
from liaison.services.supplements import REASON_MOST, Draft
from liaison.supplementing import Correction, Line, has_other_record

_WORDS = {"rows": 2}


@dataclass(frozen=True)
class Row:
    """The fields of one line, for the template."""

    line: Line
    now: Line | None
    fields: tuple[Any, ...]


class SupplementForm(forms.Form):
    """Fields `grade-<card>`, `words-<card>`, `record-<card>`, `out-<card>`.

    People whom the packet left out have `in-<card>` alone.
    """

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="更正原因",
        max_length=REASON_MOST,
        widget=forms.Textarea(attrs=_WORDS),
        help_text="写给单位看，例如：经核对，七月的两次服务漏记。",
    )

    def __init__(self, *args: Any, draft: Draft, grades: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.fields["version"].initial = draft.version
        for card, line in draft.before.items():
            self._add_line(card, line, grades)
        for card, line in draft.now.items():
            if card not in draft.before:
                self.fields[f"in-{card}"] = forms.BooleanField(
                    label=f"补列{line['name']}", required=False
                )

    def _add_line(self, card: str, line: Line, grades: list[str]) -> None:
        listed = grades if line["grade"] in ["", *grades] else [line["grade"], *grades]
        self.fields[f"grade-{card}"] = forms.ChoiceField(
            label="等次",
            required=False,
            initial=line["grade"],
            choices=[("", "未评定"), *((grade, grade) for grade in listed)],
        )
        self.fields[f"words-{card}"] = forms.CharField(
            label="评语",
            required=False,
            initial=line["words"],
            max_length=MAX_WORDS,
            widget=forms.Textarea(attrs=_WORDS),
        )
        if has_other_record(line, self.draft.now.get(card)):
            self.fields[f"record-{card}"] = forms.BooleanField(
                label="次数、时长和明细按现在的记录更正", required=False
            )
        self.fields[f"out-{card}"] = forms.BooleanField(
            label="原材料误列此人，撤销", required=False
        )

    def rows(self) -> list[Row]:
        """The lines of the packet with their fields."""
        return [
            Row(line, self.draft.now.get(card), self._of(card))
            for card, line in self.draft.before.items()
        ]

    def left_out(self) -> list[Row]:
        return [
            Row(line, line, self._of(card))
            for card, line in self.draft.now.items()
            if card not in self.draft.before
        ]

    def _of(self, card: str) -> tuple[Any, ...]:
        names = (f"{key}-{card}" for key in ("grade", "words", "record", "out", "in"))
        return tuple(self[name] for name in names if name in self.fields)

    def corrections(self) -> list[Correction]:
        data = self.cleaned_data
        cards = [*self.draft.before, *(set(self.draft.now) - set(self.draft.before))]
        return [
            Correction(
                card=card,
                grade=data.get(f"grade-{card}", ""),
                words=data.get(f"words-{card}", "").replace("\r\n", "\n"),
                takes_record=data.get(f"record-{card}", False),
                is_out=data.get(f"out-{card}", False),
                is_in=data.get(f"in-{card}", False),
            )
            for card in cards
        ]
