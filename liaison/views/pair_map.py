"""Who might be paired with whom: suggestions by community, and the map of tiles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from liaison.forms.pairs import NeighbourhoodForm
from liaison.parameters.pairs import field_words
from liaison.querysets.neighbours import (
    community_tiles,
    neighbourhood_of,
    unpaired_near,
)
from liaison.rules.pairing import in_order, suggest
from liaison.views.pair_pages import crumbs
from organizations.access import Right, require_right

NAMED_ON_A_TILE = 6


@require_safe
def pair_suggestions(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    form = NeighbourhoodForm(request.GET or None, user=request.user)
    community = form.cleaned_data["community"] if form.is_valid() else None
    if community is None and not form.errors:
        # The first one: most users have one alone.
        places = form.fields["community"].queryset
        community = places.select_related("organization").first()
        form.initial["community"] = community and community.pk
    rows = []
    if community is not None:
        today, words = timezone.localdate(), field_words()
        place = neighbourhood_of(community, request.user, today)
        near = unpaired_near(community, request.user, today)
        found = (suggest(place, unit, words) for unit in near)
        rows = in_order(each for each in found if each is not None)
    context = {
        "page_title": "结对推荐",
        "breadcrumbs": crumbs(("结对推荐", "")),
        "form": form,
        "community": community,
        "rows": rows,
    }
    return render(request, "liaison/pair_suggestions.html", context)


@require_safe
def pair_map(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    context = {
        "page_title": "结对示意图",
        "breadcrumbs": crumbs(("结对示意图", "")),
        "tiles": community_tiles(request.user, timezone.localdate(), NAMED_ON_A_TILE),
    }
    return render(request, "liaison/pair_map.html", context)
