"""Who may vote and stand in an election, and whom a typed name means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from config.lib.errors import RuleError
from config.lib.names import normalize_name
from members.models import Member
from organizations.models import Organization, User

# A list of suggestions longer than this makes a phone wait; names beyond it are typed.
MOST_OFFERED = 800


@dataclass(frozen=True)
class Electable:
    """`labels` tell people of one name apart, by their branch and year of birth."""

    labels: dict[str, int]
    names: dict[str, list[int]]

    @property
    def number(self) -> int:
        return len(self.labels)

    @property
    def offered(self) -> list[str]:
        return list(self.labels)[:MOST_OFFERED]

    def member(self, typed: str) -> int:
        """Return whom a label or name means. Raises RuleError for none, for several."""
        known = self.labels.get(typed.strip())
        if known is not None:
            return known
        found = self.names.get(normalize_name(typed), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise RuleError(
                f"有 {len(found)} 位党员叫“{typed}”，请从弹出的名单里选。",
                code="several",
            )
        raise RuleError(
            f"没有找到“{typed}”：候选人应是本党组织在册的正式党员，请核对姓名。",
            code="unknown",
        )


def electable_in(organization: Organization, user: User) -> Electable:
    """Those who may be elected in `organization`, as far as `user` sees them."""
    rows = list(
        Member.objects.visible_to(user)
        .may_be_elected_in(organization)
        .with_branch()
        .order_by("name_pinyin", "pk")
        .values_list("pk", "name", "branch_name", "born_on")
    )
    common = Counter(name for _, name, _, _ in rows)
    labels: dict[str, int] = {}
    names: dict[str, list[int]] = {}
    for pk, name, branch, born in rows:
        names.setdefault(name, []).append(pk)
        label = name if common[name] == 1 else f"{name}（{branch}，{born:%Y年%m月}生）"
        # Two of one name, branch and month of birth: told apart by their number here.
        labels[label if label not in labels else f"{label}{pk}"] = pk
    return Electable(labels, names)
