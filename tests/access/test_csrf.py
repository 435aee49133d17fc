"""No form of another site can act for somebody logged in here."""

import pytest
from django.test import Client

from tests.access.cases import address, places_of, report
from tests.access.cast import ACTORS
from tests.access.matrix import ENTRIES
from tests.access.policies import OK, expected
from tests.access.visits import Visitor

pytestmark = pytest.mark.django_db

POSTED = [entry for entry in ENTRIES if entry.post is not None]


@pytest.fixture(scope="module")
def strict(world):
    visitor = Visitor(world)
    visitor.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return visitor


def test_a_post_without_the_token_is_refused_everywhere(strict):
    """By whoever may post there at all; nothing is written."""
    faults, tried = [], set()
    for entry in POSTED:
        for actor in ACTORS.values():
            for place in places_of(strict, entry, actor):
                planted = strict.world.find(entry.at, place) if entry.at else None
                if expected(entry, "POST", actor, planted) != OK or entry.name in tried:
                    continue
                tried.add(entry.name)
                answer = strict.send(
                    actor, "POST", address(strict, entry, planted), {"a": "b"}
                )
                if answer.status != 403 or answer.writes:
                    faults.append(f"{entry.name}: {answer.status} {answer.writes}")
                faults += strict.faults(actor, answer)
    assert not faults, report(faults)
    assert len(tried) > 50
