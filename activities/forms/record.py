"""The one-screen form of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from activities.choices import ActivityKind, Presence
from activities.models import Activity, Course, ProgramItem, VolunteerTeam
from activities.people import Person
from activities.rules.activities import MOST_PHOTOS
from activities.rules.sheets import paper_rows
from activities.services.activities import ActivityFacts, Attendance
from activities.suggestions import KIND_DEFAULTS, item_ids_for, title_for
from config.lib.forms import ScopedForm, TickedField
from config.lib.periods import Month
from config.lib.versions import display_value
from organizations.choices import OrganizationKind
from organizations.models import Organization


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several images at once; what is in them the file service checks."""

    widget = PhotosInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > MOST_PHOTOS:
            raise forms.ValidationError(
                f"一次最多上传 {MOST_PHOTOS} 张照片，您选了 {len(uploads)} 张。"
            )
        return [super(PhotosField, self).clean(upload, initial) for upload in uploads]


class ActivityForm(ScopedForm):
    """What was done and who came.

    Blank title and hours are filled in by the kind. `prefilled` is the kind that the
    title and hours on the page were filled in for.
    """

    kind = forms.ChoiceField(
        label="活动类型", choices=ActivityKind, widget=forms.RadioSelect
    )
    prefilled = forms.ChoiceField(
        choices=ActivityKind, required=False, widget=forms.HiddenInput
    )
    title = forms.CharField(
        label="主题", max_length=100, required=False, help_text="留空按类型自动填写"
    )
    starts_at = forms.DateTimeField(
        label="开始时间",
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
    place = forms.CharField(label="地点", max_length=100)
    present = TickedField(label="到会党员", coerce=int, required=False)
    everybody = forms.BooleanField(label="全部到会", required=False)
    rows = forms.CharField(
        label="照签到表序号",
        max_length=500,
        required=False,
        help_text="照纸质签到表填到会的序号，例如：1-6 8 11；与上面的勾选合在一起算。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    leave = TickedField(label="请假党员", coerce=int, required=False)
    items = forms.ModelMultipleChoiceField(
        label="计入项目",
        queryset=ProgramItem.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    course_id = forms.TypedChoiceField(
        label="党校课程",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="业余党校的课才选；类型应是集中学习、党课、研讨会或经验交流会。",
        error_messages={"invalid_choice": "所选的课程已不能选，请重新选择。"},
    )
    team = forms.ModelChoiceField(
        label="服务队",
        queryset=VolunteerTeam.objects.none(),
        required=False,
        empty_label="不是服务队的活动",
        help_text="志愿服务队出去服务的，选上是哪支队",
        error_messages={"invalid_choice": "所选的服务队已解散，请重新选择。"},
    )
    people_served = forms.IntegerField(
        label="服务人次", required=False, min_value=0, max_value=1_000_000
    )
    summary = forms.CharField(
        label="内容摘要", max_length=2000, required=False, widget=forms.Textarea
    )
    photos = PhotosField(
        label="活动照片",
        required=False,
        help_text=f"最多 {MOST_PHOTOS} 张，可以以后再补。",
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    session = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        people: Sequence[Person],
        items: QuerySet[ProgramItem],
        courses: Sequence[Course],
        organizer: Organization,
        teams: Sequence[VolunteerTeam] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organizer = organizer
        self.has_courses = bool(courses)
        self.fields["course_id"].choices = [
            ("", "不是党校的课"),
            *((course.pk, f"{course.term}：{course}") for course in courses),
        ]
        self.people = people
        if teams:
            self.fields["team"].queryset = VolunteerTeam.objects.filter(
                pk__in=[team.pk for team in teams]
            )
            # Read by the caller already: no need to ask for each once more.
            self.fields["team"].choices = [
                ("", "不是服务队的活动"),
                *((team.pk, str(team)) for team in teams),
            ]
        else:
            del self.fields["team"]
        names = [(person.member_id, person.name) for person in people]
        self.fields["present"].choices = names
        self.fields["leave"].choices = names
        self.fields["items"].queryset = items
        for name in ("present", "leave"):
            self.fields[name].error_messages["invalid_choice"] = (
                "名单里有人已不在本支部，请核对后重新勾选。"
            )
        self.fields["items"].error_messages["invalid_choice"] = (
            "所选的计入项目已停用，请重新选择。"
        )

    def clean_rows(self) -> str:
        """Tick whom the numbers of the paper sheet name, in the order it has them."""
        text = self.cleaned_data["rows"]
        numbers = paper_rows(text, len(self.people))
        ticked = set(self.cleaned_data.get("present") or [])
        ticked |= {self.people[number - 1].member_id for number in numbers}
        self.cleaned_data["present"] = sorted(ticked)
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind, when = data.get("kind"), data.get("starts_at")
        if kind is None or when is None:
            return data
        month = Month.containing(timezone.localdate(when))
        before = data.get("prefilled") or kind
        default = KIND_DEFAULTS[kind]
        title = (data.get("title") or "").strip()
        if not title:
            data["title"] = title_for(kind, month)
        if before != kind:
            # Without JavaScript the page still shows what belongs to another kind.
            if title == title_for(before, month):
                data["title"] = title_for(kind, month)
            if data.get("hours") == KIND_DEFAULTS[before].hours:
                data["hours"] = default.hours
            chosen = data.get("items")
            offered = self.fields["items"].queryset
            if chosen is not None and {i.pk for i in chosen} == set(
                item_ids_for(before, offered)
            ):
                wanted = item_ids_for(kind, offered)
                data["items"] = offered.filter(pk__in=wanted)
        if data.get("hours") is None and "hours" not in self.errors:
            data["hours"] = default.hours
        is_street = self.organizer.kind == OrganizationKind.WORK_COMMITTEE
        if is_street and not data.get("course_id"):
            self.add_error("course_id", "街道统一上课的，请选是党校的哪门课。")
        return data

    def stale_display(self, name: str, value: Any) -> str:
        """How the comparison with somebody else's version shows a value."""
        if name == "starts_at":
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if name == "items":
            return "、".join(str(item) for item in value or []) or "—"
        return display_value(self.fields[name], value)

    def facts(self) -> ActivityFacts:
        data = self.cleaned_data
        return ActivityFacts(
            kind=data["kind"],
            title=data["title"],
            starts_at=data["starts_at"],
            hours=data["hours"],
            place=data["place"],
            summary=data["summary"],
            people_served=data["people_served"] or 0,
            item_ids=[item.pk for item in data["items"]],
            course_id=data["course_id"],
            team_id=team.pk if (team := data.get("team")) else None,
        )

    def attendance(self) -> dict[int, Attendance]:
        """Who was there; the unticked were absent where the kind calls the roll."""
        data = self.cleaned_data
        leave = set(data["leave"])
        everybody = {person.member_id for person in self.people}
        present = (everybody if data["everybody"] else set(data["present"])) - leave
        parts = {pk: Attendance(Presence.PRESENT) for pk in present}
        parts |= {pk: Attendance(Presence.LEAVE) for pk in leave}
        if self._calls_roll():
            missing = everybody - present - leave
            parts |= {pk: Attendance(Presence.ABSENT) for pk in missing}
        return parts

    def _calls_roll(self) -> bool:
        """Whether who is not ticked was absent.

        Not at a session of a school above the branches: its list is of all who might.
        """
        data = self.cleaned_data
        is_school = data["course_id"] is not None
        if is_school and self.organizer.kind != OrganizationKind.BRANCH:
            return False
        return KIND_DEFAULTS[data["kind"]].is_roll_called

    def person_rows(self) -> list[dict[str, Any]]:
        """The ticked list as the page draws it, keeping every tick."""
        present = {str(pk) for pk in self["present"].value() or []}
        leave = {str(pk) for pk in self["leave"].value() or []}
        return [
            {
                "id": str(person.member_id),
                "name": person.name,
                "search": person.search,
                "note": person.note,
                "is_present": str(person.member_id) in present,
                "is_leave": str(person.member_id) in leave,
            }
            for person in self.people
        ]


def initial_of_new(
    kind: str, place: str, items: QuerySet[ProgramItem], now: Any
) -> dict[str, Any]:
    """What a new record begins with: now, here, and as usual for its kind."""
    return {
        "kind": kind,
        "prefilled": kind,
        "title": title_for(kind, Month.containing(timezone.localdate(now))),
        "starts_at": timezone.localtime(now).replace(minute=0, second=0, microsecond=0),
        "hours": KIND_DEFAULTS[kind].hours,
        "place": place,
        "items": item_ids_for(kind, items),
        "request_id": uuid4(),
    }


def initial_of_session(course: Course) -> dict[str, Any]:
    """What a session of the school begins with beside."""
    return {
        "kind": ActivityKind.LECTURE,
        "prefilled": ActivityKind.LECTURE,
        "title": course.title,
        "hours": f"{course.hours.normalize():f}",
        "items": [],
        "course_id": course.pk,
    }


def initial_of(activity: Activity, attendance: dict[int, str]) -> dict[str, Any]:
    by_presence: dict[str, list[int]] = {}
    for member_id, presence in attendance.items():
        by_presence.setdefault(presence, []).append(member_id)
    return {
        "kind": activity.kind,
        "prefilled": activity.kind,
        "title": activity.title,
        "starts_at": timezone.localtime(activity.starts_at),
        "hours": f"{activity.hours.normalize():f}",
        "place": activity.place,
        "present": by_presence.get(Presence.PRESENT, []),
        "leave": by_presence.get(Presence.LEAVE, []),
        "items": [item.pk for item in activity.items.all()],
        "course_id": activity.course_id,
        "team": activity.team_id,
        "people_served": activity.people_served or None,
        "summary": activity.summary,
        "version": activity.version,
    }
