"""Organizations, communities and units that a roster names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from config.lib.dates import EMPTY_WORDS, clean_text
from config.lib.errors import RuleError
from organizations.models import Community, Organization, WorkUnit

_AMBIGUOUS = object()


def organization_key(text: str) -> str:
    """Return a name as it is compared: no spaces, one kind of brackets, no 中共."""
    plain = "".join(clean_text(text).split()).replace("(", "（").replace(")", "）")
    return plain.removeprefix("中国共产党").removeprefix("中共")


@dataclass(slots=True)
class Places:
    """Open organizations that rows may go to, found by full or short name."""

    scope: Organization | None
    default: Organization | None = None
    branches: dict[int, Organization] = field(default_factory=dict)
    _by_name: dict[str, object] = field(default_factory=dict)
    _communities: dict[str, int] = field(default_factory=dict)
    _community_pattern: re.Pattern[str] | None = None

    @classmethod
    def load(cls, scope: Organization | None) -> Places:
        """Load the subtree of `scope`, the whole tree for None (commands)."""
        places = cls(scope)
        found = Organization.objects.open()
        if scope is not None:
            found = found.within([scope.path])
        for organization in found.only("id", "name", "short_name", "kind", "path"):
            places._add(organization)
        places._find_default()
        places._load_communities()
        return places

    def _add(self, organization: Organization) -> None:
        if organization.kind == Organization.Kind.BRANCH:
            self.branches[organization.pk] = organization
        for text in {
            organization_key(organization.name),
            organization_key(organization.short_name),
        }:
            known = self._by_name.get(text)
            self._by_name[text] = _AMBIGUOUS if known is not None else organization

    def _find_default(self) -> None:
        """Rows without a branch go to the scope itself, or to its only branch."""
        if self.scope is None:
            return
        if self.scope.pk in self.branches:
            self.default = self.scope
        elif len(self.branches) == 1:
            self.default = next(iter(self.branches.values()))

    def _load_communities(self) -> None:
        names = dict(Community.objects.values_list("name", "id"))
        self._communities = names
        if names:
            longest_first = sorted(names, key=len, reverse=True)
            self._community_pattern = re.compile(
                "|".join(map(re.escape, longest_first))
            )

    def branch(self, raw: object) -> Organization | None:
        """Return the branch a cell names. Raises RuleError where there is none."""
        text = clean_text(raw)
        if text in EMPTY_WORDS:
            return None
        found = self._by_name.get(organization_key(text))
        if found is _AMBIGUOUS:
            raise RuleError(
                f"有几个党组织都叫“{text[:40]}”，请填写全称。",
                code="organization_ambiguous",
            )
        if not isinstance(found, Organization):
            where = f"或不在“{self.scope}”范围内，" if self.scope else ""
            raise RuleError(
                f"没有找到党组织“{text[:40]}”，{where}请核对全称或简称。",
                code="organization_unknown",
            )
        if found.kind != Organization.Kind.BRANCH:
            raise RuleError(
                f"“{text[:40]}”是{found.get_kind_display()}，党员须编入党支部，"
                "请填写党支部名称。",
                code="organization_kind",
            )
        return found

    def community_in(self, address: str) -> int | None:
        """Return the community an address names, None where it names none."""
        if self._community_pattern is None:
            return None
        found = self._community_pattern.search(address)
        return self._communities[found[0]] if found else None


def unit_ids(names: Iterable[str]) -> dict[str, int]:
    """Return the ids of the work units of these names that exist."""
    wanted = sorted(set(names))
    return {
        name: pk
        for start in range(0, len(wanted), 500)
        for name, pk in WorkUnit.objects.filter(
            name__in=wanted[start : start + 500]
        ).values_list("name", "id")
    }
