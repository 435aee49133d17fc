"""The synthetic street, drawn by numbers: the same number is the same person.

No models here, since the portal and the peer read it under different settings.
Region 220299 was never given out: nobody can carry such a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import product
from random import Random
from typing import Any

from config.lib.identity import check_character

SEED = 20261122
STREET = "中共江滨街道工作委员会"

# Columns of the national export that both sides import.
HEADINGS = {
    "name": "姓名",
    "sex": "性别",
    "id_number": "公民身份号码",
    "ethnicity": "民族",
    "born_on": "出生日期",
    "education": "学历",
    "member_type": "人员类别",
    "degree": "学位",
    "branch": "所在党支部",
    "phone": "手机号码",
    "joined_on": "入党日期",
    "confirmed_on": "转正日期",
    "job_post": "工作岗位",
    "address": "现居住地",
    "household_address": "户籍所在地",
    "is_lost": "是否失联党员",
    "is_mobile": "是否流动党员",
    "lost_since": "失去联系日期",
    "status": "党籍状态",
    "job_title": "职务",
    "home_unit": "工作单位",
    "native_place": "籍贯",
}
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华文玲红春梅建国志兰云峰秀珍海燕鹏飞"
    "宇浩然欣怡子涵晨曦佳慧雪琳凤林森波辉斌健康乐天佑思远博瑞嘉诚德胜利民生光荣新成"
)
_EDUCATION = (
    ("bachelor", "大学"),
    ("college", "大专"),
    ("high_school", "普通高中"),
    ("junior_high", "初中"),
    ("master", "硕士研究生"),
)
_JOBS = (
    ("retired", "退休人员"),
    ("civil_servant", "公务员"),
    ("institution_technical", "事业单位专业技术岗位"),
    ("private_enterprise_worker", "非公有企业工勤岗位"),
)
_OTHERS = (
    *("in_post", "mobile", "retired", "retired"),
    *("laid_off", "retired", "other", "mobile"),
)


@dataclass(frozen=True)
class Size:
    """How big the street is. Of every `card_every` members one has a card."""

    members: int
    communities: int
    branches: int  # of each community
    units: int
    card_every: int = 5
    activities: int = 24  # of each branch, over a year
    present: int = 14
    audit_events: int = 50_000
    imported: int = 10_000

    @property
    def branch_count(self) -> int:
        return self.communities * self.branches

    @property
    def card_count(self) -> int:
        return self.members // self.card_every


FULL = Size(members=100_000, communities=25, branches=24, units=1000)
QUICK = Size(
    members=5_000,
    communities=5,
    branches=12,
    units=50,
    activities=12,
    audit_events=2_000,
    imported=500,
)


@lru_cache(maxsize=1)
def community_names() -> list[str]:
    return [f"{a}{b}" for a, b in product("东西南北中", "湖山桥园门")]


def community_of_branch(branch: int, size: Size) -> int:
    return branch // size.branches


def branch_names(branch: int, size: Size) -> tuple[str, str]:
    """Full and short name of a branch."""
    community = community_names()[community_of_branch(branch, size)]
    place = f"{community}社区第{branch % size.branches + 1}"
    return f"中共江滨街道{place}支部委员会", f"{place}党支部"


def unit_name(unit: int) -> str:
    return f"江滨区第{unit + 1}工作单位"


def branch_of(number: int, size: Size) -> int:
    """The branch on whose roll somebody is; every branch gets all kinds of people."""
    turn = number // size.branch_count
    return (number + turn) % size.branch_count


def unit_of(number: int, size: Size) -> int | None:
    """The home unit of somebody in post, None for the others."""
    card, rest = divmod(number, size.card_every)
    if rest == 0 and number < size.members:
        return card * size.units // size.card_count
    return number % size.units if _category(number, size) == "in_post" else None


def card_branch(card: int, size: Size) -> int:
    """The branch that keeps a card: a unit's people live in one community.

    The first tenth of the units belongs to the first community, so that a round of
    that community alone has a tenth of the packets.
    """
    unit = card * size.units // size.card_count
    others = max(1, size.communities - 1)
    community = 0 if unit * 10 < size.units else 1 + unit % others
    community %= size.communities
    return community * size.branches + card % size.branches


def came_on(number: int, today: date) -> date:
    """The first day of somebody's relation to his branch; some came this year."""
    if is_newcomer(number):
        return today - timedelta(days=number // 400 % 360)
    return today - timedelta(days=400 + number % 3000)


def is_newcomer(number: int) -> bool:
    return number % 400 == 9


def held_on(turn: int, size: Size, today: date) -> date:
    """The day of a branch's `turn`-th activity, counted backwards."""
    return today - timedelta(days=3 + turn * max(1, 360 // size.activities))


def _category(number: int, size: Size) -> str:
    if number % size.card_every == 0:
        return "in_post"
    return _OTHERS[number % len(_OTHERS)]


def _identity(number: int) -> tuple[date, str, str]:
    """Birthday, sex and ID number; no two numbers share one."""
    days, order = number * 7 % 23_000, number // 23_000
    born_on = date(1940, 1, 1) + timedelta(days=days)
    is_male = number % 3 > 0
    body = f"220299{born_on:%Y%m%d}{order * 2 + is_male:03d}"
    return born_on, "male" if is_male else "female", body + check_character(body)


def person(number: int, size: Size, today: date) -> dict[str, Any]:
    """One person in the portal's values; branch and unit are their numbers."""
    random = Random(SEED + number)
    born_on, sex, id_number = _identity(number)
    joined_on = date(born_on.year + 19 + number % 3, number % 12 + 1, number % 28 + 1)
    is_new = number % 200 == 7
    if is_new:
        joined_on = today - timedelta(days=number % 360 + 1)
    is_lost = number % 211 == 0
    branch, category = branch_of(number, size), _category(number, size)
    community = community_of_branch(branch, size)
    second = random.choice(_GIVEN) if random.random() < 0.75 else ""
    place = f"江滨街道{community_names()[community]}社区{number % 30 + 1}号楼"
    return {
        "name": random.choice(_SURNAMES) + random.choice(_GIVEN) + second,
        "sex": sex,
        "ethnicity": "Hui" if number % 23 == 0 else "Han",
        "born_on": born_on,
        "id_number": id_number,
        "education": _EDUCATION[number % len(_EDUCATION)][0],
        "degree": "学士" if number % 5 == 0 else "",
        "category": category,
        "member_type": "probationary" if is_new else "full",
        "status": "normal",
        "joined_on": joined_on,
        "confirmed_on": None if is_new else joined_on.replace(year=joined_on.year + 1),
        "job_post": _JOBS[number % len(_JOBS)][0],
        "job_title": "科员" if number % 9 == 0 else "",
        "branch": branch,
        "home_unit": unit_of(number, size),
        "community": community,
        "phone": f"139{number:08d}",
        "address": f"{place}{number % 6 + 1}单元{number % 900 + 100}室",
        "household_address": f"吉林省江城市{place}",
        "native_place": "吉林江城",
        "is_lost": is_lost,
        "is_mobile": category == "mobile",
        "lost_since": date(2024, 5, 1) if is_lost else None,
    }


_WORDS: dict[str, dict[Any, str]] = {
    "sex": {"male": "男", "female": "女"},
    "ethnicity": {"Han": "汉族", "Hui": "回族"},
    "education": dict(_EDUCATION),
    "job_post": dict(_JOBS),
    "member_type": {"full": "正式党员", "probationary": "预备党员"},
    "status": {"normal": "正常"},
    "is_lost": {True: "是", False: "否"},
    "is_mobile": {True: "是", False: "否"},
}


def in_words(found: dict[str, Any], size: Size) -> dict[str, Any]:
    """The columns of the roster as an office writes them."""
    row = {name: found[name] for name in HEADINGS}
    for name, words in _WORDS.items():
        row[name] = words[row[name]]
    row["branch"] = branch_names(found["branch"], size)[0]
    unit = found["home_unit"]
    row["home_unit"] = "" if unit is None else unit_name(unit)
    return row
