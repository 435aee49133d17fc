"""The filters of the lists of cards and packets."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, ScopedForm
from liaison.choices import PacketState
from liaison.querysets import FeedbackPacketQuerySet, LiaisonCardQuerySet
from members.search import WHOLE_NUMBER_HINT, is_whole_number
from organizations.choices import FeedbackChannel
from organizations.models import Organization

OPEN, CLOSED, ALL = "open", "closed", "all"


def _search(label: str) -> forms.CharField:
    attrs = {"type": "search", "placeholder": label, "autocomplete": "off"}
    return forms.CharField(
        label=label,
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs=attrs),
    )


class CardFilter(ScopedForm):
    """GET form of the card list; a wrong value gives nothing, not everything."""

    q = _search("姓名、拼音、首字母或卡号")
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
    )
    unit = forms.CharField(label="工作单位", required=False, max_length=50)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "在用"), (CLOSED, "已注销"), (ALL, ANY_CHOICE)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].empty_label = ANY_CHOICE
        self.fields["state"].choices = [
            ("", "在用"),
            (CLOSED, "已注销"),
            (ALL, ANY_CHOICE),
        ]

    def clean_q(self) -> str:
        text = self.cleaned_data["q"].strip()
        if is_whole_number(text):
            raise forms.ValidationError(WHOLE_NUMBER_HINT)
        return text

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "q")

    def narrow(self, cards: LiaisonCardQuerySet) -> LiaisonCardQuerySet:
        if not self.is_valid():
            return cards.none()
        data = self.cleaned_data
        if not data["state"]:
            cards = cards.open()
        elif data["state"] == CLOSED:
            cards = cards.filter(ends_on__isnull=False)
        if data["organization"]:
            below = Organization.objects.subtree(data["organization"])
            cards = cards.filter(organization__in=below)
        if data["unit"]:
            cards = cards.filter(home_unit__name__contains=data["unit"].strip())
        if data["q"]:
            cards = cards.matching(data["q"])
        return cards


class PacketFilter(forms.Form):
    """GET form of the board of units."""

    q = _search("单位名称或编号")
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", ANY_CHOICE), *PacketState.choices]
    )
    channel = forms.ChoiceField(
        label="送达方式",
        required=False,
        choices=[("", ANY_CHOICE), *FeedbackChannel.choices],
    )

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "q")

    def narrow(self, packets: FeedbackPacketQuerySet) -> FeedbackPacketQuerySet:
        if not self.is_valid():
            return packets.none()
        data = self.cleaned_data
        if data["state"]:
            packets = packets.filter(board_state=data["state"])
        if data["channel"]:
            packets = packets.filter(channel=data["channel"])
        if text := data["q"].strip():
            packets = packets.filter(work_unit__name__contains=text) | packets.filter(
                number=text
            )
        return packets
