"""Pages of the API."""

from rest_framework.pagination import CursorPagination


class KeysetPagination(CursorPagination):
    """Pages by key, so that the last page costs what the first does."""

    ordering = "id"
    page_size = 50
