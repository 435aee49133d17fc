"""Periodic work of organizations."""

BEAT = {
    "organizations.sweep-jobs": {
        "task": "organizations.sweep_jobs",
        "schedule": 30,
        # An older sweep says nothing that the next one does not.
        "options": {"expires": 25},
    },
    "organizations.expire-files": {
        "task": "organizations.expire_files",
        "schedule": 6 * 60 * 60,
    },
}
