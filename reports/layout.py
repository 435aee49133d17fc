"""What the monthly workbook shows: sheets, groups and columns, held as data.

A column is a figure of the registry ("count", "hours" for minutes), a share of two
("rate") or a balance of several ("sum"). The layout goes into the frozen content, so a
closed month is drawn as it was, whatever changes here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.choices.hardship import Level
from members.choices.standing import DecisionKind
from members.indicators import CAME, LEFT, age_bands
from members.rules.standing import REMOVALS
from organizations.models import Organization
from reports.layout_columns import Column, balance, count, group, hours, money, rate
from reports.layout_coverage import coverage
from reports.layout_duties import duties
from reports.layout_funds import funds, mutual
from reports.layout_liaison import liaison
from reports.layout_organizations import organizations
from reports.layout_reviews import findings, reviews
from reports.layout_rooms import rooms


def sheets_of(organization: Organization) -> list[dict[str, Any]]:
    """The layout of an organization's workbook.

    What lies at a street alone is a sheet of the street's, and a single line there.
    """
    return [
        sheet
        for sheet in sheets()
        if organization.parent_id is None or not sheet.get("is_total_only")
    ]


def sheets() -> list[dict[str, Any]]:
    """Return the layout of today: the age bands are a parameter."""
    return [
        _sheet("members", "党员基本情况", "党员基本情况统计表", _members()),
        _sheet(
            "organizations", "党组织", "党组织、换届和准入事项统计表", organizations()
        ),
        _sheet("changes", "当月变动", "党员变动情况统计表", _changes()),
        _sheet("standing", "党籍变动", "失联处置与党籍变动情况统计表", _standing()),
        _sheet("transfers", "组织关系转接", "组织关系转接情况统计表", _transfers()),
        _sheet("dues", "党费与表彰", "党费交纳与表彰情况统计表", _dues()),
        _sheet("employment", "就业帮扶", "就业帮扶和“双带”情况统计表", _employment()),
        _sheet("mobile", "流动党员", "流动党员情况统计表", _mobile()),
        _sheet("reporting", "报到与挂牌", "报到、挂牌和居民评议统计表", _reporting()),
        _sheet("development", "发展党员", "发展党员情况统计表", _development()),
        _sheet("activities", "活动开展", "活动开展情况统计表", _activities()),
        _sheet("study", "学时与党校", "党员学时和业余党校情况统计表", _study()),
        _sheet("volunteers", "志愿服务", "志愿服务情况统计表", _volunteers()),
        _sheet("duties", "三会一课", "三会一课开展情况统计表", duties()),
        _sheet("reviews", "民主评议", "民主评议党员情况统计表", reviews()),
        _sheet("programs", "项目完成", "五个一、六带完成情况统计表", _programs()),
        _sheet("visits", "走访住户", "走访住户情况统计表", _visits()),
        _sheet("rooms", "党员活动室", "党员活动室开放和使用情况统计表", rooms()),
        _sheet("liaison", "联系卡与反馈", "联系卡与反馈情况统计表", liaison()),
        _sheet("funds", "经费", "经费投入和使用情况统计表", funds()),
        _sheet("mutual", "捐款捐物", "捐款捐物情况统计表", mutual()),
        _sheet("coverage", "两新覆盖", "两新组织覆盖情况统计表", coverage()),
        _sheet("findings", "评议结果", "民主评议结果统计表", findings())
        | {"is_total_only": True},
        _sheet("hardship", "困难党员帮扶", "困难党员帮扶情况统计表", _hardship())
        | {"is_total_only": True},
    ]


def _sheet(
    key: str, title: str, heading: str, groups: list[dict[str, Any]]
) -> dict[str, Any]:
    return {"key": key, "title": title, "heading": heading, "groups": groups}


def _members() -> list[dict[str, Any]]:
    return [
        group("", count("members.on_roll")),
        group(
            "性别", count("members.sex_male", "男"), count("members.sex_female", "女")
        ),
        group(
            "党员类别",
            count("members.category_in_post", "在职"),
            count("members.category_mobile", "流动"),
            count("members.category_laid_off", "下岗失业"),
            count("members.category_retired", "离退休"),
            count("members.category_other", "其他"),
        ),
        group(
            "人员类别",
            count("members.type_full", "正式"),
            count("members.type_probationary", "预备"),
        ),
        group(
            "学历",
            count("members.education_college"),
            count("members.education_secondary"),
            count("members.education_high"),
            count("members.education_low"),
            count("members.education_unknown"),
        ),
        group("年龄", *(count(key, name) for key, name in age_bands())),
        group(
            "另有",
            count("members.co_managed", "协管"),
            count("members.mobile_in", "流入"),
        ),
        group("", rate("members.completeness_rate")),
    ]


def _changes() -> list[dict[str, Any]]:
    came = [indicator.key for indicator in CAME]
    left = [indicator.key for indicator in LEFT]
    return [
        group(
            "增加",
            balance("小计", "当月增加的在册党员，各来源之和。", came),
            *(count(key) for key in came),
        ),
        group(
            "减少",
            balance("小计", "当月减少的在册党员，各去向之和。", left),
            *(count(key) for key in left),
        ),
        group(
            "",
            balance(
                "净增",
                "增加小计减去减少小计；街道内调入、调出在街道合计中相抵。",
                came,
                left,
            ),
        ),
    ]


def _standing() -> list[dict[str, Any]]:
    return [
        group(
            "失联处置",
            count("members.lost_opened", "当月登记（件）"),
            count("members.lost_found", "当月取得联系（件）"),
            count("members.lost_cases", "月末在办（件）"),
        ),
        group(
            "停止和恢复党籍",
            count("members.decided_suspended", "当月停止"),
            count("members.decided_reinstated", "当月恢复"),
            count("members.suspended", "月末停止党籍"),
        ),
        group(
            "当月出党",
            *(
                count(f"members.decided_{kind}")
                for kind in DecisionKind.values
                if kind in REMOVALS
            ),
        ),
    ]


def _transfers() -> list[dict[str, Any]]:
    return [
        group(
            "转出",
            count("members.letters_issued", "开具介绍信（封）"),
            count("members.transfers_under_way", "月末在途（件）"),
            count("members.receipts_open", "回执未回（份）"),
        ),
        group(
            "转入",
            count("members.letters_received", "凭信转入（人）"),
            count("members.replies_owed", "回执未寄（份）"),
        ),
    ]


def _dues() -> list[dict[str, Any]]:
    return [
        group(
            "党费",
            count("members.dues_asked", "应交（人）"),
            count("members.dues_payers", "已交（人）"),
            rate("members.dues_rate", "交纳率"),
            money("members.dues_due", "应交（元）"),
            money("members.dues_paid", "实交（元）"),
            count("members.dues_behind", "欠3个月以上（人）"),
        ),
        group("表彰", count("members.commended", "受表彰（人次）")),
    ]


def _employment() -> list[dict[str, Any]]:
    back = [
        f"members.reemployed_{way}" for way in ("by_unit", "self_employed", "flexible")
    ]
    return [
        group("", count("members.out_of_work", "未就业党员（人）")),
        group(
            "当月再就业（人）",
            balance("小计", "当月再就业的党员，各种方式之和。", back),
            *(
                count(key, label)
                for key, label in zip(
                    back, ("单位招用", "自谋职业", "灵活就业"), strict=True
                )
            ),
        ),
        group(
            "当月帮扶",
            count("members.help_steps", "次数"),
            count("members.help_training", "技能培训（人次）"),
            count("members.help_job_offers", "推荐岗位（人次）"),
        ),
        group(
            "“双带”",
            count("members.people_led", "带领就业（人）"),
            count("members.services_opened", "服务项目（个）"),
            count("members.posts_opened", "新增岗位（个）"),
        ),
        group(
            "社区服务项目（月末）",
            count("activities.projects", "在办（个）"),
            count("activities.project_places", "岗位（个）"),
            count("activities.project_filled", "在岗（人）"),
        ),
    ]


def _reporting() -> list[dict[str, Any]]:
    return [
        group(
            "在职党员报到",
            count("members.slips_received", "当月报到（人）"),
            count("members.slips_accepted", "当月受理（人）"),
            count("members.co_managed", "月末协管（人）"),
        ),
        group(
            "党员挂牌",
            count("members.plaques", "月末在挂（户）"),
            count("members.plaque_due", "应挂牌（人）"),
            count("members.plaque_covered", "已挂牌（人）"),
            rate("members.plaque_rate", "挂牌率"),
        ),
        group(
            "居民评议",
            count("members.comments_received", "当月收到（件）"),
            count("members.comments_answered", "当月答复（件）"),
        ),
    ]


def _development() -> list[dict[str, Any]]:
    return [
        group(
            "月末在培养",
            count("members.applicants", "申请人"),
            count("members.activists", "积极分子"),
            count("members.candidates", "发展对象"),
        ),
        group(
            "当月批准",
            count("members.admitted", "接收预备党员"),
            count("members.confirmed", "转正"),
            count("members.probation_extended", "延长预备期"),
            count("members.probation_cancelled", "取消资格"),
        ),
    ]


def _activities() -> list[dict[str, Any]]:
    return [
        group(
            "活动",
            count("activities.held", "次数"),
            count("activities.people_served", "服务群众（人次）"),
        ),
        group(
            "参加情况",
            count("activities.participations", "到会（人次）"),
            hours("activities.attendance_minutes", "时长（小时）"),
            count("activities.active_members", "参加党员（人）"),
        ),
    ]


def _study() -> list[dict[str, Any]]:
    return [
        group(
            "党员学时",
            count("study.members", "应学党员（人）"),
            count("study.full", "今年已学满（人）"),
            rate("study.full_rate", "学满率"),
            hours("study.together_minutes", "当月集中学（学时）"),
            hours("study.alone_minutes", "当月自学（学时）"),
        ),
        group(
            "业余党校",
            count("school.sessions", "当月上课（次）"),
            count("school.attendances", "当月到课（人次）"),
        ),
    ]


def _visits() -> list[dict[str, Any]]:
    return [
        group(
            "住户",
            count("activities.households", "月末在册"),
            count("activities.households_visited_year", "本年已走访"),
            rate("activities.household_visit_rate", "走访率"),
        ),
        group(
            "当月走访",
            count("activities.visits", "次数"),
            count("activities.households_visited", "户数"),
        ),
        group(
            "走访事项",
            count("activities.visit_matters", "当月收集"),
            count("activities.visit_matters_solved", "当月解决"),
            count("activities.visit_matters_waiting", "月末未答复"),
        ),
    ]


def _volunteers() -> list[dict[str, Any]]:
    return [
        group(
            "服务队",
            count("activities.teams", "月末服务队（支）"),
            count("activities.volunteers", "月末队员（人）"),
            count("activities.team_events", "活动（次）"),
            hours("activities.team_minutes", "时长（小时）"),
            count("activities.team_served", "服务群众（人次）"),
        ),
        group(
            "贴心服务和微心愿",
            count("activities.requests_received", "当月收到（件）"),
            count("activities.requests_done", "当月办好（件）"),
            rate("activities.requests_on_time_rate"),
            count("activities.requests_heard", "当月回访（件）"),
            rate("activities.requests_satisfied_rate"),
        ),
    ]


def _programs() -> list[dict[str, Any]]:
    return [
        group(
            name,
            count(f"activities.{prefix}_audience", "对象（人）"),
            count(f"activities.{prefix}_started", "已开始（人）"),
            count(f"activities.{prefix}_complete", "全部完成（人）"),
            rate(f"activities.{prefix}_start_rate", "参与率"),
            rate(f"activities.{prefix}_completion_rate", "完成率"),
        )
        for name, prefix in (
            ("流动党员“五个一”", "five_ones"),
            ("在职党员“六带”", "six_leads"),
        )
    ]


def _hardship() -> list[dict[str, Any]]:
    return [
        group(
            "月末困难党员",
            *(count(f"members.hardship_{level}") for level in Level.values),
        ),
        group(
            "当月帮扶",
            count("members.hardship_aids", "次数"),
            count("members.hardship_yuan", "金额（元）"),
        ),
        group("", count("members.hardship_reviewed", "当月复核（人）")),
        group(
            "当月互助金",
            count("members.mutual_helped", "受助人（户）次"),
            money("members.mutual_paid", "支出含物品（元）"),
        ),
    ]


def _mobile() -> list[dict[str, Any]]:
    return [
        group(
            "流出",
            count("members.mobile_out_far", "省外"),
            count("members.mobile_out_near", "省内"),
            count("members.mobile_out_unknown", "流向不明"),
            count("members.mobile_out_card", "持活动证"),
        ),
        group(
            "流入（已编入支部）",
            count("members.mobile_in_far", "省外"),
            count("members.mobile_in_near", "省内"),
            count("members.mobile_in_card", "持活动证"),
        ),
        group("", count("members.mobile_unplaced", "已核实待编入")),
        group("", count("members.mobile_silent", "久未联系")),
    ]


def columns_of(sheet: dict[str, Any]) -> Iterator[Column]:
    for each in sheet["groups"]:
        yield from each["columns"]


def keys_of(layout: list[dict[str, Any]]) -> list[str]:
    """Every figure that the layout needs, once each."""
    keys = [k for sheet in layout for c in columns_of(sheet) for k in c["keys"]]
    return list(dict.fromkeys(keys))


def cell(column: Column, values: dict[str, int]) -> int | float | None:
    """The value of one column from a row's figures; None for a share of nothing."""
    numbers = [values.get(key, 0) for key in column["keys"]]
    if column["kind"] == "rate":
        part, whole = numbers
        return part / whole if whole else None
    if column["kind"] == "hours":
        return round(numbers[0] / 60, 1)
    if column["kind"] == "money":
        return numbers[0] / 100
    if column["kind"] == "per":
        part, whole = numbers
        return round(part / 100 / whole, 2) if whole else None
    if column["kind"] == "sum":
        signed = zip(numbers, column["signs"], strict=True)
        return sum(number * sign for number, sign in signed)
    return numbers[0]


def shown(column: Column, values: dict[str, int]) -> str:
    """The same as text, for pages."""
    value = cell(column, values)
    if value is None:
        return "—"
    if column["kind"] == "rate":
        return f"{value:.1%}"
    places = {"hours": 1, "money": 2, "per": 2}.get(column["kind"])
    return str(value) if places is None else f"{value:.{places}f}"
