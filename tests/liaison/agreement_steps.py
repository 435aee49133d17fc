"""What is done with agreements, as services and pages are asked for it."""

from datetime import timedelta

from django.utils import timezone

from config.lib.dates import months_after
from liaison.services.agreements import (
    AgreementFacts,
    draft_agreement,
    sign_agreement,
)
from liaison.services.clauses import ClauseFacts, put_clause
from liaison.services.obligations import ItemFacts, add_item, use_resource
from tests.factories.activities import ActivityFactory


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def drafted(place, actor, *units, begin=None, last=None, **facts):
    begin = begin or ago(200)
    return draft_agreement(
        organization_id=place.pk,
        facts=AgreementFacts(
            title="沿江社区与江滨中学共建协议",
            starts_on=begin,
            ends_on=last or months_after(begin, 12) - timedelta(days=1),
            **facts,
        ),
        unit_ids=[unit.pk for unit in units],
        actor=actor,
    )


def promised(agreement, actor, rhythm="quarter", times=1, due_on=None, party=None):
    return put_clause(
        agreement_id=agreement.pk,
        facts=ClauseFacts(
            field="culture",
            words="开放操场供居民锻炼",
            rhythm=rhythm,
            times=times,
            due_on=due_on,
            party_id=party and party.pk,
        ),
        actor=actor,
    )


def signed(agreement, actor, signed_on=None):
    return sign_agreement(
        agreement_id=agreement.pk,
        signed_on=signed_on or agreement.starts_on,
        signatory="社区书记",
        unit_signatories={party.pk: "校长" for party in agreement.parties.all()},
        actor=actor,
    )


def listed(agreement, actor, kind="resource", **facts):
    return add_item(
        agreement_id=agreement.pk,
        facts=ItemFacts(kind=kind, category="place", words="阶梯教室", **facts),
        actor=actor,
    )


def used(item, actor, used_on=None, **more):
    return use_resource(
        item_id=item.pk,
        used_on=used_on or ago(10),
        words="社区夜校上课",
        actor=actor,
        **more,
    )


def held(branch, day):
    return ActivityFactory(organization=branch, held_on=day, title="操场趣味运动会")
