"""The form of an employer."""

from __future__ import annotations

from django import forms

from config.lib.forms import ScopedModelForm
from config.lib.identity import normalize_credit_code, normalize_phone
from config.lib.versions import VersionedFormMixin
from organizations.models import WorkUnit
from organizations.services.work_units import CHANGEABLE


class WorkUnitForm(VersionedFormMixin, ScopedModelForm):
    class Meta:
        model = WorkUnit
        fields = list(CHANGEABLE)
        error_messages = {"name": {"unique": "已有同名的单位，请在列表中查找。"}}
        help_texts = {
            "credit_code": "18位；没有可留空。",
            "is_resident": "单位驻在本街道辖区内。",
            "feedback_channel": "选电子邮件时须填写联络邮箱。",
            "is_active": "不再往来的单位取消勾选，不必删除。",
        }
        widgets = {"contact_phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def clean_credit_code(self) -> str:
        return normalize_credit_code(self.cleaned_data["credit_code"])

    def clean_contact_phone(self) -> str:
        return normalize_phone(self.cleaned_data["contact_phone"])
