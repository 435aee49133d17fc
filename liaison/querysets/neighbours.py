"""What the suggestion and the map of pairs read: communities, units, pairs, needs."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from config.lib.paths import is_within
from liaison.choices.agreements import ListKind
from liaison.models import ListItem, Pair, PairPartner
from liaison.rules.pairing import NearUnit, Neighbourhood, road_of
from organizations.choices import WorkUnitKind
from organizations.models import Community, WorkUnit

if TYPE_CHECKING:
    from organizations.models import User

# A page shows no more; who wants the rest has the list of units.
MOST_SUGGESTED = 200
MOST_NEEDS = 50


def neighbourhood_of(community: Community, user: User, today: date) -> Neighbourhood:
    """The community as the rule of suggestions sees it."""
    kinds = Counter(
        PairPartner.objects.visible_to(user)
        .filter(pair__in=Pair.objects.running(today), unit__isnull=False)
        .values_list("unit__kind", "pair__field")
    )
    needs = (
        ListItem.objects.visible_to(user)
        .lying_below([community.organization.path], "agreement__organization")
        .filter(kind=ListKind.NEED, met_by__isnull=True, removed_at__isnull=True)
        .filter(agreement__ended_on__isnull=True, agreement__discarded_at__isnull=True)
        .values_list("words", flat=True)
    )
    return Neighbourhood(
        pk=community.pk,
        address=community.address,
        buildings=list(community.buildings.values_list("name", "grid")),
        kinds=dict(kinds),
        needs=list(needs[:MOST_NEEDS]),
    )


def unpaired_near(community: Community, user: User, today: date) -> list[NearUnit]:
    """Resident units in the community or on its road, not paired with it yet."""
    near = Q(community=community)
    if road := road_of(community.address):
        near |= Q(address__contains=road, community__in=_streets_own(user))
    paired = (
        PairPartner.objects.visible_to(user)
        .filter(pair__in=Pair.objects.running(today), unit__isnull=False)
        .lying_below([community.organization.path], "pair__organization")
        .order_by()
        .values("unit")
    )
    rows = (
        WorkUnit.objects.visible_to(user)
        .filter(near, is_active=True, is_resident=True)
        .exclude(pk__in=paired)
        .order_by("name")
    )
    columns = ("pk", "name", "kind", "industry", "address", "community_id")
    return [
        NearUnit(
            pk=pk,
            name=name,
            kind=kind,
            kind_label=str(WorkUnitKind(kind).label),
            industry=industry,
            address=address,
            community_id=where,
        )
        for pk, name, kind, industry, address, where in rows.values_list(*columns)[
            :MOST_SUGGESTED
        ]
    ]


def community_tiles(user: User, today: date, each: int) -> list[dict[str, Any]]:
    """Communities in scope, each with its pairs and its resident units without one.

    Three questions however many there are; of units `each` are named.
    """
    tiles = [
        {"community": one, "path": one.organization.path, "pairs": [], "units": []}
        for one in Community.objects.visible_to(user)
        .select_related("organization")
        .order_by("organization__path")
    ]
    pairs = Pair.objects.visible_to(user).running(today).select_related("organization")
    for pair in pairs.order_by("field", "pk"):
        for tile in tiles:
            if is_within(pair.organization.path, tile["path"]):
                tile["pairs"].append(pair)
    rows = _unpaired(user, today, [tile["community"].pk for tile in tiles], each)
    units: dict[int, list[Any]] = {}
    for row in rows:
        units.setdefault(row["community"], []).append(row)
    for tile in tiles:
        tile["units"] = units.get(tile["community"].pk, [])
        tile["unpaired"] = tile["units"][0]["together"] if tile["units"] else 0
        tile["more_units"] = tile["unpaired"] - len(tile["units"])
        tile["more_pairs"] = max(0, len(tile["pairs"]) - each)
        tile["shown"] = tile["pairs"][:each]
    return tiles


def _unpaired(user: User, today: date, communities: list[int], each: int) -> Any:
    """The first `each` units of every community, with how many there are."""
    running = Pair.objects.visible_to(user).running(today).order_by().values("pk")
    paired = PairPartner.objects.filter(pair__in=running, unit__isnull=False)
    in_community: dict[str, Any] = {"partition_by": [F("community")]}
    return (
        WorkUnit.objects.visible_to(user)
        .filter(community__in=communities, is_active=True, is_resident=True)
        .exclude(pk__in=paired.order_by().values("unit"))
        .annotate(
            place=Window(RowNumber(), order_by=["name", "pk"], **in_community),
            together=Window(Count("pk"), **in_community),
        )
        .filter(place__lte=each)
        .order_by("community", "place")
        .values("pk", "name", "community", "together")
    )


def _streets_own(user: User) -> Any:
    return Community.objects.offered_to(user).order_by().values("pk")
