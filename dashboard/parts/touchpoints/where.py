"""Where the touchpoints are complained of: touchpoint by channel, as shares or as lifts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from dashboard import i18n, labels
from dashboard.charts import heatmap, units
from dashboard.i18n import N_, _
from dashboard.links import linked
from dashboard.parts import filters, frame, words
from dashboard.parts.shell import View
from dashboard.parts.touchpoints.names import looked_at
from insights.lifts import ChannelCell, channel_cells
from insights.touchpoints import Touchpoints
from insights.values import MIN_N
