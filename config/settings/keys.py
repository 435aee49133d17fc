"""Keys of the embedded default, made once and kept in the data folder."""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def load_or_create_keys(path: Path) -> dict[str, Any]:
    """Return the keys stored in `path`, creating the file with mode 0600 first.

    Two processes may start together: the first to link its file in wins and
    both read that one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = {
            "secret_key": secrets.token_urlsafe(64),
            "field_keys": {"k1": _random_key()},
            "field_active": "k1",
            "index_key": _random_key(),
        }
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return json.loads(path.read_text())
