"""The command on the samples that offices sent."""

import json
from datetime import date

import pytest
from django.core.management import call_command

from members.imports.write import Writer
from members.models import Affiliation, Member
from organizations.models import AuditEvent, Organization, WorkUnit
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.members.roster_files import (
    SAMPLES,
    expected_verdicts,
    person,
    write_roster,
)

CODES = {
    "check digit of the ID number": "checksum",
    "name missing": "name_missing",
    "unknown organization": "organization_unknown",
    "confirmed before joined": "confirmed_before_joined",
    "ID number lost its digits (stored as a number)": "lost_digits",
    "join date unreadable": "date_unreadable",
    "formula where a name belongs": "formula",
    "unknown ethnic group": "ethnicity_unknown",
    "same ID number as an earlier row, another name": "duplicate_id",
    "sex differs from the ID number": "sex_mismatch",
    "under 18 when joining": "under_18",
    "birth date differs from the ID number": "birth_mismatch",
}


@pytest.fixture
def run(capsys):
    """Return a function that runs the command: (exit code, report)."""

    def call(path, *options):
        code = 0
        try:
            call_command("import_members", str(path), "--format", "json", *options)
        except SystemExit as ended:
            code = ended.code
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def sample_tree(db, capsys):
    call_command("import_organizations", str(SAMPLES / "organizations.xlsx"))
    capsys.readouterr()


@pytest.mark.usefixtures("sample_tree")
class TestSamples:
    def test_each_row_of_the_dirty_roster_gets_its_verdict(self, run):
        code, report = run(SAMPLES / "roster-dirty.xlsx", "--dry-run")
        assert code == 1
        errors, warnings = {}, {}
        for item in report["errors"]:
            errors.setdefault(item["row"], set()).add(item["code"])
        for item in report["warnings"]:
            warnings.setdefault(item["row"], set()).add(item["code"])
        for row, verdict in expected_verdicts().items():
            kind, _, reason = verdict.partition(": ")
            if kind == "error":
                assert CODES[reason] in errors[row], row
            elif kind == "warning":
                assert row not in errors
                assert CODES[reason] in warnings[row], row
            else:
                assert row not in errors
                assert row not in warnings
        wrong = {r for r, v in expected_verdicts().items() if v.startswith("error")}
        assert set(errors) == wrong

    def test_errors_name_sheet_column_and_a_sentence(self, run):
        _code, report = run(SAMPLES / "roster-dirty.xlsx", "--dry-run")
        first = report["errors"][0]
        assert first["sheet"] == "党员信息"
        assert first["row"] == 2
        assert first["column"] == "公民身份号码"
        assert "校验码" in first["message"]

    def test_the_good_rows_of_the_dirty_roster_are_taken(self, run):
        code, report = run(SAMPLES / "roster-dirty.xlsx")
        assert code == 1
        assert report["created"] == 29 == Member.objects.count()

    def test_strict_takes_nothing_when_a_row_is_wrong(self, run):
        code, report = run(SAMPLES / "roster-dirty.xlsx", "--strict")
        assert code == 1
        assert report["created"] == 0 == Member.objects.count()

    def test_the_national_roster_comes_in_whole(self, run):
        code, report = run(SAMPLES / "roster-national.xlsx")
        assert (code, report["created"], report["errors"]) == (0, 300, [])
        member = Member.objects.get(name="毛丽国")
        assert member.category == "mobile"
        assert member.id_number == "220102198211200711"
        assert member.born_on == date(1982, 11, 20)
        assert member.name_pinyin == "maoliguo"
        assert member.history.count() == 1
        assert member.history.get().history_change_reason == "花名册导入"
        on_roll = member.affiliations.get()
        assert str(on_roll.organization) == "通潭社区第二支部"
        assert on_roll.history.count() == 1

    def test_the_same_roster_again_writes_nothing(self, run):
        run(SAMPLES / "roster-national.xlsx")
        before = sorted(Member.objects.values_list("id", "version", "updated_at"))
        events = AuditEvent.objects.count()
        code, report = run(SAMPLES / "roster-national.xlsx")
        assert (code, report["unchanged"]) == (0, 300)
        assert report["created"] == report["updated"] == 0
        assert before == sorted(
            Member.objects.values_list("id", "version", "updated_at")
        )
        assert Member.history.count() == 300
        assert AuditEvent.objects.count() == events

    def test_every_imported_member_could_be_saved_by_the_form(self, run):
        run(SAMPLES / "roster-national.xlsx")
        for member in Member.objects.all():
            member.full_clean()

    def test_the_old_format_of_the_town_comes_in(self, run):
        code, report = run(SAMPLES / "roster-town.xls")
        assert (code, report["created"]) == (0, 120)
        member = Member.objects.get(name="侯玉华")
        assert member.joined_on == date(1995, 1, 1)
        assert member.joined_precision == "month"
        assert member.born_on == date(1958, 6, 12)
        assert member.home_unit is None
        assert Member.objects.get(name="王志佳").home_unit.name == "松花江印务有限公司"
        assert [w["code"] for w in report["warnings"]] == ["member_type_derived"]

    def test_the_firm_s_two_sheets_come_into_the_branch_named(self, run):
        branch = Organization.objects.get(short_name="和平社区第一支部")
        code, report = run(
            SAMPLES / "roster-enterprise.xlsx", "--organization", branch.code
        )
        assert (code, report["created"], report["errors"]) == (0, 60, [])
        assert branch.affiliations.open().count() == 60
        member = Member.objects.get(name="余凤")
        assert member.member_type == "probationary"
        assert member.category == "in_post"
        assert member.home_unit == WorkUnit.objects.get(name="吉龙化纤有限公司")
        assert not Member.objects.filter(name__in=["合计", "填表人"]).exists()
        off_post = Member.objects.get(name="雷芳")
        assert off_post.category == "other"

    def test_the_firm_s_roster_without_a_branch_is_refused(self, run):
        code, report = run(SAMPLES / "roster-enterprise.xlsx")
        assert code == 2
        assert report["errors"][0]["code"] == "branch_needed"
        assert not Member.objects.exists()

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
    def test_csv_comes_in_whatever_its_encoding(self, run, tmp_path, encoding):
        text = (
            "姓名,性别,身份证号,民族,所在党支部,入党时间\n"
            "雷芳,女,220204195410265088,汉,和平社区第一支部,1995.11\n"
        )
        path = tmp_path / "名册.csv"
        path.write_bytes(text.encode(encoding))
        code, report = run(path)
        assert (code, report["created"]) == (0, 1)
        assert Member.objects.get().name == "雷芳"


@pytest.fixture
def roster(tmp_path, branch_a1):
    """Return a function that writes people of branch_a1 into a workbook."""

    def write(*people):
        rows = [{"所在党支部": branch_a1.name} | row for row in people]
        return write_roster(tmp_path / "roster.xlsx", *rows)

    return write


def test_rows_outside_the_organization_named_are_errors(
    run, roster, branch_a1, branch_b1
):
    path = roster(person(1), person(2, 所在党支部=branch_b1.name))
    code, report = run(path, "--organization", branch_a1.parent.code)
    assert (code, report["created"]) == (1, 1)
    assert report["errors"][0]["code"] == "organization_unknown"
    assert report["errors"][0]["row"] == 3


def test_a_committee_is_no_place_for_a_member(run, roster, community_a):
    _code, report = run(roster(person(1, 所在党支部=community_a.short_name)))
    assert report["errors"][0]["code"] == "organization_kind"


def test_an_unknown_code_makes_the_run_unusable(run, roster):
    code, report = run(roster(person(1)), "--organization", "NOPE")
    assert code == 2
    assert report["errors"][0]["code"] == "organization_code"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"not a workbook at all"),
        ("a.xlsx", b"PK\x03\x04 half"),
        ("a.xlsm", b"PK\x03\x04"),
        ("a.txt", b"name"),
        ("a.xlsx", b""),
    ],
)
def test_a_hostile_file_ends_with_a_sentence(run, db, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    code, report = run(path)
    assert code == 2
    assert report["created"] == 0
    assert report["errors"][0]["message"].endswith("。")


def test_a_file_that_is_not_there_is_named(run, db, tmp_path):
    code, report = run(tmp_path / "没有.xlsx")
    assert (code, report["errors"][0]["code"]) == (2, "missing")
    assert "没有.xlsx，请核对路径。" in report["errors"][0]["message"]


def test_a_workbook_without_headings_is_refused(run, db, tmp_path):
    path = write_roster(tmp_path / "a.xlsx", {"甲": 1}, headings=["甲", "乙"])
    code, report = run(path)
    assert (code, report["errors"][0]["code"]) == (2, "no_heading")


def test_a_change_is_written_once_with_history(run, roster):
    run(roster(person(1)))
    code, report = run(roster(person(1, 手机号码="139 0000 9999", 学历="大专")))
    assert (code, report["updated"]) == (0, 1)
    member = Member.objects.get()
    assert member.phone == "13900009999"
    assert member.education == "college"
    assert member.version == 2
    assert [h.history_type for h in member.history.all()] == ["~", "+"]


def test_a_blank_cell_never_overwrites(run, roster):
    run(roster(person(1)))
    _code, report = run(roster(person(1, 手机号码=None, 学历="无", 转正日期="—")))
    assert report["unchanged"] == 1
    assert Member.objects.get().phone == "13900001234"


def test_a_month_does_not_overwrite_a_day(run, roster):
    run(roster(person(1)))
    _code, report = run(roster(person(1, 入党日期="2005.07")))
    assert report["unchanged"] == 1
    _code, report = run(roster(person(1, 入党日期="2005.08", 转正日期=None)))
    assert report["updated"] == 1
    member = Member.objects.get()
    assert (member.joined_on, member.joined_precision) == (date(2005, 8, 1), "month")


def test_a_day_makes_a_month_exact(run, roster):
    run(roster(person(1, 入党日期="2005.07")))
    _code, report = run(roster(person(1, 入党日期="2005-07-01")))
    assert report["updated"] == 1
    assert Member.objects.get().joined_precision == "day"


def test_a_category_set_by_hand_stays(run, roster):
    run(roster(person(1)))
    Member.objects.update(category="laid_off")
    run(roster(person(1, 学历="大专")))
    assert Member.objects.get().category == "laid_off"
    run(roster(person(1, 学历="大专", 是否流动党员="是")))
    assert Member.objects.get().category == "mobile"


def test_another_name_for_a_known_number_is_an_error(run, roster):
    run(roster(person(1)))
    code, report = run(roster(person(1, 姓名="冒名")))
    assert (code, report["errors"][0]["code"]) == (1, "name_differs")


def test_the_same_row_twice_counts_once(run, roster):
    code, report = run(roster(person(1), person(1)))
    assert (code, report["created"]) == (0, 1)
    assert report["warnings"][0]["code"] == "duplicate_row"


def test_two_rows_of_a_person_that_differ_are_an_error(run, roster):
    code, report = run(roster(person(1), person(1, 学历="大专")))
    assert (code, report["created"]) == (1, 1)
    assert report["errors"][0]["code"] == "duplicate_id"


def test_a_correct_row_after_a_wrong_one_is_taken(run, roster):
    code, report = run(roster(person(1, 民族="火星族"), person(1)))
    assert (code, report["created"]) == (1, 1)


def test_an_import_never_moves_a_member(run, roster, branch_a2):
    row = person(1)
    member = MemberFactory(
        name=row["姓名"], id_number=row["公民身份号码"], branch=branch_a2
    )
    code, report = run(roster(row))
    assert code == 1
    assert report["errors"][0]["code"] == "on_roll_elsewhere"
    assert "沿江社区第二党支部" in report["errors"][0]["message"]
    assert member.affiliations.get().organization == branch_a2


def test_a_person_who_has_died_is_not_brought_back(run, roster, branch_a1):
    row = person(1)
    member = MemberFactory(
        name=row["姓名"], id_number=row["公民身份号码"], status="deceased"
    )
    AffiliationFactory(member=member, organization=branch_a1, ends_on=date(2024, 1, 1))
    _code, report = run(roster(row))
    assert report["errors"][0]["code"] == "status_left"
    assert not Affiliation.objects.open().exists()


def test_somebody_entered_meanwhile_is_a_sentence_and_no_row(
    run, roster, branch_a1, monkeypatch
):
    number = person(1)["公民身份号码"]
    write = Writer.write

    def slow_write(self, lines, **options):
        MemberFactory(branch=branch_a1, id_number=number)
        write(self, lines, **options)

    monkeypatch.setattr(Writer, "write", slow_write)
    code, report = run(roster(person(1), person(2)))
    assert code == 2
    (error,) = report["errors"]
    assert error["code"] == "changed_meanwhile"
    assert "没有写入任何数据" in error["message"]
    assert not Member.objects.exists()


def test_a_dry_run_writes_nothing(run, roster):
    code, report = run(roster(person(1)), "--dry-run")
    assert (code, report["created"]) == (0, 1)
    assert not Member.objects.exists()


def test_the_import_is_audited_once_with_its_counts(run, roster):
    run(roster(person(1), person(2)))
    event = AuditEvent.objects.get(action="roster_imported")
    assert event.actor is None
    assert event.details["counts"]["new"] == 2
