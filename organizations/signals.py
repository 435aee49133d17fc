"""What happened below, for the apps above; sent inside the transaction."""

from django.dispatch import Signal

# Facts that figures are computed from changed: `organization_ids` (set of int),
# `since` (date of the earliest change). Received by reports, which marks its rows.
facts_changed = Signal()

# The committee changed the parameter `key`; what was computed with it may be stale.
parameter_changed = Signal()

# An organization's place in the tree changed: `old_path`, `new_path`.
organization_moved = Signal()

# `source` becomes part of `target` on `on_date`, by `actor`. What hangs on `source`
# moves over now, before it is closed; a RuleError refuses the merger.
organization_merging = Signal()

# Units changed their place or left the register: `units` (queryset or list), the ids
# of the `places` (organizations) where they are and were, `is_struck` once they left.
units_moved = Signal()

# `organization` is about to be closed on `on_date`, by `actor`; a RuleError refuses.
organization_closing = Signal()
