from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from activities.models import Activity, ActivityPhoto
from organizations.models import Organization
from tests.factories.members import AffiliationFactory, MemberFactory

RECORD = reverse("activities:record")


def photo(name="现场.jpg") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


@pytest.fixture
def typed(branch_a1, mobile):
    """Return a function that makes what a browser sends."""

    def make(**changes) -> dict:
        return {
            "branch": branch_a1.pk,
            "kind": "theme_day",
            "prefilled": "theme_day",
            "title": "学习全会精神",
            "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
            "hours": "3",
            "place": "社区活动室",
            "present": [mobile.pk],
            "request_id": str(uuid4()),
        } | changes

    return make


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def test_the_only_branch_is_chosen_by_itself(secretary, mobile):
    page = secretary.get(RECORD)
    assert page.context["branch"].short_name == "沿江社区第一党支部"
    assert "流水平" in page.content.decode()


def test_a_secretary_of_several_branches_chooses_first(
    client_for, community_secretary, branch_a1, branch_a2
):
    page = client_for(community_secretary).get(RECORD)
    assert [str(b) for b in page.context["branches"]] == [
        "沿江社区党委",
        "沿江社区第一党支部",
        "沿江社区第二党支部",
    ]


def test_a_branch_out_of_scope_is_missing(secretary, branch_b1):
    assert secretary.get(RECORD, {"branch": branch_b1.pk}).status_code == 404


def test_an_auditor_may_not_open_the_page(client_for, auditor):
    assert client_for(auditor).get(RECORD).status_code == 403


def test_the_list_holds_everybody_of_the_branch(secretary, branch_a1, branch_b1):
    MemberFactory(branch=branch_a1, name="册在一")
    for kind, name in [("co_managed", "协管二"), ("mobile_in", "流入三")]:
        guest = MemberFactory(branch=branch_b1, name=name)
        AffiliationFactory(member=guest, organization=branch_a1, kind=kind)
    MemberFactory(branch=branch_b1, name="别支四")
    people = secretary.get(RECORD).context["people"]
    assert {(p["name"], p["note"]) for p in people} == {
        ("册在一", ""),
        ("协管二", "协管"),
        ("流入三", "流入"),
    }


def test_what_is_usual_is_filled_in(secretary, record, mobile):
    record(present=[mobile], place="党群服务中心二楼")
    form = secretary.get(RECORD, {"kind": "lecture"}).context["form"]
    month = timezone.localdate()
    assert form["title"].value() == f"{month.year}年{month.month}月党课"
    assert form["place"].value() == "党群服务中心二楼"
    assert float(form["hours"].value()) == 2


def test_a_lecture_offers_its_items_ticked(secretary, mobile):
    page = secretary.get(RECORD, {"kind": "lecture"})
    ticked = [
        item["name"]
        for group in page.context["programs"]
        for item in group["items"]
        if item["is_ticked"]
    ]
    assert ticked == ["听一堂党课"]


def test_saving_leads_to_the_activity(secretary, typed):
    answer = secretary.post(RECORD, typed())
    activity = Activity.objects.get()
    assert answer.url == activity.get_absolute_url()


def test_the_same_page_sent_twice_makes_one_activity(secretary, typed):
    data = typed()
    secretary.post(RECORD, data)
    secretary.post(RECORD, data)
    assert Activity.objects.count() == 1


def test_the_unticked_are_absent_from_a_theme_day(secretary, typed, in_post):
    secretary.post(RECORD, typed())
    parts = Activity.objects.get().participations
    assert parts.get(member=in_post).presence == "absent"


def test_the_unticked_do_not_stand_on_a_volunteers_list(secretary, typed, in_post):
    secretary.post(RECORD, typed(kind="volunteering", prefilled="volunteering"))
    assert not Activity.objects.get().participations.filter(member=in_post).exists()


def test_leave_wins_over_a_tick(secretary, typed, mobile, in_post):
    data = typed(present=[mobile.pk, in_post.pk], leave=[in_post.pk])
    secretary.post(RECORD, data)
    parts = Activity.objects.get().participations
    assert parts.get(member=in_post).presence == "leave"


def test_everybody_is_present_by_one_tick_without_javascript(
    secretary, typed, mobile, in_post
):
    secretary.post(RECORD, typed(present=[], everybody="on"))
    assert Activity.objects.get().participations.counted().count() == 2


def test_blank_title_and_hours_follow_the_kind(secretary, typed):
    secretary.post(RECORD, typed(kind="labour", title="", hours=""))
    activity = Activity.objects.get()
    assert activity.title.endswith("月义务劳动")
    assert activity.hours == 2


def test_without_javascript_the_filled_in_title_follows_the_kind(secretary, typed):
    month = timezone.localdate()
    title = f"{month.year}年{month.month}月主题党日"
    secretary.post(RECORD, typed(kind="study", title=title))
    assert Activity.objects.get().title.endswith("月集中学习")


def test_an_error_keeps_everything_typed_and_ticked(secretary, typed, mobile, in_post):
    data = typed(place="", summary="写了很多", leave=[in_post.pk])
    page = secretary.post(RECORD, data)
    assert page.status_code == 422
    assert not Activity.objects.exists()
    people = {p["name"]: p for p in page.context["people"]}
    assert people["流水平"]["is_present"]
    assert people["岗在勤"]["is_leave"]
    assert "写了很多" in page.content.decode()


def test_a_date_to_come_is_said_in_chinese(secretary, typed):
    tomorrow = timezone.localtime() + timedelta(days=1)
    page = secretary.post(RECORD, typed(starts_at=f"{tomorrow:%Y-%m-%dT%H:%M}"))
    assert "还没有到" in page.content.decode()


def test_a_forged_member_is_refused(secretary, typed, branch_b1):
    stranger = MemberFactory(branch=branch_b1)
    page = secretary.post(RECORD, typed(present=[stranger.pk]))
    assert page.status_code == 422
    assert not Activity.objects.exists()


def test_photos_are_kept_with_the_activity(secretary, typed):
    secretary.post(RECORD, typed(photos=[photo("一.jpg"), photo("二.jpg")]))
    assert ActivityPhoto.objects.count() == 2


def test_ten_photos_are_too_many(secretary, typed):
    page = secretary.post(RECORD, typed(photos=[photo() for _ in range(10)]))
    assert "最多上传 9 张" in page.content.decode()


def test_a_false_photo_saves_nothing(secretary, typed):
    false = SimpleUploadedFile("假.jpg", b"not a picture", "image/jpeg")
    page = secretary.post(RECORD, typed(photos=[photo(), false]))
    assert page.status_code == 422
    assert "假.jpg" in page.content.decode()
    assert not Activity.objects.exists()


def test_a_photo_can_be_taken_off(secretary, typed):
    secretary.post(RECORD, typed(photos=[photo()]))
    one = ActivityPhoto.objects.get()
    secretary.post(reverse("activities:photo-remove", args=[one.pk]))
    assert not ActivityPhoto.objects.exists()


def test_editing_shows_and_replaces_the_attendance(
    secretary, typed, record, mobile, in_post
):
    activity = record(present=[mobile])
    url = reverse("activities:edit", args=[activity.pk])
    people = {p["name"]: p for p in secretary.get(url).context["people"]}
    assert people["流水平"]["is_present"]
    assert not people["岗在勤"]["is_present"]
    answer = secretary.post(url, typed(present=[in_post.pk], version=1))
    assert answer.status_code == 302
    assert activity.participations.get(member=in_post).presence == "present"


def test_editing_what_somebody_changed_answers_409_with_both(
    secretary, typed, record, mobile
):
    activity = record(present=[mobile])
    Activity.objects.filter(pk=activity.pk).update(version=4, place="别人改的地方")
    url = reverse("activities:edit", args=[activity.pk])
    page = secretary.post(url, typed(version=1))
    assert page.status_code == 409
    assert "别人改的地方" in page.content.decode()
    assert secretary.post(url, typed(version=4)).status_code == 302


def test_a_crowd_is_recorded_branch_by_branch(
    client_for, community_secretary, community_a, branch_a1, monkeypatch
):
    monkeypatch.setattr("activities.views.record.MOST_PEOPLE", 0)
    MemberFactory(branch=branch_a1)
    answer = client_for(community_secretary).get(RECORD, {"branch": community_a.pk})
    assert answer.url == RECORD


def test_a_closed_branch_is_not_offered(client_for, community_secretary, branch_a1):
    Organization.objects.filter(pk=branch_a1.pk).update(closed_on=timezone.localdate())
    page = client_for(community_secretary).get(RECORD, {"branch": branch_a1.pk})
    assert page.status_code == 404


def test_the_page_costs_the_same_for_many(
    secretary, branch_a1, django_assert_max_num_queries
):
    for _ in range(60):
        MemberFactory(branch=branch_a1)
    with django_assert_max_num_queries(12):
        secretary.get(RECORD)
