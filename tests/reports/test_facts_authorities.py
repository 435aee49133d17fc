"""Two-way contact says that the street's figures changed."""

import pytest

from config.lib.dates import months_after
from liaison.services.authorities import (
    AuthorityFacts,
    amend_authority,
    register_authority,
    retire_authority,
)
from liaison.services.exchanges import (
    ExchangeFacts,
    answer_exchange,
    record_exchange,
    withdraw_exchange,
)

pytestmark = pytest.mark.django_db


def test_every_step_of_an_exchange(tree, months, holds, committee_staff):
    actor, begin = committee_staff, months[4].start
    authority = register_authority(
        organization_id=tree[0].pk,
        facts=AuthorityFacts("民政局", "civil", months[5].start),
        actor=actor,
    )
    holds()
    amend_authority(
        authority_id=authority.pk,
        facts=AuthorityFacts("民政局", "civil", begin),
        actor=actor,
    )
    holds()
    exchanges = [
        record_exchange(
            authority_id=authority.pk,
            facts=ExchangeFacts(
                held_on=months_after(begin, number),
                direction=direction,
                matter="名单",
                due_on=months_after(begin, number + 1),
            ),
            actor=actor,
        )
        for number, direction in enumerate(("sent", "received"))
    ]
    holds()
    for day in (2, 3):
        answer_exchange(
            exchange_id=exchanges[0].pk,
            answered_on=months_after(begin, day),
            words="收到",
            actor=actor,
        )
        holds()
    withdraw_exchange(exchange_id=exchanges[1].pk, reason="错", actor=actor)
    holds()
    retire_authority(authority_id=authority.pk, reason="合并", actor=actor)
    holds()
