"""`streamlit`, with the modules of the pages loaded before the first reader asks.

They take longer to import than a page takes to draw.
"""

from __future__ import annotations

import gc
import pkgutil
import sys
from importlib import import_module

from streamlit.web.cli import main

from dashboard import parts


def load() -> None:
    """Import what the pages import."""
    for module in pkgutil.walk_packages(parts.__path__, f"{parts.__name__}."):
        import_module(module.name)
    # What is loaded stays: looking through all of it for garbage, again and again while many rows
    # are read, would take a quarter of a second each time.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    load()
    sys.exit(main())
