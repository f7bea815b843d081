"""Nothing to segment by: where segments come from."""

from __future__ import annotations

from html import escape

from dashboard.i18n import _
from dashboard.parts import shell
from dashboard.parts.shell import View


def draw(view: View) -> None:
    """Say which columns of an import become segments."""
    shell.empty(
        _("Nothing to segment by yet"),
        escape(
            _(
                "Segments come from what stands beside a text: its product, its version, and "
                "every further column of a file, such as region, store or customer_type."
            )
        ),
        escape(
            _(
                "Import a file of {brand} with such columns, under Data sources or with “simak "
                "import”; a value may have up to 80 characters.",
                brand=view.state.brand or "",
            )
        ),
    )
