"""The boards of a round and the pages of its packets."""

import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse

from liaison.models import Delivery, FeedbackPacket, FeedbackPeriod
from liaison.services import delivery as service
from organizations.jobs import run_job
from organizations.models import AuditEvent, Job
from tests.factories.liaison import FeedbackRemarkFactory, LiaisonCardFactory
from tests.factories.organizations import PostFactory, WorkUnitFactory


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def url(name, *args) -> str:
    return reverse(f"liaison:{name}", args=args)


def html_of(client, name, *args, **query) -> str:
    response = client.get(url(name, *args), query)
    assert response.status_code == 200
    return response.content.decode()


def run_latest() -> Job:
    job = Job.objects.latest("created_at")
    run_job(job.pk, heartbeat=False)
    job.refresh_from_db()
    return job


def test_the_list_counts_words_packets_and_receipts(staff, packet, card, period):
    FeedbackRemarkFactory(period=period, card=card)
    html = html_of(staff, "period-list")
    assert "1 / 1 人（100%）" in html
    assert "材料已生成" in html


def test_a_secretary_counts_the_own_branch_only(
    client_for, branch_secretary, card, branch_b1, period
):
    LiaisonCardFactory(organization=branch_b1)
    html = html_of(client_for(branch_secretary), "period-list")
    assert "0 / 1 人" in html
    assert "已确认" not in html


def test_a_round_can_be_opened_early(staff, street):
    response = staff.post(url("period-open"))
    opened = FeedbackPeriod.objects.get()
    assert response.url == opened.get_absolute_url()
    staff.post(url("period-open"))
    assert FeedbackPeriod.objects.count() == 1


def test_opening_twice_tells_how_far_the_round_is(staff, street):
    assert "反馈已开启" in staff.post(url("period-open"), follow=True).text
    again = staff.post(url("period-open"), follow=True).text
    assert "早已开启，现在是“填写中”" in again


def test_a_secretary_opens_no_round(client_for, branch_secretary):
    client = client_for(branch_secretary)
    assert client.post(url("period-open")).status_code == 403


def test_the_board_of_branches_adds_up(staff, card, branch_b1, period):
    FeedbackRemarkFactory(period=period, card=card)
    LiaisonCardFactory.create_batch(2, organization=branch_b1)
    response = staff.get(period.get_absolute_url())
    rows = [(row.total, row.worded) for row in response.context["rows"]]
    assert rows == [(1, 1), (2, 0)]
    assert (response.context["total"], response.context["worded"]) == (3, 1)


def test_closing_asks_first_and_names_what_is_missing(staff, card, period):
    html = html_of(staff, "period-close", period.pk)
    assert "未填写的 1 人" in html
    assert staff.post(url("period-close", period.pk)).status_code == 302
    period.refresh_from_db()
    assert period.state == "closed"


def test_building_is_a_job(staff, card, period):
    response = staff.post(url("period-build", period.pk))
    assert response.url == url("period-units", period.pk)  # still open
    staff.post(url("period-close", period.pk))
    response = staff.post(url("period-build", period.pk))
    job = run_latest()
    assert response.url == job.get_absolute_url()
    assert job.message == "新生成 1 份反馈材料。"
    assert period.packets.count() == 1


def test_a_secretary_reaches_no_unit(client_for, branch_secretary, packet, period):
    client = client_for(branch_secretary)
    assert client.get(url("period-units", period.pk)).status_code == 403
    assert client.get(packet.get_absolute_url()).status_code == 404
    for name in ("period-build", "period-deliver", "period-archive"):
        assert client.post(url(name, period.pk)).status_code == 403


def test_another_streets_round_is_not_found(staff, other_street):
    other = FeedbackPeriod.objects.create(
        organization=other_street,
        kind="quarter",
        label="2026Q3",
        starts_on="2026-07-01",
        ends_on="2026-10-01",
        due_on="2026-10-10",
    )
    assert staff.get(other.get_absolute_url()).status_code == 404
    assert staff.get(url("period-units", other.pk)).status_code == 404


@pytest.fixture
def board(period, branch_a1, build, committee_staff):
    """Four packets: unsent, sent, opened, confirmed."""
    for number in range(1, 5):
        unit = WorkUnitFactory(name=f"第{number}单位甲")
        LiaisonCardFactory(organization=branch_a1, home_unit=unit)
    build(period)
    packets = list(period.packets.order_by("number"))
    for packet in packets[1:]:
        service.deliver(packet_id=packet.pk, channel="link", actor=committee_staff)
    for packet in packets[2:]:
        service.note_opened(packet.deliveries.get())
    service.enter_receipt(
        packet_id=packets[3].pk, name="周明", words="", actor=committee_staff
    )
    return packets


@pytest.mark.parametrize(
    ("state", "number"),
    [("unsent", 0), ("sent", 1), ("opened", 2), ("confirmed", 3)],
)
def test_the_board_of_units_filters_by_state(staff, board, period, state, number):
    html = html_of(staff, "period-units", period.pk, state=state)
    shown = [packet.work_unit.name in html for packet in board]
    assert shown == [index == number for index in range(4)]


def test_the_board_of_units_searches_names(staff, board, period):
    html = html_of(staff, "period-units", period.pk, q="第2单位")
    assert board[1].number in html
    assert board[0].number not in html


def test_the_board_keeps_to_twelve_queries(
    staff, board, period, branch_a1, build, django_assert_max_num_queries
):
    LiaisonCardFactory.create_batch(60, organization=branch_a1)
    build(period)
    with django_assert_max_num_queries(12):
        html_of(staff, "period-units", period.pk)


def test_the_board_turns_pages(staff, period, branch_a1, build):
    LiaisonCardFactory.create_batch(55, organization=branch_a1)
    build(period)
    packets = list(period.packets.order_by("number"))
    html = html_of(staff, "period-units", period.pk, after=packets[49].pk)
    assert packets[50].number in html
    assert f">{packets[48].number}<" not in html


def test_a_packet_is_handed_over_by_link_with_its_code(staff, packet):
    staff.post(url("packet-deliver", packet.pk), {"channel": "link"})
    html = html_of(staff, "packet-detail", packet.pk)
    token = service.link_token(packet.deliveries.get())
    assert f"http://testserver/liaison/u/{token}/" in html
    assert "data:image/svg+xml" in html


def test_a_refused_channel_says_why(staff, packet):
    response = staff.post(url("packet-deliver", packet.pk), {"channel": "email"})
    assert response.status_code == 422
    assert "EMAIL_URL" in response.content.decode()
    assert not Delivery.objects.exists()


def test_a_paper_receipt_is_entered(staff, packet):
    staff.post(url("packet-deliver", packet.pk), {"channel": "paper"})
    data = {"name": "周明", "words": "<b>属实</b>"}
    assert staff.post(url("packet-receipt", packet.pk), data).status_code == 302
    html = html_of(staff, "packet-detail", packet.pk)
    assert "周明" in html
    assert "<b>属实" not in html


def test_the_workbook_is_downloaded_and_recorded(staff, packet):
    response = staff.get(url("packet-file", packet.pk))
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["党员表现"]["B4"].value == "雷芳"
    assert "attachment" in response.headers["Content-Disposition"]
    event = AuditEvent.objects.get(action="downloaded")
    assert event.details == {"sha256": packet.content_sha256}


def test_the_letter_is_worded_for_the_unit(staff, packet):
    html = html_of(staff, "packet-letter", packet.pk)
    assert "江滨中学党组织：" in html
    assert "回　执" in html


def test_the_paper_list_notes_what_was_handed_over(staff, packet, period):
    page = url("period-paper", period.pk)
    assert "江滨中学" in staff.get(page).content.decode()
    assert staff.post(page, {}).status_code == 422
    assert staff.post(page, {"packets": [str(packet.pk)]}).status_code == 302
    assert "江滨中学" not in staff.get(page).content.decode()
    assert FeedbackPacket.objects.get().sent_at


def test_a_round_is_delivered_by_a_job(staff, packet, period):
    staff.post(url("period-deliver", period.pk))
    assert "1 份登记为纸质送达" in run_latest().message


def test_the_archive_holds_every_workbook(staff, board, period):
    staff.post(url("period-archive", period.pk))
    job = run_latest()
    response = staff.get(reverse("organizations:job-download", args=[job.pk]))
    content = b"".join(response.streaming_content)
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert [name.split("_")[0] for name in names] == [p.number for p in board]


def test_a_colleagues_running_job_is_said_not_shown(
    staff, client_for, packet, period, street
):
    from_other = client_for(_colleague(street))
    from_other.post(url("period-deliver", period.pk))
    response = staff.post(url("period-deliver", period.pk), follow=True)
    assert "同事已经提交" in response.content.decode()


def _colleague(street):
    return PostFactory(role="committee_staff", organization=street).user


def test_the_units_page_shows_its_packets(staff, packet):
    html = staff.get(packet.work_unit.get_absolute_url()).content.decode()
    assert packet.number in html


def test_the_admin_shows_packets_without_changing_them(staff, packet):
    page = f"/admin/liaison/feedbackpacket/{packet.pk}/change/"
    assert packet.number in staff.get(page).content.decode()
    assert staff.post(page, {}).status_code == 403
