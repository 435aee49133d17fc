"""Forms of two-way contact: authorities, contacts, exchanges, answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from activities.forms.teams import place_field
from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import NO_CHOICE, GroupedForm, ScopedForm
from config.lib.identity import normalize_phone
from liaison.choices.authorities import AuthorityKind, Direction, ExchangeGroup
from liaison.forms.parts import request_id_field, words_field
from liaison.models import Authority, AuthorityContact
from liaison.rules.authorities import RHYTHMS
from liaison.services.authorities import AuthorityFacts, ContactFacts
from liaison.services.exchanges import ExchangeFacts
from members.forms.members import date_field
from organizations.access import Right
from organizations.models import Organization, WorkUnit


class AuthorityForm(ScopedForm):
    """An authority on the register; `authority` is the one to be changed."""

    organization = place_field("街道党工委")
    name = forms.CharField(
        label="部门名称", max_length=80, help_text="如：区市场监督管理局登记注册科"
    )
    kind = forms.ChoiceField(
        label="类别", choices=[("", NO_CHOICE), *AuthorityKind.choices]
    )
    duty = forms.CharField(
        label="往来什么",
        max_length=200,
        required=False,
        help_text="如：每季度提供新登记、注销的企业名单",
    )
    since = date_field("建立联系日期", initial=timezone.localdate)
    months = forms.TypedChoiceField(
        label="几个月往来一次",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="不选的，按“参数”里街道统一的频次",
    )
    request_id = request_id_field()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        user: Any,
        authority: Authority | None = None,
        **kwargs: Any,
    ) -> None:
        if authority is not None:
            names = ("name", "kind", "duty", "since", "months", "version")
            kwargs["initial"] = {name: getattr(authority, name) for name in names}
        super().__init__(*args, user=user, **kwargs)
        self.fields["months"].choices = [
            ("", "照街道统一的"),
            *((each, f"{each} 个月") for each in RHYTHMS),
        ]
        if authority is not None:
            del self.fields["organization"]
            return
        places = Organization.objects.with_right(user, Right.KEEP_AUTHORITIES)
        field = self.fields["organization"]
        field.queryset = places.open().filter(parent__isnull=True).order_by("path")
        # Most offices have one street: nothing to choose.
        field.initial = field.queryset.values_list("pk", flat=True).first()

    def facts(self) -> AuthorityFacts:
        data = self.cleaned_data
        return AuthorityFacts(
            name=data["name"],
            kind=data["kind"],
            since=data["since"],
            duty=data["duty"],
            months=data["months"],
        )


class RetireForm(forms.Form):
    reason = words_field("停止联系的原因", 3, 200, help_text="如：机构改革，并入某局")
    version = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(forms.Form):
    """Whom to call; shown whole to those who maintain it."""

    name = forms.CharField(label="姓名", max_length=50)
    job = forms.CharField(label="科室和职务", max_length=80, required=False)
    phone = forms.CharField(
        label="电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    request_id = request_id_field()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, contact: AuthorityContact | None = None, **kwargs: Any
    ) -> None:
        if contact is not None:
            names = ("name", "job", "phone", "version")
            kwargs["initial"] = {name: getattr(contact, name) for name in names}
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        return normalize_phone(phone) if phone else ""

    def facts(self) -> ContactFacts:
        data = self.cleaned_data
        return ContactFacts(name=data["name"], job=data["job"], phone=data["phone"])


class ContactEndForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExchangeForm(ScopedForm):
    """A list or notice that went out or came in."""

    direction = forms.ChoiceField(
        label="方向", choices=Direction, widget=forms.RadioSelect
    )
    held_on = date_field("往来日期", initial=timezone.localdate)
    matter = forms.CharField(
        label="事由", max_length=80, help_text="如：第三季度新登记企业名单"
    )
    words = words_field(
        "内容",
        3,
        1000,
        required=False,
        help_text="写要点；名单很长的上传附件",
    )
    units = forms.ModelMultipleChoiceField(
        label="涉及的单位",
        queryset=WorkUnit.objects.filter(is_active=True).only("name"),
        required=False,
        help_text="已在工作单位里登记的，选上以后在单位之间好查",
        widget=forms.SelectMultiple(attrs={"data-picker": True}),
        error_messages={"invalid_choice": "所选的单位已不在名单里，请重新选择。"},
    )
    file = forms.FileField(
        label="附件",
        required=False,
        help_text="名单或函件：表格、照片或 PDF，20 兆以内",
    )
    due_on = date_field("答复期限", required=False, help_text="不用答复的不填")
    request_id = request_id_field()

    def facts(self) -> ExchangeFacts:
        data = self.cleaned_data
        return ExchangeFacts(
            held_on=data["held_on"],
            direction=data["direction"],
            matter=data["matter"],
            words=data["words"],
            due_on=data["due_on"],
        )


class AnswerForm(forms.Form):
    """What came back, or what the street answered."""

    answered_on = date_field("答复日期", initial=timezone.localdate)
    words = words_field("答复了什么", 3, 1000)
    left_open = forms.CharField(
        label="未了事项",
        max_length=200,
        required=False,
        help_text="还差什么没有办；都办了的留空",
    )
    file = forms.FileField(
        label="答复附件",
        required=False,
        help_text="表格、照片或 PDF，20 兆以内；新的代替旧的",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExchangeWithdrawForm(forms.Form):
    reason = words_field("撤回的原因", 3, 200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExchangeFilterForm(GroupedForm):
    """GET form of the list."""

    groups = ExchangeGroup

    authority = PlainModelChoiceField(
        label="部门",
        queryset=Authority.objects.order_by("name"),
        label_column="name",
        required=False,
    )
    unit = PlainModelChoiceField(
        label="涉及的单位",
        queryset=WorkUnit.objects.filter(exchanges__isnull=False).distinct(),
        label_column="name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
    )
