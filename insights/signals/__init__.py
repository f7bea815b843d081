"""Who leaves, recommends, worries, has trouble: how often, and what goes with it."""

from insights.signals.links import LINKED, SURE, Link
from insights.signals.measure import Signals, signals
from insights.signals.over_time import SignalPoint, SignalRow

__all__ = ["LINKED", "SURE", "Link", "SignalPoint", "SignalRow", "Signals", "signals"]
