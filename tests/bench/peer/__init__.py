"""What an office would get without the portal: Django's admin and import-export.

Never installed in the portal; it runs in a process of its own, in a schema of its
own of the same database. It has no scope, no audit, no history, no encryption and no
check of what is imported, which makes it faster than it could be in real use.
"""
