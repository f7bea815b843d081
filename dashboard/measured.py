"""How good the model that tagged was measured to be, in words."""

from __future__ import annotations

from dashboard import i18n, labels
from dashboard.i18n import _
from simak.tags import SIGNALS
from simak.taxonomy import Taxonomy
from store.models import Model

_WEAK = 3
"""Touchpoints that are warned of."""


def measured(model: Model, taxonomy: Taxonomy) -> tuple[str, str]:
    """Say what the model gets right, and where its tags are to be read with most care.

    Returns:
        The second is empty where no touchpoint was measured, both say so where nothing was.
    """
    quality = model.quality
    if not quality.get("figures"):
        return (
            _(
                "Nobody has measured {version} yet: run {command}.",
                version=model.version,
                command="simak evaluate --save",
            ),
            "",
        )
    told = [
        _(
            "{version} was measured on {n} texts that it had not seen.",
            version=model.version,
            n=i18n.number(sum(quality["rows"].values())),
        )
    ]
    errors = quality.get("errors", {})
    if errors:
        (_quiet, false), (missed, found) = errors["complaint"]
        told.append(
            _(
                "It finds {found} of 100 complaints; {right} of 100 that it names are complaints.",
                found=i18n.number(100 * found / (found + missed)),
                right=i18n.number(100 * found / (found + false)),
            )
        )
        right = sum(line[place] for place, line in enumerate(errors["sentiment"]))
        share = right / sum(map(sum, errors["sentiment"]))
        told.append(_("The sentiment is right in {n} of 100.", n=i18n.number(100 * share)))
    weak = [
        (line["f1"], name)
        for name, line in quality["labels"].items()
        if line["f1"] is not None and name not in SIGNALS
    ]
    if not weak:
        return " ".join(told), ""
    names = ", ".join(labels.touchpoint(taxonomy, name) for _f1, name in sorted(weak)[:_WEAK])
    return " ".join(told), _("Read its tags with most care at: {names}.", names=names)
