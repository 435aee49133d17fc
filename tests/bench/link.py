"""Talks to the peer's process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from config.process import bound_to_this_process
from tests.bench.clock import Sample


class Peer:
    """The peer in a process of its own, ended with this one."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.peer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=bound_to_this_process(),
        )

    def send(self, do: str, **values: Any) -> None:
        self.process.stdin.write(json.dumps({"do": do, **values}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The peer's process ended; its words stand above.")
        return json.loads(line)

    def ask(self, do: str, **values: Any) -> dict[str, Any]:
        self.send(do, **values)
        return self.answer()

    def page(self, url: str, repeat: int) -> Sample:
        return Sample(**self.ask("page", url=url, repeat=repeat))

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
