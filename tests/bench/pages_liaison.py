"""Pages of liaison cards that are measured beside the others."""

from __future__ import annotations

from django.urls import reverse

from liaison.models import ClaimPost, LiaisonCard
from organizations.models import Organization


def post_pages(branch: Organization, card: LiaisonCard) -> dict[str, str]:
    """Posts of a branch and claims of them."""
    post = ClaimPost.objects.filter(organization=branch).order_by("pk").first()
    assert post is not None
    claim = post.claims.order_by("pk").first()
    assert claim is not None
    found = {
        f"岗位 {name}": reverse(f"liaison:{name}", args=[post.pk])
        for name in ("post", "post-edit", "post-close", "post-match", "claim-add")
    }
    return found | {
        "联系卡 一年": reverse(
            "liaison:card-year", args=[card.pk, claim.proposed_on.year]
        ),
        "联系卡 一单一表一卡": reverse("liaison:card-set", args=[card.pk]),
        "联系卡 本人链接": reverse("liaison:card-link", args=[card.pk]),
        "岗位 卡上认领": reverse("liaison:card-claim", args=[card.pk]),
        "岗位 决定": reverse("liaison:claim-decide", args=[claim.pk]),
        "岗位 离岗": reverse("liaison:claim-end", args=[claim.pk]),
    }
