"""Steps of report slips that several tests take."""

from datetime import date

from django.utils import timezone

from members.services.reporting import SlipFacts, accept_slip, file_slip
from tests.factories.members import synthetic_id_number


def facts(serial=1, **changes):
    """What somebody writes on a slip; each `serial` is another person."""
    values = {
        "name": "雷报到",
        "id_number": synthetic_id_number(date(1985, 5, 6), 700 + serial),
        "reported_on": timezone.localdate(),
        "joined_on": date(2010, 7, 1),
        "unit_name": "江滨医院",
        "phone": "13900007001",
        "address": "江滨街道滨江路8号",
        "skills": "医疗、书法",
    }
    return SlipFacts(**values | changes)


def filed(organization, actor, serial=1, request_id=None, **changes):
    return file_slip(
        organization_id=organization.pk,
        facts=facts(serial, **changes),
        request_id=request_id,
        actor=actor,
    )


def accepted(slip, branch, actor, **changes):
    values = {"starts_on": timezone.localdate()} | changes
    return accept_slip(slip_id=slip.pk, branch_id=branch.pk, actor=actor, **values)
