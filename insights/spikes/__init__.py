"""Days on which much more was said than was to be expected, levels that changed, and why."""

from insights.spikes.explain import Explanation, Part, explain, verbatims
from insights.spikes.findings import Event, Finding, Spikes, spikes

__all__ = ["Event", "Explanation", "Finding", "Part", "Spikes", "explain", "spikes", "verbatims"]
