from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from liaison.services.packets import build_packets
from liaison.services.periods import close_period
from organizations.signals import facts_changed
from tests.factories.liaison import FeedbackPeriodFactory, LiaisonCardFactory
from tests.liaison.mailbox import Mailbox
from tests.ops.processes import free_port


@pytest.fixture
def period(street):
    """The open round 2026Q3 of the street."""
    return FeedbackPeriodFactory(organization=street)


@pytest.fixture
def card(branch_a1, work_unit):
    """A card of 雷芳, who lives by branch_a1 and works at 江滨中学."""
    card = LiaisonCardFactory(organization=branch_a1, home_unit=work_unit)
    card.member.name = "雷芳"
    card.member.save()
    return card


@pytest.fixture
def build():
    """Return a function that closes a round and builds its packets."""

    def call(period, guard=lambda: None):
        close_period(period_id=period.pk)
        return build_packets(
            period_id=period.pk, guard=guard, progress=lambda done, total: None
        )

    return call


@pytest.fixture
def packet(period, card, build):
    """The packet of 江滨中学, built and not sent."""
    build(period)
    return period.packets.get()


@pytest.fixture
def facts_sent():
    """Collect what `facts_changed` says while the test runs."""
    heard = []

    def hear(sender, organization_ids, since, **kwargs):
        heard.append((set(organization_ids), since))

    facts_changed.connect(hear)
    yield heard
    facts_changed.disconnect(hear)


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A real mail server on loopback, which the portal sends by."""
    handler, port = Mailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.PORTAL_BASE_URL = "https://portal.example"
    yield handler
    controller.stop()
