"""Rules of the tree, pure: kinds, fields and sizes, each with its source."""

from __future__ import annotations

import re
from datetime import date

from config.lib.errors import RuleError
from config.lib.names import initials
from config.lib.paths import depth
from organizations.choices import OrganizationField, OrganizationKind, WorkUnitKind

_Kind = OrganizationKind

# What may stand directly under what; "" is above the root.
# Source: 《中国共产党支部工作条例(试行)》第二章 (committees, general branches and
# branches, each approved by the higher body; groups inside a branch).
# Local rules: the street's own work committee is a root, since the portal serves a
# street; a committee may stand under a committee, as a large enterprise's does.
CHILD_KINDS: dict[str, frozenset[str]] = {
    "": frozenset({_Kind.WORK_COMMITTEE}),
    _Kind.WORK_COMMITTEE: frozenset(
        {_Kind.COMMITTEE, _Kind.GENERAL_BRANCH, _Kind.BRANCH}
    ),
    _Kind.COMMITTEE: frozenset({_Kind.COMMITTEE, _Kind.GENERAL_BRANCH, _Kind.BRANCH}),
    _Kind.GENERAL_BRANCH: frozenset({_Kind.BRANCH}),
    _Kind.BRANCH: frozenset({_Kind.GROUP}),
    _Kind.GROUP: frozenset(),
}

# The path column holds sixty digits, six a level.
DEEPEST_LEVEL = 10


def check_kind(kind: str, parent_kind: str) -> None:
    """Raise RuleError unless `kind` may stand under `parent_kind` ("" for none)."""
    if kind in CHILD_KINDS[parent_kind]:
        return
    label = OrganizationKind(kind).label
    if not parent_kind:
        raise RuleError(
            f"{label}须有上级党组织，请选择上级；没有上级的只能是党的工作委员会。",
            code="parent_missing",
        )
    if kind == _Kind.WORK_COMMITTEE:
        raise RuleError(
            "党的工作委员会是最高一级，不能有上级党组织，请把上级留空或改正类别。",
            code="kind_under_parent",
        )
    above = OrganizationKind(parent_kind).label
    allowed = "、".join(
        k.label for k in OrganizationKind if k in CHILD_KINDS[parent_kind]
    )
    raise RuleError(
        f"{above}之下不能设{label}（可以设：{allowed or '无'}），请改正类别或上级。",
        code="kind_under_parent",
    )


def check_depth(path: str) -> None:
    """Raise RuleError when `path` lies deeper than the path column holds."""
    if depth(path) > DEEPEST_LEVEL:
        raise RuleError(
            f"组织层级最多{DEEPEST_LEVEL}级，请改选更高一级的上级党组织。",
            code="too_deep",
        )


def infer_field(name: str, parent_field: str | None) -> str:
    """Return the field a new organization is given until somebody says otherwise.

    Local rule: the root is the street office's, a name with 社区 a community's, the
    rest follow their parent.
    """
    if parent_field is None:
        return OrganizationField.STREET_OFFICE
    if "社区" in name:
        return OrganizationField.COMMUNITY
    return parent_field


_PREFIX = re.compile(r"^中国?共(?:产党)?")
_SUFFIXES = (
    ("工作委员会", "党工委"),
    ("总支部委员会", "党总支"),
    ("支部委员会", "支部"),
    ("委员会", "党委"),
)


def infer_short_name(name: str) -> str:
    """Return the usual short form: 中共江滨社区委员会 is 江滨社区党委."""
    short = _PREFIX.sub("", name) or name
    for suffix, replacement in _SUFFIXES:
        if short.endswith(suffix) and short != suffix:
            return short.removesuffix(suffix) + replacement
    return short


_COMMUNITY = re.compile(
    r"^(?:中国?共(?:产党)?)?(?:.{1,20}?街道)?(?P<place>.{1,30}?社区)"
)


def community_name(name: str, kind: str) -> str:
    """Return the place a community's own committee looks after, "" for others.

    中共江滨社区委员会 looks after 江滨社区, its branches do not.
    """
    found = _COMMUNITY.match(name)
    own: dict[str, str] = {
        _Kind.COMMITTEE: "委员会 党委",
        _Kind.GENERAL_BRANCH: "总支部委员会 党总支",
    }
    if found is None or kind not in own:
        return ""
    rest = name[found.end() :]
    return found["place"] if rest in own[kind].split() else ""


CODE_LETTERS = 4


def code_prefix(short_name: str) -> str:
    """Return the letters a short code begins with: 江滨社区党委 gives JBSQ."""
    letters = re.sub(r"[^A-Z]", "", initials(short_name).upper())
    return letters[:CODE_LETTERS] or "DZZ"


def check_dates(founded_on: date | None, term_ends_on: date | None) -> None:
    """Raise RuleError when a term ends before the organization began."""
    if founded_on and term_ends_on and term_ends_on < founded_on:
        raise RuleError(
            "任期届满日期早于成立日期，请核对这两个日期。", code="term_before_founding"
        )


# Words in an employer's name that tell its kind; the first match wins.
_UNIT_WORDS = (
    (WorkUnitKind.STATE_ENTERPRISE, r"国网|国有|中石油|中石化|烟草|邮政|铁路"),
    (WorkUnitKind.PRIVATE_ENTERPRISE, r"公司|厂$|集团|商行|超市|酒店"),
    (WorkUnitKind.SOCIAL_ORGANIZATION, r"协会|商会|学会|基金会|事务所|促进会"),
    (
        WorkUnitKind.INSTITUTION,
        r"学校|小学|中学|大学|学院|幼儿园|医院|中心$|馆$|研究[所院]",
    ),
    (WorkUnitKind.AGENCY, r"局$|委员会$|办公室$|法院|检察院|派出所|[省市区县]委|政府"),
)


def guess_unit_kind(name: str) -> str:
    """Return the kind an employer's name suggests. Local rule, for imports only."""
    for kind, words in _UNIT_WORDS:
        if re.search(words, name):
            return kind
    return WorkUnitKind.OTHER
