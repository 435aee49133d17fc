"""The pages of agreements: from the draft to the quarterly report."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from PIL import Image

from config.lib.periods import Quarter
from config.lib.registry import alerts
from liaison.models import Agreement, Clause, Obligation, ResourceUse
from liaison.services.obligations import give_evidence
from organizations import parameters
from tests.liaison.agreement_steps import (
    ago,
    drafted,
    held,
    listed,
    promised,
    signed,
    used,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, community_secretary):
    return client_for(community_secretary)


@pytest.fixture
def agreement(community_a, community_secretary, work_unit):
    return drafted(community_a, community_secretary, work_unit)


@pytest.fixture
def running(agreement, community_secretary):
    promised(agreement, community_secretary)
    return signed(agreement, community_secretary)


def url(name, *args):
    return reverse(f"liaison:{name}", args=args)


def picture():
    output = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(output, "PNG")
    output.seek(0)
    output.name = "扫描.png"
    return output


def test_from_the_draft_to_the_report(client, community_a, branch_a1, work_unit):
    begin, last = ago(120), ago(-244)
    sent = {
        "organization": community_a.pk,
        "title": "沿江社区与江滨中学共建协议",
        "units": [work_unit.pk],
        "starts_on": begin,
        "ends_on": last,
    }
    answer = client.post(url("agreement-add"), sent)
    agreement = Agreement.objects.get()
    assert answer.url == agreement.get_absolute_url()
    clause = {
        "field": "culture",
        "words": "开放操场供居民锻炼",
        "party": agreement.parties.get().pk,
        "rhythm": "quarter",
        "times": "1",
    }
    client.post(url("clause-add", agreement.pk), clause)
    answer = client.post(
        url("agreement-sign", agreement.pk),
        {
            "signed_on": begin,
            "signatory": "江书记",
            f"party_{agreement.parties.get().pk}": "王校长",
            "scan": picture(),
            "version": agreement.version,
        },
    )
    assert answer.status_code == 302
    agreement.refresh_from_db()
    assert agreement.scan.original_name.startswith("扫描")
    owed = Obligation.objects.earliest("due_on")
    activity = held(branch_a1, owed.starts_on + timedelta(days=1))
    page = client.get(owed.get_absolute_url()).content.decode()
    assert "逾期未办" in page
    assert "操场趣味运动会" in page
    client.post(owed.get_absolute_url(), {"evidence": f"activity-{activity.pk}"})
    page = client.get(agreement.get_absolute_url()).content.decode()
    assert "已办 1 项，共 4 项" in page
    assert "江滨中学 王校长" in page


def test_bad_input_is_told_and_kept(client, community_a, work_unit):
    sent = {
        "organization": community_a.pk,
        "title": "共建",
        "units": [work_unit.pk],
        "starts_on": ago(1),
        "ends_on": ago(9),
        "purpose": "邻里互助",
    }
    answer = client.post(url("agreement-add"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "到期日期应晚于生效日期，请核对。" in page
    assert "邻里互助" in page
    assert not Agreement.objects.exists()


def test_a_clause_says_when_it_is_due(client, agreement):
    sent = {"field": "party", "words": "讲党课", "rhythm": "once", "times": "1"}
    answer = client.post(url("clause-add", agreement.pk), sent)
    assert "只办一次的条款请写办结期限。" in answer.content.decode()
    late = sent | {"due_on": agreement.ends_on + timedelta(days=1)}
    answer = client.post(url("clause-add", agreement.pk), late)
    assert "期限应在协议期内" in answer.content.decode()
    assert not Clause.objects.exists()


def test_a_scan_that_is_no_picture_is_refused(client, agreement, community_secretary):
    promised(agreement, community_secretary)
    fake = io.BytesIO(b"MZ no picture")
    fake.name = "扫描.png"
    answer = client.post(
        url("agreement-sign", agreement.pk),
        {
            "signed_on": agreement.starts_on,
            "signatory": "江书记",
            f"party_{agreement.parties.get().pk}": "王校长",
            "scan": fake,
            "version": agreement.version,
        },
    )
    assert answer.status_code == 422
    agreement.refresh_from_db()
    assert agreement.is_draft
    assert not Obligation.objects.exists()


def test_the_lists_and_what_was_used(client, running, community_secretary):
    for kind, words in (("resource", "阶梯教室"), ("need", "上课的地方")):
        sent = {"kind": kind, "category": "place", "words": words}
        client.post(url("item-add", running.pk), sent)
    room, need = running.items.order_by("pk")
    client.post(url("item-meet", need.pk), {"met_by": room.pk})
    use = {"used_on": ago(2), "words": "夜校上课", "people": "46"}
    client.post(url("use-add", room.pk), use)
    page = client.get(running.get_absolute_url()).content.decode()
    assert "46 人" in page
    assert "未落实" not in page
    row = ResourceUse.objects.get()
    client.post(url("use-withdraw", row.pk), {"reason": "没有用成"})
    page = client.get(running.get_absolute_url()).content.decode()
    assert "已撤回" in page
    assert client.get(url("use-add", need.pk)).status_code == 404


def test_the_quarter_is_reported_once_and_mended(client, running):
    quarter = Quarter.containing(timezone.localdate()).previous()
    address = url("agreement-report", running.pk, quarter.label)
    assert "数字由系统统计" in client.get(address).content.decode()
    client.post(address, {"words": "开放操场两次"})
    report = running.reports.get()
    client.post(address, {"words": "开放操场三次", "version": report.version})
    report.refresh_from_db()
    assert report.words == "开放操场三次"
    answer = client.post(address, {"words": "又一次", "version": 1})
    assert answer.status_code == 409
    for label in ("2026-01", "2019Q1", "x"):
        wrong = url("agreement-report", running.pk, label)
        assert client.get(wrong).status_code == 404


def test_the_street_reads_the_reports_of_a_quarter_on_one_page(
    client_for, running, committee_staff, secretary_b, community_secretary
):
    quarter = Quarter.containing(timezone.localdate()).previous()
    lists = url("agreement-reports")
    page = client_for(committee_staff).get(lists).content.decode()
    assert running.title in page
    assert page.count("未报告") == 1
    client_for(community_secretary).post(
        url("agreement-report", running.pk, quarter.label), {"words": "开放操场两次"}
    )
    page = client_for(committee_staff).get(lists).content.decode()
    assert "开放操场两次" in page
    assert "未报告" not in page
    assert "已报告 1 份" in page
    before = Quarter.containing(running.starts_on).previous()
    past = client_for(committee_staff).get(f"{lists}?quarter={before.label}")
    assert running.title not in past.content.decode()
    for wrong in (quarter.next().label, "2026-01", "x"):
        answer = client_for(committee_staff).get(f"{lists}?quarter={wrong}")
        assert answer.status_code == 404


def test_the_text_is_in_the_words_of_the_street(
    client, running, committee_staff, work_unit, community_secretary
):
    listed(running, community_secretary)
    parameters.change(
        key="liaison.agreement_words",
        value=["甲方{甲方}，乙方{乙方}<&>", "{条款}", "{资源清单}", "{签字栏}"],
        actor=committee_staff,
    )
    answer = client.get(url("agreement-document", running.pk))
    document = Document(io.BytesIO(answer.content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == running.title
    assert f"甲方{running.organization}，乙方{work_unit}<&>" in lines
    assert any("开放操场供居民锻炼（社区，每季度1次）" in line for line in lines)
    assert any("资源1　阶梯教室" in line for line in lines)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["{条款}", "{甲方的名字}"], "第2段里的“{甲方的名字}”无法填写"),
        (["没有地方"], "要有一段“{条款}”"),
    ],
)
def test_words_with_a_place_nobody_knows_are_refused(committee_staff, value, words):
    with pytest.raises(Exception, match=words):
        parameters.change(
            key="liaison.agreement_words", value=value, actor=committee_staff
        )


def test_a_draft_is_put_aside_and_a_signed_one_is_not_changed(client, agreement):
    address = url("agreement-discard", agreement.pk)
    assert "作废草稿" in client.get(address).content.decode()
    client.post(address, {"version": agreement.version})
    assert client.get(agreement.get_absolute_url()).status_code == 404


def test_what_is_signed_stands(client, running):
    for name in ("agreement-edit", "agreement-sign", "clause-add"):
        assert client.get(url(name, running.pk)).status_code == 403
    clause = running.clauses.get()
    assert client.get(url("clause-edit", clause.pk)).status_code == 403


def test_renewing_and_ending(client, running):
    answer = client.post(url("agreement-renew", running.pk))
    new = Agreement.objects.get(renews=running)
    assert answer.url == new.get_absolute_url()
    page = client.get(running.get_absolute_url()).content.decode()
    assert new.get_absolute_url() in page
    sent = {"ended_on": ago(3), "reason": "学校搬迁", "version": running.version}
    client.post(url("agreement-end", running.pk), sent)
    page = client.get(running.get_absolute_url()).content.decode()
    assert "学校搬迁" in page
    assert "已终止" in page


def test_tabs_and_filters(client, running, community_secretary, work_unit):
    lists = url("agreement-list")
    assert running.title in client.get(lists).content.decode()
    for query in ("group=past", "group=draft", "field=economy"):
        assert running.title not in client.get(f"{lists}?{query}").content.decode()
    found = f"{lists}?group=all&unit={work_unit.pk}&field=culture"
    assert running.title in client.get(found).content.decode()
    owed = client.get(url("obligation-list")).content.decode()
    assert owed.count("逾期未办</span>") == 2


def _found(key, user):
    [alert] = [each for each in alerts() if each.key == key]
    return [each.label for each in alert.rows(user, timezone.localdate())[:9]]


def test_warnings_come_and_go(running, branch_a1, community_secretary):
    room = listed(running, community_secretary)
    assert len(_found("liaison.obligation_overdue", community_secretary)) == 2
    assert _found("liaison.agreement_unreported", community_secretary)
    assert _found("liaison.agreement_idle", community_secretary) == [running.title]
    assert not _found("liaison.agreement_ending", community_secretary)
    for obligation in running.obligations.all()[:2]:
        activity = held(branch_a1, obligation.starts_on)
        give_evidence(
            obligation_id=obligation.pk,
            activity_id=activity.pk,
            actor=community_secretary,
        )
    use = used(room, community_secretary, _in_last_quarter())
    give_evidence(
        obligation_id=running.obligations.first().pk,
        use_id=use.pk,
        actor=community_secretary,
    )
    assert not _found("liaison.obligation_overdue", community_secretary)
    assert not _found("liaison.agreement_idle", community_secretary)
    Agreement.objects.update(ends_on=ago(-20))
    assert _found("liaison.agreement_ending", community_secretary) == [running.title]


def _in_last_quarter():
    return Quarter.containing(timezone.localdate()).previous().end - timedelta(days=1)
