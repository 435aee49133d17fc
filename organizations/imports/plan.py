"""What a register would do, row by row, without doing it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.versions import display_value
from organizations import rules
from organizations.access import Right
from organizations.imports.reading import Finding, SheetRow, name_key
from organizations.imports.values import parse_row
from organizations.models import Organization, Term
from organizations.system import SystemActor

if TYPE_CHECKING:
    from organizations.services.structure import Actor

CREATE, UPDATE, UNCHANGED, ERROR = "create", "update", "unchanged", "error"
ACTION_LABELS = {CREATE: "新建", UPDATE: "修改", UNCHANGED: "无变化", ERROR: "有错误"}
_LOOP_GUARD = 200


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass
class PlannedRow:
    """One row with what will become of it."""

    row: SheetRow
    existing: Organization | None = None
    action: str = ERROR
    level: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def action_label(self) -> str:
        return ACTION_LABELS[self.action]

    @property
    def name(self) -> str:
        return str(self.row.values.get("name", ""))

    @property
    def parent_key(self) -> str:
        """Where the row will stand: as written, else where it stands; "" is nowhere."""
        if "parent" in self.row.values:
            return name_key(self.row.values["parent"])
        if self.existing is not None and self.existing.parent is not None:
            return name_key(self.existing.parent.name)
        return ""

    @property
    def kind(self) -> str:
        written = self.row.values.get("kind", "")
        return written or (self.existing.kind if self.existing else "")


@dataclass
class Plan:
    rows: list[PlannedRow]

    def count(self, action: str) -> int:
        return sum(planned.action == action for planned in self.rows)

    @property
    def errors(self) -> list[Finding]:
        return [error for planned in self.rows for error in planned.row.errors]

    @property
    def warnings(self) -> list[Finding]:
        return [w for planned in self.rows for w in planned.row.warnings]

    def in_order(self) -> list[PlannedRow]:
        """Rows to write, parents first, so that each finds its place ready."""
        wanted = [p for p in self.rows if p.action in {CREATE, UPDATE}]
        return sorted(wanted, key=lambda planned: planned.level)


def plan_register(rows: list[SheetRow], actor: Actor) -> Plan:
    """Judge every row against the others and the database; nothing is written."""
    return _Planner(rows, actor).plan()


class _Planner:
    def __init__(self, rows: list[SheetRow], actor: Actor) -> None:
        self.actor = actor
        everyone = Organization.objects.select_related("parent").order_by("path")
        self.known = {name_key(each.name): each for each in everyone}
        self.roots = actor.rights_paths(Right.MANAGE_ORGANIZATIONS)
        self.terms = set(
            Term.objects.current().values_list("organization_id", flat=True)
        )
        self.planned = [PlannedRow(row) for row in rows]
        self.by_key: dict[str, PlannedRow] = {}

    def plan(self) -> Plan:
        for planned in self.planned:
            parse_row(planned.row)
            self._identify(planned)
        for planned in self.by_key.values():
            self._check_place(planned)
        self._check_children_kept()
        # Each round carries errors at least one level down.
        while sum(self._inherit_error(each) for each in self.by_key.values()):
            pass
        for planned in self.by_key.values():
            self._decide(planned)
        return Plan(self.planned)

    def manages(self, organization: Organization) -> bool:
        return any(is_within(organization.path, root) for root in self.roots)

    def _may_stand_under(self, stored: Organization | None) -> bool:
        return stored is not None and self.manages(stored)

    def _identify(self, planned: PlannedRow) -> None:
        """Find the organization of this name; a name counts once in a file."""
        row = planned.row
        if not row.key:
            return
        if first := self.by_key.get(row.key):
            row.refuse(
                "name",
                "duplicate",
                f"与第{first.row.number}行的党组织全称相同，请删除或改正其中一行。",
            )
            return
        self.by_key[row.key] = planned
        planned.existing = self.known.get(row.key)
        if planned.existing is None:
            if "kind" not in row.values and not row.has_error("kind"):
                row.refuse("kind", "kind_missing", "新建党组织须填写组织类别，请补上。")
            return
        self._keep_term(planned, planned.existing)
        if not planned.existing.is_open:
            row.refuse("name", "closed", "这个党组织已撤销，不能再导入，请核对名称。")
        elif not self.manages(planned.existing):
            row.refuse(
                "name",
                "out_of_scope",
                "这个全称不在您的管理范围内，请联系街道工作人员。",
            )

    def _keep_term(self, planned: PlannedRow, existing: Organization) -> None:
        """Leave the end of a term alone where an election has said it."""
        row, kept = planned.row, existing.term_ends_on
        if existing.pk not in self.terms or "term_ends_on" not in row.values:
            return
        written = row.values.pop("term_ends_on")
        if written != kept:
            row.warn(
                "term_ends_on",
                "term_kept",
                f"已登记换届选举，届满日期仍为 {kept}；有误的请在“班子与换届”里办理。",
            )

    def _check_place(self, planned: PlannedRow) -> None:
        """Check the parent's existence, loops, depth and the kind under it."""
        row, key = planned.row, planned.parent_key
        if not key:
            self._check_root(planned)
            return
        above = self.by_key.get(key)
        stored = self.known.get(key)
        stays = planned.existing is not None and not is_moved(planned)
        if above is None and not stays and not self._may_stand_under(stored):
            row.refuse(
                "parent",
                "parent_unknown",
                f"找不到上级党组织“{row.values.get('parent', '')}”，"
                "请填写与本表或系统中完全一致的全称。",
            )
            return
        if above is None and not stays and not stored.is_open:
            row.refuse("parent", "closed", f"上级党组织“{stored.name}”已撤销，请改正。")
            return
        planned.level = self._level(planned)
        if not planned.level:
            row.refuse(
                "parent", "loop", "上级关系绕成了一圈（自己成了自己的上级），请改正。"
            )
            return
        if planned.level > rules.DEEPEST_LEVEL:
            row.refuse(
                "parent", "too_deep", f"层级超过{rules.DEEPEST_LEVEL}级，请改正。"
            )
        self._check_kind(planned, above.kind if above else stored.kind)

    def _check_root(self, planned: PlannedRow) -> None:
        row = planned.row
        planned.level = 1
        if not planned.kind or row.has_error("parent"):
            return
        if planned.existing is None and not self._may_add_root(row):
            return
        try:
            rules.check_kind(planned.kind, "")
        except RuleError as error:
            row.refuse("parent", error.code, error.text)

    def _may_add_root(self, row: SheetRow) -> bool:
        """Refuse a root to users, and warn the shell of a second one.

        The street of an empty start has a name that nobody's register knows.
        """
        streets = [o.name for o in self.known.values() if not o.parent_id and o.is_open]
        held = "、".join(f"“{name}”" for name in streets)
        if isinstance(self.actor, SystemActor):
            if streets:
                row.warn(
                    "name",
                    "second_root",
                    f"系统里已有街道{held}，这一行会另建一个街道，原有账号看不到它。"
                    "如果是同一个街道，请先把原有的名称改成表中的全称。",
                )
            return True
        mine = [o.name for o in self.known.values() if o.path in self.roots]
        hint = (
            f"如果它就是“{mine[0]}”，请先在“党组织”页面把名称改成表中的全称，再上传。"
            if len(mine) == 1 and mine[0] in streets
            else ""
        )
        row.refuse(
            "parent",
            "parent_missing",
            f"没有填写上级党组织；最高一级的党组织只能在服务器上用命令导入。{hint}",
        )
        return False

    def _check_kind(self, planned: PlannedRow, parent_kind: str) -> None:
        if not planned.kind or not parent_kind:
            return
        try:
            rules.check_kind(planned.kind, parent_kind)
        except RuleError as error:
            planned.row.refuse("kind", error.code, error.text)

    def _level(self, planned: PlannedRow) -> int:
        """Return the level the row will have, 0 when its way up comes round again."""
        level, key, start = 1, planned.parent_key, planned.row.key
        while key:
            level += 1
            if key == start:
                return 0
            if level > _LOOP_GUARD:
                # Into a loop further up, which its own rows report.
                return rules.DEEPEST_LEVEL
            if above := self.by_key.get(key):
                key = above.parent_key
            elif stored := self.known.get(key):
                key = name_key(stored.parent.name) if stored.parent else ""
            else:
                key = ""
        return level

    def _check_children_kept(self) -> None:
        """A changed kind must also fit the children that the file does not name."""
        by_id = {p.existing.pk: p for p in self.by_key.values() if p.existing}
        for child in self.known.values():
            above = by_id.get(child.parent_id)
            if (
                above is None
                or not child.is_open
                or name_key(child.name) in self.by_key
            ):
                continue
            if above.kind and above.kind != above.existing.kind:
                try:
                    rules.check_kind(child.kind, above.kind)
                except RuleError as error:
                    above.row.refuse("kind", error.code, error.text)

    def _inherit_error(self, planned: PlannedRow) -> bool:
        """Refuse a row whose parent's row is refused; tell whether that is new."""
        above = self.by_key.get(planned.parent_key)
        if above is None or not above.row.errors or planned.row.has_error("parent"):
            return False
        planned.row.refuse(
            "parent",
            "parent_in_error",
            f"上级党组织所在的第{above.row.number}行有错误，请先改正那一行。",
        )
        return True

    def _decide(self, planned: PlannedRow) -> None:
        if planned.row.errors:
            planned.action = ERROR
        elif planned.existing is None:
            planned.action = CREATE
        else:
            planned.changes = self._changes(planned)
            planned.action = UPDATE if planned.changes else UNCHANGED

    def _changes(self, planned: PlannedRow) -> list[Change]:
        existing, found = planned.existing, []
        for name, after in planned.row.values.items():
            if name in {"name", "parent"}:
                continue
            before = getattr(existing, name)
            if before != after:
                form_field = Organization._meta.get_field(name).formfield()
                shown = [display_value(form_field, v) for v in (before, after)]
                label = str(Organization._meta.get_field(name).verbose_name)
                found.append(Change(label, *shown))
        if is_moved(planned):
            written = planned.row.values["parent"]
            found.append(Change("上级党组织", str(existing.parent or "—"), written))
            planned.row.warn(
                "parent",
                "parent_changed",
                f"上级党组织将由“{existing.parent or '无'}”改为“{written}”，"
                "连同下级一并划转。",
            )
        return found


def is_moved(planned: PlannedRow) -> bool:
    """Whether the row names another parent than the stored one."""
    if planned.existing is None or "parent" not in planned.row.values:
        return False
    stored: Any = planned.existing.parent
    return stored is None or name_key(stored.name) != planned.parent_key
