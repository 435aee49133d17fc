"""What is done with pairs, as services and pages are asked for it."""

from liaison.services.pair_parts import TaskFacts, plan_task
from liaison.services.pairs import PairFacts, begin_pair
from tests.liaison.agreement_steps import ago


def paired(place, actor, *units, field="culture", begin=None, others=(), **facts):
    return begin_pair(
        organization_id=place.pk,
        facts=PairFacts(field=field, starts_on=begin or ago(200), **facts),
        unit_ids=[unit.pk for unit in units],
        partner_ids=[other.pk for other in others],
        actor=actor,
    )


def planned(pair, actor, due_on=None, **facts):
    words = facts.pop("words", "联合开展反诈宣传")
    return plan_task(
        pair_id=pair.pk,
        facts=TaskFacts(words=words, due_on=due_on, **facts),
        actor=actor,
    )
