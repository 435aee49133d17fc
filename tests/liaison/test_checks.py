"""Where the street wants to, the community checks the words of its branches."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.lib.errors import RuleError
from config.lib.registry import alert
from liaison import rounds
from liaison.models import FeedbackCheck, FeedbackPeriod, LiaisonCard
from liaison.services import checks, remarks, sending
from liaison.services.packets import build_packets
from liaison.services.periods import close_period
from organizations import parameters
from organizations.models import AuditEvent


@pytest.fixture
def switched_on(sysadmin, period, card):
    parameters.change(key="liaison.community_check", value="on", actor=sysadmin)
    return period


def write(period, card, actor, words="热心公益。", version=0):
    row = remarks.Remark(card.pk, version, "优秀", words)
    return remarks.save_remarks(
        period_id=period.pk,
        organization_id=card.organization_id,
        remarks=[row],
        actor=actor,
    )


def passing(period, card, actor):
    return checks.pass_words(
        period_id=period.pk, organization_id=card.organization_id, actor=actor
    )


def giving_back(period, card, actor, reason="请写具体些"):
    return checks.return_words(
        period_id=period.pk,
        organization_id=card.organization_id,
        reason=reason,
        actor=actor,
    )


def test_nothing_waits_unless_the_step_is_on(period, card, community_secretary, build):
    with pytest.raises(RuleError, match="没有开启"):
        passing(period, card, community_secretary)
    assert build(period) == 1


def test_words_that_passed_stand_until_they_are_returned(
    switched_on, card, branch_secretary, community_secretary
):
    with pytest.raises(RuleError, match="还有 1 人没有评语"):
        passing(switched_on, card, community_secretary)
    write(switched_on, card, branch_secretary)
    for _ in range(2):
        passing(switched_on, card, community_secretary)
    assert AuditEvent.objects.filter(action="feedback_checked").count() == 1
    with pytest.raises(RuleError, match="已经审核通过"):
        write(switched_on, card, branch_secretary, "改一改。", 1)
    giving_back(switched_on, card, community_secretary)
    write(switched_on, card, branch_secretary, "每周来社区一次。", 1)
    # Written again, it waits again.
    assert not FeedbackCheck.objects.exists()


def test_no_packet_is_built_before(
    switched_on, card, committee_staff, community_secretary
):
    close_period(period_id=switched_on.pk)
    with pytest.raises(RuleError, match="没有经社区审核：沿江社区第一党支部"):
        sending.request_building(period_id=switched_on.pk, actor=committee_staff)
    with pytest.raises(RuleError, match="没有经社区审核"):
        build_packets(period_id=switched_on.pk)
    assert rounds.run(date(2026, 10, 12)) == 0
    with pytest.raises(RuleError, match="已经截止"):
        giving_back(switched_on, card, community_secretary)
    with pytest.raises(CommandError, match="没有经社区审核"):
        call_command("build_feedback", "--period", switched_on.label)
    # Nobody can write any more: what is missing holds nothing up.
    passing(switched_on, card, community_secretary)
    assert rounds.run(date(2026, 10, 12)) == 1
    with pytest.raises(RuleError, match="已经生成"):
        passing(switched_on, card, community_secretary)


def test_a_branch_checks_nothing_and_another_community_sees_nothing(
    switched_on, card, branch_secretary, secretary_b
):
    with pytest.raises(PermissionDenied):
        passing(switched_on, card, branch_secretary)
    with pytest.raises(card.organization.DoesNotExist):
        passing(switched_on, card, secretary_b)


def test_a_branch_without_cards_has_nothing_to_check(
    switched_on, branch_a2, community_secretary
):
    with pytest.raises(LiaisonCard.DoesNotExist):
        checks.pass_words(
            period_id=switched_on.pk,
            organization_id=branch_a2.pk,
            actor=community_secretary,
        )


def test_the_community_is_told_when_words_are_complete(
    switched_on, card, branch_secretary, community_secretary
):
    told = alert("liaison.to_check")
    today = date(2026, 10, 2)
    assert not list(told.rows(community_secretary, today))
    write(switched_on, card, branch_secretary)
    assert [row.organization_id for row in told.rows(community_secretary, today)] == [
        card.organization_id
    ]
    assert not list(told.rows(branch_secretary, today))
    passing(switched_on, card, community_secretary)
    assert not list(told.rows(community_secretary, today))


def test_the_page_asks_tells_and_takes_back(
    switched_on, card, client_for, branch_secretary, community_secretary
):
    write(switched_on, card, branch_secretary)
    table = reverse("liaison:remarks", args=[switched_on.pk, card.organization_id])
    client = client_for(community_secretary)
    assert "待社区审核" in client.get(table).content.decode()
    assert client.post(table + "pass/").status_code == 302
    html = client.get(table).content.decode()
    assert "社区审核通过" in html
    assert "保存全部评语" not in html
    board = client.get(switched_on.get_absolute_url()).content.decode()
    assert "审核通过" in board
    page = client.post(table + "return/", {"reason": ""})
    assert "请写明哪里要改" in page.content.decode()
    client.post(table + "return/", {"reason": "请写明帮了谁"})
    html = client_for(branch_secretary).get(table).content.decode()
    assert "请写明帮了谁" in html
    assert "保存全部评语" in html
    assert FeedbackPeriod.objects.count() == 1
