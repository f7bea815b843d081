"""How a site of one's own (a helpdesk, a forum) is asked and named."""

from __future__ import annotations

from urllib.parse import urlsplit


def base_of(url: str) -> str:
    """Return a site's address as requests are built on: no user, no slash at its end.

    Example:
        >>> base_of("https://me@kopi.example.com/")
        'https://kopi.example.com'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def site_of(url: str) -> str:
    """Return the name of a site, which numbers what it holds for itself.

    Example:
        >>> site_of("https://kopi.example.com")
        'kopi.example.com'
    """
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}".rstrip("/")
