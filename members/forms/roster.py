"""Forms of the roster wizard."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.errors import RuleError
from config.lib.forms import ScopedForm
from config.lib.xlsx import Limits, column_letter
from members.choices import AffiliationKind
from members.imports.layout import FIELDS, HEADING_DEPTH, SheetLayout
from organizations.access import Right
from organizations.models import Organization

_SKIP = ("", "不导入")
_COLUMNS = [_SKIP, *((key, item.label) for key, item in FIELDS.items())]
_MEGABYTE = 1024 * 1024


class UploadForm(ScopedForm):
    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="导入到",
        help_text="表中有“所在党支部”列时按各行所写的支部编入，须在这个组织范围内；"
        "没有这一列时请选择一个党支部。",
        error_messages={"invalid_choice": "请从列表中选择党组织。"},
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    kind = forms.ChoiceField(
        label="隶属方式",
        choices=AffiliationKind.choices,
        initial=AffiliationKind.ON_ROLL,
        help_text="组织关系在本支部的选“在册”；到社区报到的在职党员选“协管”；"
        "外来流动党员选“流入”。",
    )
    file = forms.FileField(
        label="花名册文件",
        help_text="支持 .xlsx、.xls 和 .csv，不超过 20 MB、10 万行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"empty": "这个文件是空的，请确认已保存完整后重新上传。"},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        field = self.fields["organization"]
        field.queryset = Organization.objects.with_right(
            user, Right.IMPORT_MEMBERS
        ).open()
        if field.queryset.count() == 1:
            self.initial["organization"] = field.queryset.first()

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        limit = Limits().size
        if upload.size > limit:
            raise RuleError(
                f"文件有 {upload.size / _MEGABYTE:.1f} MB，超过 {limit // _MEGABYTE} MB"
                " 的上限。请拆成几个文件分别上传。",
                code="too_large",
            )
        return upload


class MappingForm(forms.Form):
    """For each sheet: whether it is read, its row of headings, and every column."""

    def __init__(self, *args: Any, layouts: list[SheetLayout], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layouts = layouts
        for number, layout in enumerate(layouts):
            self.fields[f"use-{number}"] = forms.BooleanField(
                label="导入这张工作表", required=False, initial=not layout.skipped
            )
            self.fields[f"heading-{number}"] = forms.IntegerField(
                label="表头所在行",
                required=False,
                min_value=1,
                max_value=HEADING_DEPTH,
                initial=layout.heading or None,
                help_text="改动后请按“重新识别表头”。",
            )
            for place, heading in enumerate(layout.headings):
                self.fields[f"column-{number}-{place}"] = forms.ChoiceField(
                    label=f"{column_letter(place)}列 {heading or '（无标题）'}",
                    choices=_COLUMNS,
                    required=False,
                    initial=layout.columns.get(place, ""),
                )

    def sheets(self) -> list[dict[str, Any]]:
        """Group the fields by sheet, for the template."""
        return [
            {
                "layout": layout,
                "use": self[f"use-{number}"],
                "heading": self[f"heading-{number}"],
                "columns": [
                    self[f"column-{number}-{place}"]
                    for place in range(len(layout.headings))
                ],
            }
            for number, layout in enumerate(self.layouts)
        ]

    def choices(self) -> dict[str, dict[int, str] | None]:
        """Return the chosen columns by sheet, None for a sheet left out."""
        chosen: dict[str, dict[int, str] | None] = {}
        for number, layout in enumerate(self.layouts):
            if not self.cleaned_data[f"use-{number}"]:
                chosen[layout.name] = None
                continue
            columns = {
                place: self.cleaned_data[f"column-{number}-{place}"]
                for place in range(len(layout.headings))
            }
            chosen[layout.name] = {place: key for place, key in columns.items() if key}
        return chosen

    def headings(self) -> dict[str, int]:
        """Return the rows of headings that were named."""
        return {
            layout.name: row
            for number, layout in enumerate(self.layouts)
            if (row := self.cleaned_data[f"heading-{number}"])
        }
