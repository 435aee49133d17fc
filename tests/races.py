"""Many at once, each in a thread with its own connection."""

import threading

import pytest
from django.db import connection

from config.lib.errors import RuleError

needs_server = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time on SQLite"
)


def race(work, count=20):
    """Let so many threads do `work` at once; return what each came to."""
    barrier, results = threading.Barrier(count), []

    def run(number):
        try:
            barrier.wait(timeout=30)
            results.append(work(number))
        except RuleError as error:
            results.append(error.code)
        except Exception as error:
            results.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
