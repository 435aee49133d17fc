"""The organization register: sample, every error with its place, twice the same."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from organizations.choices import AuditAction, OrganizationField
from organizations.imports import import_register, preview_register
from organizations.models import AuditEvent, Community, Organization
from organizations.system import SYSTEM
from tests.factories.organizations import OrganizationFactory
from tests.organizations.registers import SAMPLE, line, write

STREET = "中共江滨街道工作委员会"
COMMUNITY = "中共江滨社区委员会"
BRANCH = "中共江滨社区第一支部委员会"
GOOD = (
    line(STREET, None, "党的工作委员会"),
    line(COMMUNITY, STREET, "党委"),
    line(BRANCH, COMMUNITY, "党支部"),
)

pytestmark = pytest.mark.django_db


def run(path, *arguments) -> tuple[int, dict]:
    """Run the command; return its exit code and what it printed as JSON."""
    out = StringIO()
    code = 0
    try:
        call_command(
            "import_organizations",
            str(path),
            "--format",
            "json",
            *arguments,
            stdout=out,
        )
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())


def places(report: dict) -> list[tuple[int, str, str]]:
    return [(e["row"], e["column"], e["code"]) for e in report["errors"]]


# The sample ----------------------------------------------------------------------


def test_the_sample_goes_in_whole():
    code, report = run(SAMPLE)

    assert code == 0
    assert (report["created"], report["errors"]) == (25, [])
    root = Organization.objects.get(parent=None)
    assert (root.name, root.kind) == (STREET, "work_committee")
    assert root.children.count() == 6
    branch = Organization.objects.get(name="中共和平社区第二支部委员会")
    assert branch.term_ends_on == date(2026, 5, 31)
    assert branch.unit_situation == "same_as_parent"
    assert branch.field == OrganizationField.COMMUNITY
    names = ["江滨", "和平", "福绥", "通潭", "致和", "新地号"]
    assert set(Community.objects.values_list("name", flat=True)) == {
        f"{name}社区" for name in names
    }


def test_importing_twice_changes_nothing():
    run(SAMPLE)
    before = Organization.history.count()

    code, report = run(SAMPLE)

    assert code == 0
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 25)
    assert Organization.history.count() == before


def test_a_dry_run_says_the_same_and_writes_nothing():
    code, report = run(SAMPLE, "--dry-run")

    assert (code, report["created"]) == (0, 25)
    assert not Organization.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_import_leaves_one_event_for_each_row_and_one_for_the_file():
    run(SAMPLE)

    events = list(AuditEvent.objects.values_list("action", flat=True))
    assert events.count(AuditAction.ORGANIZATION_CREATED) == 25
    assert events[0] == AuditAction.ORGANIZATIONS_IMPORTED


# The file ------------------------------------------------------------------------


def test_a_file_that_is_no_workbook_exits_2(tmp_path):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"not a workbook at all")

    code, report = run(path)

    assert code == 2
    assert report["errors"][0]["message"].endswith("。")


def test_a_missing_file_exits_2(tmp_path):
    code, report = run(tmp_path / "没有.xlsx")

    assert code == 2
    assert "没有.xlsx，请核对路径。" in report["errors"][0]["message"]


def test_a_workbook_without_the_headings_exits_2(tmp_path):
    path = write(tmp_path / "a.xlsx", ("甲", "乙"), headings=("姓名", "性别"))

    code, report = run(path)

    assert (code, report["errors"][0]["code"]) == (2, "no_headings")


def test_headings_are_found_below_titles_under_other_names(tmp_path):
    headings = ("序号", "党组织名称*", "上级党组织（全称）", "组织类别", "届满日期")
    rows = (
        (1, STREET, None, "党工委", "2026年12月"),
        (2, COMMUNITY, STREET, "社区党委", "2026.12.31"),
    )
    path = write(tmp_path / "a.xlsx", *rows, headings=headings, title_rows=3)

    code, report = run(path)

    assert (code, report["created"]) == (0, 2)
    root = Organization.objects.get(name=STREET)
    assert root.term_ends_on == date(2026, 12, 31)
    warning = report["warnings"][0]
    assert (warning["row"], warning["column"]) == (5, "届满日期")


def test_a_csv_register_goes_in(tmp_path):
    path = tmp_path / "a.csv"
    text = f"党组织全称,上级党组织,组织类别\n{STREET},,党的工作委员会\n"
    path.write_bytes(text.encode("gb18030"))

    assert run(path)[1]["created"] == 1


# The rows ------------------------------------------------------------------------


def test_parents_are_found_in_any_row_order(tmp_path):
    path = write(tmp_path / "a.xlsx", *reversed(GOOD))

    assert run(path)[1]["created"] == 3
    assert Organization.objects.get(name=BRANCH).parent.name == COMMUNITY


def test_parents_are_found_in_the_database(tmp_path):
    run(write(tmp_path / "a.xlsx", *GOOD[:2]))

    assert run(write(tmp_path / "b.xlsx", GOOD[2]))[1]["created"] == 1


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (line("甲支部", "中共没有此社区委员会"), "上级党组织", "parent_unknown"),
        (line("甲支部", "甲支部"), "上级党组织", "loop"),
        (line("甲支部", BRANCH), "组织类别", "kind_under_parent"),
        (line("甲工委", STREET, "党的工作委员会"), "组织类别", "kind_under_parent"),
        (line("甲支部", None), "上级党组织", "parent_missing"),
        (line("甲支部", COMMUNITY, "某种组织"), "组织类别", "choice"),
        (line("甲支部", COMMUNITY, None), "组织类别", "kind_missing"),
        (line(None, COMMUNITY), "党组织全称", "name_missing"),
        (line(BRANCH, COMMUNITY), "党组织全称", "duplicate"),
        (line("=1+1", COMMUNITY), "党组织全称", "formula"),
        (line("长" * 121, COMMUNITY), "党组织全称", "too_long"),
        (line("甲支部", COMMUNITY, 成立日期="某年"), "成立日期", "date_unreadable"),
        (line("甲支部", COMMUNITY, 成立日期="2099-01-01"), "成立日期", "date_future"),
        (line("甲支部", COMMUNITY, 联系电话="123"), "联系电话", "phone"),
        (
            line("甲支部", COMMUNITY, 成立日期="2020-01-01", 任期届满日期="2019-01-01"),
            "任期届满日期",
            "term_before_founding",
        ),
        (
            line("甲支部", COMMUNITY, 党组织所在单位情况="不明"),
            "党组织所在单位情况",
            "choice",
        ),
    ],
)
def test_an_error_names_its_row_and_column(tmp_path, row, column, code):
    exit_code, report = run(write(tmp_path / "a.xlsx", *GOOD, row))

    assert exit_code == 1
    assert places(report) == [(5, column, code)]
    assert report["created"] == 3


def test_all_errors_of_a_row_come_at_once(tmp_path):
    row = line("甲支部", "没有", "怪类", 成立日期="某年", 联系电话="1")

    _, report = run(write(tmp_path / "a.xlsx", *GOOD, row))

    columns = {column for _, column, _ in places(report)}
    assert columns == {"上级党组织", "组织类别", "成立日期", "联系电话"}


def test_a_loop_is_an_error_on_each_of_its_rows_and_below(tmp_path):
    rows = (
        line("丁支部", "丙委员会"),
        line("甲委员会", "乙委员会", "党委"),
        line("乙委员会", "甲委员会", "党委"),
        line("丙委员会", "甲委员会", "党委"),
    )

    _, report = run(write(tmp_path / "a.xlsx", *GOOD, *rows))

    assert places(report) == [
        (5, "上级党组织", "parent_in_error"),
        (6, "上级党组织", "loop"),
        (7, "上级党组织", "loop"),
        (8, "上级党组织", "parent_in_error"),
    ]
    assert report["created"] == 3


def test_rows_below_a_row_in_error_stay_out(tmp_path):
    rows = (
        GOOD[0],
        line(COMMUNITY, STREET, "党委", 联系电话="12"),
        GOOD[2],
    )

    code, report = run(write(tmp_path / "a.xlsx", *rows))

    assert code == 1
    assert places(report) == [
        (3, "联系电话", "phone"),
        (4, "上级党组织", "parent_in_error"),
    ]
    assert Organization.objects.count() == 1


def test_a_blank_cell_never_overwrites(tmp_path):
    full = line(BRANCH, COMMUNITY, 党组织联系人="李明", 联系电话="13800001111")
    run(write(tmp_path / "a.xlsx", *GOOD[:2], full))

    _, report = run(
        write(tmp_path / "b.xlsx", line(BRANCH, COMMUNITY, 党组织联系人="无"))
    )

    branch = Organization.objects.get(name=BRANCH)
    assert report["unchanged"] == 1
    assert (branch.contact_name, branch.contact_phone) == ("李明", "13800001111")


def test_a_changed_cell_updates_its_field_alone(tmp_path):
    run(write(tmp_path / "a.xlsx", *GOOD))

    _, report = run(
        write(
            tmp_path / "b.xlsx",
            line(BRANCH, COMMUNITY, 任期届满日期="2027-06-30", 联系电话="13800001111"),
        )
    )

    branch = Organization.objects.get(name=BRANCH)
    assert report["updated"] == 1
    assert (branch.term_ends_on, branch.version) == (date(2027, 6, 30), 2)


def test_another_parent_moves_the_organization_and_warns(tmp_path):
    other = line("中共和平社区委员会", STREET, "党委")
    run(write(tmp_path / "a.xlsx", *GOOD, other))

    _, report = run(write(tmp_path / "b.xlsx", line(BRANCH, "中共和平社区委员会")))

    branch = Organization.objects.get(name=BRANCH)
    assert report["updated"] == 1
    assert [w["code"] for w in report["warnings"]] == ["parent_changed"]
    assert branch.path.startswith(branch.parent.path)
    assert branch.parent.name == "中共和平社区委员会"


def test_two_organizations_can_change_places_in_one_file(tmp_path):
    upper, lower = "中共甲公司委员会", "中共乙公司委员会"
    run(
        write(
            tmp_path / "a.xlsx",
            GOOD[0],
            line(upper, STREET, "党委"),
            line(lower, upper, "党委"),
        )
    )

    code, _ = run(
        write(
            tmp_path / "b.xlsx", line(upper, lower, "党委"), line(lower, STREET, "党委")
        )
    )

    assert code == 0
    moved = Organization.objects.get(name=upper)
    assert moved.parent.name == lower
    assert moved.path == moved.parent.path + "000001"


def test_a_closed_organization_is_an_error(tmp_path):
    run(write(tmp_path / "a.xlsx", *GOOD))
    Organization.objects.filter(name=BRANCH).update(closed_on=date(2026, 1, 1))

    _, report = run(write(tmp_path / "b.xlsx", GOOD[2]))

    assert places(report) == [(2, "党组织全称", "closed")]


# Scope ---------------------------------------------------------------------------


def test_staff_cannot_import_a_second_root(tmp_path, committee_staff):
    path = write(tmp_path / "a.xlsx", line("中共新街道工作委员会", None, "党工委"))

    outcome = import_register(path, original_name="a.xlsx", actor=committee_staff)

    assert [e.code for e in outcome.errors] == ["parent_missing"]


def test_staff_are_told_to_rename_the_street_of_an_empty_start(
    tmp_path, committee_staff, street
):
    path = write(tmp_path / "a.xlsx", line("中共新街道工作委员会", None, "党工委"))

    outcome = import_register(path, original_name="a.xlsx", actor=committee_staff)

    assert f"如果它就是“{street.name}”，请先" in outcome.errors[0].message


def test_the_command_warns_of_a_second_street(tmp_path, street):
    path = write(tmp_path / "a.xlsx", line("中共新街道工作委员会", None, "党工委"))

    outcome = import_register(path, original_name="a.xlsx", actor=SYSTEM)

    assert outcome.created == 1
    assert [w.code for w in outcome.warnings] == ["second_root"]
    assert street.name in outcome.warnings[0].message


def test_staff_cannot_reach_another_street(tmp_path, committee_staff, other_street):
    stranger = OrganizationFactory(parent=other_street)
    path = write(
        tmp_path / "a.xlsx",
        line("中共新支部委员会", other_street.name),
        line(stranger.name, None, 联系电话="13800001111"),
    )

    outcome = import_register(path, original_name="a.xlsx", actor=committee_staff)

    assert [e.code for e in outcome.errors] == ["parent_unknown", "out_of_scope"]


def test_a_secretary_without_the_right_imports_nothing(
    tmp_path, community_a, community_secretary
):
    path = write(tmp_path / "a.xlsx", line("中共新支部委员会", community_a.name))

    outcome = import_register(path, original_name="a.xlsx", actor=community_secretary)

    assert (outcome.created, len(outcome.errors)) == (0, 1)


def test_the_preview_is_what_the_import_does(tmp_path):
    path = write(tmp_path / "a.xlsx", *GOOD, line("甲支部", "没有"))

    seen = preview_register(path, original_name="a.xlsx", actor=SYSTEM)
    done = import_register(path, original_name="a.xlsx", actor=SYSTEM)

    assert seen.as_dict() == done.as_dict()
