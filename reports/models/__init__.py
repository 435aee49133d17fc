from reports.models.export import Export
from reports.models.summary import MonthClosing, MonthSummary, SummaryMark

__all__ = ["Export", "MonthClosing", "MonthSummary", "SummaryMark"]
