"""How often an address calls pages that are open to visitors."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone


def calls_this_minute(request: HttpRequest, page: str) -> int:
    """Count this call; return how many this address made of `page` in this minute."""
    minute = int(timezone.now().timestamp() // 60)
    key = f"{page}:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key)
