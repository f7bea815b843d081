"""`streamlit`, with the modules of the pages being loaded before the first reader asks.

They take longer to import than a page takes to draw.
"""

from __future__ import annotations

import sys
from importlib import import_module
from threading import Thread

from streamlit.web.cli import main

MODULES = tuple(
    f"dashboard.parts.{name}"
    for name in ("shell", "reputation", "mentions.listed", "sourcing", "quality")
)


def load() -> None:
    """Import what the pages import."""
    for name in MODULES:
        import_module(name)


if __name__ == "__main__":
    Thread(target=load, daemon=True).start()
    sys.exit(main())
