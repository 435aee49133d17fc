"""Small rosters for the tests, written as offices would."""

import json
from datetime import date
from pathlib import Path

import openpyxl

from tests.factories.members import synthetic_id_number

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
HEADINGS = [
    "姓名",
    "性别",
    "公民身份号码",
    "民族",
    "出生日期",
    "学历",
    "人员类别",
    "所在党支部",
    "手机号码",
    "入党日期",
    "转正日期",
    "工作岗位",
    "现居住地",
    "是否流动党员",
]
GOOD = {
    "姓名": "雷芳",
    "性别": "女",
    "公民身份号码": synthetic_id_number(date(1980, 3, 4), 7, "female"),
    "民族": "汉族",
    "出生日期": "1980-03-04",
    "学历": "大学",
    "人员类别": "正式党员",
    "手机号码": "13900001234",
    "入党日期": "2005-07-01",
    "转正日期": "2006-07-01",
    "工作岗位": "公务员",
    "现居住地": "江滨街道滨江路7号",
    "是否流动党员": "否",
}


def person(number: int = 7, **cells) -> dict:
    """Return a good row; keyword arguments replace its cells."""
    sex = "男" if number % 2 else "女"
    own = {
        "姓名": "雷芳" if number == 7 else f"雷{'一二三四五六七八九'[number % 9]}",
        "性别": sex,
        "公民身份号码": synthetic_id_number(
            date(1980, 3, 4), number, "male" if number % 2 else "female"
        ),
    }
    return GOOD | own | cells


def write_roster(path: Path, *people: dict, headings=HEADINGS, sheet="党员") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(list(headings))
    for row in people:
        page.append([row.get(heading) for heading in headings])
    book.save(path)
    return path


def expected_verdicts() -> dict[int, str]:
    text = (SAMPLES / "roster-dirty.expected.json").read_text()
    return {int(number): verdict for number, verdict in json.loads(text).items()}
