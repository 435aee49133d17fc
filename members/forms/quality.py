"""Forms about records that may be one person's."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.masks import mask_address
from members.choices import AffiliationKind
from members.models import Member
from members.rules.quality import differing
from members.services.merging import GROUPS, Sides

KEPT, GONE = "kept", "gone"


class ApartForm(forms.Form):
    words = forms.CharField(
        label="怎样核对的",
        max_length=200,
        help_text="如“两人身份证原件不同”；写明后不再提示",
    )


class MergeForm(forms.Form):
    """For each thing in which the two differ, which of them is right."""

    def __init__(self, *args: Any, sides: Sides, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        for name in sides.differing():
            self.fields[name] = self._choice(name)
        rolls = self._rolls()
        if len(rolls) == 2 and rolls[0].organization_id != rolls[1].organization_id:
            self.fields["roll"] = forms.ChoiceField(
                label="在册党支部",
                choices=[
                    (KEPT, str(rolls[0].organization)),
                    (GONE, str(rolls[1].organization)),
                ],
                widget=forms.RadioSelect,
            )
        for name, member in (
            ("kept_version", sides.kept),
            ("gone_version", sides.gone),
        ):
            self.fields[name] = forms.IntegerField(
                widget=forms.HiddenInput, initial=member.version
            )

    def taken(self) -> list[str]:
        """Names of the groups whose value the second record gives."""
        return [name for name in GROUPS if self.cleaned_data.get(name) == GONE]

    def _rolls(self) -> list[Any]:
        found = []
        for member in (self.sides.kept, self.sides.gone):
            rolls = member.affiliations.open().filter(kind=AffiliationKind.ON_ROLL)
            found += list(rolls.select_related("organization")[:1])
        return found

    def _choice(self, name: str) -> forms.ChoiceField:
        shown = shown_values(name, self.sides)
        is_empty = not getattr(self.sides.kept, GROUPS[name][0])
        return forms.ChoiceField(
            label=str(Member._meta.get_field(name).verbose_name),
            choices=[(KEPT, shown[0]), (GONE, shown[1])],
            initial=GONE if is_empty else KEPT,
            widget=forms.RadioSelect,
        )


def shown_values(name: str, sides: Sides) -> tuple[str, str]:
    """Both values as whoever compares them may read them."""
    pair = [getattr(side, name) for side in (sides.kept, sides.gone)]
    if name in {"id_number", "phone"}:
        one, other = differing(*pair)
        if name == "id_number":
            born = [side.born_on for side in (sides.kept, sides.gone)]
            one, other = f"{one}（{born[0]}生）", f"{other}（{born[1]}生）"
    elif name in {"address", "household_address"}:
        one, other = (mask_address(value) for value in pair)
        if one == other and one:
            one, other = f"{one}（档案一）", f"{other}（档案二）"
    else:
        one, other = (_text(side, name) for side in (sides.kept, sides.gone))
    return one or "（空）", other or "（空）"


def _text(member: Member, name: str) -> str:
    display = getattr(member, f"get_{name}_display", None)
    value = display() if display else getattr(member, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    text = str(value)
    precision = getattr(member, name.replace("_on", "_precision"), "")
    if precision in {"month", "year"}:
        return text[:7] if precision == "month" else text[:4]
    return text
