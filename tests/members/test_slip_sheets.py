"""A unit reports its people by workbook: read, previewed, taken in whole or not."""

import io
from collections import Counter

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from members.models import Member, ReportSlip
from members.services.slip_sheets import preview_sheet, take_sheet, template
from members.services.slip_sheets import upload_sheet as upload_sheet_
from members.slip_sheets import ORDER, label
from organizations.models import AuditEvent
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    synthetic_id_number,
)
from tests.factories.organizations import WorkUnitFactory
from tests.members.slip_steps import filed
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db
HEADINGS = ["姓名", "身份证号", "工作单位", "报到社区", "入党时间", "特长", "民族"]


def number(serial):
    return synthetic_id_number(serial=820 + serial)


def person(serial, **changes):
    values = {
        "姓名": "钱报到",
        "身份证号": number(serial),
        "工作单位": "江滨中学",
        "入党时间": "2009.07",
    } | changes
    return [values.get(heading) for heading in HEADINGS]


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.append(["江滨中学在职党员报到名单"])
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append(row)
    book.active.append(["合计", None, None])
    output = io.BytesIO()
    book.save(output)
    return SimpleUploadedFile("报到名单.xlsx", output.getvalue())


def uploaded(organization, actor, *rows):
    return upload_sheet_(
        organization_id=organization.pk, upload=workbook(*rows), actor=actor
    )


def told(lines):
    return {
        line.number: [text for _, text in line.errors] for line in lines if line.errors
    }


def test_a_good_list_is_taken_in_whole(
    community_a, community_b, committee_staff, work_unit
):
    unit = WorkUnitFactory(name="江滨医院")
    stored = uploaded(
        community_a,
        committee_staff,
        person(1, 特长="法律、书法"),
        person(2, 报到社区="临湖社区", 工作单位="江滨医院", 民族="回"),
        person(3, 报到社区="临湖", 工作单位="没有登记的公司", 入党时间=None),
    )
    assert told(preview_sheet(stored, committee_staff)) == {}
    assert take_sheet(file_id=stored.pk, actor=committee_staff) == 3
    slips = list(ReportSlip.objects.order_by("pk"))
    assert [slip.organization for slip in slips] == [
        community_a,
        community_b,
        community_b,
    ]
    assert [slip.unit_label for slip in slips] == [
        "江滨中学",
        "江滨医院",
        "没有登记的公司",
    ]
    assert slips[0].work_unit == work_unit
    assert slips[1].work_unit == unit
    assert (slips[1].ethnicity, slips[0].skills) == ("Hui", "法律、书法")
    assert slips[0].joined_precision == "month"
    assert {slip.source for slip in slips} == {"sheet"}
    assert {slip.reported_on for slip in slips} == {timezone.localdate()}
    assert AuditEvent.objects.filter(action="slip_recorded").count() == 3
    assert take_sheet(file_id=stored.pk, actor=committee_staff) == 3
    assert ReportSlip.objects.count() == 3


def test_all_errors_are_told_at_once_and_nothing_is_written(
    community_a, branch_a1, community_secretary
):
    filed(community_a, community_secretary, id_number=number(5))
    held = MemberFactory(id_number=number(6))
    AffiliationFactory(member=held, organization=branch_a1, kind="co_managed")
    stored = uploaded(
        community_a,
        community_secretary,
        person(1),
        person(1),
        person(2, 身份证号="33019919800101001X"),
        person(3, 报到社区="临湖社区"),
        person(4, 工作单位=None, 入党时间="昨天"),
        person(5),
        person(6, 身份证号=held.id_number),
    )
    found = told(preview_sheet(stored, community_secretary))
    assert sorted(found) == [4, 5, 6, 7, 8, 9]
    assert "与第3行是同一个人" in found[4][0]
    assert "不在您的管理范围内" in found[6][0]
    assert len(found[7]) == 2
    assert "已有一张待受理" in found[8][0]
    assert "不需要重复报到" in found[9][0]
    with pytest.raises(Exception, match="有6行不能登记"):
        take_sheet(file_id=stored.pk, actor=community_secretary)
    assert ReportSlip.objects.count() == 1


def test_a_sheet_of_something_else_and_a_formula_are_refused(
    client_for, community_a, community_secretary
):
    client = client_for(community_secretary)
    book = openpyxl.Workbook()
    book.active.append(["品名", "数量"])
    output = io.BytesIO()
    book.save(output)
    answer = client.post(
        reverse("members:slip-upload"),
        {
            "organization": community_a.pk,
            "file": SimpleUploadedFile("别的.xlsx", output.getvalue()),
        },
    )
    assert answer.status_code == 422
    assert "没有找到报到的人" in answer.content.decode()
    stored = uploaded(community_a, community_secretary, person(1, 姓名="=A1"))
    assert told(preview_sheet(stored, community_secretary))


def test_the_pages_lead_from_the_template_to_the_slips(
    client_for, community_a, community_secretary, branch_secretary
):
    client = client_for(community_secretary)
    content = client.get(reverse("members:slip-template")).getvalue()
    assert content == template()
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [cell.value for cell in book["报到名单"][1]] == [label(k) for k in ORDER]
    answer = client.post(
        reverse("members:slip-upload"),
        {"organization": community_a.pk, "file": workbook(person(1), person(2))},
    )
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "确认登记" in page
    assert number(1) not in page
    other = client_for(branch_secretary).get(answer["Location"])
    assert other.status_code == 404
    done = client.post(answer["Location"], follow=True).content.decode()
    assert "已登记 2 张报到单" in done
    again = client.post(answer["Location"])
    assert again.status_code in {302, 422}
    assert ReportSlip.objects.count() == 2


def test_the_filled_in_template_is_understood(community_a, community_secretary):
    book = openpyxl.load_workbook(io.BytesIO(template()))
    values = {"name": "孙报到", "id_number": number(9), "home_unit": "江滨中学"}
    book["报到名单"].append([values.get(key) for key in ORDER])
    output = io.BytesIO()
    book.save(output)
    stored = upload_sheet_(
        organization_id=community_a.pk,
        upload=SimpleUploadedFile("模板.xlsx", output.getvalue()),
        actor=community_secretary,
    )
    lines = preview_sheet(stored, community_secretary)
    assert [line.name for line in lines] == ["孙报到"]
    assert told(lines) == {}


@needs_server
@pytest.mark.django_db(transaction=True)
def test_twenty_confirmations_at_once_take_the_list_in_once(
    community_a, community_secretary
):
    stored = uploaded(community_a, community_secretary, person(1), person(2))
    found = race(
        lambda n: take_sheet(file_id=stored.pk, actor=community_secretary), count=6
    )
    assert Counter(found) == {2: 6}
    assert ReportSlip.objects.count() == 2
    assert not Member.objects.exists()
