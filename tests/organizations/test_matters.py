"""Delegated matters: steps, who may take them, money, what is carried on a day."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import product
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.models import AuditEvent, DelegatedMatter
from organizations.services.matter_steps import (
    MatterStepFacts,
    take_matter_step,
    take_matter_step_back,
    withdraw_arrival,
)
from organizations.services.matters import (
    amend_matter,
    apply_for_matter,
    record_handover,
)
from organizations.services.structure import close_organization, merge_organizations
from tests.organizations.matter_steps import (
    APPLIED,
    TODAY,
    admitted,
    applied,
    arrived,
    handover,
    stepped,
    terms,
)
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield TODAY


def again(matter):
    return DelegatedMatter.objects.with_arrived().get(pk=matter.pk)


def test_a_matter_goes_its_way_and_back(
    community_a, community_secretary, committee_staff
):
    matter = applied(community_a, community_secretary)
    stepped(matter, committee_staff, "examined", "admitted")
    matter = again(matter)
    assert (matter.state, matter.admitted_on) == ("admitted", date(2026, 8, 20))
    stepped(matter, committee_staff, "ended", day=date(2026, 11, 1))
    assert again(matter).ended_on == date(2026, 11, 1)
    take_matter_step_back(matter_id=matter.pk, reason="写错", actor=committee_staff)
    matter = again(matter)
    assert (matter.state, matter.admitted_on, matter.ended_on) == (
        *("admitted", date(2026, 8, 20)),
        None,
    )
    take_matter_step_back(matter_id=matter.pk, reason="写错", actor=committee_staff)
    assert again(matter).state == "examined"
    assert again(matter).admitted_on is None
    assert again(matter).steps.standing().count() == 1
    events = AuditEvent.objects.filter(action="matter_saved")
    assert events.count() == 6


@pytest.mark.parametrize("step", ["examined", "admitted", "ended"])
def test_admission_is_the_streets_alone(
    step, community_a, community_secretary, committee_staff
):
    matter = applied(community_a, committee_staff)
    before = {"admitted": ["examined"], "ended": ["examined", "admitted"]}
    stepped(matter, committee_staff, *before.get(step, []))
    with pytest.raises(PermissionDenied):
        stepped(matter, community_secretary, step)


def test_a_community_refuses_with_a_reason_and_takes_it_back(
    community_a, community_secretary, committee_staff
):
    matter = applied(community_a, committee_staff)
    with pytest.raises(RuleError, match="请写明不予准入的原因"):
        take_matter_step(
            matter_id=matter.pk,
            step="refused",
            facts=MatterStepFacts(TODAY, "社区党委"),
            actor=community_secretary,
        )
    stepped(matter, community_secretary, "refused")
    with pytest.raises(RuleError, match="不能再改"):
        amend_matter(
            matter_id=matter.pk, facts=terms(), reason="改", actor=committee_staff
        )
    take_matter_step_back(matter_id=matter.pk, reason="再议", actor=community_secretary)
    assert again(matter).state == "applied"
    stepped(matter, committee_staff, "examined", "admitted")
    with pytest.raises(PermissionDenied):
        take_matter_step_back(
            matter_id=matter.pk, reason="退", actor=community_secretary
        )


def test_terms_of_an_admitted_matter_are_the_streets(
    community_a, community_secretary, committee_staff
):
    matter = admitted(community_a, committee_staff)
    new = terms(money_due=Decimal("30000"))
    with pytest.raises(PermissionDenied):
        amend_matter(
            matter_id=matter.pk, facts=new, reason="增拨", actor=community_secretary
        )
    amend_matter(matter_id=matter.pk, facts=new, reason="增拨", actor=committee_staff)
    record_handover(
        matter_id=matter.pk,
        facts=handover(staff_posted=0),
        version=again(matter).version,
        actor=community_secretary,
    )
    assert again(matter).missing == ["人员"]
    event = AuditEvent.objects.filter(action="matter_saved").order_by("-pk")[1]
    assert (event.details["before"], event.details["after"]) == (
        "20,000.00",
        "30,000.00",
    )
    with pytest.raises(StaleError):
        record_handover(
            matter_id=matter.pk, facts=handover(), version=1, actor=committee_staff
        )


def test_no_money_before_admission(community_a, community_secretary):
    matter = applied(community_a, community_secretary)
    with pytest.raises(RuleError, match="还没有准入"):
        arrived(matter, community_secretary)


def test_money_comes_and_is_taken_back(
    community_a, community_secretary, committee_staff
):
    matter = admitted(community_a, committee_staff)
    for _ in range(3):
        arrived(matter, community_secretary, "6666.66")
    assert again(matter).outstanding == Decimal("0.02")
    with pytest.raises(RuleError, match=r"还应到 0.02 元"):
        arrived(matter, community_secretary, "0.03")
    last = arrived(matter, community_secretary, "0.02")
    with pytest.raises(RuleError, match="请先撤回到账记录"):
        take_matter_step_back(matter_id=matter.pk, reason="退", actor=committee_staff)
    withdraw_arrival(arrival_id=last.pk, reason="错", actor=community_secretary)
    assert again(matter).arrived == Decimal("19999.98")


def test_what_is_carried_on_a_day(community_a, community_b, committee_staff):
    long = admitted(community_a, committee_staff)
    over = admitted(
        community_a,
        committee_staff,
        title="人口普查",
        span="once",
        ends_on=date(2026, 10, 31),
    )
    stepped(over, committee_staff, "ended", day=date(2026, 11, 1))
    late = admitted(
        community_b, committee_staff, day=date(2026, 10, 10), title="经济普查"
    )
    applied(community_b, committee_staff, title="养犬登记")

    def carried(*day):
        return set(DelegatedMatter.objects.carried_on(date(*day)))

    assert carried(2026, 8, 31) == set()
    assert carried(2026, 9, 1) == {long, over}
    assert carried(2026, 10, 10) == {long, over, late}
    assert carried(2026, 11, 1) == {long, late}


def test_lists_agree_with_the_rule_of_balance(community_a, committee_staff):
    cases = product(("", "登记"), ("0", "10"), (0, 1), ("long", "once"))
    for number, (power, money, staff, span) in enumerate(cases):
        admitted(
            community_a,
            committee_staff,
            title=f"事项{number}",
            span=span,
            ends_on=date(2026, 12, 31),
            money_due=Decimal(money),
            along=handover(power, staff),
        )
    found = set(DelegatedMatter.objects.unbalanced(TODAY))
    assert found == {each for each in DelegatedMatter.objects.all() if each.missing}
    assert len(found) == 13


def test_warnings(community_a, community_secretary, committee_staff, secretary_b):
    matter = admitted(
        community_a, committee_staff, along=handover(""), ends_on=date(2026, 11, 1)
    )
    applied(community_a, committee_staff, title="养犬登记")

    def counted(name, user):
        return registry.alert(f"organizations.matter_{name}").count(user, TODAY)

    for name in ("unbalanced", "money_overdue", "past_end"):
        assert counted(name, community_secretary) == 1
        assert counted(name, secretary_b) == 0
    assert counted("undecided", committee_staff) == 1
    assert counted("undecided", community_secretary) == 0
    arrived(matter, community_secretary, "20000")
    assert counted("money_overdue", committee_staff) == 0


def test_sent_twice_it_is_one_matter_and_one_name(community_a, committee_staff):
    def send(request_id):
        return apply_for_matter(
            organization_id=community_a.pk,
            facts=terms(),
            handover=handover(),
            applied_on=APPLIED,
            request_id=request_id,
            actor=committee_staff,
        )

    once = uuid4()
    assert send(once) == send(once)
    with pytest.raises(RuleError, match="已有在办的"):
        send(uuid4())


def test_a_step_back_does_not_make_two_of_one_name(community_a, committee_staff):
    first = applied(community_a, committee_staff)
    stepped(first, committee_staff, "refused")
    applied(community_a, committee_staff)
    with pytest.raises(RuleError, match="已有在办的“流动人口信息采集”"):
        take_matter_step_back(matter_id=first.pk, reason="再议", actor=committee_staff)
    assert again(first).state == "refused"


def test_a_power_called_none_is_none(community_a, committee_staff):
    matter = admitted(community_a, committee_staff, along=handover("无", 0, "—"))
    assert (matter.power, matter.equipment) == ("", "")
    assert again(matter).missing == ["权限", "人员"]
    assert again(matter) in DelegatedMatter.objects.unbalanced(TODAY)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_money_and_decisions_at_the_same_time(community_a, committee_staff):
    matter = admitted(community_a, committee_staff)

    def arrive(number):
        arrived(matter, committee_staff, "6000")
        return "arrived"

    assert Counter(race(arrive, 8)) == {"arrived": 3, "amount": 5}
    assert again(matter).arrived == Decimal(18000)
    other = applied(community_a, committee_staff, title="养犬登记")

    def decide(number):
        stepped(other, committee_staff, ("refused", "withdrawn")[number % 2])
        return "decided"

    assert Counter(race(decide, 6)) == {"decided": 1, "step": 5}
    assert again(other).steps.count() == 1


def test_a_branch_carries_nothing(branch_a1, committee_staff):
    with pytest.raises(RuleError, match="不是社区党组织"):
        applied(branch_a1, committee_staff)


def test_merging_hands_over_and_closing_is_refused(
    community_a, community_b, committee_staff
):
    matter = admitted(community_a, committee_staff)
    with pytest.raises(RuleError, match="准入事项"):
        close_organization(
            organization_id=community_a.pk,
            on_date=TODAY,
            reason="撤销",
            actor=committee_staff,
        )
    merge_organizations(
        source_id=community_a.pk,
        target_id=community_b.pk,
        on_date=TODAY,
        actor=committee_staff,
    )
    assert again(matter).organization == community_b
