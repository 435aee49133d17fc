"""Periodic work of the activities app."""

BEAT = {
    # Often, since the machine of a small office may sleep at midnight.
    "activities.clear-households": {
        "task": "activities.clear_households",
        "schedule": 6 * 60 * 60,
    },
    "activities.clear-requests": {
        "task": "activities.clear_requests",
        "schedule": 6 * 60 * 60,
    },
}
