import re

import pytest

from config.lib import registry
from reports.sources import source_text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("党内统计年报表（domain.md 2.3）", "党内统计年报表"),
        ("domain.md 9 第 13 条", "平台预警清单第13条"),
        ("domain.md 1.7", "本平台工作惯例"),
        ("domain.md 5（党员志愿服务队：服务人次）", "党员志愿服务队：服务人次"),
        (
            "《中国共产党章程》第七条；domain.md 9 第 10 条",
            "《中国共产党章程》第七条；平台预警清单第10条",
        ),
        (
            "《党员教育管理工作条例》第二十四条；domain.md 1.5",
            "《党员教育管理工作条例》第二十四条",
        ),
        ("seed.txt 分类教育管理", "街道经验材料：分类教育管理"),
    ],
)
def test_a_source_is_told_in_the_words_of_an_office(written, shown):
    assert source_text(written) == shown


def test_no_source_names_a_working_paper():
    everything = [*registry.indicators(), *registry.rates(), *registry.alerts()]
    told = [source_text(each.source) for each in everything]
    assert not [text for text in told if re.search(r"[A-Za-z]{3}", text)]
