"""Runs a `simak` command for the dashboard; it ends when the dashboard does.

    python -m dashboard.attended import reviews.csv --brand Senandika --json

Its standard input is a pipe that the dashboard holds open: when that closes, however the dashboard
ended, the command is stopped as Ctrl+C would.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import time
from threading import Thread

GRACE_SECONDS = 20
"""How long a command that was stopped may take to write what it has."""


def main() -> None:
    """Run the command line that this process was given."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        # Set anew: a process started in the background may inherit that they are ignored.
        signal.signal(sign, signal.default_int_handler)
    Thread(target=_end_with_the_dashboard, daemon=True).start()
    sys.argv[0] = "simak"
    runpy.run_module("simak", run_name="__main__")


def _end_with_the_dashboard() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
