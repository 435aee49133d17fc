"""Start the peer: `python -m tests.bench.peer`, spoken to by `tests.bench.link`."""

import os
from importlib import import_module

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.peer.settings"
django.setup()
# Its models exist only once Django has started.
import_module("tests.bench.peer.server").main()
