#!/usr/bin/env python
"""Run Django's administrative commands on the embedded default."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # The message is a sentence for whoever set the value wrong.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
