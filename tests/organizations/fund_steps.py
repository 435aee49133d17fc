"""Steps that tests of funds share."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from organizations.fund_rules import STEPS
from organizations.services.fund_payments import (
    PaymentFacts,
    confirm_payment,
    enter_payment,
)
from organizations.services.fund_projects import (
    ProjectFacts,
    StepFacts,
    add_project,
    take_step,
)
from organizations.services.funds import (
    LineFacts,
    ReceiptFacts,
    add_line,
    record_receipt,
)

# Late in the year, so that it may be closed as well.
TODAY = date(2026, 12, 20)


def yuan(text):
    return Decimal(text)


def budgeted(organization, actor, *, source="finance", name="为民服务专项", year=2026):
    return add_line(
        organization_id=organization.pk,
        year=year,
        facts=LineFacts(source, name, yuan("200000")),
        actor=actor,
    )


def came(line, actor, amount="1000", kind="allotted", day=None):
    day = day or timezone.localdate()
    return record_receipt(
        line_id=line.pk, facts=ReceiptFacts(kind, yuan(amount), day), actor=actor
    )


def funded(organization, actor, amount="1000", **options):
    line = budgeted(organization, actor, **options)
    came(line, actor, amount)
    return line


def entered(line, actor, amount="100", *, voucher="记1", project=None, day=None):
    return enter_payment(
        line_id=line.pk,
        project_id=project.pk if project else None,
        facts=PaymentFacts(
            day or timezone.localdate(), yuan(amount), voucher, "某商店", "购买物资"
        ),
        actor=actor,
    )


def paid(line, actors, amount="100", **options):
    payment = entered(line, actors[0], amount, **options)
    return confirm_payment(payment_id=payment.pk, actor=actors[1])


def project_of(line, actor, budget="500"):
    facts = ProjectFacts("便民修理点", "service", yuan(budget), date(2026, 12, 28))
    return add_project(line_id=line.pk, facts=facts, actor=actor)


def stepped(project, actor, *steps, amount="500"):
    for step in steps:
        project = take_step(
            project_id=project.pk,
            facts=StepFacts(
                step,
                timezone.localdate(),
                "社区党员大会",
                "同意",
                yuan(amount) if step == "allotted" else None,
            ),
            actor=actor,
        )
    return project


def stepped_to(project, actor, last, **options):
    """Through all steps up to `last` that are not done."""
    begin = 0 if project.stage == "registered" else STEPS.index(project.stage) + 1
    return stepped(project, actor, *STEPS[begin : STEPS.index(last) + 1], **options)
