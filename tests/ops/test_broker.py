"""The file broker: a message is there whole, once, in order, and private."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from kombu import Connection, Exchange, Queue

from config.broker import SCHEME, broker_options, write_whole
from tests.ops.processes import ROOT

QUEUE = Queue("portal", Exchange("portal"), routing_key="portal")


@pytest.fixture
def connection(tmp_path: Path):
    with Connection(
        f"{SCHEME}://localhost//", transport_options=broker_options(tmp_path)
    ) as conn:
        yield conn


def publish(connection: Connection, body: object) -> None:
    with connection.Producer() as producer:
        producer.publish(
            body, exchange=QUEUE.exchange, routing_key="portal", declare=[QUEUE]
        )


def take(connection: Connection) -> object:
    message = QUEUE(connection.default_channel).get()
    if message is None:
        return None
    message.ack()
    return message.payload


def test_messages_come_back_in_the_order_sent(connection):
    for count in range(12):
        publish(connection, {"count": count})
    assert [take(connection)["count"] for _ in range(12)] == list(range(12))
    assert take(connection) is None


def test_a_draft_is_no_message(connection, tmp_path: Path):
    publish(connection, {"id": 1})
    (tmp_path / "queue" / f".{uuid.uuid4().hex}.draft").write_text('{"body"')
    assert take(connection) == {"id": 1}
    assert take(connection) is None


def test_a_message_is_seen_only_when_it_is_whole(
    connection, tmp_path: Path, monkeypatch
):
    publish(connection, {"id": 1})
    queue, seen, fsync = tmp_path / "queue", [], os.fsync

    def look(descriptor: int) -> None:
        seen.append(len(list(queue.glob("*.msg"))))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    publish(connection, {"id": 2})
    # Once for the file under its draft name, once for the folder that holds it.
    assert seen == [1, 2]


def test_a_damaged_message_does_not_stop_the_queue(connection, tmp_path: Path):
    publish(connection, {"id": 1})
    (tmp_path / "queue" / f"0_{uuid.uuid4()}.portal.msg").write_text('{"body"')
    assert take(connection) == {"id": 1}


def test_folders_and_messages_are_private(connection, tmp_path: Path):
    publish(connection, {"id": 1})
    for folder in ("queue", "control", "taken"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
    messages = list((tmp_path / "queue").glob("*.msg"))
    assert [message.stat().st_mode & 0o777 for message in messages] == [0o600]


def test_a_failed_write_leaves_nothing(tmp_path: Path):
    (tmp_path / "occupied").mkdir()
    with pytest.raises(OSError, match="occupied"):
        write_whole(tmp_path / "occupied", b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["occupied"]


READER = """
import sys
from pathlib import Path
from kombu import Connection, Exchange, Queue
from config.broker import SCHEME, broker_options
queue = Queue("portal", Exchange("portal"), routing_key="portal")
options = broker_options(Path(sys.argv[1]))
with Connection(f"{SCHEME}://localhost//", transport_options=options) as connection:
    bound = queue(connection.default_channel)
    bound.declare()
    while (message := bound.get()) is not None:
        message.ack()
        print(message.payload["count"])
"""


def test_readers_in_two_processes_share_the_messages(connection, tmp_path: Path):
    for count in range(100):
        publish(connection, {"count": count})
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    taken = [
        int(line) for reader in readers for line in reader.communicate()[0].split()
    ]
    assert all(reader.returncode == 0 for reader in readers)
    assert sorted(taken) == list(range(100))
