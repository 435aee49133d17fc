"""Periodic work of the members app."""

BEAT = {
    "members.purge-previews": {
        "task": "members.purge_previews",
        "schedule": 60 * 60,
    },
}
