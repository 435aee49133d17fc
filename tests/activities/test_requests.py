"""Residents' requests: their states, who takes one, what is kept of a resident."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.models import Activity, Participation, RequestClaim, ServiceRequest
from activities.rules.requests import NEXT, check_asked
from activities.services.claims import (
    claim_request,
    finish_request,
    give_back_request,
)
from activities.services.request_clearing import RESIDENT, clear_requests
from activities.services.requests import (
    Wish,
    check_request,
    close_request,
    publish_request,
    reads_resident,
    refuse_request,
    reveal_resident,
    withdraw_request,
)
from activities.services.teams import close_team
from activities.team_figures import years_of
from config.lib.errors import RuleError
from organizations.models import AuditEvent
from organizations.services.structure import close_organization, merge_organizations
from tests.activities import request_steps as steps
from tests.factories.members import MemberFactory
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture
def helper(branch_a1):
    return MemberFactory(branch=branch_a1, name="热心人")


@pytest.fixture
def team(community_a, community_secretary, helper):
    return steps.team_of(community_a, community_secretary, helper)


def test_a_request_comes_in_once_and_names_nobody_in_what_is_published(
    community_a, community_secretary
):
    key = uuid4()
    found = {
        steps.received(community_a, community_secretary, request_id=key).pk
        for _ in "12"
    }
    assert len(found) == 1
    request = ServiceRequest.objects.get()
    assert request.wanted_by == TODAY + timedelta(days=7)
    assert (request.masked_name, request.masked_phone) == ("邢**", "139****8001")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, place FROM activities_servicerequest")
        assert not {"邢", "8001", "201"} & set("".join(cursor.fetchone()))
    assert "邢" not in str(AuditEvent.objects.values_list("target_label", "details"))


@pytest.mark.parametrize(
    "words",
    [
        "请打电话13900001111",
        "联系 139-0000-1111",
        "在3幢2单元的老人要理发",
        "201室要换灯",
        "证件330199198001010017丢了",
        "",
        "长" * 101,
    ],
)
def test_what_is_asked_may_hold_no_number_of_a_person_or_a_door(words):
    with pytest.raises(RuleError):
        check_asked(words)


def test_plain_words_are_fit_to_be_published():
    words = "80岁老人12月3日前要换2个灯泡，100元以内"
    assert check_asked(f" {words} ") == words


def test_days_follow_one_another(community_a, community_secretary):
    for changes, words in (
        ({"received_on": TODAY + timedelta(days=1)}, "不能晚于今天"),
        ({"wanted_by": TODAY - timedelta(days=1)}, "不能早于收到日期"),
    ):
        with pytest.raises(RuleError, match=words):
            steps.received(community_a, community_secretary, **changes)
    assert not ServiceRequest.objects.exists()


def test_from_coming_to_the_residents_word(
    community_a, community_secretary, team, helper
):
    request = steps.closed(community_a, community_secretary, team, helper)
    request.refresh_from_db()
    assert request.state == "closed"
    assert request.activity.team == team
    assert request.activity.title == "贴心服务：独居老人家灯不亮，需要换灯"
    assert request.lateness(TODAY) == "按时"
    assert Participation.objects.get().member == helper
    assert years_of([team], TODAY.year)[team.pk].hours == 1
    states = AuditEvent.objects.filter(target_type="activities.servicerequest")
    assert [event.details["request_state"] for event in states.order_by("pk")] == [
        *("received", "published", "claimed", "done", "closed")
    ]


def test_one_activity_serves_several_requests_and_its_hours_count_once(
    community_a, community_secretary, team, helper
):
    first = steps.done(community_a, community_secretary, team, helper)
    second = steps.claimed(community_a, community_secretary, team)
    finish_request(
        request_id=second.pk,
        result="一起办了",
        activity_id=first.activity_id,
        actor=community_secretary,
    )
    assert Activity.objects.count() == 1
    assert years_of([team], TODAY.year)[team.pk].hours == 1


def test_nothing_is_done_without_an_activity_or_before_it_was_taken(
    community_a, community_secretary, team, helper, record
):
    request = steps.claimed(community_a, community_secretary, team)

    def finish(**changes):
        finish_request(
            request_id=request.pk,
            **({"result": "办了", "actor": community_secretary} | changes),
        )

    with pytest.raises(RuleError, match="请选择办这件事的活动"):
        finish()
    with pytest.raises(RuleError, match="请填写办理情况"):
        finish(result=" ", deed=steps.deed(helper))
    with pytest.raises(RuleError, match="至少勾选一名"):
        finish(deed=steps.deed())
    early = record([helper], starts_at=timezone.now() - timedelta(days=2))
    with pytest.raises(RuleError, match="办理日期应在认领"):
        finish(activity_id=early.pk)
    Activity.objects.filter(pk=early.pk).update(state="cancelled")
    with pytest.raises(RuleError, match="已取消"):
        finish(activity_id=early.pk)


def test_taken_once_given_back_and_taken_by_another(
    community_a, branch_a1, community_secretary, branch_secretary, team, helper
):
    request = steps.claimed(community_a, community_secretary, team)
    with pytest.raises(RuleError, match="已被别人认领"):
        claim_request(
            request_id=request.pk, member_id=helper.pk, actor=branch_secretary
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestClaim.objects.create(
            request=request, team=team, claimed_on=TODAY, claimed_by=branch_secretary
        )
    with pytest.raises(PermissionDenied):
        give_back_request(request_id=request.pk, words="没空", actor=branch_secretary)
    give_back_request(request_id=request.pk, words="没空", actor=community_secretary)
    with pytest.raises(RuleError, match="只有办理中的可以退回"):
        give_back_request(
            request_id=request.pk, words="没空", actor=community_secretary
        )
    claim_request(request_id=request.pk, member_id=helper.pk, actor=branch_secretary)
    request.refresh_from_db()
    assert request.taker == branch_a1
    assert RequestClaim.objects.current().get().member == helper
    assert RequestClaim.objects.count() == 2


def test_either_a_team_or_a_member_takes_it(
    community_a, community_secretary, team, helper
):
    request = steps.published(community_a, community_secretary)
    for choice in ({}, {"team_id": team.pk, "member_id": helper.pk}):
        with pytest.raises(RuleError, match="哪支服务队"):
            claim_request(request_id=request.pk, actor=community_secretary, **choice)


def test_a_team_with_something_in_hand_is_not_dissolved(
    community_a, community_secretary, team
):
    request = steps.claimed(community_a, community_secretary, team)

    def close():
        close_team(team_id=team.pk, closed_on=TODAY, actor=community_secretary)

    with pytest.raises(RuleError, match="1 件认领的需求没有办好"):
        close()
    withdraw_request(request_id=request.pk, words="不需要了", actor=community_secretary)
    close()
    assert not RequestClaim.objects.current().exists()


def test_late_is_what_was_done_or_is_not_done_after_the_day(
    community_a, community_secretary, team, helper
):
    request = steps.done(community_a, community_secretary, team, helper)
    request.received_on = TODAY - timedelta(days=9)
    request.wanted_by = TODAY - timedelta(days=3)
    assert request.lateness(TODAY) == "超期办结"
    request.done_on, request.state = None, "claimed"
    assert request.lateness(TODAY) == "超期 3 天"
    assert request.lateness(request.wanted_by) == ""


def test_who_sees_what_of_a_request(
    community_a,
    branch_b1,
    community_secretary,
    secretary_b,
    committee_staff,
    auditor,
    other_street,
):
    request = steps.received(community_a, community_secretary)
    seen = ServiceRequest.objects.visible_to
    assert not seen(secretary_b).exists()
    with pytest.raises(ServiceRequest.DoesNotExist):
        publish_request(request_id=request.pk, actor=secretary_b)
    check_request(
        request_id=request.pk,
        wish=Wish(request.asked),
        publish=True,
        actor=community_secretary,
    )
    request.refresh_from_db()
    assert seen(secretary_b).get() == request
    assert not seen(auditor).exists()
    assert not reads_resident(secretary_b, request)
    with pytest.raises(PermissionDenied):
        refuse_request(request_id=request.pk, words="不办", actor=secretary_b)

    def look(actor, **changes):
        values = {"field": "phone", "reason": "上门前联系"} | changes
        return reveal_resident(request_id=request.pk, actor=actor, **values)

    with pytest.raises(PermissionDenied):
        look(secretary_b)
    with pytest.raises(RuleError, match="查看原因"):
        look(community_secretary, reason="")
    with pytest.raises(RuleError, match="不提供"):
        look(community_secretary, field="result")
    assert look(community_secretary) == "13900008001"
    # Who takes it comes to know whom to help.
    member = MemberFactory(branch=branch_b1)
    claim_request(request_id=request.pk, member_id=member.pk, actor=secretary_b)
    assert look(secretary_b, field="place").endswith("201室")
    results = AuditEvent.objects.filter(action="field_revealed").order_by("pk")
    assert [event.result for event in results] == ["denied", "done", "done"]


def test_a_resident_who_is_not_content_says_why(
    community_a, community_secretary, team, helper
):
    request = steps.done(community_a, community_secretary, team, helper)
    with pytest.raises(RuleError, match="不满意的须写明原因"):
        close_request(
            request_id=request.pk, satisfaction="not", actor=community_secretary
        )


def test_a_while_after_the_end_nobody_is_named_any_more(
    community_a, community_secretary, team, helper
):
    ended = steps.closed(community_a, community_secretary, team, helper)
    waiting = steps.received(community_a, community_secretary)
    last_day = TODAY + timedelta(days=30)
    assert clear_requests(last_day) == 0
    assert clear_requests(last_day + timedelta(days=1)) == 1
    assert clear_requests(last_day + timedelta(days=1)) == 0
    ended.refresh_from_db()
    assert [getattr(ended, name) for name in RESIDENT] == [""] * len(RESIDENT)
    assert (ended.state, ended.satisfaction) == ("closed", "satisfied")
    assert ended.asked
    waiting.refresh_from_db()
    assert waiting.name == "邢需求"
    assert AuditEvent.objects.get(action="request_cleared").actor is None


def test_a_merged_branch_takes_its_requests_along_and_one_with_work_stays_open(
    branch_a1, branch_a2, branch_secretary, committee_staff, helper
):
    kept = steps.received(branch_a1, branch_secretary)
    team = steps.team_of(branch_a1, branch_secretary, helper)
    taken = steps.claimed(branch_a1, branch_secretary, team)
    # Its member is gone by then, and its team.
    helper.affiliations.update(ends_on=TODAY, end_reason="mistake")
    team.closed_on = TODAY
    team.save()
    with pytest.raises(RuleError, match="2 件服务需求没有办好"):
        close_organization(
            organization_id=branch_a1.pk,
            on_date=TODAY,
            reason="撤",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=branch_a1.pk,
        target_id=branch_a2.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    for request in (kept, taken):
        request.refresh_from_db()
        assert request.organization == branch_a2
    assert taken.taker == branch_a2


# States ---------------------------------------------------------------------------

_DEEDS = st.lists(
    st.sampled_from(
        [
            *("check", "check_publish", "publish", "claim_team", "claim_member"),
            *("give_back", "finish", "close", "refuse", "withdraw"),
        ]
    ),
    max_size=12,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=_DEEDS)
def test_any_order_of_deeds_keeps_to_the_states(
    community_a, community_secretary, team, helper, deeds
):
    """Whatever is tried in whatever order, states follow `NEXT` and rows agree."""
    actor = community_secretary
    with transaction.atomic():
        request = steps.received(community_a, actor)
        common = {"request_id": request.pk, "actor": actor}
        wish = Wish(request.asked)
        tries = {
            "check": lambda: check_request(wish=wish, **common),
            "check_publish": lambda: check_request(wish=wish, publish=True, **common),
            "publish": lambda: publish_request(**common),
            "claim_team": lambda: claim_request(team_id=team.pk, **common),
            "claim_member": lambda: claim_request(member_id=helper.pk, **common),
            "give_back": lambda: give_back_request(words="没空", **common),
            "finish": lambda: finish_request(
                result="办了", deed=steps.deed(helper), **common
            ),
            "close": lambda: close_request(satisfaction="mostly", **common),
            "refuse": lambda: refuse_request(words="不归我们办", **common),
            "withdraw": lambda: withdraw_request(words="不需要了", **common),
        }
        for name in deeds:
            before = request.state
            try:
                with transaction.atomic():
                    tries[name]()
            except RuleError:
                request.refresh_from_db()
                assert request.state == before
                continue
            request.refresh_from_db()
            reached = NEXT[before] | {
                after for step in NEXT[before] for after in NEXT[step]
            }
            assert request.state in (reached if "publish" in name else NEXT[before])
            claims = list(request.claims.current())
            in_hand = request.state in {"claimed", "done", "closed"}
            assert len(claims) == in_hand
            assert (request.taker is not None) == in_hand
            assert (request.activity is not None) == (
                request.state in {"done", "closed"}
            )
        transaction.set_rollback(True)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_reach_for_it_one_takes_it(
    community_a, community_secretary, committee_staff, branch_a1, team
):
    helpers = MemberFactory.create_batch(10, branch=branch_a1)
    request = steps.published(community_a, community_secretary)

    def take(number):
        choice = (
            {"member_id": helpers[number // 2].pk}
            if number % 2
            else {"team_id": team.pk}
        )
        actor = community_secretary if number % 3 else committee_staff
        try:
            return claim_request(request_id=request.pk, actor=actor, **choice).pk
        except RuleError as error:
            return error.code

    found = race(take)
    assert sorted(map(str, found))[1:] == ["claimed"] * (len(found) - 1)
    assert RequestClaim.objects.count() == 1
    request.refresh_from_db()
    assert request.state == "claimed"


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_copies_of_a_form_are_one_request_and_one_activity(
    community_a, community_secretary, team, helper
):
    key = uuid4()
    found = race(
        lambda n: steps.received(community_a, community_secretary, request_id=key).pk
    )
    assert len(set(found)) == 1
    request = steps.claimed(community_a, community_secretary, team)

    def finish(number):
        try:
            finish_request(
                request_id=request.pk,
                result="办了",
                deed=steps.deed(helper),
                actor=community_secretary,
            )
        except RuleError as error:
            return error.code
        return "done"

    found = race(finish)
    assert found.count("done") == 1
    assert Activity.objects.count() == 1
