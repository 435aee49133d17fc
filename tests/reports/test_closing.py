"""Closing a month: frozen for good, by the street, once."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse

from config.lib.errors import RuleError
from config.lib.periods import Month
from config.lib.xlsx import read_workbook
from members.models import Member
from organizations.choices import AuditAction
from organizations.models import AuditEvent, Organization
from reports.models import Export, MonthClosing
from reports.services import closing, summaries
from tests.factories.activities import ActivityFactory
from tests.factories.members import MemberFactory


@pytest.fixture
def last_month(month) -> Month:
    return month.previous()


@pytest.fixture
def closed(tree, committee_staff, last_month, today):
    MemberFactory.create_batch(3, branch=tree[3])
    ActivityFactory(organization=tree[3], held_on=last_month.start)
    return closing.close_month(
        organization_id=tree[0].pk, month=last_month, actor=committee_staff, today=today
    )


@pytest.mark.django_db
def test_closing_freezes_every_organization_and_is_audited(closed, tree, today):
    assert {row.organization_id for row in closed} == {node.pk for node in tree}
    event = AuditEvent.objects.get(action=AuditAction.MONTH_CLOSED)
    assert event.details["sha256"] == closed[0].content_sha256
    assert len(event.details["sha256"]) == 64


@pytest.mark.django_db
def test_later_writes_leave_a_closed_month_as_it_was(
    closed, tree, last_month, today, committee_staff
):
    before = [closing.content_of(node, last_month, today) for node in tree]
    ActivityFactory(organization=tree[3], held_on=last_month.start)
    Member.objects.update(category="retired")
    Organization.objects.filter(pk=tree[3].pk).update(short_name="改名支部")
    after = [closing.content_of(node, last_month, today) for node in tree]
    assert before == after


@pytest.mark.django_db
def test_what_changed_since_is_listed(closed, tree, last_month, today):
    assert closing.differences(closed[0], today) == []
    ActivityFactory(organization=tree[3], held_on=last_month.start)
    summaries.mark([tree[3].pk], last_month.start, today)
    found = {
        (each.row, each.column, each.frozen, each.live)
        for each in closing.differences(closed[0], today)
    }
    assert ("合计", "活动·次数", "1", "2") in found
    assert ("沿江社区党委", "活动·次数", "1", "2") in found


@pytest.mark.django_db
def test_a_month_is_closed_once(closed, tree, committee_staff, last_month, today):
    with pytest.raises(RuleError, match="已经月结"):
        closing.close_month(
            organization_id=tree[0].pk,
            month=last_month,
            actor=committee_staff,
            today=today,
        )


@pytest.mark.django_db
def test_a_month_under_way_is_not_closed(tree, committee_staff, month, today):
    with pytest.raises(RuleError, match="还没有结束"):
        closing.close_month(
            organization_id=tree[0].pk, month=month, actor=committee_staff, today=today
        )


@pytest.mark.django_db
def test_a_community_does_not_close(tree, committee_staff, last_month, today):
    with pytest.raises(RuleError, match="街道"):
        closing.close_month(
            organization_id=tree[1].pk,
            month=last_month,
            actor=committee_staff,
            today=today,
        )


@pytest.mark.django_db
def test_a_secretary_may_not_close(tree, community_secretary, last_month, today):
    with pytest.raises(PermissionDenied):
        closing.close_month(
            organization_id=tree[1].pk,
            month=last_month,
            actor=community_secretary,
            today=today,
        )
    assert not MonthClosing.objects.exists()


@pytest.mark.django_db
def test_tampered_content_is_noticed(closed, tree, last_month, today):
    row = MonthClosing.objects.get(organization=tree[0])
    row.content["total"]["members.on_roll"] = 999
    row.save()
    with pytest.raises(RuleError, match="校验值"):
        closing.content_of(tree[0], last_month, today)


@pytest.mark.django_db
def test_the_pages_close_and_show_a_month(
    client_for, tree, committee_staff, last_month, today
):
    client = client_for(committee_staff)
    assert last_month.title in client.get(reverse("reports:monthly")).content.decode()
    url = reverse("reports:close-month", args=[last_month.label])
    assert "冻结" in client.get(url).content.decode()
    assert not MonthClosing.objects.exists()
    assert client.post(url).status_code == 302
    row = MonthClosing.objects.get(organization=tree[0])
    text = client.get(reverse("reports:closing", args=[row.pk])).content.decode()
    assert "月结后没有变动" in text


@pytest.mark.django_db
def test_a_closing_out_of_scope_is_missing(client_for, closed, tree, branch_secretary):
    client = client_for(branch_secretary)
    own = MonthClosing.objects.get(organization=tree[3])
    other = MonthClosing.objects.get(organization=tree[5])
    assert client.get(reverse("reports:closing", args=[own.pk])).status_code == 200
    assert client.get(reverse("reports:closing", args=[other.pk])).status_code == 404


def run(**options):
    output = io.StringIO()
    call_command("monthly_report", stdout=output, **options)
    return output.getvalue()


@pytest.mark.django_db
def test_the_command_writes_a_registered_workbook(tree, month, tmp_path):
    MemberFactory.create_batch(2, branch=tree[3])
    target = tmp_path / "月报.xlsx"
    said = run(month=month.label, organization=tree[0].code, output=str(target))
    export = Export.objects.get()
    assert export.number in said
    assert export.requested_by is None
    with read_workbook(target, original_name=target.name) as book:
        rows = [row.values for row in book.sheets[0].rows]
    [total] = [row for row in rows if row[0] == "合计"]
    assert total[1] == 2


@pytest.mark.django_db
def test_the_command_writes_a_closed_month_as_it_was(
    closed, tree, last_month, tmp_path
):
    Member.objects.update(sex="female")
    target = tmp_path / "closed.xlsx"
    run(month=last_month.label, organization=tree[3].code, output=str(target))
    with read_workbook(target, original_name=target.name) as book:
        rows = [row.values for row in book.sheets[0].rows]
    [total] = [row for row in rows if row[0] == "合计"]
    [row] = [each for each in closed if each.organization_id == tree[3].pk]
    assert total[2] == row.content["total"]["members.sex_male"] > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"month": "十月"}, 2, "2026-10"),
        ({"month": ""}, 2, "--month"),
        ({"organization": "NOBODY"}, 2, "短代码"),
        ({"output": "report.doc"}, 2, ".xlsx"),
        ({"output": "/no/such/place/report.xlsx"}, 2, "不存在"),
        ({"month": "future"}, 1, "还没有到"),
    ],
)
def test_the_command_says_what_is_wrong(tree, month, tmp_path, changes, code, words):
    options = {
        "month": month.label,
        "organization": tree[0].code,
        "output": str(tmp_path / "x.xlsx"),
    } | changes
    if options["month"] == "future":
        options["month"] = month.next().label
    with pytest.raises(CommandError, match=words) as caught:
        run(**options)
    assert caught.value.returncode == code
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_a_month_before_today_counts_as_begun(last_month, today):
    assert last_month.end - timedelta(days=1) < today
