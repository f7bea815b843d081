"""The first page of every brand, asked before anybody opens it.

A night's collection changes every answer; who opens the dashboard in the morning finds them given.
"""

from __future__ import annotations

import logging
import time
from threading import Thread

from streamlit import runtime

from dashboard.parts.today import asked
from dashboard.queries import Key, Queries, store_at
from insights.today import new_days
from simak.own_touchpoints import taxonomy_of
from simak.settings import load_settings
from simak.taxonomy import Taxonomy
from store.filter import Filter

BRANDS = 20
"""Those with the most mentions: of more, each is asked when it is opened."""

_LOOK_SECONDS = 20
"""A store that is not the same for so long is being written: what it answers is soon another."""

_log = logging.getLogger(__name__)


def begin() -> None:
    """Ask ahead for as long as the server runs, beside it."""
    Thread(target=_keep_asking, daemon=True).start()


def prepare(queries: Queries, taxonomy: Taxonomy) -> None:
    """Ask what is new in the last week of each brand, with rests: readers come first."""
    for brand in queries.brands()[:BRANDS]:
        last = queries.facets(brand).last
        if last is None:
            continue
        start = time.monotonic()
        since, until = new_days(last, None)
        asked.ask(queries, taxonomy, Filter(brands=(brand,), since=since, until=until))
        time.sleep(time.monotonic() - start)


def _keep_asking() -> None:
    while not runtime.exists():  # what is cached without it would be lost
        time.sleep(0.05)
    seen = done = None
    while True:
        try:
            seen, done = _look(seen, done)
        except Exception as error:  # whoever opens a page is told
            _log.info("nothing asked ahead: %s", error)
        time.sleep(_LOOK_SECONDS)


def _look(seen: Key | None, done: Key | None) -> tuple[Key, Key | None]:
    """Prepare what has changed and is still; return what is there now, and what is prepared."""
    settings = load_settings()
    queries = Queries.of(store_at(settings.store_url, settings.timezone))
    still = seen is None or queries.key == seen
    if still and queries.key != done:
        prepare(queries, taxonomy_of(settings))
        done = queries.key
    return queries.key, done
