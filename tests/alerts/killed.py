"""One run of alerts in a process of its own, to be killed.

python -m tests.alerts.killed STORE NOW
"""

from __future__ import annotations

import sys
from datetime import datetime

from simak.alert_settings import AlertRule
from store.engine import open_store
from tests.alerts.world import run, settings, with_channels

if __name__ == "__main__":
    given = with_channels(settings(AlertRule("spikes", "spike", cooldown=3)), "hook")
    run(open_store(sys.argv[1]), given, datetime.fromisoformat(sys.argv[2]))
