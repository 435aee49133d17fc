"""Teams of volunteers: who may be in one, who leads it, what it did."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from activities.models import Availability, TeamPlace, VolunteerTeam
from activities.services.activities import cancel_activity
from activities.services.teams import (
    TeamFacts,
    add_to_team,
    amend_team,
    close_team,
    found_team,
    lead_team,
    leave_team,
    save_availability,
)
from activities.team_figures import years_of
from config.lib.errors import RuleError
from members.choices import EndReason
from members.models import Member
from members.services.affiliations import end_affiliation, move_affiliation
from members.services.decisions import record_death
from members.services.merging import merge_members, undo_merge
from organizations.models import AuditEvent, Organization
from organizations.services.structure import close_organization, merge_organizations
from tests.factories.members import MemberFactory, TalentFactory
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
BEGUN = TODAY - timedelta(days=60)


@pytest.fixture
def healing():
    return TalentFactory(name="义诊")


@pytest.fixture
def found(community_a, healing):
    """Return a function that founds a team of a community."""

    def call(actor, organization=community_a, **changes):
        values = {"name": "义诊服务队", "founded_on": BEGUN, "talents": [healing]}
        return found_team(
            organization_id=organization.pk,
            facts=TeamFacts(**values | changes),
            actor=actor,
        )

    return call


@pytest.fixture
def team(found, community_secretary):
    return found(community_secretary)


def join(team, actor, *members, joined_on=BEGUN):
    return add_to_team(
        team_id=team.pk,
        member_ids=[member.pk for member in members],
        joined_on=joined_on,
        actor=actor,
    )


def test_a_team_is_founded_once_and_its_name_stands_once(
    found, community_secretary, committee_staff
):
    team = found(community_secretary)
    assert found(community_secretary) == team
    with pytest.raises(RuleError, match="已有名为“义诊服务队”的服务队"):
        found(committee_staff, founded_on=TODAY)
    with pytest.raises(RuleError, match="不能晚于今天"):
        found(community_secretary, name="别的", founded_on=TODAY + timedelta(days=1))
    assert VolunteerTeam.objects.count() == 1
    assert AuditEvent.objects.filter(action="team_saved").count() == 1


def test_only_people_below_the_organization_join_and_twice_is_once(
    team, branch_a1, branch_b1, community_secretary, committee_staff
):
    mine, other = MemberFactory(branch=branch_a1), MemberFactory(branch=branch_b1)
    assert join(team, community_secretary, mine) == 1
    assert join(team, community_secretary, mine) == 0
    with pytest.raises(Member.DoesNotExist):
        join(team, community_secretary, other)
    with pytest.raises(RuleError, match="不在沿江社区党委及其下级党组织"):
        join(team, committee_staff, other)
    with pytest.raises(RuleError, match="加入日期"):
        join(team, community_secretary, mine, joined_on=BEGUN - timedelta(days=1))
    assert TeamPlace.objects.count() == 1


def test_one_leads_and_leaving_ends_that_too(team, branch_a1, community_secretary):
    first, second = MemberFactory.create_batch(2, branch=branch_a1)
    join(team, community_secretary, first, second)
    for member in (first, second):
        place = team.places.get(member=member)
        lead_team(place_id=place.pk, actor=community_secretary)
        assert team.places.get(is_leader=True).member == member
    with pytest.raises(IntegrityError), transaction.atomic():
        team.places.update(is_leader=True)
    leave_team(place_id=place.pk, actor=community_secretary)
    leave_team(place_id=place.pk, actor=community_secretary)
    place.refresh_from_db()
    assert (place.left_on, place.is_leader) == (TODAY, False)
    with pytest.raises(RuleError, match="已经离队"):
        lead_team(place_id=place.pk, actor=community_secretary)
    assert VolunteerTeam.objects.leaderless().get() == team


def test_what_a_team_did_is_added_up_from_activities(
    team, record, branch_a1, community_secretary
):
    one, two = MemberFactory.create_batch(2, branch=branch_a1)
    facts = {"kind": "volunteering", "team_id": team.pk, "hours": Decimal("1.5")}
    activity = record([one, two], people_served=30, **facts)
    record([one], people_served=4, **facts)
    year = years_of([team], TODAY.year)[team.pk]
    assert (year.events, year.turns, year.hours, year.served) == (2, 3, 4.5, 34)
    cancel_activity(
        activity_id=activity.pk, reason="没有开展", actor=community_secretary
    )
    assert years_of([team], TODAY.year)[team.pk].served == 4


def test_an_activity_names_a_serving_team_of_its_own_line_only(
    found, team, record, branch_a1, branch_b1, secretary_b
):
    member = MemberFactory(branch=branch_a1)
    with pytest.raises(RuleError, match="类型应为"):
        record([member], kind="lecture", team_id=team.pk)
    theirs = found(secretary_b, branch_b1)
    with pytest.raises(RuleError, match="已不存在"):
        record([member], kind="volunteering", team_id=theirs.pk)
    VolunteerTeam.objects.filter(pk=team.pk).update(founded_on=TODAY)
    early = timezone.now() - timedelta(days=3)
    with pytest.raises(RuleError, match="还没有成立"):
        record([member], kind="volunteering", team_id=team.pk, starts_at=early)


def test_a_dissolved_team_takes_nobody_and_keeps_its_deeds(
    team, record, branch_a1, community_secretary
):
    member = MemberFactory(branch=branch_a1)
    join(team, community_secretary, member)
    record([member], kind="volunteering", team_id=team.pk)
    with pytest.raises(RuleError, match="解散日期"):
        close_team(
            team_id=team.pk,
            closed_on=TODAY - timedelta(days=1),
            actor=community_secretary,
        )
    close_team(team_id=team.pk, closed_on=TODAY, actor=community_secretary)
    assert not team.places.current().exists()
    assert years_of([team], TODAY.year)[team.pk].events == 1
    for deed in (
        lambda: join(team, community_secretary, member),
        lambda: close_team(team_id=team.pk, closed_on=TODAY, actor=community_secretary),
        lambda: amend_team(
            team_id=team.pk,
            facts=TeamFacts("新名", BEGUN),
            actor=community_secretary,
        ),
    ):
        with pytest.raises(RuleError, match="已于"):
            deed()


def test_mending_keeps_to_the_first_joining(team, branch_a1, community_secretary):
    join(team, community_secretary, MemberFactory(branch=branch_a1))

    def mend(day, version=None):
        amend_team(
            team_id=team.pk,
            facts=TeamFacts("义诊队", day),
            version=version,
            actor=community_secretary,
        )

    with pytest.raises(RuleError, match="不能晚于这一天"):
        mend(TODAY)
    mend(BEGUN - timedelta(days=5))
    with pytest.raises(RuleError, match="别人修改过"):
        mend(BEGUN, version=1)


def test_who_leaves_the_street_or_dies_leaves_his_teams(
    team, branch_a1, community_secretary
):
    gone, dead = MemberFactory.create_batch(2, branch=branch_a1)
    join(team, community_secretary, gone, dead)
    end_affiliation(
        affiliation_id=gone.affiliations.get().pk,
        ends_on=TODAY,
        end_reason=EndReason.TRANSFERRED_OUT,
        actor=community_secretary,
    )
    record_death(
        member_id=dead.pk,
        died_on=TODAY - timedelta(days=2),
        actor=community_secretary,
    )
    assert not team.places.current().exists()
    assert team.places.get(member=gone).left_on == TODAY


def test_a_move_within_the_community_keeps_the_place_and_one_out_of_it_ends_it(
    team, branch_a1, branch_a2, branch_b1, community_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    join(team, community_secretary, member)

    def move(target):
        move_affiliation(
            affiliation_id=member.affiliations.open().get().pk,
            organization_id=target.pk,
            moved_on=TODAY,
            actor=committee_staff,
        )

    move(branch_a2)
    assert team.places.current().get().member == member
    move(branch_b1)
    assert not team.places.current().exists()


def test_two_records_of_one_person_in_a_team_become_one(
    team, branch_a1, community_secretary, committee_staff
):
    kept, gone = MemberFactory.create_batch(2, branch=branch_a1)
    join(team, community_secretary, kept, joined_on=TODAY)
    join(team, community_secretary, gone)
    place = team.places.get(member=gone)
    lead_team(place_id=place.pk, actor=community_secretary)
    merge = merge_members(
        kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff
    )
    place = team.places.current().get()
    assert (place.member, place.is_leader, place.joined_on) == (kept, True, BEGUN)
    undo_merge(merge_id=merge.pk, actor=committee_staff)
    assert team.places.current().get().member == kept


def test_a_merged_branch_takes_its_teams_and_their_people_along(
    found, branch_a1, branch_a2, branch_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    team = found(branch_secretary, branch_a1)
    join(team, branch_secretary, member)
    found(committee_staff, branch_a2)
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    team.refresh_from_db()
    assert team.organization == branch_a2
    assert team.name == "义诊服务队（原沿江社区第一党支部）"
    assert team.places.current().get().member == member


def test_a_branch_that_merges_out_of_the_community_leaves_the_communitys_team(
    team, branch_a1, branch_b1, community_secretary, committee_staff
):
    join(team, community_secretary, MemberFactory(branch=branch_a1))
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_b1.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    assert not team.places.current().exists()


def test_an_organization_with_a_team_is_not_closed(
    found, branch_a2, committee_staff, community_secretary
):
    team = found(community_secretary, branch_a2)

    def close():
        close_organization(
            organization_id=branch_a2.pk,
            on_date=TODAY,
            reason="合并",
            actor=committee_staff,
        )

    with pytest.raises(RuleError, match="1 支志愿服务队没有解散"):
        close()
    close_team(team_id=team.pk, closed_on=TODAY, actor=community_secretary)
    close()


def test_free_time_is_what_was_said_last(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    for times, shown in (
        (["weekends", "evenings"], "工作日晚上、周末和节假日"),
        ([], "目前都没有空"),
    ):
        save_availability(member_id=member.pk, times=times, actor=branch_secretary)
        assert Availability.objects.get().shown == shown
    with pytest.raises(Member.DoesNotExist):
        save_availability(
            member_id=MemberFactory().pk, times=[], actor=branch_secretary
        )


def test_the_pages_lead_from_founding_to_the_deeds(
    client_for, branch_a1, community_a, community_secretary, healing
):
    client = client_for(community_secretary)
    healer = MemberFactory(branch=branch_a1, name="会看病", talents=[healing])
    MemberFactory(branch=branch_a1, name="没特长")
    url = reverse("activities:team-add")
    data = {
        "organization": community_a.pk,
        "name": "义诊服务队",
        "talents": [healing.pk],
        "founded_on": str(BEGUN),
    }
    refused = client.post(url, data | {"founded_on": "2999-01-01"})
    assert refused.status_code == 422
    assert "义诊服务队" in refused.content.decode()
    assert client.post(url, data).status_code == 302
    team = VolunteerTeam.objects.get()
    url = reverse("activities:team-members", args=[team.pk])
    page = client.get(url).content.decode()
    assert "会看病" in page
    assert "没特长" not in page
    assert "没特长" in client.get(f"{url}?q=没特长").content.decode()
    assert client.post(url, {"joined_on": str(TODAY)}).status_code == 422
    ticked = {"members": [healer.pk], "joined_on": str(BEGUN)}
    assert client.post(url, ticked).status_code == 302
    again = client.post(url, ticked, follow=True)
    assert "已经都在队里" in again.content.decode()
    place = team.places.get()
    client.post(reverse("activities:team-lead", args=[place.pk]))
    page = client.get(team.get_absolute_url()).content.decode()
    assert "队员 1 人" in page
    record = reverse("activities:record") + (
        f"?branch={community_a.pk}&kind=volunteering&team={team.pk}"
    )
    assert record.replace("&", "&amp;") in page
    form = client.get(record).content.decode()
    assert f'<option value="{team.pk}" selected>义诊服务队' in form
    saved = client.post(
        record,
        {
            "branch": community_a.pk,
            "kind": "volunteering",
            "prefilled": "volunteering",
            "starts_at": f"{TODAY}T00:00",
            "hours": "2",
            "place": "广场",
            "present": [healer.pk],
            "team": team.pk,
            "people_served": 12,
        },
    )
    assert saved.status_code == 302
    assert "义诊服务队" in client.get(saved.url).content.decode()
    page = client.get(reverse("activities:team-list")).content.decode()
    for words in ("会看病", "1 次", "2 小时", "12 人次"):
        assert words in page
    url = reverse("activities:availability", args=[healer.pk])
    assert url in client.get(healer.get_absolute_url()).content.decode()
    page = client.post(url, {"times": []}, follow=True).content.decode()
    assert "（队长）" in page
    assert "目前都没有空" in page
    edit = reverse("activities:team-edit", args=[team.pk])
    data |= {"version": team.version, "name": "义诊队"}
    assert client.post(edit, data).status_code == 302
    assert client.post(edit, data).status_code == 409
    close = reverse("activities:team-close", args=[team.pk])
    data = {"closed_on": str(TODAY), "version": 2}
    assert client.post(close, data | {"closed_on": "2000-01-01"}).status_code == 422
    assert client.post(close, data | {"version": 1}).status_code == 409
    assert client.post(close, data).status_code == 302
    page = client.get(reverse("activities:team-list") + "?group=closed").content
    assert "义诊队" in page.decode()


def test_of_a_roster_only_own_members_are_named(
    client_for, team, branch_a1, branch_b1, community_secretary, community_a
):
    member = MemberFactory(branch=branch_a1, name="移走的")
    join(team, community_secretary, member)
    # The whole branch goes to another community: its people stay on the roster.
    Organization.objects.filter(pk=branch_a1.pk).update(path="000001000002000009")
    page = client_for(community_secretary).get(team.get_absolute_url())
    assert "移走的" not in page.content.decode()
    assert "由其他党组织管理" in page.content.decode()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_submits_at_once_add_each_member_once(
    team, branch_a1, community_secretary
):
    members = MemberFactory.create_batch(3, branch=branch_a1)
    added = race(lambda n: join(team, community_secretary, *members))
    assert sum(added) == 3
    assert TeamPlace.objects.count() == 3


def test_days_of_a_place_are_half_open(team, branch_a1, community_secretary):
    place = TeamPlace.objects.create(
        team=team,
        member=MemberFactory(branch=branch_a1),
        joined_on=date(2026, 1, 5),
        left_on=date(2026, 1, 8),
    )
    days = [date(2026, 1, n) for n in range(4, 10)]
    held = [day.day for day in days if TeamPlace.objects.on(day).filter(pk=place.pk)]
    assert held == [5, 6, 7]
