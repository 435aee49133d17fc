"""An audit event in words for whoever audits: who, what, on what, never about whom.

An auditor sees no member data, so that the names and values of rows about people stay
out; the kind of row and its number say which one it was.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from organizations import parameters
from organizations.choices import Role
from organizations.models import AuditEvent

# Details shown of any row. Each app adds its own keys with `label_details`.
_SAFE_LABELS = {
    "field": "字段",
    "reason": "理由",
    "count": "数量",
    "created": "新增",
    "updated": "修改",
    "unchanged": "未变",
    "errors": "错误",
    "rows": "行数",
    "months": "月份",
    "month": "月份",
    "period": "反馈期",
    "number": "编号",
    "sha256": "文件散列",
    "step": "步骤",
    "models": "种类",
}
# Shown only of rows that hold no personal data.
_OFFICE_LABELS = {
    "user": "账号编号",
    "role": "角色",
    "starts_on": "自",
    "ends_on": "至",
    "before": "原值",
    "after": "新值",
    "key": "参数",
    "method": "方式",
    "path": "地址",
    "file": "文件",
    "is_active": "启用",
    "account": "账号",
}
_OFFICE_APP = "organizations"
_VALUES: dict[Any, str] = {
    True: "是",
    False: "否",
    None: "无",
    "GET": "查看",
    "POST": "提交",
    "totp": "动态验证码",
    "recovery": "恢复码",
    **dict(Role.choices),
}


_VALUES_OF: dict[str, dict[str, str]] = {}


def label_details(**labels: str) -> None:
    """Name further keys of `details`; only for values that tell nothing of a person."""
    _SAFE_LABELS.update(labels)


def label_values(key: str, values: dict[str, str]) -> None:
    """Say how the stored values of a key are shown."""
    _VALUES_OF[key] = values


def target_text(event: AuditEvent) -> str:
    """Return the row the event is about; of a person's row its kind and number."""
    if not event.target_type:
        return ""
    if _is_office(event):
        return event.target_label
    try:
        name = apps.get_model(event.target_type)._meta.verbose_name
    except LookupError:
        name = "记录"
    return f"{name} {event.target_id}"


def details_text(event: AuditEvent) -> str:
    """Return the details that may be shown, in Chinese."""
    labels = _SAFE_LABELS | (_OFFICE_LABELS if _is_office(event) else {})
    shown = [
        f"{labels[key]}：{_value_text(key, value)}"
        for key, value in event.details.items()
        if key in labels
    ]
    return "；".join(shown)


def _is_office(event: AuditEvent) -> bool:
    return event.target_type.partition(".")[0] in {"", _OFFICE_APP}


def _value_text(key: str, value: Any) -> str:
    if key == "key":
        known = {spec.key: spec.label for spec in parameters.specs()}
        return known.get(value, str(value))
    if key in _VALUES_OF:
        return _VALUES_OF[key].get(value, str(value))
    if isinstance(value, list | tuple):
        return "、".join(_value_text("", item) for item in value)
    if value is None or isinstance(value, bool | str):
        return _VALUES.get(value, str(value))
    return str(value)
