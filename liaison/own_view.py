"""What a member sees of his own card, and nothing of anybody else's."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from config.lib.periods import Year
from liaison.choices.own import PROPOSAL_TONES, ProposalState
from liaison.models import EntryProposal, LiaisonCard, PlannedInvitation, PostClaim
from liaison.service_record import records

SHOWN = 20


def own_view(card: LiaisonCard, year: Year) -> dict[str, Any]:
    """The card of a link that works: its record, posts, plan and proposals."""
    proposals = list(EntryProposal.objects.filter(card=card)[:SHOWN])
    for row in proposals:
        row.tone = PROPOSAL_TONES[ProposalState(row.state)]
    claims = PostClaim.objects.live().filter(card=card).select_related("post")
    coming = PlannedInvitation.objects.filter(
        card=card,
        cancelled_at=None,
        month__gte=timezone.localdate().replace(day=1),
        month__lt=year.end,
    )
    return {
        "card": card,
        "year": year.year,
        "record": records([card], year.start, year.end)[card.pk],
        "claims": list(claims),
        "coming": list(coming),
        "proposals": proposals,
        "facts": [
            ("卡号", card.number),
            ("姓名", card.member.name),
            ("社区党支部", card.organization),
            ("工作单位", card.home_unit.name),
            ("职业", card.profession),
            ("服务意向", card.wishes),
            ("空闲时间", card.free_time),
        ],
    }
