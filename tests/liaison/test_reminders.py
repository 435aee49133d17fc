"""Units that do not confirm are asked again: rarely, never twice, on a real server."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from liaison import reminding, rules
from liaison.choices import DeliveryState
from liaison.models import FeedbackPacket, Reminder
from liaison.services import delivery as delivery_service
from liaison.services import reminders, sending
from organizations import parameters
from organizations.jobs import run_job
from organizations.models import AuditEvent, Job
from tests.factories.liaison import LiaisonCardFactory
from tests.factories.organizations import WorkUnitFactory
from tests.liaison.mailbox import Mailbox
from tests.ops.processes import free_port

SENT_ON = date(2026, 10, 12)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 20, tzinfo=SHANGHAI)


def run_on(day: date) -> int:
    """Let the clock strike on `day`."""
    with time_machine.travel(at(day), tick=False):
        return reminding.run(day)


def after(days: int) -> date:
    return SENT_ON + timedelta(days=days)


def hand_over(packet, actor, channel):
    """Hand a packet over on SENT_ON, its mail sent."""
    with time_machine.travel(at(SENT_ON), tick=False):
        delivery = sending.hand_over(packet_id=packet.pk, channel=channel, actor=actor)
        if channel == "email":
            job = Job.objects.get(parameters={"deliveries": [delivery.pk]})
            run_job(job.pk, heartbeat=False)
    packet.refresh_from_db()
    return packet.deliveries.latest("attempt")


@pytest.fixture
def mailed(mailbox, packet, committee_staff):
    """The delivery of 江滨中学, mailed on SENT_ON; the mailbox is empty again."""
    unit = packet.work_unit
    unit.contact_email, unit.feedback_channel = "party@unit.example", "email"
    unit.save()
    delivery = hand_over(packet, committee_staff, "email")
    assert delivery.state == DeliveryState.SENT
    mailbox.messages.clear()
    return delivery


@pytest.fixture
def on_paper(packet, committee_staff):
    return hand_over(packet, committee_staff, "paper")


# The rule ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tried_after", "reached", "today_after", "wanted"),
    [
        ([], 0, 6, False),
        ([], 0, 7, True),
        ([], 0, 30, True),
        ([7], 1, 13, False),
        ([7], 1, 14, True),
        ([7, 14], 2, 60, False),
        # A refused mail waits like any other, and costs none of the two.
        ([7], 0, 13, False),
        ([7, 14, 21], 1, 28, True),
    ],
)
def test_a_units_turn_comes_every_seven_days_twice(
    tried_after, reached, today_after, wanted
):
    due = rules.is_reminder_due(
        sent_on=SENT_ON,
        tried_on=[after(days) for days in tried_after],
        reached=reached,
        today=after(today_after),
        every_days=7,
        at_most=2,
    )
    assert due is wanted


# By the clock -----------------------------------------------------------------------


def test_a_silent_unit_is_reminded_twice_and_then_left(mailbox, mailed):
    sent = {days: run_on(after(days)) for days in range(1, 40)}
    assert [days for days, number in sent.items() if number] == [7, 14]
    assert len(mailbox.messages) == 2


def test_the_mail_asks_to_confirm_and_carries_no_workbook(mailbox, mailed, client):
    run_on(after(7))
    (message,) = mailbox.parsed()
    text = message.get_content()
    assert message["To"] == "party@unit.example"
    assert "请确认：2026年第三季度" in message["Subject"]
    assert message["Message-ID"] == f"<reminder-{mailed.packet_id}-1-1@portal>"
    assert message["In-Reply-To"] == f"<feedback-{mailed.packet_id}-1@portal>"
    assert not message.is_multipart()
    assert "2026年10月12日" in text
    link = f"/liaison/u/{delivery_service.link_token(mailed)}/"
    assert f"https://portal.example{link}" in text
    with time_machine.travel(at(after(7)), tick=False):
        assert client.get(link).status_code == 200


def test_a_link_out_of_date_is_not_sent_again(mailbox, mailed):
    run_on(after(31))
    assert "/liaison/u/" not in mailbox.parsed()[0].get_content()


def test_the_same_morning_twice_reminds_once(mailbox, mailed):
    run_on(after(7))
    run_on(after(7))
    assert len(mailbox.messages) == 1
    assert Reminder.objects.count() == 1


def test_a_unit_that_has_confirmed_is_left_alone(mailbox, mailed, committee_staff):
    delivery_service.enter_receipt(
        packet_id=mailed.packet_id, name="高校长", words="", actor=committee_staff
    )
    assert run_on(after(7)) == 0


def test_a_new_attempt_begins_the_days_anew(mailbox, mailed, committee_staff):
    run_on(after(7))
    with time_machine.travel(at(after(10)), tick=False):
        sending.hand_over(
            packet_id=mailed.packet_id, channel="email", actor=committee_staff
        )
        run_job(Job.objects.latest("created_at").pk, heartbeat=False)
    packet = FeedbackPacket.objects.get(pk=mailed.packet_id)
    assert packet.reminded_at is None
    mailbox.messages.clear()
    assert [days for days in range(11, 40) if run_on(after(days))] == [17, 24]


def test_paper_and_links_get_no_mail(mailbox, on_paper):
    assert run_on(after(30)) == 0
    assert not Reminder.objects.exists()


def test_nothing_is_sent_where_the_committee_says_never(
    mailbox, mailed, committee_staff
):
    parameters.change(key="liaison.unit_remind_at_most", value=0, actor=committee_staff)
    assert run_on(after(30)) == 0


def test_without_a_mail_server_the_clock_writes_nothing(mailed, settings):
    settings.EMAIL_URL = ""
    assert run_on(after(7)) == 0
    assert not Reminder.objects.exists()


def test_a_reminder_is_audited_and_shown(mailbox, mailed, client_for, committee_staff):
    run_on(after(7))
    event = AuditEvent.objects.get(action="packet_reminded")
    assert (event.actor, event.details["number"]) == (None, 1)
    board = client_for(committee_staff).get(
        reverse("liaison:period-units", args=[mailed.packet.period_id])
    )
    assert "10-19 已催办" in board.content.decode()


# Refusals and crashes ---------------------------------------------------------------


def test_a_refused_reminder_is_told_and_tried_again_after_the_days(mailbox, mailed):
    mailbox.answer = "451 try again later"
    assert run_on(after(7)) == 0
    refused = Reminder.objects.get()
    assert refused.error == "邮件服务器拒绝发送（代码 451），请稍后再送。"
    mailbox.answer = "250 OK"
    assert [days for days in range(8, 40) if run_on(after(days))] == [14, 21]


def test_a_worker_that_died_while_sending_never_sends_again(mailbox, mailed):
    with time_machine.travel(at(after(7)), tick=False):
        planned = reminders.plan_reminder(delivery_id=mailed.pk, today=after(7))
        assert reminders.claim_for_mailing(planned.pk)  # and then it died
    # The next day it is called unknown, and counts as one of the two.
    assert [days for days in range(8, 40) if run_on(after(days))] == [14]
    planned.refresh_from_db()
    assert planned.is_broken_off
    assert len(mailbox.messages) == 1


def test_a_reminder_under_way_is_not_called_dead(mailbox, mailed):
    with time_machine.travel(at(after(7)), tick=False):
        planned = reminders.plan_reminder(delivery_id=mailed.pk, today=after(7))
        reminders.claim_for_mailing(planned.pk)
        reminding.run(after(7))
    planned.refresh_from_db()
    assert (planned.state, mailbox.messages) == (DeliveryState.SENDING, [])


def test_a_worker_that_died_before_sending_sends_it_once_the_next_time(mailbox, mailed):
    with time_machine.travel(at(after(7)), tick=False):
        reminders.plan_reminder(delivery_id=mailed.pk, today=after(7))
    assert run_on(after(8)) == 1
    assert run_on(after(8)) == 0
    assert len(mailbox.messages) == 1


def test_two_clocks_at_once_plan_one_reminder(mailbox, mailed):
    with time_machine.travel(at(after(7)), tick=False):
        first, second = (
            reminders.plan_reminder(delivery_id=mailed.pk, today=after(7))
            for _ in range(2)
        )
        assert second is None
        assert reminders.claim_for_mailing(first.pk)
        assert reminders.claim_for_mailing(first.pk) is None


def test_one_who_confirms_in_between_gets_no_mail(mailbox, mailed, committee_staff):
    with time_machine.travel(at(after(7)), tick=False):
        planned = reminders.plan_reminder(delivery_id=mailed.pk, today=after(7))
    delivery_service.enter_receipt(
        packet_id=mailed.packet_id, name="高校长", words="", actor=committee_staff
    )
    assert reminders.claim_for_mailing(planned.pk) is None
    planned.refresh_from_db()
    assert (planned.state, planned.error) == (
        DeliveryState.FAILED,
        reminders.NO_LONGER,
    )


def test_a_dead_mail_server_ends_the_morning_early(
    mailbox, period, branch_a1, build, committee_staff, settings, monkeypatch
):
    for number in range(4):
        unit = WorkUnitFactory(
            feedback_channel="email", contact_email=f"u{number}@unit.example"
        )
        LiaisonCardFactory(organization=branch_a1, home_unit=unit)
    build(period)
    for packet in period.packets.all():
        hand_over(packet, committee_staff, "email")
    monkeypatch.setattr(reminding, "REFUSALS_IN_A_ROW", 2)
    settings.EMAIL_PORT = free_port()
    assert run_on(after(7)) == 0
    assert Reminder.objects.count() == 2


# By hand ----------------------------------------------------------------------------


def remind(mailed_or_paper, actor):
    return reminders.remind_now(packet_id=mailed_or_paper.packet_id, actor=actor)


def test_the_button_mails_at_once(
    mailbox: Mailbox, mailed, client_for, committee_staff
):
    client = client_for(committee_staff)
    page = client.post(
        reverse("liaison:packet-remind", args=[mailed.packet_id]), follow=True
    )
    assert "催办邮件正在发送" in page.content.decode()
    job = Job.objects.latest("created_at")
    run_job(job.pk, heartbeat=False)
    job.refresh_from_db()
    assert job.result == {"sent": 1, "failed": 0}
    assert len(mailbox.messages) == 1
    page = client.get(mailed.packet.get_absolute_url()).content.decode()
    assert "第 1 次送达后第 1 次" in page
    assert "已催办" in page


def test_the_job_run_again_mails_nothing(mailbox, mailed, committee_staff):
    remind(mailed, committee_staff)
    job = Job.objects.latest("created_at")
    run_job(job.pk, heartbeat=False)
    Job.objects.filter(pk=job.pk).update(state="queued")
    run_job(job.pk, heartbeat=False)
    assert len(mailbox.messages) == 1


def test_the_button_works_once_a_day(mailed, committee_staff):
    remind(mailed, committee_staff)
    with pytest.raises(RuleError, match="今天已经催办过"):
        remind(mailed, committee_staff)


def test_a_call_is_noted_for_what_went_on_paper(on_paper, committee_staff):
    noted = remind(on_paper, committee_staff)
    assert (noted.way, noted.state) == ("phone", DeliveryState.SENT)
    on_paper.packet.refresh_from_db()
    assert timezone.localdate(on_paper.packet.reminded_at) == timezone.localdate()
    assert AuditEvent.objects.filter(action="packet_reminded").count() == 1


def test_nothing_sent_is_nothing_to_remind_of(packet, committee_staff):
    with pytest.raises(RuleError, match="还没有送达"):
        reminders.remind_now(packet_id=packet.pk, actor=committee_staff)


def test_a_confirmed_packet_is_not_reminded_of(on_paper, committee_staff):
    delivery_service.enter_receipt(
        packet_id=on_paper.packet_id, name="高校长", words="", actor=committee_staff
    )
    with pytest.raises(RuleError, match="无须催办"):
        remind(on_paper, committee_staff)


def test_a_branch_reminds_no_unit(on_paper, branch_secretary, unit_contact):
    with pytest.raises(FeedbackPacket.DoesNotExist):
        remind(on_paper, branch_secretary)
    with pytest.raises(PermissionDenied):
        remind(on_paper, unit_contact)


# The to-do list -----------------------------------------------------------------------


def alert(key, user, today) -> list[str]:
    """The labels of a warning's rows."""
    entry = next(a for a in registry.alerts() if a.key == key)
    rows = list(entry.rows(user, today))
    assert entry.count(user, today) == len(rows)
    return [row.label for row in rows]


@pytest.mark.parametrize("channel", ["paper", "link"])
def test_units_without_a_mail_are_to_be_called(packet, committee_staff, channel):
    hand_over(packet, committee_staff, channel)
    name = packet.work_unit.name
    found = {
        days: alert("liaison.to_call", committee_staff, after(days))
        for days in (6, 7, 10, 11)
    }
    assert found == {6: [], 7: [name], 10: [name], 11: []}
    # From then on it stands among the unconfirmed.
    assert alert("liaison.unconfirmed", committee_staff, after(11)) == [name]


def test_a_unit_that_was_called_is_off_the_list(on_paper, committee_staff):
    with time_machine.travel(at(after(7)), tick=False):
        remind(on_paper, committee_staff)
    assert alert("liaison.to_call", committee_staff, after(8)) == []


def test_units_with_a_mail_are_the_clocks(mailed, committee_staff):
    assert alert("liaison.to_call", committee_staff, after(8)) == []
