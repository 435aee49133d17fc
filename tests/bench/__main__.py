"""python -m tests.bench [--quick] [--rounds N] [--only WORDS]; see scripts/bench."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

from tests.bench.database import make_database


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--quick", action="store_true", help="5,000 members")
    parser.add_argument("--members", type=int, help="instead of 100,000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer-rounds", type=int, default=2, help="slow import runs")
    parser.add_argument("--only", default="", help="import,list,search,figures,…")
    parser.add_argument("--many-units", action="store_true", help="5,000 units")
    parser.add_argument("--output", type=Path, help="every run as JSON")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    os.environ["BENCH_DATABASE_URL"] = make_database()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["PORTAL_TEST_VAR"] = folder
        django.setup()
        # The portal's models exist only from here on.
        return import_module("tests.bench.run").run(options)


if __name__ == "__main__":
    sys.exit(main())
