"""Forms of the Party school's terms and courses."""

from __future__ import annotations

from typing import Any

from django import forms

from activities.models import Course, SchoolTerm
from activities.rules.school import SCHOOL_KINDS
from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ScopedForm, ScopedModelForm
from config.lib.versions import VersionedFormMixin
from organizations.access import Right
from organizations.models import Organization, User, WorkUnit


def schools(user: User) -> Any:
    """Organizations for whose school `user` may open a term."""
    return (
        Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
        .open()
        .filter(kind__in=SCHOOL_KINDS)
        .order_by("path")
    )


class TermForm(ScopedModelForm):
    """A term as it is planned."""

    organization = forms.ModelChoiceField(
        label="办学党组织", queryset=Organization.objects.none()
    )
    partner = KeptModelChoiceField(
        label="合办单位",
        queryset=WorkUnit.objects.filter(is_active=True).order_by("name"),
        label_column="name",
        required=False,
        help_text="一起办学的驻区企业等，可以不选",
        widget=PlainSelect(attrs={"data-picker": True}),
    )

    class Meta:
        model = SchoolTerm
        fields = ["organization", "name", "starts_on", "ends_on", "partner", "plan"]
        widgets = {
            "starts_on": forms.DateInput,
            "ends_on": forms.DateInput,
            "plan": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {"name": "如：2026年秋季业余党校"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = schools(self.user)

    def _post_clean(self) -> None:
        """Leave checking the whole to the service."""

    def facts(self) -> dict[str, Any]:
        """What the service takes, but for the place."""
        return {
            name: self.cleaned_data[name]
            for name in ("name", "starts_on", "ends_on", "partner", "plan")
        }


class TermAmendForm(VersionedFormMixin, TermForm):
    """A term that is known; its place stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["organization"]


class CourseForm(VersionedFormMixin, ScopedModelForm):
    """A course with who teaches it."""

    class Meta:
        model = Course
        fields = [
            *("title", "lecturer", "lecturer_post", "hours"),
            *("audience", "expected_people"),
        ]
        widgets = {"hours": forms.NumberInput(attrs={"step": "0.5"})}
        help_texts = {
            "lecturer_post": "如：江滨物业公司党支部书记",
            "hours": "半天记4学时，全天记8学时",
            "audience": "如：各支部书记、入党积极分子",
            "expected_people": "用来算到课率；不填的按每次名单上的人数算",
        }

    def _post_clean(self) -> None:
        """Leave checking the whole to the service."""

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class TermFilterForm(ScopedForm):
    """GET form of the list of terms."""

    state = forms.ChoiceField(
        label="学期",
        required=False,
        choices=[("", "全部"), ("running", "正在办的"), ("ended", "已结业的")],
        widget=PlainSelect,
    )
