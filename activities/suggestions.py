"""What the recording page fills in by itself for each kind of activity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from activities.choices import ActivityKind
from config.lib.periods import Month


@dataclass(frozen=True)
class KindDefault:
    """`items` are (program line, item key); `is_roll_called` records who was absent."""

    hours: Decimal
    items: tuple[tuple[str, str], ...] = ()
    is_roll_called: bool = False


FIVE_ONES = "wu-ge-yi"
SIX_LEADS = "liu-dai"
DOUBLE_LEAD = "shuang-dai"

# Local rule: hours and items a street usually writes for a kind. Set by the portal.
KIND_DEFAULTS: dict[str, KindDefault] = {
    ActivityKind.MEMBERS_MEETING: KindDefault(Decimal(2), is_roll_called=True),
    ActivityKind.COMMITTEE_MEETING: KindDefault(Decimal("1.5")),
    ActivityKind.GROUP_MEETING: KindDefault(Decimal("1.5")),
    ActivityKind.LECTURE: KindDefault(
        Decimal(2), ((FIVE_ONES, "lecture"),), is_roll_called=True
    ),
    ActivityKind.THEME_DAY: KindDefault(Decimal(3), is_roll_called=True),
    ActivityKind.LIFE_MEETING: KindDefault(Decimal(3), is_roll_called=True),
    ActivityKind.DEMOCRATIC_REVIEW: KindDefault(Decimal(2), is_roll_called=True),
    ActivityKind.STUDY: KindDefault(
        Decimal(2), ((SIX_LEADS, "policy"),), is_roll_called=True
    ),
    ActivityKind.SEMINAR: KindDefault(Decimal(3)),
    ActivityKind.EXCHANGE: KindDefault(Decimal(3)),
    ActivityKind.VOLUNTEERING: KindDefault(
        Decimal(2), ((FIVE_ONES, "good-deed"), (SIX_LEADS, "service"))
    ),
    ActivityKind.LABOUR: KindDefault(
        Decimal(2), ((FIVE_ONES, "labour"), (SIX_LEADS, "civilized"))
    ),
    ActivityKind.VISIT: KindDefault(Decimal(2), ((SIX_LEADS, "hardship"),)),
    ActivityKind.COMMUNITY_SERVICE: KindDefault(
        Decimal(2), ((FIVE_ONES, "good-deed"), (SIX_LEADS, "service"))
    ),
    ActivityKind.CULTURE: KindDefault(Decimal(2)),
    ActivityKind.OTHER: KindDefault(Decimal(1)),
}


def title_for(kind: str, month: Month) -> str:
    """Return the title to begin with: 2026年10月主题党日."""
    return f"{month.title}{ActivityKind(kind).label}"


def item_ids_for(kind: str, items: Iterable) -> list[int]:
    """Ids among `items` (with their programs) that an activity of `kind` earns."""
    wanted = KIND_DEFAULTS[kind].items
    return [item.pk for item in items if (item.program.line, item.key) in wanted]
