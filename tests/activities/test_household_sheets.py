"""A community's own ledger: read, previewed, taken in whole, never twice."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from activities.household_sheets import SHEET
from activities.models import Household
from activities.services.household_sheets import (
    preview_ledger,
    take_ledger,
    template,
    upload_ledger,
)
from config.lib.errors import RuleError
from organizations.models import AuditEvent, Community
from organizations.services.files import expire_sheets
from tests.activities.household_steps import community_of, listed
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db
HEADINGS = [
    *("小区", "楼号", "单元", "室号", "户主", "手机（本人）", "人口", "类别"),
    *("包联党支部", "备注"),
]

PHONE = {"手机（本人）": "13800003333"}


def door(room, **changes):
    values = {
        "小区": "滨江花园",
        "楼号": "3幢",
        "单元": 2,
        "室号": room,
        "户主": "欧阳秋月",
        "人口": "3人",
    } | changes
    return [values.get(heading) for heading in HEADINGS]


def ledger(*rows):
    book = openpyxl.Workbook()
    book.active.append(["沿江社区民情台账"])
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append(row)
    book.active.append(["合计", None, None, None])
    output = io.BytesIO()
    book.save(output)
    return SimpleUploadedFile("民情台账.xlsx", output.getvalue())


def uploaded(place, actor, *rows):
    return upload_ledger(
        community_id=community_of(place).pk, upload=ledger(*rows), actor=actor
    )


def taken(place, actor, *rows):
    return take_ledger(file_id=uploaded(place, actor, *rows).pk, actor=actor)


def told(preview):
    return {line.number: [t for _, t in line.errors] for line in preview.lines}


def test_a_ledger_is_taken_in_whole_and_once(
    community_a, branch_a1, community_secretary
):
    stored = uploaded(
        community_a,
        community_secretary,
        door(501, **{"手机（本人）": "138 0000 3333"}),
        door("502室", 类别="独居老人、残疾人", 包联党支部="沿江社区第一党支部"),
        door(503, 户主=None, 人口=None, 类别="一般户", 备注="有犬"),
    )
    counts = {"created": 3, "updated": 0, "unchanged": 0}
    for _ in range(2):
        assert take_ledger(file_id=stored.pk, actor=community_secretary) == counts
    homes = list(Household.objects.order_by("pk"))
    assert [home.door for home in homes] == [
        "滨江花园3幢 2单元501",
        "滨江花园3幢 2单元502室",
        "滨江花园3幢 2单元503",
    ]
    assert [home.organization for home in homes] == [
        *(community_a, branch_a1, community_a)
    ]
    assert (homes[0].phone, homes[0].people_count) == ("13800003333", 3)
    assert homes[1].circumstance_names == ["独居老人", "残疾"]
    assert {home.sheet for home in homes} == {stored}
    event = AuditEvent.objects.get(action="households_imported")
    assert event.details == counts


def test_a_second_import_updates_and_leaves_alone_what_is_the_same(
    community_a, branch_a1, community_secretary
):
    rows = [door(room, **PHONE, 备注="有犬") for room in (501, 502)]
    taken(community_a, community_secretary, *rows)
    before = Household.objects.order_by("pk").values()
    same = list(before)
    again = taken(community_a, community_secretary, *rows)
    assert again == {"created": 0, "updated": 0, "unchanged": 2}
    assert list(before.all()) == same

    stored = uploaded(
        community_a,
        community_secretary,
        door("501室", 户主="欧阳冬雪", 包联党支部="沿江社区第一党支部"),
        door(504),
    )
    preview = preview_ledger(stored, community_secretary)
    assert preview.left == 1
    assert [line.changed for line in preview.lines] == [["责任党支部", "户主姓名"], []]
    counts = take_ledger(file_id=stored.pk, actor=community_secretary)
    assert counts == {"created": 1, "updated": 1, "unchanged": 0}
    home = Household.objects.order_by("pk")[0]
    assert (home.householder, home.phone, home.note) == (
        *("欧阳冬雪", "13800003333", "有犬"),
    )
    assert (home.organization, home.version, home.room) == (
        *(branch_a1, 2, "2单元501"),
    )


def test_all_errors_are_told_at_once_and_nothing_is_written(
    community_a, community_secretary
):
    stored = uploaded(
        community_a,
        community_secretary,
        door(501),
        door("501室"),
        door(None),
        door(503, 人口="许多"),
        door(504, 类别="富裕户"),
        door(505, 包联党支部="临湖社区第一党支部"),
        door(506, **{"手机（本人）": "12"}),
        door(507, 人口=99),
        door(508, 户主="=A1"),
    )
    preview = preview_ledger(stored, community_secretary)
    found = told(preview)
    assert found.pop(3) == []
    assert sorted(found) == [4, 5, 6, 7, 8, 9, 10, 11]
    assert "与第3行是同一户" in found[4][0]
    assert "没有填写" in found[5][0]
    assert "整数" in found[6][0]
    assert "富裕户" in found[7][0]
    assert "其下的党支部" in found[8][0]
    assert "不能超过30人" in found[10][0]
    assert preview.bad == 8
    with pytest.raises(RuleError, match="有8行不能导入"):
        take_ledger(file_id=stored.pk, actor=community_secretary)
    assert not Household.objects.exists()


def test_a_branch_secretary_keeps_no_list(community_a, branch_secretary):
    with pytest.raises(Community.DoesNotExist):
        uploaded(community_a, branch_secretary, door(501))


def test_the_pages_lead_from_the_template_to_the_board(
    client_for, community_a, community_secretary, committee_staff
):
    listed(community_a, community_secretary, room="9", building="旧楼")
    client = client_for(community_secretary)
    content = client.get(reverse("activities:ledger-template")).getvalue()
    assert content == template()
    book = openpyxl.load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book["住户台账"][1]]
    assert headings == [SHEET.label(key) for key in SHEET.headings]
    url = reverse("activities:ledger-upload")
    data = {"community": community_of(community_a).pk}
    answer = client.post(url, data | {"file": ledger(door(501), door(502))})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "确认导入" in page
    assert "欧***" in page
    assert "欧阳秋月" not in page
    assert "另有1户不在这份表里" in page
    assert client_for(committee_staff).get(answer["Location"]).status_code == 404
    done = client.post(answer["Location"], follow=True).content.decode()
    assert "新增2户，更新0户" in done
    assert client.post(answer["Location"]).status_code == 302
    again = client.get(answer["Location"]).content.decode()
    assert "已经导入过" in again
    assert "确认导入</button>" not in again
    assert Household.objects.count() == 3


def test_a_sheet_of_something_else_and_a_bad_row_are_refused(
    client_for, community_a, community_secretary
):
    client = client_for(community_secretary)
    url = reverse("activities:ledger-upload")
    book = openpyxl.Workbook()
    book.active.append(["品名", "数量"])
    output = io.BytesIO()
    book.save(output)
    data = {"community": community_of(community_a).pk}
    wrong = SimpleUploadedFile("别的.xlsx", output.getvalue())
    answer = client.post(url, data | {"file": wrong})
    assert answer.status_code == 422
    assert "没有找到住户" in answer.content.decode()
    answer = client.post(url, data | {"file": ledger(door(None))})
    page = client.get(answer["Location"]).content.decode()
    assert "没有填写" in page
    refused = client.post(answer["Location"])
    assert refused.status_code == 422
    assert "一户都没有写入" in refused.content.decode()


def test_the_filled_in_template_is_understood(community_a, community_secretary):
    book = openpyxl.load_workbook(io.BytesIO(template()))
    values = {"building": "5号楼", "room": "301"}
    book["住户台账"].append([values.get(key) for key in SHEET.headings])
    output = io.BytesIO()
    book.save(output)
    stored = upload_ledger(
        community_id=community_of(community_a).pk,
        upload=SimpleUploadedFile("模板.xlsx", output.getvalue()),
        actor=community_secretary,
    )
    preview = preview_ledger(stored, community_secretary)
    assert [line.door for line in preview.created] == ["5号楼 301"]


def test_the_original_is_deleted_in_time(community_a, community_secretary):
    stored = uploaded(community_a, community_secretary, door(501))
    later = timezone.now() + timedelta(days=31)
    assert expire_sheets(later) == 1
    stored.refresh_from_db()
    with pytest.raises(RuleError, match="已过期删除"):
        preview_ledger(stored, community_secretary)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_confirmations_at_once_take_the_ledger_in_once(
    community_a, community_secretary
):
    stored = uploaded(community_a, community_secretary, door(501), door(502))
    found = race(
        lambda n: take_ledger(file_id=stored.pk, actor=community_secretary), count=6
    )
    assert set(map(str, found)) == {str({"created": 2, "updated": 0, "unchanged": 0})}
    assert Household.objects.count() == 2
    assert AuditEvent.objects.filter(action="households_imported").count() == 1
