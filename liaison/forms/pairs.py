"""Forms of pair building: pairs, items of the plan, activities, outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from activities.forms.teams import place_field
from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, GroupedForm, ScopedForm
from config.lib.periods import Quarter
from config.lib.versions import VersionedFormMixin
from liaison.choices.pairs import PAIR_FIELD_CHOICES, PairGroup
from liaison.forms.parts import request_id_field, words_field
from liaison.models import Agreement, Pair, PairPartner, PairTask
from liaison.services.pair_parts import TaskFacts
from liaison.services.pairs import PairFacts
from members.forms.members import date_field
from organizations.access import Right
from organizations.models import Community, Organization, WorkUnit

_HOME = "社区党组织"
_NO_PLAN = "不是计划里的事项"
QUARTERS_OFFERED = 6


def _many(label: str, queryset: Any, help_text: str) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=queryset,
        required=False,
        help_text=help_text,
        widget=forms.SelectMultiple(attrs={"data-picker": True}),
        error_messages={"invalid_choice": "所选的已不在名单里，请重新选择。"},
    )


class PairForm(ScopedForm):
    """A pair: who, with whom, in which field."""

    organization = place_field("党组织")
    units = _many(
        "结对单位",
        WorkUnit.objects.filter(is_active=True).only("name"),
        "可以选几个；名单里没有的，先在工作单位里登记",
    )
    organizations = _many(
        "结对党组织",
        Organization.objects.filter(closed_on__isnull=True)
        .order_by("path")
        .only("name", "short_name"),
        "和别的党组织结对的才选；单位和党组织至少选一个",
    )
    field = forms.ChoiceField(
        label="共建领域", choices=[("", NO_CHOICE), *PAIR_FIELD_CHOICES]
    )
    starts_on = date_field("结对日期", initial=timezone.localdate)
    title = forms.CharField(
        label="对子名称",
        max_length=80,
        required=False,
        help_text="不填的，按双方名称和领域自动起名",
    )
    purpose = words_field("共建目标", 2, 300, required=False)
    liaison_name = forms.CharField(label="社区联络人", max_length=50, required=False)
    agreement = PlainModelChoiceField(
        label="所依据的协议",
        queryset=Agreement.objects.filter(signed_on__isnull=False).order_by("-pk"),
        label_column="title",
        required=False,
        help_text="签过共建协议的才选",
        widget=PlainSelect(attrs={"data-picker": ""}),
    )
    request_id = request_id_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "organization" in self.fields:
            field = self.fields["organization"]
            places = Organization.objects.with_right(user, Right.KEEP_AGREEMENTS)
            field.queryset = places.open().order_by("path")

    def facts(self) -> PairFacts:
        data = self.cleaned_data
        agreement = data["agreement"]
        return PairFacts(
            field=data["field"],
            starts_on=data["starts_on"],
            title=data["title"],
            purpose=data["purpose"],
            liaison_name=data["liaison_name"],
            agreement_id=agreement.pk if agreement else None,
        )

    def members(self) -> dict[str, list[int]]:
        data = self.cleaned_data
        return {
            "unit_ids": [unit.pk for unit in data["units"]],
            "partner_ids": [each.pk for each in data["organizations"]],
        }


class PairAmendForm(VersionedFormMixin, PairForm):
    """A pair as it is, with the liaison of each partner; the place stands."""

    organization = None
    request_id = None

    def __init__(self, *args: Any, instance: Pair, **kwargs: Any) -> None:
        self.instance = instance
        names = ("field", "starts_on", "title", "purpose", "liaison_name")
        initial = {name: getattr(instance, name) for name in names}
        self.partners = list(instance.partners.select_related("unit", "organization"))
        initial |= {
            "units": [each.unit_id for each in self.partners if each.unit_id],
            "organizations": [
                each.organization_id for each in self.partners if each.organization_id
            ],
            "agreement": instance.agreement_id,
        }
        super().__init__(*args, initial=initial, **kwargs)
        for each in self.partners:
            self.fields[f"liaison_{each.pk}"] = forms.CharField(
                label=f"{each}联络人",
                max_length=50,
                required=False,
                initial=each.liaison_name,
            )

    def liaisons(self) -> dict[int, str]:
        return {
            each.pk: self.cleaned_data[f"liaison_{each.pk}"] for each in self.partners
        }


class PairEndForm(forms.Form):
    ended_on = date_field("结束日期", initial=timezone.localdate)
    reason = words_field("结束的原因", 3, 200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class TaskForm(forms.Form):
    """An item of the plan: by a day or by the end of a quarter."""

    words = forms.CharField(
        label="做什么", max_length=200, help_text="如：联合开展一次反诈宣传"
    )
    quarter = forms.ChoiceField(
        label="哪个季度", required=False, help_text="按季度安排的选这里"
    )
    due_on = date_field("完成日期", required=False, help_text="定了日子的填这里")
    partner = forms.TypedChoiceField(
        label="哪一方牵头",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "所选的一方已不在对子里，请重新选择。"},
    )
    owner_name = forms.CharField(label="负责人", max_length=50, required=False)
    request_id = request_id_field()
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        partners: Sequence[PairPartner],
        today: date,
        task: PairTask | None = None,
        **kwargs: Any,
    ) -> None:
        quarters = _quarters(today, task)
        if task is not None:
            kwargs["initial"] = {
                "words": task.words,
                "partner": task.partner_id,
                "owner_name": task.owner_name,
                "version": task.version,
                "quarter": Quarter.containing(task.due_on).label
                if task.is_by_quarter
                else "",
                "due_on": None if task.is_by_quarter else task.due_on,
            }
        super().__init__(*args, **kwargs)
        self.quarters = {quarter.label: quarter for quarter in quarters}
        self.fields["quarter"].choices = [
            ("", "不按季度"),
            *((quarter.label, quarter.title) for quarter in quarters),
        ]
        self.fields["partner"].choices = [
            ("", _HOME),
            *((each.pk, str(each)) for each in partners),
        ]

    def facts(self) -> TaskFacts:
        data = self.cleaned_data
        return TaskFacts(
            words=data["words"],
            due_on=data["due_on"],
            quarter=self.quarters.get(data["quarter"]),
            partner_id=data["partner"],
            owner_name=data["owner_name"],
        )


def _quarters(today: date, task: PairTask | None) -> list[Quarter]:
    """This quarter and the next ones; the task's own where it is another."""
    found = [Quarter.containing(today)]
    while len(found) < QUARTERS_OFFERED:
        found.append(found[-1].next())
    if task is not None and task.is_by_quarter:
        own = Quarter.containing(task.due_on)
        if own not in found:
            found.insert(0, own)
    return found


class PairReasonForm(forms.Form):
    reason = words_field("取消的原因", 3, 200)


class PairActivityForm(forms.Form):
    """An activity recorded already, and the planned item that it did."""

    activity = forms.TypedChoiceField(
        label="活动",
        coerce=int,
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="结对以来本党组织和下级开展的活动，可以输入几个字查找",
        error_messages={
            "required": "请选一次活动。",
            "invalid_choice": "所选的活动已不能列入，请重新选择。",
        },
    )
    task = forms.TypedChoiceField(
        label="完成哪项计划", coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,
        offered: Sequence[tuple[int, str]],
        tasks: Sequence[PairTask],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["activity"].choices = [("", NO_CHOICE), *offered]
        self.fields["task"].choices = [
            ("", _NO_PLAN),
            *((task.pk, f"{task}（{task.due_text}）") for task in tasks),
        ]


class OutcomeForm(forms.Form):
    words = words_field(
        "成效", 5, 1000, help_text="办成了什么、居民得到什么；次数和人次由系统统计"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class PairFilterForm(GroupedForm):
    """GET form of the list."""

    groups = PairGroup

    organization = place_field("党组织（含下级）", required=False)
    unit = PlainModelChoiceField(
        label="结对单位",
        queryset=WorkUnit.objects.filter(pair_partners__isnull=False).distinct(),
        label_column="name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
    )
    field = forms.ChoiceField(
        label="共建领域",
        required=False,
        choices=[("", ANY_CHOICE), *PAIR_FIELD_CHOICES],
        widget=PlainSelect,
    )


class NeighbourhoodForm(ScopedForm):
    """Which community suggestions are made for."""

    community = PlainModelChoiceField(
        label="社区",
        queryset=Community.objects.order_by("organization__path"),
        label_column="name",
        required=False,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        field = self.fields["community"]
        field.queryset = field.queryset.visible_to(user)
