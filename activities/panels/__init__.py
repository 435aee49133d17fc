"""What a member's page shows of activities; each module registers its own."""

from activities.panels.activities import activities_panel
from activities.panels.programs import programs_panel
from activities.panels.reviews import reviews_panel
from activities.panels.study import study_panel

__all__ = ["activities_panel", "programs_panel", "reviews_panel", "study_panel"]
