"""One field for one parameter, by its kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organizations import parameters
from organizations.parameters import ParameterSpec

LINES_HELP = "每行一项，按显示顺序填写。"
BANDS_HELP = (
    "每行一段：名称，起始值。从小到大；第一段不写起始值，"
    "每段到下一段的起始值之前为止，最后一段不设上限。"
)
RATES_HELP = (
    "每行一档：上限（元，含本数），比例（%）。从小到大；最后一档上限写“以上”，"
    "如：“3000，0.5”“以上，2”。"
)
_ABOVE = "以上"
_HELP = {"bands": BANDS_HELP, "rates": RATES_HELP}


class ParameterForm(forms.Form):
    """`cleaned_data["value"]` is what `parameters.change` takes."""

    def __init__(self, *args: Any, spec: ParameterSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spec = spec
        self.fields["value"] = _field(spec)

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.spec.kind == "list":
            value = [line.strip() for line in value.splitlines() if line.strip()]
        elif self.spec.kind == "bands":
            value = _parse_bands(value)
        elif self.spec.kind == "rates":
            value = _parse_rates(value)
        elif self.spec.kind == "decimal":
            value = float(value)
        parameters.validate(self.spec.key, value)
        return value


def initial_value(spec: ParameterSpec, value: Any) -> Any:
    """Return `value` as the form shows it."""
    if spec.kind == "list":
        return "\n".join(value)
    if spec.kind == "bands":
        return "\n".join(
            label if lower is None else f"{label}，{lower}" for label, lower, _ in value
        )
    if spec.kind == "rates":
        return "\n".join(
            f"{_ABOVE if upper is None else upper}，{percent}"
            for upper, percent in value
        )
    return value


def shown_value(spec: ParameterSpec, value: Any) -> str:
    """Return `value` in words for a list."""
    if spec.kind == "choice":
        return dict(spec.choices).get(value, "")
    if spec.kind == "list":
        return "、".join(value)
    if spec.kind == "bands":
        return "、".join(label for label, _, _ in value)
    if spec.kind == "rates":
        return "、".join(
            f"{_ABOVE}{percent}%" if upper is None else f"至{upper}元{percent}%"
            for upper, percent in value
        )
    return f"{value} {spec.unit}".strip()


def _field(spec: ParameterSpec) -> forms.Field:
    label = f"{spec.label}（{spec.unit}）" if spec.unit else spec.label
    if spec.kind == "integer":
        return forms.IntegerField(
            label=label, min_value=spec.minimum or 0, max_value=spec.maximum
        )
    if spec.kind == "decimal":
        return forms.DecimalField(
            label=label, min_value=spec.minimum, max_value=spec.maximum
        )
    if spec.kind == "choice":
        return forms.ChoiceField(label=label, choices=spec.choices)
    return forms.CharField(
        label=label,
        help_text=_HELP.get(spec.kind, LINES_HELP),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


def _parse_bands(text: str) -> list[list[Any]]:
    """Read lines of "label，lower" into bands that follow one another."""
    bands: list[list[Any]] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        label, _, lower = line.replace(",", "，").partition("，")
        label, lower = label.strip(), lower.strip()
        if not label:
            raise ValidationError(f"第 {number} 行缺少名称，请补上。", code="label")
        if number == 1:
            if lower:
                raise ValidationError("第一段不写起始值，请去掉。", code="first")
            bands.append([label, None, None])
            continue
        if not (lower.isascii() and lower.isdigit()):
            raise ValidationError(
                f"第 {number} 行的起始值须是整数，写在名称和逗号之后。", code="lower"
            )
        if bands[-1][1] is not None and int(lower) <= bands[-1][1]:
            raise ValidationError(
                f"第 {number} 行的起始值须大于上一行的。", code="order"
            )
        bands[-1][2] = int(lower)
        bands.append([label, int(lower), None])
    return bands


def _parse_rates(text: str) -> list[list[Any]]:
    """Read lines of "upper，percent"; what they may be is the parameter's to check."""
    rates: list[list[Any]] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines, start=1):
        upper, _, percent = line.replace(",", "，").partition("，")
        upper, percent = upper.strip(), percent.strip().removesuffix("%")
        if upper != _ABOVE and not (upper.isascii() and upper.isdigit()):
            raise ValidationError(
                f"第 {number} 行的上限须是整数，最后一档写“{_ABOVE}”。", code="upper"
            )
        rates.append([None if upper == _ABOVE else int(upper), percent])
    return rates
