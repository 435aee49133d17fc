"""Who may what on the first page and under /reports/."""

from tests.access.policies import Entry, anybody, right, scoped

EXPORTS, CLOSES = "export", "close_month"
# Whoever reads a stale month brings its figures up to date: a cache, no fact.
FIGURES = ("reports_monthsummary", "reports_summarymark")

ENTRIES = [
    Entry("home", anybody, writes=FIGURES),
    Entry("reports:alert", right("edit_members"), more={"key": "members.no_phone"}),
    Entry("reports:definitions", anybody),
    Entry("reports:monthly", right(EXPORTS), right(EXPORTS)),
    Entry(
        "reports:close-month",
        right(CLOSES),
        right(CLOSES),
        more={"label": "2026-08"},
    ),
    Entry("reports:closing", scoped("view_reports"), at="closing", writes=FIGURES),
    Entry("reports:exports", right(EXPORTS)),
    Entry("reports:dues-export", right(EXPORTS), right(EXPORTS)),
    Entry("reports:leads-export", right(EXPORTS), right(EXPORTS)),
    Entry("reports:roster-export", right(EXPORTS), right(EXPORTS)),
]
