"""`streamlit`, ready before the first reader asks.

The modules of the pages take longer to import than a page takes to draw.
"""

from __future__ import annotations

import gc
import logging
import pkgutil
import sys
from dataclasses import asdict
from importlib import import_module

from starlette.responses import FileResponse
from streamlit.logger import get_logger
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.cli import main

from dashboard import parts
from simak.settings import load_settings

_CHUNK_BYTES = 2**20
"""In which files are sent: each costs a turn of the server's one thread, and a browser's first
visit loads some megabytes."""


def load() -> None:
    """Import what the pages import."""
    # What keeps answers is declared before there is a server to keep them, and that is as it is.
    get_logger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
    for module in pkgutil.walk_packages(parts.__path__, f"{parts.__name__}."):
        import_module(module.name)
    # What is loaded stays: looking through all of it for garbage, again and again while many rows
    # are read, would take a quarter of a second each time; and most of what a page makes is rows,
    # which are no garbage until it is drawn.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def allow_login() -> None:
    """Tell Streamlit how members log in, where they do; no secret is written to a file for it."""
    login = load_settings().login
    if login is not None:
        auth = asdict(login) | {"cookie_secret": login.cookie_secret}
        secrets_singleton.merge_programmatic_secrets({"auth": auth})


if __name__ == "__main__":
    load()
    allow_login()
    from dashboard import ahead

    FileResponse.chunk_size = _CHUNK_BYTES
    ahead.begin()
    sys.exit(main())
