"""Periodic work of the members app."""

BEAT = {
    "members.purge-previews": {
        "task": "members.purge_previews",
        "schedule": 60 * 60,
    },
    "members.find-pairs": {
        "task": "members.find_pairs",
        "schedule": 6 * 60 * 60,
    },
    "members.note-out-of-touch": {
        "task": "members.note_out_of_touch",
        "schedule": 6 * 60 * 60,
    },
    # Often, since the machine of a small office may sleep at midnight.
    "members.expire-letters": {
        "task": "members.expire_letters",
        "schedule": 60 * 60,
    },
}
