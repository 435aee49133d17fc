"""The forms of a democratic review: opening, entries, ballots, verdicts, steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from activities.choices.reviews import Correction, Grade, Outcome
from activities.models import Activity, Review, ReviewResult
from activities.rules import reviews as rules
from activities.rules.reviews import Ballots, Verdict
from activities.services.reviews import EntryFacts, Papers
from config.lib.choices import PlainModelChoiceField
from config.lib.forms import ANY_CHOICE, NO_CHOICE, ScopedForm, TickedField
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from organizations.models import Organization

NOT_OPENED = "none"
_YEARS_SHOWN = 5


def year_choices(today: date) -> list[tuple[str, str]]:
    years = range(today.year, today.year - _YEARS_SHOWN, -1)
    return [(str(year), f"{year}年") for year in years]


def _words(label: str, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=rules.TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )


class BoardFilter(forms.Form):
    """Which year, and which of the branches."""

    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)
    state = forms.ChoiceField(
        label="状态",
        choices=[
            ("", ANY_CHOICE),
            (NOT_OPENED, "还没有开始"),
            *Review.State.choices,
        ],
        required=False,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = year_choices(today)
        self.initial["year"] = str(today.year)

    @property
    def is_filtered(self) -> bool:
        return bool(self.data.get("state"))


class OpenForm(ScopedForm):
    organization = PlainModelChoiceField(
        label="党支部",
        queryset=Organization.objects.none(),
        label_column="short_name",
    )
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(
        self, *args: Any, today: date, places: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if places is not None:
            self.fields["organization"].queryset = places
        self.fields["year"].choices = year_choices(today)[:2]


class PeopleForm(forms.Form):
    """`people` are (id, name with how he belongs) of those who may be taken in."""

    members = TickedField(
        label="加入评议的党员",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少勾选一人。"},
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people


class EntryForm(VersionedFormMixin, forms.Form):
    """What somebody says of himself, and the others' opinions in one summary."""

    self_grade = forms.ChoiceField(
        label="自评等次", choices=[("", "没有自评"), *Grade.choices], required=False
    )
    self_words = _words("自评", required=False)
    mutual_words = _words(
        "互评意见",
        required=False,
        help_text="综合大家的意见写成一段，不写是谁说的。",
    )

    def __init__(self, *args: Any, instance: ReviewResult, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)
        for name in ("self_grade", "self_words", "mutual_words"):
            self.initial.setdefault(name, getattr(instance, name))

    def facts(self) -> EntryFacts:
        data = self.cleaned_data
        return EntryFacts(data["self_grade"], data["self_words"], data["mutual_words"])


class ReasonForm(forms.Form):
    words = _words("原因", 3)


@dataclass(frozen=True)
class BallotRow:
    result: ReviewResult
    numbers: list[forms.BoundField]


class _WholeForm(forms.Form):
    """A form about everybody in a review, as the review was when it was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        review: Review,
        results: Sequence[ReviewResult],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.results = results
        self.initial.setdefault("version", review.version)


class BallotsForm(_WholeForm):
    """Papers out and in, and four numbers for each member."""

    activity = forms.TypedChoiceField(label="民主评议会", coerce=int)
    handed_out = forms.IntegerField(label="发出测评表", min_value=1, max_value=2000)
    returned = forms.IntegerField(label="收回测评表", min_value=1, max_value=2000)

    def __init__(
        self, *args: Any, review: Review, meetings: Sequence[Activity], **kwargs: Any
    ) -> None:
        super().__init__(*args, review=review, **kwargs)
        listed = [(each.pk, f"{each.held_on} {each.title}") for each in meetings]
        self.fields["activity"].choices = [("", NO_CHOICE), *listed]
        known = review.activity_id or (listed[0][0] if len(listed) == 1 else "")
        self.initial.setdefault("activity", known)
        for name in ("handed_out", "returned"):
            self.initial.setdefault(name, getattr(review, name) or None)
        for result in self.results:
            votes = zip(Grade.choices, result.ballots, strict=True)
            for (grade, label), number in votes:
                self.fields[f"{grade}-{result.pk}"] = forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=2000,
                    initial=number if review.returned else None,
                    widget=forms.NumberInput(
                        attrs={
                            "inputmode": "numeric",
                            "aria-label": f"{result.member.name}{label}票",
                        }
                    ),
                )

    def rows(self) -> Iterator[BallotRow]:
        for result in self.results:
            yield BallotRow(
                result, [self[f"{grade}-{result.pk}"] for grade in Grade.values]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        returned = data.get("returned")
        if returned is None:
            return data
        for result in self.results:
            if fault := rules.ballot_fault(self._votes(result), returned):
                said = f"{result.member.name}：{fault}"
                self.add_error(f"{Grade.EXCELLENT}-{result.pk}", said)
        return data

    def _votes(self, result: ReviewResult) -> Ballots:
        return Ballots(
            *(
                self.cleaned_data.get(f"{grade}-{result.pk}") or 0
                for grade in Grade.values
            )
        )

    def papers(self) -> Papers:
        data = self.cleaned_data
        return Papers(data["activity"], data["handed_out"], data["returned"])

    def ballots(self) -> dict[int, Ballots]:
        return {result.pk: self._votes(result) for result in self.results}


@dataclass(frozen=True)
class VerdictRow:
    result: ReviewResult
    grade: forms.BoundField
    outcome: forms.BoundField
    term_ends_on: forms.BoundField
    words: forms.BoundField

    @property
    def is_unqualified(self) -> bool:
        return self.grade.value() == Grade.UNQUALIFIED or bool(self.outcome.errors)

    @property
    def more(self) -> list[forms.BoundField]:
        """What is asked of somebody unqualified, folded away for the others."""
        return [self.outcome, self.term_ends_on]


class VerdictsForm(_WholeForm):
    """A grade for everybody; of the unqualified what follows, until when, and why."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for result in self.results:
            name, key = result.member.name, result.pk
            own: dict[str, forms.Field] = {
                "grade": forms.ChoiceField(
                    label=f"{name}的等次", choices=[("", NO_CHOICE), *Grade.choices]
                ),
                "outcome": forms.ChoiceField(
                    label="组织处置", choices=[("", "无"), *Outcome.choices]
                ),
                "term_ends_on": date_field("改正期限（最后一天）"),
                "words": _words(f"{name}的评定意见", 2),
            }
            for part, field in own.items():
                # The rules say what is missing, beside the field it is about.
                field.required = False
                field.initial = getattr(result, part)
                self.fields[f"{part}-{key}"] = field

    def rows(self) -> Iterator[VerdictRow]:
        for result in self.results:
            parts = ("grade", "outcome", "term_ends_on", "words")
            yield VerdictRow(result, *(self[f"{part}-{result.pk}"] for part in parts))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for result in self.results:
            if any(name.endswith(f"-{result.pk}") for name in self.errors):
                continue
            part, fault = rules.verdict_fault(self._verdict(result), self.today)
            if fault:
                self.add_error(f"{part}-{result.pk}", fault)
        return data

    def _verdict(self, result: ReviewResult) -> Verdict:
        parts = ("grade", "words", "outcome", "term_ends_on")
        values = (self.cleaned_data.get(f"{part}-{result.pk}") for part in parts)
        return Verdict(*values)

    def verdicts(self) -> dict[int, Verdict]:
        return {result.pk: self._verdict(result) for result in self.results}


class StepForm(VersionedFormMixin, forms.Form):
    """A step of one review, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class ApproveForm(StepForm):
    approved_on = date_field("批准日期")


class ReturnForm(StepForm):
    words = _words("退回原因", 3)


class DeliverForm(StepForm):
    delivered_on = date_field("送达日期")


class CorrectionForm(StepForm):
    correction = forms.ChoiceField(
        label="改正情况", choices=[("", NO_CHOICE), *Correction.choices]
    )
    corrected_on = date_field("核实日期")
    words = _words("说明", 3)
