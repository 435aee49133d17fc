"""The message broker of the embedded default: kombu's file transport, made safe.

kombu writes a message in place, so a reader can meet half of it and the worker
ends (celery/kombu#1551). Here a file appears whole or not at all, the folders
belong to the data folder, and nobody else can read them.
"""

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

SCHEME = "portalfiles"
TRANSPORT_ALIASES[SCHEME] = "config.broker:Transport"


def broker_options(folder: Path) -> dict[str, Any]:
    """Return the transport options for a broker that lives in `folder`."""
    return {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "processed_folder": str(folder / "taken"),
        "polling_interval": 0.5,
    }


def write_whole(path: Path, content: bytes) -> None:
    """Make `path` appear with all of `content`, or not at all."""
    draft = path.with_name(f".{uuid.uuid4().hex}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Channel(filesystem.Channel):
    """A channel whose every file is renamed into place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (self.data_folder_in, self.control_folder, self.processed_folder):
            Path(name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:
        # Wall clock with fixed width: names sort by age across a restart too.
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        write_whole(Path(self.data_folder_out) / name, dumps(payload).encode())

    def _get(self, queue: str) -> dict[str, Any]:
        for name in sorted(os.listdir(self.data_folder_in)):  # noqa: PTH208
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder) / name
            try:
                # One reader wins the rename; the others look further.
                (Path(self.data_folder_in) / name).rename(taken)
            except FileNotFoundError:
                continue
            content = taken.read_bytes()
            taken.unlink()
            with suppress(ValueError):
                return loads(content.decode())
        raise Empty

    def get_table(self, exchange: str) -> list[Any]:
        try:
            rows = loads(self._exchange_file(exchange).read_text())
        except (FileNotFoundError, ValueError):
            return []
        return [filesystem.exchange_queue_t(*row) for row in rows]

    def _queue_bind(
        self, exchange: str, routing_key: str, pattern: str, queue: str
    ) -> None:
        binding = filesystem.exchange_queue_t(
            routing_key or "", pattern or "", queue or ""
        )
        with self._control_lock():
            table = self.get_table(exchange)
            if binding not in table:
                self._write_table(exchange, [binding, *table])

    def _delete(
        self,
        queue: str,
        exchange: str,
        routing_key: str,
        pattern: str,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self._purge(queue)
        binding = filesystem.exchange_queue_t(
            routing_key or "", pattern or "", queue or ""
        )
        with self._control_lock():
            table = self.get_table(exchange)
            if binding in table:
                table.remove(binding)
                self._write_table(exchange, table)

    def _write_table(self, exchange: str, table: list[Any]) -> None:
        write_whole(self._exchange_file(exchange), dumps(table).encode())

    @contextmanager
    def _control_lock(self) -> Iterator[None]:
        with (Path(self.control_folder) / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        # kombu shares what is declared among all connections of a process, and
        # would not write the bindings of a second folder.
        self.state = virtual.BrokerState()
