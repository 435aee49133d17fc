"""The wizard from upload to result, as its users go through it."""

import io
import json

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse

from members.models import ColumnMapping, DuplicateClaim, Member, RosterBatch, RosterRow
from organizations.models import AuditEvent, Job, StoredFile
from tests.factories.members import MemberFactory
from tests.members.roster_files import GOOD, HEADINGS, SAMPLES, person
from tests.members.roster_steps import confirm, mapping_data, page, run_jobs, send_file


def test_a_branch_secretary_goes_through_the_whole_wizard(
    checked, branch_secretary, branch_a1
):
    wrong = person(2, 民族="火星族")
    batch, client = checked(branch_secretary, branch_a1, person(1), wrong)
    assert batch.state == "checked", batch.problem
    assert not Member.objects.exists()
    preview = page(client, "roster-preview", batch)
    assert "火星族" in preview
    assert "写入无误的行" in preview
    confirm(client, batch)
    assert batch.state == "imported"
    assert batch.counts["written"] == {"created": 1, "updated": 0, "errors": 1}
    assert branch_a1.affiliations.open().count() == 1
    assert "撤销这次导入" in page(client, "roster-result", batch)
    assert AuditEvent.objects.filter(action="roster_imported").count() == 1


def test_the_workbook_comes_back_with_its_errors(checked, branch_secretary, branch_a1):
    wrong = person(2, 民族="火星族")
    batch, client = checked(branch_secretary, branch_a1, person(1), wrong)
    answer = client.get(reverse("members:roster-file", args=[batch.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book["党员"].iter_rows(values_only=True))
    assert rows[0][-1] == "错误说明"
    assert rows[1][-1] is None
    assert "火星族" in rows[2][-1]
    assert rows[2][0] == wrong["姓名"]
    assert book["党员"].cell(3, HEADINGS.index("民族") + 1).fill.fgColor.rgb[-6:] != (
        "000000"
    )


def test_nothing_personal_lies_in_clear_in_the_planned_rows(
    checked, branch_secretary, branch_a1
):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    confirm(client, batch)
    batch, client = checked(
        branch_secretary, branch_a1, person(1, 手机号码="13911112222")
    )
    kept = json.dumps(
        list(RosterRow.objects.values("values", "changes", "errors", "warnings"))
        + list(Job.objects.values("parameters", "result", "message", "title")),
        ensure_ascii=False,
    )
    for secret in (
        person(1)["公民身份号码"],
        GOOD["手机号码"],
        "13911112222",
        GOOD["现居住地"],
    ):
        assert secret not in kept


def test_the_preview_shows_old_and_new_masked(checked, branch_secretary, branch_a1):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    confirm(client, batch)
    batch, client = checked(
        branch_secretary, branch_a1, person(1, 手机号码="13911119999", 学历="大专")
    )
    shown = page(client, "roster-preview", batch)
    assert "139****1234" in shown
    assert "139****9999" in shown
    assert "<del>大学</del> → <strong>大专</strong>" in shown
    assert "13911119999" not in shown


def test_confirming_twice_imports_once(checked, branch_secretary, branch_a1):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    confirm(client, batch)
    confirm(client, batch)
    assert Member.objects.count() == 1
    assert Job.objects.filter(kind="members.roster_import").count() == 1


def test_a_member_changed_after_the_preview_is_not_overwritten(
    checked, branch_secretary, branch_a1
):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    confirm(client, batch)
    batch, client = checked(branch_secretary, branch_a1, person(1, 学历="大专"))
    Member.objects.update(education="master", version=2)
    confirm(client, batch)
    assert Member.objects.get().education == "master"
    assert "预览之后" in page(client, "roster-result", batch)
    assert batch.counts["written"]["errors"] == 1


def notes(client, batch):
    """Return what the workbook that is handed back says of each row."""
    answer = client.get(reverse("members:roster-file", args=[batch.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [row[-1] for row in book["党员"].iter_rows(values_only=True)]


def test_the_result_hands_back_what_the_check_marked(
    checked, branch_secretary, branch_a1
):
    wrong = person(2, 民族="火星族")
    batch, client = checked(branch_secretary, branch_a1, person(1), wrong)
    before = notes(client, batch)
    confirm(client, batch)
    assert notes(client, batch) == before
    assert "火星族" in before[2]
    assert batch.job.kind == "members.roster_import"


def test_the_result_marks_what_was_refused_after_the_check(
    checked, branch_secretary, branch_a1
):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    confirm(client, batch)
    batch, client = checked(branch_secretary, branch_a1, person(1, 学历="大专"))
    assert not any(notes(client, batch)[1:])
    Member.objects.update(education="master", version=2)
    confirm(client, batch)
    assert "预览之后" in notes(client, batch)[1]


def test_the_result_is_marked_anew_when_the_check_is_gone(
    checked, branch_secretary, branch_a1
):
    wrong = person(2, 民族="火星族")
    batch, client = checked(branch_secretary, branch_a1, person(1), wrong)
    Job.objects.filter(pk=batch.job_id).update(file_path="")
    confirm(client, batch)
    assert "火星族" in notes(client, batch)[2]


def test_a_person_entered_by_another_meanwhile_is_not_doubled(
    checked, branch_secretary, branch_a1
):
    row = person(1)
    batch, client = checked(branch_secretary, branch_a1, row)
    MemberFactory(name=row["姓名"], id_number=row["公民身份号码"], branch=branch_a1)
    confirm(client, batch)
    assert batch.counts["written"] == {"created": 0, "updated": 0, "errors": 1}


def test_a_person_known_elsewhere_is_not_revealed_but_queued(
    checked, branch_secretary, branch_a1, branch_b1
):
    row = person(1)
    member = MemberFactory(
        name="暗中人", id_number=row["公民身份号码"], branch=branch_b1
    )
    batch, client = checked(branch_secretary, branch_a1, row)
    shown = page(client, "roster-preview", batch)
    assert "该人员信息需由街道核对，已转街道处理，请联系街道工作人员。" in shown
    assert "暗中人" not in shown
    assert str(branch_b1) not in shown
    assert not DuplicateClaim.objects.exists()
    confirm(client, batch)
    claim = DuplicateClaim.objects.get()
    assert claim.member == member
    assert claim.organization == branch_a1
    assert branch_b1.affiliations.open().count() == 1


def test_a_person_in_a_sibling_branch_is_named_to_the_community(
    checked, community_secretary, branch_a1, branch_a2
):
    row = person(1)
    MemberFactory(name=row["姓名"], id_number=row["公民身份号码"], branch=branch_a2)
    batch, client = checked(community_secretary, branch_a1, row)
    shown = page(client, "roster-preview", batch)
    assert "沿江社区第二党支部" in shown
    assert "请先办理组织关系转接" in shown


def test_co_managed_people_keep_what_their_own_branch_keeps(
    checked, committee_staff, branch_a1, branch_b1
):
    row = person(1)
    member = MemberFactory(
        name=row["姓名"],
        id_number=row["公民身份号码"],
        branch=branch_b1,
        education="master",
    )
    batch, client = checked(committee_staff, branch_a1, row, kind="co_managed")
    confirm(client, batch)
    joined_on = member.joined_on
    member.refresh_from_db()
    assert member.joined_on == joined_on
    assert member.education == "bachelor"
    assert member.affiliations.filter(kind="co_managed").get().organization == branch_a1


def test_an_alarm_stands_where_much_of_a_branch_would_change(
    checked, branch_secretary, branch_a1
):
    people = [person(number) for number in range(1, 8)]
    batch, client = checked(branch_secretary, branch_a1, *people)
    confirm(client, batch)
    changed = [row | {"学历": "大专"} for row in people[:3]]
    batch, client = checked(branch_secretary, branch_a1, *changed, *people[3:])
    assert batch.alarms == [
        {
            "organization": "沿江社区第一党支部",
            "changed": 3,
            "members": 7,
            "percent": 42,
        }
    ]
    assert "7 人中将变更 3 人" in page(client, "roster-preview", batch)


def test_the_mapping_is_corrected_and_remembered(
    upload, client_for, branch_secretary, branch_a1
):
    headings = ["大名", "身份证号", "入党日期", "民族"]
    row = {"大名": "雷芳", "入党日期": "2005-07-01", "民族": "汉"}
    row["身份证号"] = person(1)["公民身份号码"]
    upload(branch_secretary, branch_a1, row, headings=headings)
    batch = RosterBatch.objects.get()
    assert batch.layout[0]["skipped"]
    client = client_for(branch_secretary)
    url = reverse("members:roster-mapping", args=[batch.pk])
    refused = client.post(url, mapping_data(batch, **{"use-0": "on"}))
    assert refused.status_code == 422
    assert "姓名" in refused.content.decode()
    chosen = mapping_data(batch, **{"use-0": "on", "column-0-0": "name"})
    assert client.post(url, chosen).status_code == 302
    assert ColumnMapping.objects.count() == 1
    upload(branch_secretary, branch_a1, row, headings=headings)
    again = RosterBatch.objects.latest("uploaded_at")
    assert again.layout[0]["columns"]["0"] == "name"
    assert not again.layout[0]["skipped"]


def test_the_row_of_headings_can_be_named(
    upload, client_for, branch_secretary, branch_a1
):
    upload(branch_secretary, branch_a1, person(1))
    batch = RosterBatch.objects.get()
    url = reverse("members:roster-mapping", args=[batch.pk])
    data = mapping_data(batch, **{"heading-0": "2", "recognize": "1"})
    client_for(branch_secretary).post(url, data)
    batch.refresh_from_db()
    assert batch.layout[0]["heading"] == 2
    assert batch.layout[0]["headings"][0] == person(1)["姓名"]


def test_two_columns_for_one_field_are_refused(
    upload, client_for, branch_secretary, branch_a1
):
    upload(branch_secretary, branch_a1, person(1))
    batch = RosterBatch.objects.get()
    url = reverse("members:roster-mapping", args=[batch.pk])
    answer = client_for(branch_secretary).post(
        url, mapping_data(batch, **{"column-0-1": "name"})
    )
    assert answer.status_code == 422
    assert "几列都指定为" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"no workbook"), ("a.xlsx", b"PK\x03\x04"), ("a.docx", b"x")],
)
def test_a_hostile_upload_leaves_nothing_behind(
    client_for, branch_secretary, branch_a1, tmp_path, name, content
):
    path = tmp_path / name
    path.write_bytes(content)
    answer = send_file(client_for(branch_secretary), branch_a1, path)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not RosterBatch.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_firm_s_roster_goes_into_one_branch(
    client_for, community_secretary, community_a, branch_a1, branch_a2
):
    client = client_for(community_secretary)
    send_file(client, community_a, SAMPLES / "roster-enterprise.xlsx")
    batch = RosterBatch.objects.get()
    url = reverse("members:roster-mapping", args=[batch.pk])
    answer = client.post(url, mapping_data(batch))
    assert answer.status_code == 422
    assert "请指定一个党支部" in answer.content.decode()
    send_file(client, branch_a2, SAMPLES / "roster-enterprise.xlsx")
    batch = RosterBatch.objects.latest("uploaded_at")
    client.post(reverse("members:roster-mapping", args=[batch.pk]), mapping_data(batch))
    run_jobs()
    batch.refresh_from_db()
    assert batch.counts["new"] == 60
    assert "下一页" in page(client, "roster-preview", batch, "?verdict=new")
    last = RosterRow.objects.filter(batch=batch).order_by("id")[49].pk
    shown = page(client, "roster-preview", batch, f"?verdict=new&after={last}")
    assert shown.count("data-table__main") == 10


def test_given_up_nothing_is_written(checked, branch_secretary, branch_a1):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    client.post(reverse("members:roster-cancel", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    assert not RosterRow.objects.exists()
    confirm(client, batch)
    assert not Member.objects.exists()


def test_another_branch_does_not_see_the_batch(
    checked, branch_secretary, branch_a1, secretary_b, client_for
):
    batch, _client = checked(branch_secretary, branch_a1, person(1))
    stranger = client_for(secretary_b)
    for name in ("roster-mapping", "roster-preview", "roster-result", "roster-file"):
        url = reverse(f"members:{name}", args=[batch.pk])
        assert stranger.get(url).status_code == 404
    for name in ("roster-confirm", "roster-cancel", "roster-undo"):
        url = reverse(f"members:{name}", args=[batch.pk])
        assert stranger.post(url).status_code == 404


def test_a_branch_out_of_scope_cannot_be_chosen(
    upload, branch_secretary, branch_a1, branch_b1
):
    answer = upload(branch_secretary, branch_b1, person(1))
    assert answer.status_code == 422
    assert not RosterBatch.objects.exists()


@pytest.mark.parametrize("who", ["auditor", "sysadmin", "outsider"])
def test_others_may_not_import(request, client_for, who):
    client = client_for(request.getfixturevalue(who))
    assert client.get(reverse("members:roster-upload")).status_code == 403


def test_a_post_taken_away_stops_the_job(checked, branch_secretary, branch_a1):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    client.post(reverse("members:roster-confirm", args=[batch.pk]))
    branch_secretary.posts.update(ends_on="2021-01-01")
    run_jobs()
    assert not Member.objects.exists()


def test_waiting_shows_progress_and_asks_again(
    upload, client_for, branch_secretary, branch_a1
):
    upload(branch_secretary, branch_a1, person(1) | {"所在党支部": branch_a1.name})
    batch = RosterBatch.objects.get()
    client = client_for(branch_secretary)
    client.post(reverse("members:roster-mapping", args=[batch.pk]), mapping_data(batch))
    shown = page(client, "roster-preview", batch)
    assert "正在逐行校验" in shown
    assert 'hx-trigger="every 1s"' in shown
    run_jobs()
    url = reverse("members:roster-preview", args=[batch.pk])
    answer = client.get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_the_preview_takes_few_queries(
    checked, branch_secretary, branch_a1, django_assert_max_num_queries
):
    people = [person(number) for number in range(1, 30)]
    batch, client = checked(branch_secretary, branch_a1, *people)
    with django_assert_max_num_queries(12, connection=connection):
        page(client, "roster-preview", batch)


def test_the_preview_waits_for_the_marked_workbook(
    checked, branch_secretary, branch_a1
):
    batch, client = checked(branch_secretary, branch_a1, person(1))
    Job.objects.update(state="running")
    assert "正在逐行校验" in page(client, "roster-preview", batch)


def test_people_of_another_branch_are_looked_up_but_never_shown(
    checked, branch_secretary, branch_a1, branch_b1
):
    """The marked workbook and the job keep silent like the page."""
    row = person(1)
    MemberFactory(name="暗中人", id_number=row["公民身份号码"], branch=branch_b1)
    batch, client = checked(branch_secretary, branch_a1, row)
    answer = client.get(reverse("members:roster-file", args=[batch.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    cells = [str(cell.value) for line in book["党员"] for cell in line]
    told = " ".join(cells) + json.dumps(
        list(RosterRow.objects.values("values", "changes", "errors", "member")),
        ensure_ascii=False,
    )
    assert "请联系街道工作人员" in told
    assert "暗中人" not in told
    assert branch_b1.name not in told
    assert RosterRow.objects.get().member is None
