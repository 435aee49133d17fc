"""What happened to a relation, for whatever else follows it; sent in the transaction.

An exception of a receiver takes the change back. Rosters, which write relations by the
thousand, send `facts_changed` alone.
"""

from django.dispatch import Signal

# `affiliation` was opened, by `actor`: its member and organization are loaded.
relation_started = Signal()

# These `affiliations` were ended together, by `actor`; what is recorded of the members
# stays readable. A receiver asks once for all of them what is under way.
relations_ended = Signal()

# An end of `affiliation` was taken back, by `actor`; the member stands as normal again.
relation_reopened = Signal()

# The records `kept` and `gone` are about to become one, by `actor`; both are locked.
# A RuleError refuses; what may not stand twice is ended now.
members_merging = Signal()

# Rows were given from one record to another, or back: `kept`, `gone`, by `actor`. What
# is summed up of a record is to be reckoned again; `is_undone` tells which of the two.
rows_moved = Signal()

# Somebody was in contact with `member_ids` (any source), or a contact from the day
# `since` counts no more; sent after the rows are written.
contacts_changed = Signal()
