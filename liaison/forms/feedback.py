"""Forms of feedback: the table of words, sending, receipts."""

from __future__ import annotations

from django import forms

from config.lib.forms import TickedField
from organizations.choices import FeedbackChannel


class DeliverForm(forms.Form):
    channel = forms.ChoiceField(
        label="送达方式", choices=FeedbackChannel.choices, widget=forms.RadioSelect
    )


class PaperForm(forms.Form):
    """Ticked packets of the paper list."""

    packets = TickedField(
        label="反馈材料", error_messages={"required": "请至少勾选一个单位。"}
    )

    def __init__(self, *args, packet_ids: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packets"].choices = [(str(pk), "") for pk in packet_ids]
