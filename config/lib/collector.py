"""Python's cyclic collector, held back where much is built that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Hold the collector back; for jobs, also as a decorator.

    Rows of a roster are some hundred thousand objects without a cycle among them.
    The collector would walk over all of them again whenever their number has grown by
    a quarter: a fifth of an import's time, with nothing found. What is left at the end
    counts as old, so that the next small collection does not walk over it either.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
