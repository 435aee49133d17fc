"""How the audit trail shows what the services of activities write into it."""

from organizations.audit_text import label_details

label_details(
    planned_on="安排在",
    planned_before="原来安排在",
)
