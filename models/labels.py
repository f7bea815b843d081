"""The labels the model's heads stand for, in the order of every array."""

from __future__ import annotations

from simak.tags import SENTIMENTS, SIGNALS
from simak.taxonomy import load_taxonomy

TOUCHPOINTS = load_taxonomy().ids
"""Touchpoint ids of the shipped taxonomy; a user's own file renames them, it adds none."""

__all__ = ["SENTIMENTS", "SIGNALS", "TOUCHPOINTS"]
