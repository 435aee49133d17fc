"""manage.py build_feedback."""

import io

import pytest
import time_machine
from django.core.management import CommandError, call_command

from liaison.models import FeedbackPacket, FeedbackPeriod
from tests.factories.liaison import LiaisonCardFactory


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=True):
        yield


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("build_feedback", *arguments, stdout=output)
    return output.getvalue()


def test_a_round_is_built_from_a_shell(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    assert "2026年第三季度：新生成 1 份，共 1 份。" in run("--period", "2026Q3")
    assert "新生成 0 份，共 1 份。" in run("--period", "2026Q3")
    assert FeedbackPacket.objects.count() == 1


def test_one_street_can_be_named(street, other_street):
    run("--period", "2026H1", "--organization", street.code)
    assert FeedbackPeriod.objects.get().organization == street


@pytest.mark.parametrize("label", ["2026-08", "2026Q5", "最近"])
def test_a_wrong_label_is_refused(street, label):
    with pytest.raises(CommandError):
        run("--period", label)
    assert not FeedbackPeriod.objects.exists()


def test_an_unknown_street_is_refused(street):
    with pytest.raises(CommandError, match="没有短代码为“XX”"):
        run("--period", "2026Q3", "--organization", "XX")


def test_a_round_that_has_not_begun_is_refused(street):
    with pytest.raises(CommandError, match="2027年第一季度还没有开始"):
        run("--period", "2027Q1")
    assert not FeedbackPeriod.objects.exists()


def test_a_round_under_way_is_ended_with_a_warning(street, branch_a1):
    LiaisonCardFactory(organization=branch_a1)
    output, errors = io.StringIO(), io.StringIO()
    call_command("build_feedback", "--period", "2026Q4", stdout=output, stderr=errors)
    assert "还没有结束" in errors.getvalue()
    assert "新生成 1 份" in output.getvalue()
