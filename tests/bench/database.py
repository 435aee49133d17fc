"""The benchmark's own database beside whatever the server holds."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import environ
import psycopg2
from psycopg2 import sql

NAME = "portal_bench"


def make_database() -> str:
    """Make an empty database on the server of DATABASE_URL; return its URL."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        raise SystemExit("scripts/bench starts PostgreSQL; run it by that command.")
    config = environ.Env.db_url_config(given)
    server = psycopg2.connect(
        dbname=config["NAME"],
        user=config["USER"] or None,
        password=config["PASSWORD"] or None,
        host=config["HOST"] or config.get("OPTIONS", {}).get("host"),
        port=config["PORT"] or None,
    )
    server.autocommit = True
    with server.cursor() as cursor:
        name = sql.Identifier(NAME)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
    server.close()
    return urlunsplit(urlsplit(given)._replace(path=f"/{NAME}"))
