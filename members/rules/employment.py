"""Rules of employment and of the help given: pure, dates passed in.

Sources: 街道经验材料《街道党建创新》(下岗失业党员的教育管理、“双带”活动) and the ledger
streets keep of employment (就业状况、单位、培训情况；单位招用、自谋职业、灵活就业).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from config.lib.errors import RuleError
from members.choices import Category
from members.choices.employment import (
    EmploymentStatus,
    HelpResult,
    LeadKind,
    RecordSource,
)

TEXT_LENGTH = 500
PLACE_LENGTH = 100
MOST_PEOPLE = 500
_LEDGER = "街道就业台账：须写明就业状况和单位"
_DOUBLE_LEAD = "“双带”活动：带头再就业、带领他人就业"

OUT_OF_WORK = frozenset({EmploymentStatus.LAID_OFF, EmploymentStatus.SEEKING})
AT_WORK = frozenset(
    {
        EmploymentStatus.BY_UNIT,
        EmploymentStatus.SELF_EMPLOYED,
        EmploymentStatus.FLEXIBLE,
    }
)
# The category of education management that goes with a status.
CATEGORY_OF: dict[str, str] = {
    **dict.fromkeys(OUT_OF_WORK, Category.LAID_OFF),
    **dict.fromkeys(AT_WORK, Category.IN_POST),
    EmploymentStatus.RETIRED: Category.RETIRED,
}
# A result that was written down wrongly may be put right.
NEXT_RESULT: dict[str, frozenset[str]] = {
    HelpResult.PENDING: frozenset({HelpResult.SUCCEEDED, HelpResult.FAILED}),
    HelpResult.SUCCEEDED: frozenset({HelpResult.FAILED}),
    HelpResult.FAILED: frozenset({HelpResult.SUCCEEDED}),
}

Spell = TypeVar("Spell")


def timeline(spells: Iterable[Spell]) -> list[tuple[Spell, date | None]]:
    """Each spell with the day on which the next begins, the oldest first.

    A spell lasts until then, so that there is neither gap nor overlap. None is open.
    """
    ordered: list[Any] = sorted(spells, key=lambda spell: spell.starts_on)
    ends = [following.starts_on for following in ordered[1:]]
    return list(zip(ordered, [*ends, None], strict=True)) if ordered else []


def status_on(spells: Sequence[tuple[date, str]], day: date) -> str:
    """The status on `day` by (starts_on, status) in order; "" before the first."""
    return next((status for starts, status in reversed(spells) if starts <= day), "")


def is_reemployment(before: str, status: str) -> bool:
    """Whether somebody who was out of work found some."""
    return before in OUT_OF_WORK and status in AT_WORK


def is_out_of_work(status: str, category: str) -> bool:
    """By the status; of whom none is written down, by the category."""
    return status in OUT_OF_WORK if status else category == Category.LAID_OFF


def disagrees(status: str, category: str) -> bool:
    """Whether the category is another than the one that goes with the status."""
    return CATEGORY_OF.get(status, category) != category


def check_spell(
    *, status: str, starts_on: date, workplace: str, born_on: date, today: date
) -> None:
    """Raise RuleError unless somebody can be so since that day."""
    if starts_on > today:
        raise RuleError("开始日期不能晚于今天。", code="starts_on")
    if starts_on < _sixteen(born_on):
        raise RuleError(
            f"开始日期不能早于满16周岁（{_sixteen(born_on)}），请核对"
            "（《中华人民共和国劳动法》第十五条）。",
            code="starts_on",
        )
    if status in AT_WORK and not workplace:
        label = EmploymentStatus(status).label
        raise RuleError(
            f"“{label}”请写明单位或者从事的行业（{_LEDGER}）。", code="workplace"
        )
    check_length(workplace, PLACE_LENGTH, "单位或行业", "workplace")


def _sixteen(born_on: date) -> date:
    is_leap_day = (born_on.month, born_on.day) == (2, 29)
    return born_on.replace(
        year=born_on.year + 16, day=28 if is_leap_day else born_on.day
    )


def check_among(
    status: str, starts_on: date, workplace: str, others: Iterable[Any]
) -> None:
    """Raise RuleError unless the spell is a change among the `others`, all counted."""
    ordered = [spell for spell, _ in timeline(others)]
    for spell in ordered:
        if spell.starts_on == starts_on:
            raise RuleError(
                f"{starts_on}已登记“{spell.get_status_display()}”，同一天只能有一种"
                "就业状况；登记错了的，请在那一段点“更正”。",
                code="starts_on",
            )
    before = [spell for spell in ordered if spell.starts_on < starts_on][-1:]
    after = [spell for spell in ordered if spell.starts_on > starts_on][:1]
    for spell in (*before, *after):
        if (spell.status, spell.workplace) == (status, workplace):
            raise RuleError(
                f"{spell.starts_on}起已登记同样的就业状况，不必再登记；"
                "日期不对的，请在那一段点“更正”。",
                code="status",
            )


def check_category(status: str, *, is_latest: bool) -> str:
    """Return the category that follows. Raises RuleError where none does."""
    if not is_latest:
        raise RuleError(
            "补记以前的就业状况，不改现在的党员类别；请不要勾选。", code="set_category"
        )
    if status not in CATEGORY_OF:
        label = EmploymentStatus(status).label
        raise RuleError(
            f"就业状况为“{label}”的，没有对应的党员类别；请不要勾选，"
            "需要改的在“编辑”里改。",
            code="set_category",
        )
    return CATEGORY_OF[status]


def check_day(field: str, day: date, *, joined_on: date, today: date) -> None:
    """Raise RuleError unless a branch can have seen to it on that day."""
    label = {"given_on": "帮扶日期", "starts_on": "开始日期"}[field]
    if day > today:
        raise RuleError(f"{label}不能晚于今天。", code=field)
    if day < joined_on:
        raise RuleError(f"{label}不能早于入党日期（{joined_on}），请核对。", code=field)


def check_result(
    now: str, result: str, *, result_on: date, given_on: date, words: str, today: date
) -> None:
    """Raise RuleError unless the help can have come to this."""
    if result not in NEXT_RESULT[now]:
        label = HelpResult(now).label
        raise RuleError(
            f"这次帮扶的结果现在是“{label}”，请选择另一种结果。", code="result"
        )
    if not given_on <= result_on <= today:
        raise RuleError(
            f"结果日期应在帮扶日期（{given_on}）与今天之间。", code="result_on"
        )
    check_words(result, words)


def check_words(result: str, words: str) -> None:
    """Raise RuleError where help failed and nobody says why."""
    if result == HelpResult.FAILED and not words:
        raise RuleError(
            "没有办成的请写明原因，以便换一种办法再帮（街道经验材料《街道党建创新》："
            "为他们排忧解难）。",
            code="result_words",
        )
    check_length(words, TEXT_LENGTH, "结果说明", "result_words")


def check_lead(kind: str, *, title: str, people: int, posts: int) -> None:
    """Raise RuleError unless it is said what was done and for how many."""
    if not title:
        raise RuleError(
            f"请写明带到哪里、做什么，或者项目的名称（{_DOUBLE_LEAD}）。", code="title"
        )
    check_length(title, PLACE_LENGTH, "去向或项目", "title")
    if kind == LeadKind.PEOPLE and (people < 1 or posts):
        raise RuleError(
            "带领他人就业的，请填带领人数，新增岗位填0或不填；自己开办项目吸收人的，"
            f"选“{LeadKind.SERVICE.label}”（{_DOUBLE_LEAD}）。",
            code="people_count",
        )
    if kind == LeadKind.SERVICE and people:
        raise RuleError(
            "开办服务项目的，吸收的人填在“新增岗位”里，带领人数填0或不填，"
            f"以免一人算两次（{_DOUBLE_LEAD}）。",
            code="people_count",
        )
    if max(people, posts) > MOST_PEOPLE:
        raise RuleError(f"一次最多{MOST_PEOPLE}人，请核对人数。", code="people_count")


def check_by_hand(source: str) -> None:
    """Raise RuleError for what a project of services writes and takes back itself."""
    if source == RecordSource.PROJECT:
        raise RuleError(
            "这一条由服务项目自动登记，请到“活动”里的“服务项目”办理：离岗、登记有误、"
            "停办都在那里登记，这里随之更新。",
            code="by_project",
        )


def check_lead_once(
    kind: str, title: str, known: Iterable[tuple[str, str, str]]
) -> None:
    """Raise RuleError for a service that its project has written down already.

    `known` are (kind, source, title) of the member's deeds that count.
    """
    if kind == LeadKind.SERVICE and (kind, RecordSource.PROJECT, title) in known:
        raise RuleError(
            f"“{title}”已由服务项目自动记入“双带”台账，不必再记，以免一个项目算两次"
            f"（{_DOUBLE_LEAD}）。",
            code="title",
        )


def check_length(text: str, most: int, label: str, code: str) -> None:
    if len(text) > most:
        raise RuleError(f"“{label}”请控制在{most}字以内。", code=code)
