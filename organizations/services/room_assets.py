"""Equipment and periodicals of rooms: added, amended, checked, broken, returned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from organizations.models import Room, RoomAsset, User
from organizations.room_choices import AssetKind, AssetState
from organizations.services.rooms import FIRST_DAY, kept_room, tell

MOST_PIECES = 10_000


@dataclass(frozen=True)
class AssetFacts:
    kind: str
    name: str
    acquired_on: date
    quantity: int = 1
    subscribed_year: int | None = None


@transaction.atomic
def add_asset(
    *, room_id: int, facts: AssetFacts, actor: User, request_id: UUID | None = None
) -> RoomAsset:
    """Put something on the room's list; it counts as checked on the day it came.

    A repeated `request_id` returns the line of the first time. Raises
    Room.DoesNotExist, PermissionDenied, RuleError.
    """
    room = kept_room(room_id, actor)
    if request_id is not None:
        earlier = room.assets.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    asset = RoomAsset(room=room, request_id=request_id)
    _apply(asset, facts)
    asset.state_since = asset.checked_on = asset.acquired_on
    asset.save(force_insert=True)
    tell(room, "asset_saved", actor)
    return asset


@transaction.atomic
def amend_asset(
    *, asset_id: int, facts: AssetFacts, version: int | None = None, actor: User
) -> RoomAsset:
    """Mend a line. Raises RoomAsset.DoesNotExist, StaleError, RuleError."""
    room, asset = _kept_asset(asset_id, actor)
    check_version(asset, version)
    _apply(asset, facts)
    asset.checked_on = max(asset.checked_on, asset.acquired_on)
    asset.state_since = max(asset.state_since, asset.acquired_on)
    save_versioned(asset, version=None)
    tell(room, "asset_saved", actor)
    return asset


@transaction.atomic
def change_state(
    *,
    asset_id: int,
    state: str,
    number: int,
    on_date: date,
    words: str = "",
    version: int | None = None,
    actor: User,
) -> RoomAsset:
    """Say what became of `number` pieces; fewer than all become a line of their own.

    Returns the line that has the new state. Raises RoomAsset.DoesNotExist,
    StaleError, RuleError.
    """
    room, asset = _kept_asset(asset_id, actor)
    check_version(asset, version)
    if state == asset.state:
        label = AssetState(state).label
        raise RuleError(f"现在已经是“{label}”，请选新的状态。", code="state")
    if not 1 <= number <= asset.quantity:
        raise RuleError(f"数量应在1到{asset.quantity}之间，请核对。", code="number")
    _check_day(on_date, asset.state_since, "on_date")
    changed = asset
    if number < asset.quantity:
        asset.quantity -= number
        save_versioned(asset, version=None)
        changed = RoomAsset(
            room=room,
            kind=asset.kind,
            name=asset.name,
            subscribed_year=asset.subscribed_year,
            acquired_on=asset.acquired_on,
            quantity=number,
            version=0,
        )
    changed.state, changed.state_since = AssetState(state), on_date
    changed.state_words = words.strip()
    # Whoever says how it stands has looked at it.
    changed.checked_on = max(asset.checked_on, on_date)
    save_versioned(changed, version=None)
    tell(room, "asset_state", actor)
    return changed


@transaction.atomic
def check_assets(
    *, room_id: int, asset_ids: Collection[int], on_date: date, actor: User
) -> int:
    """Write down that these lines were checked; return how many."""
    room = kept_room(room_id, actor)
    if not asset_ids:
        raise RuleError("请勾选检查过的设备刊物。", code="assets")
    rows = room.assets.in_hand().filter(pk__in=asset_ids)
    found = list(rows.select_for_update(of=("self",)))
    if len(found) < len(set(asset_ids)):
        raise RuleError("所选的设备刊物刚刚有变动，请重新勾选。", code="assets")
    for asset in found:
        _check_day(on_date, asset.acquired_on, "on_date")
        asset.checked_on = max(asset.checked_on, on_date)
        asset.save(update_fields=["checked_on"])
    tell(room, "checked", actor)
    return len(found)


def _kept_asset(asset_id: int, actor: User) -> tuple[Room, RoomAsset]:
    rows = RoomAsset.objects.visible_to(actor)
    room = kept_room(rows.values_list("room_id", flat=True).get(pk=asset_id), actor)
    return room, room.assets.get(pk=asset_id)


def _check_day(day: date, first: date, field: str) -> None:
    if not first <= day <= timezone.localdate():
        raise RuleError(f"日期应在{first}至今天之间，请核对。", code=field)


def _apply(asset: RoomAsset, facts: AssetFacts) -> None:
    today = timezone.localdate()
    asset.kind, asset.name = AssetKind(facts.kind), clean_text(facts.name)
    if not asset.name:
        raise RuleError("请填写名称。", code="name")
    if not 1 <= facts.quantity <= MOST_PIECES:
        raise RuleError(f"数量应在1到{MOST_PIECES}之间，请核对。", code="quantity")
    _check_day(facts.acquired_on, FIRST_DAY, "acquired_on")
    year = facts.subscribed_year
    if asset.kind == AssetKind.PERIODICAL:
        if year is None or not FIRST_DAY.year <= year <= today.year + 1:
            raise RuleError(
                f"刊物要填订阅年份，{FIRST_DAY.year}至{today.year + 1}之间。",
                code="subscribed_year",
            )
    elif year is not None:
        raise RuleError(
            "只有党建刊物填订阅年份，请清空这一项。", code="subscribed_year"
        )
    asset.quantity, asset.subscribed_year = facts.quantity, year
    asset.acquired_on = facts.acquired_on
