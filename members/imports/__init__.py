"""Rosters in: from the cells of an office's workbook to members of branches.

layout (which column is what) → parse (cells to values) → check (rules of a row) →
plan (what it changes in the database) → write. `run` strings them together.
"""
