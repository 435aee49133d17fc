import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
VENDOR = STATIC / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", re.MULTILINE)
ROWS = ROW.findall((VENDOR / "VENDORED.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "digest"), ROWS)
def test_vendored_file_has_the_recorded_hash(name, digest):
    content = (VENDOR / name).resolve().read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest


def test_every_vendored_file_has_a_row():
    recorded = {(VENDOR / name).resolve() for name, _ in ROWS}
    present = {
        path.resolve() for path in VENDOR.iterdir() if path.suffix in {".js", ".css"}
    }
    assert present <= recorded
    assert len(ROWS) >= 5


def test_vendored_files_name_no_source_map():
    # The manifest storage refuses a reference to a file that is not shipped.
    for path in [*VENDOR.glob("*.js"), *VENDOR.glob("*.css")]:
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8"), path.name


def test_own_scripts_are_short_and_keep_no_globals():
    for path in (STATIC / "js").glob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert source.count("\n") <= 150, path.name
        assert not re.search(r"window\.\w+ = |\beval\(|innerHTML", source), path.name
