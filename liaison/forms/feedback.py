"""Forms of feedback: the table of words, sending, receipts."""

from __future__ import annotations

from django import forms

from config.lib.forms import NO_CHOICE, TickedField
from liaison.choices.bounces import BounceReason
from organizations.choices import FeedbackChannel


class DeliverForm(forms.Form):
    channel = forms.ChoiceField(
        label="送达方式", choices=FeedbackChannel.choices, widget=forms.RadioSelect
    )


class BounceForm(forms.Form):
    attempt = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label="退信原因", choices=[("", NO_CHOICE), *BounceReason.choices]
    )
    said = forms.CharField(
        label="说明",
        required=False,
        max_length=200,
        help_text="可抄退信上的一句话，也可以不填。",
    )


class PaperForm(forms.Form):
    """Ticked packets of the paper list."""

    packets = TickedField(
        label="反馈材料", error_messages={"required": "请至少勾选一个单位。"}
    )

    def __init__(self, *args, packet_ids: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packets"].choices = [(str(pk), "") for pk in packet_ids]
