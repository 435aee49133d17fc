"""The monthly workbook: its totals against an independent count, and its bytes."""

import io
from collections import Counter
from datetime import date, timedelta

import pytest

from activities.models import Activity, Participation
from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.xlsx import read_workbook
from liaison.models import LiaisonCard
from members.models import Affiliation
from organizations.models import Organization
from reports import layout, monthly, monthly_workbook
from reports.services import exports
from tests.factories.members import AffiliationFactory, MemberFactory

BANDS = [0, 31, 36, 41, 46, 51, 56, 61, 200]


@pytest.fixture
def worked(worker, month, today):
    work = worker(7)
    for _ in range(45):
        work.step()
    return work


def content(organization, month, today):
    return monthly.live_content(organization, month, today)


def column(content, sheet, label, group=None):
    """Values of one column by row name, the total under 合计."""
    [found] = [each for each in content["sheets"] if each["key"] == sheet]
    for each in found["groups"]:
        if group is not None and each["label"] != group:
            continue
        for one in each["columns"]:
            if one["label"] == label:
                lines = [*content["rows"], {"name": "合计", "values": content["total"]}]
                return {
                    line["name"]: layout.cell(one, line["values"]) for line in lines
                }
    raise AssertionError(label)


def nodes():
    """The tree as it is after the random moves."""
    return list(Organization.objects.order_by("path"))


def was_here(participation):
    """Whether the person still belonged somewhere on the day."""
    day = participation.activity.held_on
    return any(
        row.ends_on is None or row.ends_on > day
        for row in participation.member.affiliations.all()
    )


def below(organization):
    return [
        node.pk
        for node in Organization.objects.all()
        if node.path.startswith(organization.path)
    ]


def on_roll(organization, month):
    """Members on the rolls at the end of the month, counted in Python."""
    return [
        row.member
        for row in Affiliation.objects.select_related("member")
        if row.organization_id in below(organization)
        and row.kind == "on_roll"
        and row.starts_on < month.end
        and (row.ends_on is None or row.ends_on >= month.end)
    ]


def age(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@pytest.mark.django_db
def test_member_numbers_equal_a_count_in_python(worked, month, today):
    for node in nodes():
        made = content(node, month, today)
        people = on_roll(node, month)
        assert made["total"]["members.on_roll"] == len(people)
        sexes = Counter(member.sex for member in people)
        for label, key in (("男", "male"), ("女", "female")):
            assert column(made, "members", label)["合计"] == sexes[key]
        kinds = Counter(member.category for member in people)
        for label, key in (
            ("在职", "in_post"),
            ("流动", "mobile"),
            ("离退休", "retired"),
        ):
            assert column(made, "members", label)["合计"] == kinds[key]
        last_day = month.end - timedelta(days=1)
        ages = Counter(
            next(
                i
                for i in range(8)
                if BANDS[i] <= age(m.born_on, last_day) < BANDS[i + 1]
            )
            for m in people
        )
        bands = [f"members.age_{number + 1}" for number in range(8)]
        assert [made["total"][key] for key in bands] == [ages[i] for i in range(8)]


@pytest.mark.django_db
def test_activities_and_cards_equal_a_count_in_python(worked, street, month, today):
    made = content(street, month, today)
    held = [
        a for a in Activity.objects.all() if a.state == "held" and a.held_on in month
    ]
    assert column(made, "activities", "次数")["合计"] == len(held)
    served = sum(activity.people_served for activity in held)
    assert column(made, "activities", "服务群众（人次）")["合计"] == served
    present = [
        row
        for row in Participation.objects.select_related("activity")
        if row.presence == "present" and row.activity in held and was_here(row)
    ]
    assert column(made, "activities", "到会（人次）")["合计"] == len(present)
    hours = sum(row.hours for row in present)
    assert column(made, "activities", "时长（小时）")["合计"] == float(hours)
    cards = [card for card in LiaisonCard.objects.all() if card.ends_on is None]
    assert column(made, "liaison", "在用（张）")["合计"] == len(cards)


@pytest.mark.django_db
def test_rows_of_every_column_add_up_to_the_total(worked, month, today):
    for node in nodes():
        made = content(node, month, today)
        for key, total in made["total"].items():
            assert sum(row["values"][key] for row in made["rows"]) == total


@pytest.mark.django_db
def test_who_came_and_left_is_named_and_the_numbers_agree(worked, month, today):
    for node in nodes():
        made = content(node, month, today)
        named = Counter(change["direction"] for change in made["changes"])
        came = column(made, "changes", "小计", "增加")["合计"]
        filed = made["total"]["members.came_registered"]
        assert named["增加"] == came - filed
        assert named["减少"] == column(made, "changes", "小计", "减少")["合计"]
        assert column(made, "changes", "净增")["合计"] == came - named["减少"]


@pytest.mark.django_db
def test_deaths_are_named_with_their_reason(branch_a1, month, today):
    member = MemberFactory(name="雷故人")
    AffiliationFactory(
        member=member,
        organization=branch_a1,
        ends_on=month.start,
        end_reason="deceased",
        note="因病",
    )
    [change] = content(branch_a1, month, today)["changes"]
    assert change["name"] == "雷故人"
    assert (change["direction"], change["reason"], change["note"]) == (
        "减少",
        "去世",
        "因病",
    )


@pytest.mark.django_db
def test_a_branch_shows_itself_in_one_row(branch_a1, month, today):
    made = content(branch_a1, month, today)
    assert [row["name"] for row in made["rows"]] == [str(branch_a1)]


@pytest.mark.django_db
def test_members_at_a_community_itself_stand_in_a_row_of_its_own(
    community_a, branch_a1, month, today
):
    MemberFactory(branch=community_a)
    made = content(community_a, month, today)
    assert [row["name"] for row in made["rows"]] == [str(branch_a1), "本级"]
    assert made["total"]["members.on_roll"] == 1


@pytest.mark.django_db
def test_a_month_to_come_is_refused(street, today):
    with pytest.raises(RuleError, match="还没有到"):
        content(street, Month.containing(today).next(), today)


@pytest.mark.django_db
def test_the_same_content_gives_the_same_bytes(worked, street, month, today):
    info = exports.info_for(
        organization=street, actor=None, filters=month.title, purpose="月报"
    )
    files = []
    for _ in range(2):
        buffer = io.BytesIO()
        monthly_workbook.save_workbook(content(street, month, today), buffer, info)
        files.append(buffer.getvalue())
    assert files[0] == files[1]


@pytest.mark.django_db
def test_the_workbook_reads_back_with_its_totals(
    worked, street, month, today, tmp_path
):
    made = content(street, month, today)
    target = tmp_path / "street.xlsx"
    info = exports.info_for(
        organization=street,
        actor=None,
        filters=month.title,
        purpose="月报",
        extra=monthly_workbook.definitions(made),
    )
    monthly_workbook.save_workbook(made, target, info)
    with read_workbook(target, original_name="street.xlsx") as book:
        sheets = {
            sheet.name: [row.values for row in sheet.rows] for sheet in book.sheets
        }
    assert list(sheets) == [
        "党员基本情况",
        "党组织",
        "当月变动",
        "党籍变动",
        "组织关系转接",
        "党费与表彰",
        "就业帮扶",
        "流动党员",
        "报到与挂牌",
        "发展党员",
        "活动开展",
        "学时与党校",
        "志愿服务",
        "三会一课",
        "民主评议",
        "项目完成",
        "走访住户",
        "党员活动室",
        "联系卡与反馈",
        "经费",
        "捐款捐物",
        "两新覆盖",
        "评议结果",
        "困难党员帮扶",
        "说明",
    ]
    rows = sheets["党员基本情况"]
    assert rows[0][0] == f"{month.title}党员基本情况统计表"
    assert rows[1][0] == "填报单位：中共江滨街道工作委员会"
    [total] = [row for row in rows if row[0] == "合计"]
    assert total[1] == made["total"]["members.on_roll"] == len(on_roll(street, month))
    assert any(row[0] == "填表人：" for row in rows)
    names = {row[1] for row in sheets["当月变动"]}
    assert {change["name"] for change in made["changes"]} <= names
    told = [row[1] for row in sheets["说明"]]
    assert told[0] == info.number
    assert any(text.startswith("【项目完成·在职党员“六带”】") for text in told)


def test_month_labels_are_read_strictly():
    assert monthly.month_of("2026-10") == Month(2026, 10)
    with pytest.raises(RuleError, match="2026-10"):
        monthly.month_of("十月")


@pytest.mark.django_db
def test_the_bands_of_the_test_are_those_of_the_portal(month):
    assert date(1980, 5, 20) not in month
    [sheet] = [each for each in layout.sheets() if each["key"] == "members"]
    [ages] = [group for group in sheet["groups"] if group["label"] == "年龄"]
    assert len(ages["columns"]) == len(BANDS) - 1
