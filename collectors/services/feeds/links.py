"""Links as identities: what stays the same when a site moves, retitles or tracks its readers."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|twclid|igshid|igsh|mc_[ce]id|_ga|_gl|"
    r"wt_mc|wt_zmc|at_\w+|ns_\w+|cmpid|cmp|ocid|ref|ref_src|ref_url|referrer|spm|xtor|ito|"
    r"guccounter|amp|output|rss|oc|hl|gl|ceid|traffic_source",
    re.IGNORECASE,
)
_TRACKED_HOSTS = ("www", "m", "amp", "mobile")
_ANCHOR = re.compile(r"(?:comment|reply|post|c|p)[-_]?\d+", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|amp)$", re.IGNORECASE)
_WHOLE = re.compile(r"[a-z]{0,2}-?(\d{5,}(?:-\d+)*|\d+(?:-\d+)*-\d{5,})", re.IGNORECASE)
_EDGE = re.compile(r"(?:^|.*[-_])[a-z]?(\d{5,})$|^(\d{5,})[-_].*", re.IGNORECASE)
_DATE_PARTS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})(?:/(\d{1,2}))?/")
_SECOND_LEVEL = frozenset({"ac", "biz", "co", "com", "edu", "go", "gov", "my", "net", "or", "org",
                           "sch", "web"})  # fmt: skip


def host_of(url: str) -> str:
    """Return the host in lower case, without `www.`, `m.`, `amp.` and a port.

    Example:
        >>> host_of("https://WWW.Tempo.co:443/a")
        'tempo.co'
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    first, _, rest = host.partition(".")
    return rest if first in _TRACKED_HOSTS and "." in rest else host


def site_of(url: str) -> str:
    """Return the domain a site keeps when it moves its sections to other hosts.

    Example:
        >>> site_of("https://nasional.kompas.com/read/1"), site_of("https://bola.okezone.co.id/")
        ('kompas.com', 'okezone.co.id')
    """
    host = host_of(url)
    labels = host.split(".")
    if labels[-1].isdigit():  # an IPv4 address
        return host
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])


def canonical_link(url: str) -> str | None:
    """Return what of a link names the article: host, path and the query's meaning.

    Scheme, `www.`, a slash at the end, tracking parameters and fragments (save one that names
    a comment) are dropped.

    Returns:
        None where it is no link, or names no page of its host.

    Example:
        >>> canonical_link("http://www.tempo.co/a/b/?utm_source=rss&id=3#top")
        'tempo.co/a/b?id=3'
    """
    host = host_of(url)
    if not host:
        return None
    parts = urlsplit(url)
    pairs = sorted(
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(key)
    )
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    anchor = f"#{parts.fragment}" if _ANCHOR.fullmatch(parts.fragment) else ""
    if not (path or pairs or anchor):
        return None
    return f"{host}{path}{'?' + urlencode(pairs, errors='replace') if pairs else ''}{anchor}"


def article_id(url: str) -> str | None:
    """Return the number by which a site knows an article, with the site; None where there is none.

    A number of five or more digits that is a part of the path, or begins or ends its last part.
    Dates in the path belong to it: some sites count anew each day. Years, dates and round
    amounts in a slug are no ids.

    Example:
        >>> article_id("https://www.tempo.co/cekfakta/keliru-video--2059302")
        'tempo.co 2059302'
        >>> article_id("https://example.com/promo-rp-150000") is None
        True
    """
    canonical = canonical_link(url)
    if canonical is None:
        return None
    parts = urlsplit(url)
    pieces = [piece for piece in parts.path.split("/") if piece]
    if not pieces:
        return None
    pieces[-1] = _EXTENSION.sub("", pieces[-1])
    numbers = [m[1] for piece in pieces if (m := _WHOLE.fullmatch(piece)) and _is_id(m[1])]
    if not numbers and (edge := _EDGE.fullmatch(pieces[-1])):
        numbers = [number for number in edge.groups() if number and _is_id(number)]
    if not numbers:
        return None
    day = _DATE_PARTS.search(parts.path)
    when = "-".join(part for part in day.groups() if part) + " " if day else ""
    anchor = f" {parts.fragment}" if _ANCHOR.fullmatch(parts.fragment) else ""
    return f"{site_of(url)} {when}{'/'.join(numbers)}{anchor}"


def last_part(url: str) -> str:
    """Return the last part of the path, which a site that moves keeps.

    Example:
        >>> last_part("https://example.org/news/pabrik-baru.html")
        'pabrik-baru'
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return _EXTENSION.sub("", path.rstrip("/").rpartition("/")[2])


def unwrapped(url: str) -> str:
    """Return the article behind a Google redirect, as Google Alerts writes its links.

    Example:
        >>> unwrapped("https://www.google.com/url?rct=j&sa=t&url=https://example.org/a&ct=ga")
        'https://example.org/a'
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return url
    if parts.path == "/url" and re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host):
        query = parse_qs(parts.query)
        for key in ("url", "q"):
            target = query.get(key, [""])[0]
            if target.startswith(("http://", "https://")):
                return target
    return url


def _is_id(number: str) -> bool:
    if "-" in number:
        return True
    if number.endswith("000"):
        return False
    if len(number) == 8 and number[:2] in ("19", "20"):
        try:
            date(int(number[:4]), int(number[4:6]), int(number[6:]))
        except ValueError:
            return True
        return False
    return True
