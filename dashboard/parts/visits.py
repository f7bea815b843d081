"""When the reader was here before: kept in a cookie of the reader's browser and nowhere else.

A visit ends after an hour without a click. The cookie holds two moments, in seconds: when the
visit before this one ended (0 where there was none), and the last click.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

COOKIE = "simak_visits"

ENDS_AFTER = timedelta(hours=1)

_KEY = "visits"

_FORM = re.compile(r"(\d{1,10})\.(\d{1,10})", re.ASCII)

_AHEAD = timedelta(minutes=10)
"""By how much the browser's clock may be ahead."""

# The rule of `go_on`, in the browser: nothing from outside stands in it.
_SCRIPT = """<script>
(() => {
  const mark = () => {
    const now = Math.floor(Date.now() / 1000);
    const known = /(?:^|; )simak_visits=(\\d{1,10})\\.(\\d{1,10})(?:;|$)/.exec(document.cookie);
    let before = known ? Number(known[1]) : 0;
    if (known && now - Number(known[2]) > 3600) before = Number(known[2]);
    document.cookie =
      `simak_visits=${before}.${now}; Max-Age=34560000; Path=/; SameSite=Strict`;
  };
  mark();
  if (window.simakVisits) return;
  window.simakVisits = true;
  for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, mark);
})();
</script>"""


@dataclass(frozen=True, slots=True)
class Visits:
    """The visit that goes on, and the one before.

    Attributes:
        before: when the visit before ended; None where there was none.
        seen: the last click.
    """

    before: datetime | None
    seen: datetime


def read(text: str, now: datetime) -> Visits | None:
    """Return what the cookie says; None where it says nothing that can be true.

    Example:
        >>> read("0.1790000000", datetime(2026, 11, 1, tzinfo=UTC)).seen.isoformat()
        '2026-09-21T14:13:20+00:00'
    """
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    before, seen = (datetime.fromtimestamp(int(part), UTC) for part in found.groups())
    if not before < seen <= now + _AHEAD:
        return None
    return Visits(before if before.timestamp() else None, seen)


def go_on(known: Visits | None, now: datetime) -> Visits:
    """Return the visits after a click: the same one goes on, or a new one begins."""
    if known is None:
        return Visits(None, now)
    if now - known.seen > ENDS_AFTER:
        return Visits(known.seen, now)
    return Visits(known.before, now)


def keep() -> None:
    """Take note of this run as a click of the reader's."""
    now = datetime.now(UTC)
    # The cookie as it was when the page was opened: this session's own clicks are known better.
    known = st.session_state.get(_KEY) or read(str(st.context.cookies.get(COOKIE, "")), now)
    st.session_state[_KEY] = go_on(known, now)
    st.html(_SCRIPT, unsafe_allow_javascript=True)


def last() -> datetime | None:
    """Return when the visit before this one ended; None where there was none."""
    visits: Visits = st.session_state[_KEY]
    return visits.before
