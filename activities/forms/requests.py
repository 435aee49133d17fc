"""Forms about residents' requests, one for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from activities.choices.requests import (
    RequestKind,
    RequestSource,
    RequestState,
    Satisfaction,
)
from activities.choices.teams import FreeTime
from activities.forms.teams import place_field, talents_on_offer
from activities.models import Activity, RequestClaim, ServiceRequest, VolunteerTeam
from activities.people import recordable
from activities.rules.requests import ASKED_LENGTH, TEXT_LENGTH
from activities.rules.teams import SERVING
from activities.services.claims import Deed
from activities.services.requests import Receipt, Resident, Wish
from config.lib.forms import ANY_CHOICE, NO_CHOICE, ScopedForm, TickedField
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from members.models import Member, Talent
from organizations.models import Community

_ANY_TIME = [("", "都可以"), *FreeTime.choices]
_EVENTS_OFFERED = 30


def _text(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        **kwargs,
    )


class _WishForm(ScopedForm):
    """What the teams read of a request."""

    asked = forms.CharField(
        label="需要什么",
        max_length=ASKED_LENGTH,
        help_text="一句话，如：独居老人家灯不亮，需要换灯。会发布给各服务队，"
        "不写姓名、电话、门牌号",
    )
    talent = forms.ModelChoiceField(
        label="需要的特长",
        queryset=Talent.objects.none(),
        required=False,
        empty_label="不限",
    )
    needed_at = forms.ChoiceField(
        label="什么时候方便", required=False, choices=_ANY_TIME
    )
    wanted_by = date_field("希望办结日期", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talent"].queryset = talents_on_offer()
        self.fields["talent"].empty_label = "不限"
        self.fields["needed_at"].choices = _ANY_TIME

    def wish(self) -> Wish:
        """What the service takes."""
        names = ("asked", "talent", "needed_at", "wanted_by")
        return Wish(**{name: self.cleaned_data[name] for name in names})


class RequestForm(_WishForm):
    """A request as it comes; who asks is kept apart and deleted after a while."""

    field_order = [
        *("organization", "community", "kind", "source", "received_on"),
        *("asked", "talent", "needed_at", "wanted_by", "name", "phone", "place"),
    ]

    organization = place_field("受理党组织")
    community = forms.ModelChoiceField(
        label="所在社区", queryset=Community.objects.order_by("organization__path")
    )
    kind = forms.ChoiceField(label="类别", choices=RequestKind)
    source = forms.ChoiceField(
        label="来源", choices=[("", NO_CHOICE), *RequestSource.choices]
    )
    received_on = date_field("收到日期", initial=timezone.localdate)
    name = forms.CharField(
        label="需求人", max_length=30, help_text="只有受理和认领的党组织能看到"
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=20,
        required=False,
        help_text="没有电话的可以不写",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    place = forms.CharField(
        label="详细地点",
        max_length=100,
        required=False,
        help_text="上门用得着才写，如：滨江路12号3幢201室",
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted_by"].help_text = "不填的按规定天数"
        self.fields["organization"].queryset = recordable(self.user).order_by("path")

    def receipt(self) -> Receipt:
        names = ("community", "kind", "source", "received_on")
        return Receipt(**{name: self.cleaned_data[name] for name in names})

    def resident(self) -> Resident:
        names = ("name", "phone", "place")
        return Resident(**{name: self.cleaned_data[name] for name in names})


class _StepMixin(VersionedFormMixin):
    """A step of one request, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: ServiceRequest, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class CheckForm(_StepMixin, _WishForm):
    publish = forms.BooleanField(
        label="核实无误，马上发布给各服务队", required=False, initial=True
    )


class PublishForm(_StepMixin, ScopedForm):
    """Asks nothing more."""


class WordsForm(_StepMixin, ScopedForm):
    words = _text("原因")


class ClaimForm(_StepMixin, ScopedForm):
    """Which team takes it; a single member is chosen on the page that finds one."""

    team = forms.ModelChoiceField(
        label="由哪支服务队认领",
        queryset=VolunteerTeam.objects.none(),
        required=False,
        error_messages={"invalid_choice": "所选的服务队已解散，请重新选择。"},
    )
    member = forms.ModelChoiceField(
        label="党员",
        queryset=Member.objects.none(),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = VolunteerTeam.objects.kept_by(self.user).open()
        self.fields["team"].queryset = teams.order_by("organization__path", "name")
        self.fields["member"].queryset = Member.objects.visible_to(self.user)
        if self["member"].value():
            del self.fields["team"]


class DoneForm(_StepMixin, ScopedForm):
    """What was done: in an activity on record, or else when and by whom."""

    result = _text("办理情况", help_text="做了什么，如：已上门换灯")
    activity = forms.ModelChoiceField(
        label="已经记过活动的，选这次活动",
        queryset=Activity.objects.none(),
        required=False,
        empty_label="还没有记，下面填写",
        help_text="几件需求在同一次活动里办的，选同一次，时长只计一遍",
    )
    starts_at = forms.DateTimeField(
        label="开始时间",
        required=False,
        widget=forms.DateTimeInput,
        error_messages={"invalid": "时间不对，请按 2026-10-05 09:00 的样子填写。"},
    )
    hours = forms.DecimalField(
        label="时长（小时）",
        required=False,
        min_value=0.1,
        max_value=24,
        decimal_places=1,
        max_digits=4,
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    members = TickedField(
        label="去了哪些党员",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        claim = self._claim()
        self.fields["activity"].queryset = self._events(claim)
        self.fields["activity"].empty_label = "还没有记，下面填写"
        self.fields["members"].choices = self._people(claim)

    def _claim(self) -> RequestClaim | None:
        claims = RequestClaim.objects.visible_to(self.user).current()
        return claims.filter(request=self.instance.pk).first()

    def _events(self, claim: RequestClaim | None) -> Any:
        """Serving activities of those who took it, since they did."""
        events = Activity.objects.visible_to(self.user).held()
        if claim is None:
            return events.none()
        events = events.filter(held_on__gte=claim.claimed_on, kind__in=SERVING)
        if claim.team_id is not None:
            events = events.filter(team=claim.team_id)
        else:
            events = events.filter(participations__member=claim.member_id)
        newest = events.order_by("-held_on", "-pk").values("pk")[:_EVENTS_OFFERED]
        return Activity.objects.visible_to(self.user).filter(pk__in=newest)

    def _people(self, claim: RequestClaim | None) -> list[tuple[int, str]]:
        people = Member.objects.visible_to(self.user).order_by("name_pinyin", "pk")
        if claim is None:
            return []
        if claim.team_id is None:
            people = people.filter(pk=claim.member_id)
        else:
            people = people.filter(
                team_places__team=claim.team_id, team_places__left_on__isnull=True
            )
        return list(people.values_list("pk", "name"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("activity") is None and "activity" not in self.errors:
            for name, words in (
                ("starts_at", "请填写开始时间，或者选择已经记过的活动。"),
                ("hours", "请填写时长，或者选择已经记过的活动。"),
                ("members", "请勾选去了的党员，或者选择已经记过的活动。"),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def deed(self) -> Deed | None:
        data = self.cleaned_data
        if data["activity"] is not None:
            return None
        return Deed(data["starts_at"], data["hours"], data["members"])


class WordForm(_StepMixin, ScopedForm):
    satisfaction = forms.ChoiceField(
        label="居民满意吗", choices=Satisfaction, widget=forms.RadioSelect
    )
    words = _text("居民的话", required=False, help_text="不满意的须写明原因")


class RequestFilterForm(ScopedForm):
    """GET form of the list; there is no search by resident."""

    empty_choice = ANY_CHOICE

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", ANY_CHOICE), *RequestKind.choices]
    )
    talent = forms.ModelChoiceField(
        label="需要的特长", queryset=Talent.objects.all(), required=False
    )
    community = forms.ModelChoiceField(
        label="所在社区",
        queryset=Community.objects.order_by("organization__path"),
        required=False,
    )


class MatchForm(ScopedForm):
    """GET form: what is asked for, when, and where."""

    empty_choice = ANY_CHOICE

    talent = forms.ModelChoiceField(
        label="特长", queryset=Talent.objects.none(), required=False
    )
    needed_at = forms.ChoiceField(
        label="什么时候有空", required=False, choices=_ANY_TIME
    )
    community = forms.ModelChoiceField(
        label="在哪个社区",
        queryset=Community.objects.order_by("organization__path"),
        required=False,
    )
    request = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talent"].queryset = talents_on_offer()
        self.fields["needed_at"].choices = _ANY_TIME


ENDED = (RequestState.CLOSED, RequestState.REFUSED, RequestState.WITHDRAWN)
