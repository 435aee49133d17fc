"""Beginning transfers in tests."""

from datetime import date

from members.services.transfers import draft_transfer

PAID = date(2026, 10, 1)


def _draft(member, actor, **values):
    relation = member.affiliations.open().get(kind="on_roll")
    return draft_transfer(affiliation_id=relation.pk, actor=actor, **values)


def drafted_letter(member, actor, **changes):
    values = {
        "direction": "out",
        "destination": "workplace",
        "addressee": "中共江城市高新区工委组织部",
        "target_name": "中共江城市某公司支部委员会",
        "dues_paid_to": PAID,
        "valid_days": 30,
    }
    return _draft(member, actor, **values | changes)


def sent_within(member, target, actor, **changes):
    values = {
        "direction": "within",
        "destination": "residence",
        "target_id": target.pk,
        "dues_paid_to": PAID,
    }
    return _draft(member, actor, **values | changes)
