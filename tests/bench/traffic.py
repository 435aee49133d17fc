"""Measure 10: mixed pages from gunicorn, asked over the loopback by few users."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle

from config.process import bound_to_this_process
from tests.bench.clock import Result, Sample
from tests.bench.pages import client_of, pages
from tests.bench.street import Street

CLIENTS = 8
WORKERS = 2
# What a day is made of; the first page and the list are opened most.
MIX = {
    "首页": 3,
    "党员名册": 4,
    "党员查询": 3,
    "党员": 4,
    "活动": 2,
    "活动登记 支部": 1,
    "联系卡": 2,
    "完成情况 支部": 1,
    "党组织": 1,
}


def addresses(street: Street) -> list[tuple[str, str]]:
    """(session cookie, address) of the pages in the mix, of all who open them."""
    cookies = {
        role: client_of(street.users[role]).cookies["sessionid"].value
        for role in ("staff", "community", "branch")
    }
    found = []
    for name, role, url in pages(street):
        found += [(cookies[role], url)] * MIX.get(name, 0) if role in cookies else []
    return found


@contextlib.contextmanager
def server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn"),
            *("-c", "python:config.gunicorn_conf", "config.wsgi:application"),
        ],
        env=os.environ
        | {"GUNICORN_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(WORKERS)},
        preexec_fn=bound_to_this_process(),
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


async def _visit(
    port: int, asked: Iterator[tuple[str, str]], until: float, took: list[float]
) -> None:
    """One user who opens page after page without a pause."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begin := time.perf_counter()) < until:
        cookie, url = next(asked)
        lines = (
            f"GET {_quoted(url)} HTTP/1.1",
            "Host: 127.0.0.1",
            f"Cookie: sessionid={cookie}",
        )
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        assert head.startswith("http/1.1 200"), (url, head[:60])
        length = head.split("content-length: ")[1].split("\r\n")[0]
        await reader.readexactly(int(length))
        took.append(time.perf_counter() - begin)
        if "connection: close" in head:
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def _quoted(url: str) -> str:
    return "".join(c if c.isascii() else _percent(c) for c in url)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


async def _day(port: int, asked: list[tuple[str, str]], seconds: float) -> list[float]:
    took: list[float] = []
    until, turn = time.perf_counter() + seconds, cycle(asked)
    await asyncio.gather(*(_visit(port, turn, until, took) for _ in range(CLIENTS)))
    return took


def measure(street: Street, seconds: float) -> list[Result]:
    asked = addresses(street)
    # Neighbours in the list are alike: take them apart, always in the same way.
    asked = [asked[n * 7 % len(asked)] for n in range(len(asked))]
    with server() as port:
        asyncio.run(_day(port, asked, 3))  # warm-up
        begin = time.perf_counter()
        took = asyncio.run(_day(port, asked, seconds))
        wall = time.perf_counter() - begin
    rate, slow = len(took) / wall, statistics.quantiles(took, n=20)[-1]
    middle = Sample(0, 0, statistics.median(took))
    line = Result(
        "mixed pages, 8 users without pause", "≥ 40/s, p95 ≤ 500 ms", [middle]
    )
    line.extra = {
        "requests a second": round(rate, 1),
        "p95 ms": round(slow * 1000),
        "requests": len(took),
    }
    line.is_met = rate >= 40 and slow <= 0.5
    return [line]
