"""An empty navigation, and a real server with the shell's own pages."""

from collections.abc import Iterator
from threading import Thread

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from config.lib import nav


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Keep requests out of the test report."""


@pytest.fixture
def empty_nav(monkeypatch) -> None:
    """Start from a registry that no app has written to."""
    monkeypatch.setattr(nav, "_entries", {})


@pytest.fixture
def shell_url(settings) -> Iterator[str]:
    """Serve the shell with the full middleware, the real CSP and no database."""
    settings.ROOT_URLCONF = "tests.ui_shell.urls"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
    server = ThreadedWSGIServer(("127.0.0.1", 0), _QuietHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
