"""Forms about what residents say of a member."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.versions import VersionedFormMixin
from members.choices.comments import CommentKind, CommentSource
from members.forms.members import date_field
from members.models import Member, ResidentComment
from members.rules.comments import TEXT_LENGTH
from members.services.comments import CommentFacts, keepers


def _text(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        **kwargs,
    )


class CommentForm(forms.Form):
    """What was said; `organization` is who keeps it and answers."""

    kind = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *CommentKind.choices]
    )
    source = forms.ChoiceField(
        label="来源", choices=[("", "请选择"), *CommentSource.choices]
    )
    received_on = date_field("收到日期", initial=timezone.localdate)
    content = _text("反映内容", help_text="照原意记，只记事实")
    informant = forms.CharField(
        label="反映人",
        max_length=60,
        required=False,
        help_text="可以不写；只有登记的党组织和街道能看到",
    )
    organization = forms.TypedChoiceField(
        label="由谁办理", coerce=int, help_text="涉及支部书记本人的，由上一级办理"
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Member, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = keepers(member, user)
        self.fields["organization"].choices = [(o.pk, str(o)) for o in found]

    def facts(self) -> CommentFacts:
        """What the service takes."""
        names = ("received_on", "source", "kind", "content", "informant")
        return CommentFacts(**{name: self.cleaned_data[name] for name in names})


class _StepForm(VersionedFormMixin, forms.Form):
    """A step of one comment, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: ResidentComment, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class HandleForm(_StepForm):
    handler = forms.CharField(label="处理人", max_length=60)
    day = date_field("处理日期")
    words = _text("处理情况", help_text="核实了什么、怎样谈话或改正的")


class AnswerForm(_StepForm):
    day = date_field("答复日期")
    words = _text(
        "答复情况", help_text="怎样答复、反映人是否满意；没有反映人的，写在哪里说明的"
    )


class CloseForm(_StepForm):
    """Asks nothing more."""


class WithdrawForm(_StepForm):
    words = _text("撤回原因")


class CommentFilterForm(forms.Form):
    """GET form of the list; there is no search by person."""

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *CommentKind.choices]
    )
    source = forms.ChoiceField(
        label="来源", required=False, choices=[("", "全部"), *CommentSource.choices]
    )
