"""What the apps below report: facts changed, the tree changed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from activities.parameters.duties import COUNTED_BY as DUTIES_COUNTED_BY
from activities.parameters.study import COUNTING
from config.lib.paths import STEP
from members.parameters import AGE_BANDS
from members.parameters.mobile import HOME_PROVINCE, SILENT_THIRD
from organizations.signals import (
    facts_changed,
    organization_moved,
    parameter_changed,
)
from reports.services import summaries


@receiver(facts_changed)
def mark_summaries(
    sender: Any, organization_ids: Iterable[int], since: date, **kwargs: Any
) -> None:
    summaries.mark(organization_ids, since, timezone.localdate())


@receiver(organization_moved)
def forget_summaries(sender: Any, old_path: str, new_path: str, **kwargs: Any) -> None:
    for street_path in {old_path[:STEP], new_path[:STEP]}:
        summaries.forget(street_path)


@receiver(parameter_changed)
def recount_age_bands(sender: Any, key: str, **kwargs: Any) -> None:
    counted_by = {AGE_BANDS, HOME_PROVINCE, SILENT_THIRD, *COUNTING}
    if key in counted_by | DUTIES_COUNTED_BY:
        summaries.forget_everything()
