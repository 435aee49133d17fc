"""`python -m config.healthcheck`: exit 0 when this machine's web answers."""

import http.client
import os
import sys


def main() -> int:
    host, _, port = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000").rpartition(":")
    if host in {"0.0.0.0", ""}:
        host = "127.0.0.1"
    # A host that the settings allow: the first of the list.
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    connection = http.client.HTTPConnection(host, int(port), timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
