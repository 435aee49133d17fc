"""Workbooks by job: rights when ordered, when run and at download; the registry."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.xlsx import read_workbook
from members.services.dues import mark_month
from members.services.dues_bases import Basis, set_bases
from organizations import tasks
from organizations.choices import AuditAction, JobState
from organizations.jobs import run_job
from organizations.models import AuditEvent, Job, Parameter, Post
from organizations.services.jobs import open_file
from reports.models import Export
from reports.roster import RosterQuery
from reports.services import upkeep
from reports.services.requests import (
    request_dues,
    request_leads,
    request_monthly,
    request_roster,
)
from tests.activities.project_steps import left, opened, placed, posted
from tests.factories.members import MemberFactory
from tests.members.employment_steps import led


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(tasks.run_job_task, "apply_async", lambda **options: None)
    settings.EXPORT_ROOT = tmp_path


def sheets(job):
    with read_workbook(
        settings.EXPORT_ROOT / job.file_path, original_name=job.file_name
    ) as book:
        return {sheet.name: [row.values for row in sheet.rows] for sheet in book.sheets}


def done(job) -> Job:
    assert run_job(job.pk, heartbeat=False) == JobState.SUCCEEDED
    return Job.objects.get(pk=job.pk)


def roster(actor, organization, purpose="", **options):
    query = RosterQuery(organization, **options)
    return request_roster(query=query, purpose=purpose, actor=actor)


def people(job):
    [head, *rows] = sheets(job)["党员花名册"]
    return [dict(zip(head, row, strict=False)) for row in rows]


@pytest.mark.django_db
def test_a_roster_holds_the_subtree_in_the_national_order(
    community_secretary, tree, branch_b1
):
    MemberFactory(branch=tree[3], name="安内甲")
    MemberFactory(branch=tree[4], name="安内乙")
    MemberFactory(branch=branch_b1, name="界外人")
    job = done(roster(community_secretary, tree[1]))
    [head, *rows] = sheets(job)["党员花名册"]
    assert list(head[:9]) == [
        "序号",
        "姓名",
        "性别",
        "公民身份号码",
        "民族",
        "出生日期",
        "学历",
        "人员类别",
        "学位",
    ]
    assert [row[1] for row in rows] == ["安内甲", "安内乙"]


@pytest.mark.django_db
def test_id_numbers_and_contacts_stay_hidden_unless_asked_for(
    branch_secretary, branch_a1
):
    member = MemberFactory(branch=branch_a1)
    job = done(roster(branch_secretary, branch_a1))
    [row] = people(job)
    assert row["公民身份号码"] == member.masked_id_number
    assert "手机号码" not in row
    assert member.id_number not in str(sheets(job))


@pytest.mark.django_db
def test_who_may_reveal_exports_the_full_numbers_with_a_purpose(
    committee_staff, branch_a1
):
    member = MemberFactory(branch=branch_a1)
    job = done(
        roster(
            committee_staff,
            branch_a1,
            "年报核对",
            with_id_number=True,
            with_contact=True,
        )
    )
    [row] = people(job)
    assert row["公民身份号码"] == member.id_number
    assert row["手机号码"] == member.phone
    told = dict(row[:2] for row in sheets(job)["说明"])
    assert told["用途"] == "年报核对"
    assert told["编号"] == Export.objects.get().number


@pytest.mark.django_db
def test_full_numbers_without_a_purpose_are_refused(committee_staff, branch_a1):
    with pytest.raises(RuleError, match="用途"):
        roster(committee_staff, branch_a1, " ", with_id_number=True)


@pytest.mark.django_db
def test_a_branch_secretary_may_not_export_full_numbers(branch_secretary, branch_a1):
    with pytest.raises(PermissionDenied):
        roster(branch_secretary, branch_a1, "核对", with_id_number=True)


@pytest.mark.django_db
def test_many_rows_need_a_purpose(branch_secretary, branch_a1):
    Parameter.objects.create(pk="reports.export_reason_rows", value=2)
    MemberFactory.create_batch(3, branch=branch_a1)
    with pytest.raises(RuleError, match="超过 2 人"):
        roster(branch_secretary, branch_a1)
    assert done(roster(branch_secretary, branch_a1, "换届准备"))


@pytest.mark.django_db
def test_an_export_is_registered_and_audited(branch_secretary, branch_a1):
    MemberFactory.create_batch(2, branch=branch_a1)
    job = done(roster(branch_secretary, branch_a1, "核对"))
    export = Export.objects.get()
    assert (export.row_count, export.purpose, export.job_id) == (2, "核对", job.pk)
    assert export.sha256 == job.file_sha256
    event = AuditEvent.objects.get(action=AuditAction.EXPORTED)
    assert event.details["sha256"] == export.sha256
    assert event.actor == branch_secretary


@pytest.mark.django_db
def test_a_right_lost_before_the_run_refuses_the_job(branch_secretary, branch_a1):
    job = roster(branch_secretary, branch_a1)
    Post.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert run_job(job.pk, heartbeat=False) == JobState.REFUSED
    assert not Export.objects.exists()


@pytest.mark.django_db
def test_a_right_lost_before_the_download_keeps_the_file(branch_secretary, branch_a1):
    job = done(roster(branch_secretary, branch_a1))
    assert open_file(job_id=job.pk, actor=branch_secretary)
    Post.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    del branch_secretary.current_posts
    with pytest.raises(PermissionDenied):
        open_file(job_id=job.pk, actor=branch_secretary)


@pytest.mark.django_db
def test_an_expired_export_is_not_given_out(branch_secretary, branch_a1):
    job = done(roster(branch_secretary, branch_a1))
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(RuleError, match="下载期限"):
        open_file(job_id=job.pk, actor=branch_secretary)


@pytest.mark.django_db
def test_dates_known_by_the_month_keep_their_precision(branch_secretary, branch_a1):
    member = MemberFactory(branch=branch_a1, joined_precision="month")
    [row] = people(done(roster(branch_secretary, branch_a1)))
    assert row["入党日期"] == f"{member.joined_on.year}.{member.joined_on.month:02d}"


@pytest.mark.django_db
def test_the_monthly_job_builds_the_workbook(community_secretary, tree, month, today):
    MemberFactory.create_batch(2, branch=tree[3])
    job = done(
        request_monthly(
            organization=tree[1], month=month, actor=community_secretary, today=today
        )
    )
    assert job.file_name == f"{month.title}党建工作月报_沿江社区党委.xlsx"
    [total] = [row for row in sheets(job)["党员基本情况"] if row[0] == "合计"]
    assert total[1] == 2


@pytest.mark.django_db
def test_the_pages_order_workbooks_and_list_exports(
    client_for, branch_secretary, branch_a1, branch_b1, month
):
    MemberFactory(branch=branch_a1)
    client = client_for(branch_secretary)
    url = reverse("reports:monthly")
    given = {"organization": branch_a1.pk, "month": month.label}
    assert client.post(url, given).status_code == 302
    assert client.post(url, given | {"organization": branch_b1.pk}).status_code == 422
    url = reverse("reports:roster-export")
    assert client.post(url, {"organization": branch_a1.pk}).status_code == 302
    assert client.post(url, {"organization": branch_b1.pk}).status_code == 422
    for job in Job.objects.all():
        done(job)
    text = client.get(reverse("reports:exports")).content.decode()
    for export in Export.objects.all():
        assert export.number in text


@pytest.mark.django_db
def test_the_form_offers_full_numbers_only_to_who_may(
    client_for, branch_secretary, committee_staff
):
    url = reverse("reports:roster-export")
    assert (
        "with_id_number" not in client_for(branch_secretary).get(url).content.decode()
    )
    assert "with_id_number" in client_for(committee_staff).get(url).content.decode()


@pytest.mark.django_db
def test_an_auditor_exports_nothing(client_for, auditor):
    client = client_for(auditor)
    for name in ("monthly", "roster-export", "exports"):
        assert client.get(reverse(f"reports:{name}")).status_code == 403


@pytest.mark.django_db
def test_the_first_of_the_month_orders_one_workbook_for_each_staff_user(
    committee_staff, branch_secretary, tree, month, today
):
    assert upkeep.order_monthly_workbooks(month.start) == 1
    assert upkeep.order_monthly_workbooks(month.start) == 0
    job = Job.objects.get()
    assert job.requester == committee_staff
    assert job.parameters["month"] == month.previous().label
    assert done(job).file_name


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["monthly", "roster-export", "exports", "definitions"])
def test_report_pages_take_at_most_twelve_queries(
    client_for, committee_staff, tree, name, django_assert_max_num_queries
):
    client = client_for(committee_staff)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"reports:{name}")).status_code == 200


@pytest.mark.django_db
def test_a_year_of_dues_by_person_and_by_organization(
    community_secretary, branch_secretary, tree, branch_b1, today
):
    branch_a1, branch_a2 = tree[3], tree[4]
    first = MemberFactory(branch=branch_a1, name="安内甲")
    second = MemberFactory(branch=branch_a2, name="安内乙")
    MemberFactory(branch=branch_b1, name="界外人")
    march = date(today.year, 3, 1)
    staff = {"actor": community_secretary}
    for branch, member, income in ((branch_a1, first, 4000), (branch_a2, second, 2000)):
        set_bases(
            organization_id=branch.pk,
            month=date(today.year, 1, 1),
            bases={member.pk: Basis("employed", Decimal(income))},
            **staff,
        )
        mark_month(
            organization_id=branch.pk,
            month=march,
            payments={member.pk: None},
            paid_on=today,
            **staff,
        )
    job = done(
        request_dues(organization=tree[1], year=today.year, actor=community_secretary)
    )
    found = sheets(job)
    [head, *rows] = found["党员党费月报"]
    lines = [dict(zip(head, row, strict=False)) for row in rows]
    assert [(line["姓名"], line["核算基数"], line["3月"]) for line in lines] == [
        ("安内甲", 4000, 40),
        ("安内乙", 2000, 10),
    ]
    [head, *rows] = found["党组织党费月报"]
    places = {row[1]: dict(zip(head, row, strict=False)) for row in rows}
    assert places["合计"]["3月"] == 50
    assert places[str(branch_a2)]["合计"] == 10
    export = Export.objects.get()
    assert (export.kind, export.row_count) == ("dues", 2)
    with pytest.raises(PermissionDenied):
        request_dues(organization=tree[1], year=today.year, actor=branch_secretary)


@pytest.mark.django_db
def test_the_page_orders_a_year_of_dues(client_for, branch_secretary, branch_a1, today):
    client = client_for(branch_secretary)
    page = reverse("reports:dues-export")
    assert client.get(page).status_code == 200
    assert client.post(page, {"year": "1900"}).status_code == 422
    form = {"organization": branch_a1.pk, "year": today.year}
    assert client.post(page, form).status_code == 302
    assert Job.objects.get().kind == "reports.dues"


@pytest.mark.django_db
def test_a_year_of_deeds_and_of_who_works_at_services(
    community_secretary, branch_secretary, secretary_b, tree, branch_b1
):
    founder, worker, other = (
        MemberFactory(branch=branch, name=name)
        for branch, name in (
            (tree[3], "安内甲"),
            (tree[3], "安内乙"),
            (branch_b1, "界外人"),
        )
    )
    staff, day = community_secretary, date(2026, 3, 2)
    post = posted(opened(founder, staff, tree[1]), staff)
    person = placed(post, staff, worker)
    left(placed(post, staff, name="王芳"), staff, "other", words="搬走")
    led(other, secretary_b, starts_on=day)
    worker.affiliations.update(organization=branch_b1)
    job = done(request_leads(organization=tree[1], year=2026, actor=staff))
    found = sheets(job)
    [head, *rows] = found["双带事迹"]
    lines = [dict(zip(head, row, strict=False)) for row in rows]
    assert {line["姓名"] for line in lines} == {"安内甲"}
    assert [line["带动方式"] for line in lines].count("带领他人就业") == 2
    assert {line["来源"] for line in lines} == {"服务项目"}
    [head, *rows] = found["服务项目上岗"]
    people = [dict(zip(head, row, strict=False)) for row in rows]
    # Who has moved away since is counted there and named no more.
    assert [line["上岗的人"] for line in people] == ["（在其他党组织）", "王芳"]
    assert [line["离岗原因"] for line in people] == [None, "其他：搬走"]
    assert people[0]["开办人"] == "安内甲"
    assert person.member == worker
    assert Export.objects.get().kind == "leads"
    with pytest.raises(PermissionDenied):
        request_leads(organization=tree[1], year=2026, actor=branch_secretary)


@pytest.mark.django_db
def test_the_page_orders_a_year_of_deeds(client_for, branch_secretary, branch_a1):
    client = client_for(branch_secretary)
    page = reverse("reports:leads-export")
    assert client.get(page).status_code == 200
    form = {"organization": branch_a1.pk, "year": timezone.localdate().year}
    assert client.post(page, form).status_code == 302
    assert Job.objects.get().kind == "reports.leads"
