"""The house rules that a machine can keep."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["organizations", "members", "activities", "liaison", "reports"]
# Models that hold personal data: reading them begins at `visible_to`.
PERSONAL = {
    "Member",
    "Affiliation",
    "RosterBatch",
    "DuplicateClaim",
    "DuplicatePair",
    "MemberMerge",
    "Transfer",
    "TransferBatch",
    "Contact",
    "Applicant",
    "DevelopmentStep",
    "DuesBase",
    "DuesMonth",
    "DuesStanding",
    "Commendation",
    "EmploymentSpell",
    "EmploymentNeed",
    "HelpStep",
    "Lead",
    "HardshipCase",
    "HardshipFinding",
    "HardshipAid",
    "LostCase",
    "SearchStep",
    "OutOfTouch",
    "MembershipDecision",
    "MobileStay",
    "Activity",
    "Participation",
    "Achievement",
    "Pledge",
    "Earned",
    "SignIn",
    "Minutes",
    "FundPayment",
    "Donation",
    "AidPayment",
    "SignInSession",
    "Officer",
    "Instructor",
    "InstructorPosting",
    "InstructorRecord",
    "InstructorAppraisal",
    "SelfStudy",
    "LiaisonCard",
    "CardEntry",
    "FeedbackRemark",
    "PostClaim",
    "CardLink",
    "EntryProposal",
    "ConferenceDelegate",
    "ConferenceTopic",
    "AgendaItem",
    "ConferenceAttendance",
    "ConferenceDecision",
    "DecisionNote",
    "Briefing",
    "MeetingLink",
    "PlannedInvitation",
    "CardSummary",
    "FeedbackPacket",
    "Delivery",
    "StoredFile",
    "ReportSlip",
    "Plaque",
    "PlaqueMember",
    "ResidentComment",
    "Household",
    "Visit",
    "VisitMember",
    "VisitMatter",
    "MatterStep",
    "TeamPlace",
    "Availability",
    "ServiceRequest",
    "RequestClaim",
    "Paper",
    "Review",
    "ReviewResult",
    "ServiceProject",
    "ServicePost",
    "Placement",
    "ProjectFounder",
}
# Rooms whose code answers a person's request: every read there is scoped.
SCOPED_ROOMS = ("views", "forms", "filters", "admin", "api", "panels")


def modules(*parts: str) -> Iterator[Path]:
    for path in sorted(ROOT.joinpath(*parts).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_what_stands_to_its_left(app):
    forbidden = set(APPS[APPS.index(app) + 1 :])
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(app)
        for name in imported(path)
        if name.split(".")[0] in forbidden
    ]
    assert not wrong


def test_the_library_imports_no_app():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules("config", "lib")
        for name in imported(path)
        if name.split(".")[0] in APPS
    ]
    assert not wrong


def test_only_the_xlsx_package_knows_workbook_libraries():
    libraries = {"openpyxl", "python_calamine", "xlsxwriter", "csv"}
    package = ROOT / "config" / "lib" / "xlsx"
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for app in [*APPS, "config"]
        for path in modules(app)
        if package not in path.parents
        for name in imported(path)
        if name.split(".")[0] in libraries
    ]
    assert not wrong


def test_one_module_knows_the_library_of_documents():
    door = ROOT / "config" / "lib" / "docx.py"
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for app in [*APPS, "config"]
        for path in modules(app)
        if path != door
        for name in imported(path)
        if name.split(".")[0] == "docx"
    ]
    assert not wrong
    assert "docx" in imported(door)


@pytest.mark.parametrize("app", APPS)
def test_functions_import_nothing(app):
    wrong = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in modules(app)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert not wrong


def unscoped_reads(source: str) -> list[int]:
    """Lines that read a personal model without a scoped method in the chain."""
    tree = ast.parse(source)
    parents = {
        child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
    }
    lines = []
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager", "_base_manager"}
            and isinstance(node.value, ast.Name)
            and node.value.id in PERSONAL
        ):
            continue
        chain: list[str] = []
        here: ast.AST = node
        while isinstance(parents.get(here), ast.Attribute | ast.Call):
            here = parents[here]
            if isinstance(here, ast.Attribute):
                chain.append(here.attr)
        if not SCOPED_METHODS & set(chain):
            lines.append(node.lineno)
    return lines


# `none` reads nothing.
SCOPED_METHODS = {
    *("visible_to", "editable_by", "formerly_in", "readable_by", "cared_for_by"),
    "of_people_seen_by",
    # Those of organizations whose members the user sees, whoever left since.
    "of_teams_visible_to",
    "none",
}


def test_the_scope_check_finds_an_unscoped_read():
    bare = "def view(request):\n    return Member.objects.filter(name='x')\n"
    scoped = "rows = Member.objects.visible_to(user).filter(name='x').first()\n"
    assert unscoped_reads(bare) == [2]
    assert unscoped_reads(scoped) == []


@pytest.mark.parametrize("app", APPS)
def test_rooms_that_answer_requests_read_in_scope(app):
    wrong = []
    for path in modules(app):
        inside = path.relative_to(ROOT / app)
        room = inside.parts[0].removesuffix(".py")
        if room in SCOPED_ROOMS:
            wrong += [
                f"{path.relative_to(ROOT)}:{line}"
                for line in unscoped_reads(path.read_text())
            ]
    assert not wrong


# Forms whose choices somebody else narrows, and who that is.
NARROWED_ELSEWHERE = {
    "organizations/forms/posts.py": "ScopedModelAdmin narrows every choice",
}


def test_forms_and_filters_list_their_fields_and_are_scoped():
    """Bare ModelForm and FilterSet offer every row of a foreign key."""
    wrong = []
    for app in APPS:
        for path in modules(app):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.ClassDef):
                    continue
                bases = {ast.unparse(base).split(".")[-1] for base in node.bases}
                name = str(path.relative_to(ROOT))
                if (
                    bases & {"ModelForm", "FilterSet", "ModelAdmin"}
                    and name not in NARROWED_ELSEWHERE
                ):
                    wrong.append(f"{name}:{node.lineno}")
    assert not wrong


def test_no_form_takes_all_fields():
    wrong = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in modules(app)
        if re.search(r"fields\s*=\s*[\"']__all__", path.read_text())
    ]
    assert not wrong


def test_nothing_marks_text_as_safe():
    pattern = re.compile(r"mark_safe|\|\s*safe\b|autoescape off")
    wrong = [
        str(path.relative_to(ROOT))
        for pattern_root, suffix in [("templates", "*.html")]
        for path in (ROOT / pattern_root).rglob(suffix)
        if pattern.search(path.read_text())
    ]
    wrong += [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in modules(app)
        if "mark_safe" in path.read_text()
    ]
    assert not wrong


def test_templates_hold_no_inline_script_or_style():
    pattern = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.I)
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0).strip()}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in pattern.finditer(path.read_text())
    ]
    assert not wrong


def test_code_cites_what_a_reader_can_open():
    """Regulations and practices by their names, never the papers of the authors."""
    papers = re.compile(
        r"\b(domain|design|security|performance|style)\.md|seed\.txt|issue \d"
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for app in [*APPS, "config"]
        for path in modules(app)
        if (found := papers.search(path.read_text()))
    ]
    assert not wrong


def function_lengths(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            yield (
                f"{path.relative_to(ROOT)}:{node.name}",
                (node.end_lineno - node.lineno + 1),
            )


def test_files_and_functions_stay_small():
    files = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for part in [*APPS, "config"]
        for path in modules(part)
    }
    long_files = {name: n for name, n in files.items() if n > 450}
    long_functions = {
        name: n
        for part in [*APPS, "config"]
        for path in modules(part)
        for name, n in function_lengths(path)
        if n > 60
    }
    assert not long_files
    assert not long_functions
