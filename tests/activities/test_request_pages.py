"""The pages of residents' requests, and of looking for somebody who could help."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from activities.matching import matches
from activities.models import Activity, Availability, RequestClaim, ServiceRequest
from config.lib.periods import Month
from config.lib.registry import alert, groups
from members.models import Affiliation
from organizations.models import Community, Organization
from tests.activities import request_steps as steps
from tests.factories.members import AffiliationFactory, MemberFactory, TalentFactory

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def step_url(request, step):
    return reverse("activities:request-step", args=[request.pk, step])


def test_the_pages_lead_from_coming_to_the_residents_word(
    client_for, community_a, branch_a1, community_secretary
):
    client = client_for(community_secretary)
    helper = MemberFactory(branch=branch_a1, name="热心人")
    team = steps.team_of(community_a, community_secretary, helper)
    url = reverse("activities:request-add")
    page = client.get(url).content.decode()
    community = Community.objects.get(organization=community_a)
    assert f'<option value="{community.pk}" selected>' in page
    data = {
        "organization": community_a.pk,
        "community": community.pk,
        "kind": "wish",
        "source": "call",
        "received_on": str(TODAY),
        "asked": "打13900001111，想要一盏台灯",
        "name": "邢需求",
        "phone": "13900008001",
        "place": "滨江路12号3幢201室",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "不能写电话" in refused.content.decode()
    assert "邢需求" in refused.content.decode()  # what was typed stays
    assert client.post(url, data | {"asked": "想要一盏台灯"}).status_code == 302
    request = ServiceRequest.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    for shown in ("邢**", "139****8001", "滨江路***"):
        assert shown in page
    for hidden in ("邢需求", "13900008001", "201室"):
        assert hidden not in page
    url = reverse("activities:request-reveal", args=[request.pk, "phone"])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert "13900008001" in client.post(url, {"reason": "上门"}).content.decode()
    check = {"asked": "想要一盏台灯", "publish": "on", "version": 1}
    assert client.post(step_url(request, "check"), check).status_code == 302
    assert client.post(step_url(request, "check"), check).status_code == 409
    page = client.get(reverse("activities:request-list") + "?group=offered")
    assert "想要一盏台灯" in page.content.decode()
    claim = {"team": team.pk, "version": 2}
    assert client.post(step_url(request, "claim"), claim).status_code == 302
    again = client.get(step_url(request, "claim"), follow=True).content.decode()
    assert "现在是“办理中”" in again
    done = {"result": "送去了", "version": 3}
    refused = client.post(step_url(request, "done"), done)
    assert refused.status_code == 422
    assert "送去了" in refused.content.decode()
    done |= {"starts_at": f"{TODAY}T00:00", "hours": "1", "members": [helper.pk]}
    assert client.post(step_url(request, "done"), done).status_code == 302
    activity = Activity.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    assert activity.get_absolute_url() in page
    assert "按时" in page
    word = {"satisfaction": "not", "version": 4}
    refused = client.post(step_url(request, "word"), word)
    assert "不满意的须写明原因" in refused.content.decode()
    word["satisfaction"] = "satisfied"
    assert client.post(step_url(request, "word"), word).status_code == 302
    page = client.get(reverse("activities:request-list") + "?group=ended")
    assert "已办结" in page.content.decode()


def test_the_form_of_what_was_done_offers_the_teams_own_events(
    client_for, community_a, branch_a1, community_secretary
):
    client = client_for(community_secretary)
    helper = MemberFactory(branch=branch_a1)
    team = steps.team_of(community_a, community_secretary, helper)
    first = steps.done(community_a, community_secretary, team, helper)
    second = steps.claimed(community_a, community_secretary, team)
    url = step_url(second, "done")
    page = client.get(url).content.decode()
    assert f'<option value="{first.activity_id}">' in page
    data = {"result": "一起办了", "activity": first.activity_id, "version": 3}
    assert client.post(url, data).status_code == 302
    assert Activity.objects.count() == 1


def test_another_secretary_takes_what_is_on_offer_and_sees_the_resident_then(
    client_for, community_a, branch_b1, community_secretary, secretary_b
):
    request = steps.published(community_a, community_secretary)
    client = client_for(secretary_b)
    member = MemberFactory(branch=branch_b1, name="邻居热心")
    page = client.get(request.get_absolute_url()).content.decode()
    assert "邢*" not in page
    assert "认领" in page
    assert client.get(step_url(request, "check")).status_code == 403
    url = step_url(request, "claim") + f"?member={member.pk}"
    assert "（由邻居热心）" in client.get(url).content.decode()
    data = {"member": member.pk, "version": request.version}
    assert client.post(url, data).status_code == 302
    assert RequestClaim.objects.get().member == member
    page = client.get(request.get_absolute_url()).content.decode()
    assert "邢**" in page
    # Its keeper reads who took it by the branch alone.
    page = client_for(community_secretary).get(request.get_absolute_url())
    assert "临湖社区第一党支部" in page.content.decode()


def test_a_stale_claim_is_told_that_somebody_was_quicker(
    client_for, community_a, branch_a1, community_secretary
):
    helper = MemberFactory(branch=branch_a1)
    team = steps.team_of(community_a, community_secretary, helper)
    request = steps.claimed(community_a, community_secretary, team)
    client = client_for(community_secretary)
    answer = client.post(
        step_url(request, "claim"), {"team": team.pk, "version": request.version}
    )
    assert answer.status_code == 422
    assert "已被别人认领" in answer.content.decode()


# Matching -------------------------------------------------------------------------


@pytest.fixture
def skill():
    return TalentFactory(name="水电维修")


def names(user, **asked):
    asked = {"talent": None, "needed_at": "", "community": None} | asked
    return [(m.name, m.nearness) for m in matches(user, **asked)]


def test_the_nearest_come_first_and_then_the_name(
    community_a, branch_a1, branch_b1, committee_staff, skill
):
    here = Community.objects.get(organization=community_a)
    there = Community.objects.get(organization=branch_b1.parent)
    people = {
        "乙住这": {"branch": branch_b1, "community": here},
        "甲住这": {"branch": branch_a1, "community": here},
        "关系在": {"branch": branch_a1, "community": there},
        "远地方": {"branch": branch_b1, "community": there},
    }
    for name, where in people.items():
        MemberFactory(name=name, talents=[skill], **where)
    MemberFactory(name="没特长", branch=branch_a1, community=here)
    assert names(committee_staff, talent=skill, community=here) == [
        *(("甲住这", 0), ("乙住这", 0), ("关系在", 1), ("远地方", 3))
    ]


def test_communities_under_one_committee_are_nearer_than_the_rest(
    street, community_a, community_b, branch_b1, committee_staff
):
    near = Community.objects.get(organization=community_a)
    MemberFactory(name="同片区", branch=branch_b1, community=community_b.community)
    assert names(committee_staff, community=near) == [("同片区", 3)]
    for number, place in enumerate((community_a, community_b), start=1):
        path = f"00000100000900000{number}"
        Organization.objects.filter(path__startswith=place.path).exclude(
            pk=place.pk
        ).update(path=f"{path}000001")
        Organization.objects.filter(pk=place.pk).update(path=path)
    near = Community.objects.get(organization=community_a)
    assert names(committee_staff, community=near) == [("同片区", 2)]


def test_who_said_he_is_not_free_then_is_left_out_and_who_was_not_asked_is_not(
    branch_a1, branch_secretary
):
    free, busy, unasked = MemberFactory.create_batch(3, branch=branch_a1)
    for member, weekends in ((free, True), (busy, False)):
        Availability.objects.create(
            member=member,
            weekends=weekends,
            asked_on=TODAY,
            recorded_by=branch_secretary,
        )
    found = {name for name, _ in names(branch_secretary, needed_at="weekends")}
    assert found == {free.name, unasked.name}


def test_only_people_in_scope_who_are_here_are_found(
    branch_a1, branch_b1, branch_secretary
):
    here = MemberFactory(branch=branch_a1)
    MemberFactory(branch=branch_b1)
    MemberFactory(branch=branch_a1, is_lost=True)
    MemberFactory(branch=branch_a1, status="suspended")
    AffiliationFactory(
        member=MemberFactory(), organization=branch_a1, ends_on=TODAY, end_reason="x"
    )
    assert names(branch_secretary) == [(here.name, 3)]


def test_somebody_found_for_a_request_takes_it_from_there(
    client_for, branch_a1, branch_secretary, skill
):
    member = MemberFactory(branch=branch_a1, name="会修灯", talents=[skill])
    request = steps.published(branch_a1, branch_secretary, talent=skill)
    client = client_for(branch_secretary)
    page = client.get(request.get_absolute_url()).content.decode()
    query = f"talent={skill.pk}&amp;needed_at=&amp;community={request.community_id}"
    assert query in page
    url = reverse("activities:match") + query.replace("&amp;", "&").join(
        ("?", f"&request={request.pk}")
    )
    page = client.get(url).content.decode()
    assert "关系在本社区" in page
    assert f"{step_url(request, 'claim')}?member={member.pk}" in page
    assert "先选特长或时间" in client.get(reverse("activities:match")).content.decode()


# Figures and warnings -------------------------------------------------------------


def figures(key, day=TODAY):
    (group,) = [each for each in groups() if each.key == key]
    found = group.compute(Organization.objects.all(), Month.containing(day))
    return lambda place: {
        name.split(".")[1]: number
        for name, number in found.get(place.pk, {}).items()
        if number
    }


def test_each_request_counts_where_it_is_kept(
    community_a, branch_a1, community_secretary
):
    helper = MemberFactory(branch=branch_a1)
    team = steps.team_of(community_a, community_secretary, helper)
    steps.received(community_a, community_secretary)
    steps.closed(community_a, community_secretary, team, helper)
    late = steps.closed(community_a, community_secretary, team, helper, word="not")
    ServiceRequest.objects.filter(pk=late.pk).update(
        received_on=TODAY - timedelta(days=400), wanted_by=TODAY - timedelta(days=390)
    )
    assert figures("activities.requests")(community_a) == {
        "requests_received": 2,
        "requests_done": 2,
        "requests_on_time": 1,
        "requests_heard": 2,
        "requests_satisfied": 1,
    }
    assert figures("activities.teams")(community_a) == {
        "teams": 1,
        "team_events": 2,
        "team_minutes": 120,
        "team_served": 2,
    }
    assert figures("activities.teams")(branch_a1) == {"volunteers": 1}


def test_somebody_in_two_teams_is_one_volunteer_where_he_is_educated(
    community_a, branch_a1, branch_a2, community_secretary
):
    helper = MemberFactory(branch=branch_a1)
    AffiliationFactory(member=helper, organization=branch_a2, kind="co_managed")
    for name in ("一队", "二队"):
        steps.team_of(community_a, community_secretary, helper, name=name)
    found = figures("activities.teams")
    assert (found(branch_a1), found(branch_a2)) == ({}, {"volunteers": 1})
    assert Affiliation.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "state", "field", "days"),
    [
        ("requests_unchecked", "received", "received_on", 3),
        ("requests_unclaimed", "published", "published_on", 4),
        ("requests_unheard", "done", "done_on", 8),
    ],
)
def test_each_step_that_waits_too_long_is_a_warning(
    key, state, field, days, community_a, branch_a1, community_secretary, secretary_b
):
    helper = MemberFactory(branch=branch_a1)
    team = steps.team_of(community_a, community_secretary, helper)
    request = {
        "received": lambda: steps.received(community_a, community_secretary),
        "published": lambda: steps.published(community_a, community_secretary),
        "done": lambda: steps.done(community_a, community_secretary, team, helper),
    }[state]()
    warning = alert(f"activities.{key}")
    for age, number in ((days - 1, 0), (days, 1)):
        day = TODAY - timedelta(days=age)
        ServiceRequest.objects.filter(pk=request.pk).update(
            **{"received_on": day, field: day}
        )
        assert warning.count(community_secretary, TODAY) == number
        assert warning.count(secretary_b, TODAY) == 0
    (item,) = warning.rows(community_secretary, TODAY)
    assert item.due_on == TODAY - timedelta(days=1)


def test_what_is_overdue_warns_whoever_keeps_it_and_whoever_took_it(
    community_a, branch_b1, community_secretary, secretary_b
):
    helper = MemberFactory(branch=branch_b1)
    team = steps.team_of(branch_b1, secretary_b, helper)
    request = steps.published(community_a, community_secretary)
    steps.claim_request(request_id=request.pk, team_id=team.pk, actor=secretary_b)
    warning = alert("activities.requests_overdue")
    for day, number in ((TODAY, 0), (TODAY - timedelta(days=1), 1)):
        ServiceRequest.objects.update(received_on=day, wanted_by=day)
        for user in (community_secretary, secretary_b):
            assert warning.count(user, TODAY) == number


def test_a_team_without_a_leader_is_a_warning(
    community_a, branch_a1, community_secretary
):
    member = MemberFactory(branch=branch_a1)
    team = steps.team_of(community_a, community_secretary, member)
    warning = alert("activities.team_leaderless")
    assert warning.count(community_secretary, TODAY) == 1
    team.places.update(is_leader=True)
    assert warning.count(community_secretary, TODAY) == 0
