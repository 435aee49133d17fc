"""The clock of reminders: asks units that have not confirmed, every working morning.

A day missed is made up for the next; a day run twice, or by two workers at once,
reminds nobody twice.
"""

from __future__ import annotations

import logging
from datetime import date

from django.conf import settings
from django.utils import timezone

from liaison.services import mail, reminders

logger = logging.getLogger(__name__)

# So many refusals in a row are the mail server's doing: the rest waits for tomorrow.
REFUSALS_IN_A_ROW = 5


def run(today: date) -> int:
    """Mail every reminder whose turn has come; return how many went out."""
    reminders.settle_stale(timezone.now())
    if not settings.EMAIL_URL:
        return 0
    sent = refused = 0
    for reminder_id in reminders.left_behind():
        sent += _mailed(reminder_id) is True
    for delivery_id in reminders.due_deliveries(today):
        planned = reminders.plan_reminder(delivery_id=delivery_id, today=today)
        if planned is None:
            continue
        is_sent = _mailed(planned.pk)
        sent += is_sent is True
        refused = 0 if is_sent else refused + 1
        if refused == REFUSALS_IN_A_ROW:
            logger.warning("reminders: %s refusals in a row, stopped", refused)
            break
    return sent


def _mailed(reminder_id: int) -> bool | None:
    """Whether it went out; None when it was not to be sent any more."""
    claimed = reminders.claim_for_mailing(reminder_id)
    return mail.send_reminder(claimed) if claimed is not None else None
