"""What counts as having been in contact with somebody, wherever it is recorded.

The contact log is the first source; an upper app registers its own (taking part in an
activity, say), so that nobody writes a contact down twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from members.models import Contact, HardshipAid, HelpStep


@dataclass(frozen=True)
class ContactSource:
    """Rows with a `member`, each a contact on the day in the field `day`.

    `rows` returns an unordered queryset of everything that counts, unscoped: that
    somebody was met is asked of all branches, what was said is not shown.
    """

    name: str
    rows: Callable[[], QuerySet]
    day: str


_sources: dict[str, ContactSource] = {}


def register_source(source: ContactSource) -> None:
    """Announce a source; registering the same name again replaces it.

    Whoever writes its rows sends `members.signals.contacts_changed`.
    """
    _sources[source.name] = source


def contacted_since(day: date, person: str = "pk", *, end: date | None = None) -> Q:
    """A condition: somebody was in contact with the member on `day` or later.

    `person` is the field of the outer query that holds the member's id; `end` is the
    first day that counts no more.
    """
    found = Q()
    for source in _sources.values():
        rows = source.rows().filter(
            member=OuterRef(person), **{f"{source.day}__gte": day}
        )
        if end is not None:
            rows = rows.filter(**{f"{source.day}__lt": end})
        found |= Q(Exists(rows))
    return found


def last_contacts(member_ids: Collection[int]) -> dict[int, date]:
    """Return the day of the latest contact of each member who had any.

    One query for all sources.
    """
    latest: dict[int, date] = {}
    found = [
        source.rows()
        .filter(member__in=member_ids)
        .order_by()
        .values_list("member")
        .annotate(latest=Max(source.day))
        for source in _sources.values()
    ]
    for pk, day in found[0].union(*found[1:], all=True):
        latest[pk] = max(day, latest.get(pk, day))
    return latest


register_source(
    ContactSource("联系记录", lambda: Contact.objects.counted(), "contacted_on")
)
# That somebody came is a contact like any other; what he brought is not told.
register_source(
    ContactSource(
        "走访",
        lambda: (
            HardshipAid.objects.counted()
            .filter(is_visit=True)
            .annotate(member=F("case__member"))
        ),
        "given_on",
    )
)
register_source(
    ContactSource("就业帮扶", lambda: HelpStep.objects.counted(), "given_on")
)
