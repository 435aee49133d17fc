"""Forms of a member's own view, and of what the branch says to it."""

from __future__ import annotations

from typing import Any

from django import forms

from liaison.forms.cards import EntryForm

CONFIRM, DECLINE = "confirm", "decline"


class ProposalForm(EntryForm):
    """What the member did, in his words."""

    resident_words = None


class SettleForm(forms.Form):
    decision = forms.ChoiceField(
        label="核定",
        choices=[(CONFIRM, "属实，记入联系卡"), (DECLINE, "不予记入")],
        widget=forms.RadioSelect,
        initial=CONFIRM,
    )
    reason = forms.CharField(
        label="不予记入的原因",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="本人会看到",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == DECLINE and not data.get("reason"):
            self.add_error("reason", "不予记入的，请写明原因，本人会看到。")
        return data
