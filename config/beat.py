"""Celery's beat with a memory that may be lost."""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class SturdyScheduler(PersistentScheduler):
    """Begin anew where the file of last runs is torn.

    Killed while it writes, beat leaves a file that Celery opens and cannot read; it
    would then die at every start, and nothing periodic would be done any more. The
    file says only when a task was last sent, and each of them may be sent again.
    """

    def setup_schedule(self) -> None:
        try:
            super().setup_schedule()
        except Exception as error:  # a torn pickle fails in any way it likes
            logger.warning("beat's schedule file cannot be read; beginning anew")
            self._store: Any = self._destroy_open_corrupted_schedule(error)
            self._store.close()
            super().setup_schedule()
