"""Pages of one committee: its term and team, its elections."""

from __future__ import annotations

from django.urls import reverse

from organizations.models import Election, Organization


def committee_pages(branch: Organization) -> dict[str, str]:
    election = Election.objects.filter(organization=branch).first()
    assert election is not None
    found = {
        "班子与换届 一个": "team",
        "登记任职": "officer-add",
        "登记选举": "election-add",
    }
    return {
        **{
            name: reverse(f"members:{view}", args=[branch.pk])
            for name, view in found.items()
        },
        "选举记录": reverse("members:election", args=[election.pk]),
    }
