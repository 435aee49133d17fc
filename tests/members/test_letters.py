"""What stands on a letter: the same words on the page and in the document."""

import html
import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from docx import Document

from members.models import Transfer
from members.services.letters import issue_letters
from organizations.models import AuditEvent, Organization
from tests.factories.members import MemberFactory
from tests.members.transfer_steps import drafted_letter, incoming, received

pytestmark = pytest.mark.django_db
BLANK = "\uff3f" * 6


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def member(branch_a1):
    return MemberFactory(
        branch=branch_a1,
        name="雷<芳>&",
        born_on=date(1980, 1, 31),
        ethnicity="Man",
        phone="13900001234",
    )


@pytest.fixture
def letter(member, street, branch_secretary, committee_staff):
    Organization.objects.filter(pk=street.pk).update(
        address="滨江路1号", fax="060060000002", postcode="132000"
    )
    draft = drafted_letter(member, branch_secretary)
    return issue_letters(transfer_ids=[draft.pk], actor=committee_staff)[0]


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def lines_of(content: bytes) -> list[str]:
    found = Document(io.BytesIO(content)).paragraphs
    return [each.text for each in found if each.text.strip()]


def words_of(letter, member, today) -> list[str]:
    age = today.year - 1980 - ((today.month, today.day) < (1, 31))
    number, name = letter.number, "中国共产党党员组织关系介绍信"
    day = f"{today.year}年{today.month}月{today.day}日"
    source, target = letter.source.name, letter.target_name
    return [
        f"{name}（存根）",
        number,
        f"雷<芳>&同志，系中共正式党员，组织关系由{source}转到{target}。",
        day,
        "（第三联回执贴此处）",
        name,
        number,
        "中共江城市高新区工委组织部：",
        f"雷<芳>&同志（{member.get_sex_display()}，{age}岁，满族），系中共正式党员，"
        f"公民身份号码{member.id_number}，由{source}去{target}，请转接组织关系。"
        "该同志党费已交到2026年10月。",
        "（有效期叁拾天）",
        "中共江滨街道工作委员会（盖章）",
        day,
        "党员联系电话：13900001234",
        "党员原所在基层党委通讯地址：滨江路1号",
        "联系电话：—　传真：060060000002　邮编：132000",
        f"{name}（回执）",
        number,
        "中共江滨街道工作委员会：",
        "雷<芳>&同志的党员组织关系已转达我处，特此回复。",
        "（盖章）",
        "年　　月　　日",
        f"经办人：{BLANK}　联系电话：{BLANK}",
    ]


def test_the_page_says_what_the_letter_says(staff, letter, member, today):
    page = staff.get(reverse("members:transfer-letter", args=[letter.pk]))
    shown = html.unescape(strip_tags(page.content.decode()))
    place = 0
    for line in words_of(letter, member, today):
        place = shown.index(line, place) + len(line)


def test_the_document_says_the_same_and_nothing_else(staff, letter, member, today):
    answer = staff.get(reverse("members:transfer-document", args=[letter.pk]))
    assert lines_of(answer.content) == words_of(letter, member, today)
    # The name of nobody stands in the name of the file.
    assert f"{today.year}" in answer["Content-Disposition"]
    assert "%E9%9B%B7" not in answer["Content-Disposition"]
    event = AuditEvent.objects.filter(action="downloaded").get()
    assert event.target_id == str(letter.pk)
    assert re.fullmatch(r"[0-9a-f]{64}", event.details["sha256"])


def test_the_reply_to_a_letter_is_its_third_part(
    staff, branch_a1, branch_secretary, today
):
    transfer = received(branch_a1, branch_secretary)
    answer = staff.get(reverse("members:transfer-document", args=[transfer.pk]))
    day = f"{today.year}年{today.month}月{today.day}日"
    assert lines_of(answer.content)[:4] == [
        "中国共产党党员组织关系介绍信（回执）",
        incoming().foreign_number,
        "中共江城市高新区工委：",
        f"雷新来同志的党员组织关系已转达我处（{branch_a1.name}，{day}接收），"
        "特此回复。",
    ]


def test_a_draft_has_no_paper(staff, member, branch_secretary):
    draft = drafted_letter(member, branch_secretary)
    for name in ("transfer-letter", "transfer-document"):
        assert staff.get(reverse(f"members:{name}", args=[draft.pk])).status_code == 404


def test_what_a_document_cannot_hold_is_left_out(staff, letter):
    Transfer.objects.filter(pk=letter.pk).update(target_name="某\x0b支部")
    answer = staff.get(reverse("members:transfer-document", args=[letter.pk]))
    assert lines_of(answer.content)[2].endswith("转到某支部。")
