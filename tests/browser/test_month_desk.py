"""A secretary's month at the desk, 1366 by 768: each step goes on from the last."""

import pytest

from tests.browser import whole_month

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTH = "desk"


def test_a_roster_goes_in_and_comes_back_marked(open_page, tmp_path):
    whole_month.import_in_wizard(open_page, WIDTH, tmp_path)


def test_an_activity_shows_in_the_completion_table(open_page):
    whole_month.record_and_complete(open_page, WIDTH)


def test_a_card_and_its_words_are_mailed_to_the_unit_and_confirmed(
    open_page, portal, tmp_path
):
    whole_month.card_to_receipt(open_page, WIDTH, tmp_path, portal.mailbox)


def test_the_workbook_of_the_month_equals_an_independent_count(open_page, tmp_path):
    whole_month.month_in_workbook(open_page, WIDTH, tmp_path)
