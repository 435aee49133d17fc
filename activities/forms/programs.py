"""The forms of a program and its items."""

from __future__ import annotations

from typing import Any

from django import forms

from activities.choices import EarnedBy, ProgramPeriod
from activities.models import Program
from activities.services.programs import ItemFacts, ProgramFacts
from members.choices import Category

SPARE_ROWS = 3


class ProgramForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40)
    audience = forms.ChoiceField(label="对象", choices=Category)
    period = forms.ChoiceField(label="周期", choices=ProgramPeriod)
    valid_from = forms.DateField(label="启用日期", widget=forms.DateInput)
    valid_until = forms.DateField(
        label="停用日期",
        required=False,
        widget=forms.DateInput,
        help_text="从这一天起不再使用；留空表示一直使用。",
    )
    source = forms.CharField(label="依据", max_length=200, required=False)


class ItemForm(forms.Form):
    item_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="项目", max_length=40, required=False)
    required_count = forms.IntegerField(
        label="应完成次数", min_value=1, max_value=365, initial=1
    )
    unit = forms.CharField(label="单位", max_length=10, initial="次")
    needs_evidence = forms.BooleanField(label="须佐证材料", required=False)
    earned_by = forms.ChoiceField(
        label="自动取自",
        choices=[("", "不自动计入"), *EarnedBy.choices],
        required=False,
    )
    is_removed = forms.BooleanField(label="删除", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("item_id") and not data.get("name") and not data.get("is_removed"):
            self.add_error("name", "请填写项目名称；不要这一项时请勾选“删除”。")
        return data


ItemFormSet = forms.formset_factory(ItemForm, extra=SPARE_ROWS, max_num=40)


def initial_items(program: Program) -> list[dict[str, Any]]:
    return [
        {
            "item_id": item.pk,
            "name": item.name,
            "required_count": item.required_count,
            "unit": item.unit,
            "needs_evidence": item.needs_evidence,
            "earned_by": item.earned_by,
        }
        for item in program.items.all()
    ]


def initial_program(program: Program) -> dict[str, Any]:
    names = ProgramForm.base_fields
    return {name: getattr(program, name) for name in names}


def facts_from(form: ProgramForm, formset: Any) -> ProgramFacts:
    """Facts of a valid form; rows without a name are spare ones."""
    items = [
        ItemFacts(
            name=row["name"],
            required_count=row["required_count"],
            unit=row["unit"],
            needs_evidence=row["needs_evidence"],
            earned_by=row["earned_by"],
            item_id=row["item_id"],
        )
        for row in formset.cleaned_data
        if row.get("name") and not row["is_removed"]
    ]
    return ProgramFacts(items=items, **form.cleaned_data)
