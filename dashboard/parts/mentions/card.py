"""A card of the list: what was said, with what can be done about it, as HTML.

Every text of a mention is escaped here or in `dashboard.parts.cards`: the browser shows this HTML
as it is. A `data-do` says what a button does, a `data-focus` where the focus goes back to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from dashboard import i18n, labels
from dashboard.i18n import _
from dashboard.labels import SENTIMENTS, SYMBOLS
from dashboard.parts import cards
from dashboard.parts.shell import View
from dashboard.state import USEFUL
from simak.tags import SENTIMENTS as POLARITIES
from simak.tags import SIGNALS, least_sure
from store.cases import Case
from store.lists import MentionRow


def card(
    view: View,
    row: MentionRow,
    *,
    place: int,
    of: int,
    case: Case | None,
    edited: bool,
    details: str = "",
) -> str:
    """Return the card of one mention.

    Args:
        place, of: where it stands on the page, from 1.
        edited: whether it has earlier versions.
        details: what is shown below it where it is open.
    """
    spoken = {id: tag.polarity for id, tag in row.touchpoints.items()}
    facts = {
        "id": row.id,
        "sentiment": row.sentiment,
        "complaint": "yes" if row.complaint else "no",
        "touchpoints": json.dumps(spoken),
        "open": "yes" if details else "",
    }
    data = "".join(f' data-{name}="{escape(str(value))}"' for name, value in facts.items())
    label = escape(_label(view, row))
    select = _select() if view.may("analyst") else ""
    return (
        f'<article class="sm-card {escape(row.sentiment)}"{data} tabindex="-1" '
        f'aria-posinset="{place}" aria-setsize="{of}" aria-label="{label}">'
        f'<div class="head">{select}{_tone(view, row)}{cards.facts(view, row)}</div>'
        f"{cards.body(view, row)}{_chips(view, row, bool(details))}{cards.reply(view, row)}"
        f"{_foot(view, row, case, edited)}{details}</article>"
    )


def button(
    words: str, do: str, *, focus: str = "", kind: str = "", label: str = "", **data: object
) -> str:
    """Return a button that tells the list what was pressed; `words` are plain text.

    Args:
        label: what it does, where its words are a sign.
    """
    said = {"do": do, "focus": focus or do, **data}
    attributes = "".join(
        f' data-{name}="{escape(str(value))}"' for name, value in said.items() if value is not None
    )
    style = f' class="{kind}"' if kind else ""
    if label:
        attributes += f' aria-label="{escape(label)}" title="{escape(label)}"'
    return f'<button type="button"{style}{attributes}>{escape(words)}</button>'


def _label(view: View, row: MentionRow) -> str:
    """Say which card it is, for screen readers."""
    said = [cards.tone(row), labels.channel(row.channel), cards.when(view, row)]
    return ", ".join([*said, cards.stars(row.stars)] if row.stars is not None else said)


def _select() -> str:
    words = escape(_("Select this mention"))
    return (
        '<label class="select"><input type="checkbox" data-do="select" data-focus="select" '
        f'aria-label="{words}" title="{words}"></label>'
    )


def _tone(view: View, row: MentionRow) -> str:
    if row.deleted_at is not None:
        return ""
    if not view.may("analyst"):
        return f'<span class="tone">{escape(cards.tone(row))}</span>'
    return _opens(f"{cards.tone(row)} ▾", "sentiment", kind="tone")


def _opens(
    words: str,
    menu: str,
    *,
    kind: str,
    focus: str = "",
    touchpoint: str | None = None,
    to: str | None = None,
) -> str:
    """Return a button that opens a menu, of one touchpoint where it is named."""
    made = button(
        words, "menu", menu=menu, focus=focus or menu, kind=kind, touchpoint=touchpoint, to=to
    )
    return made.replace("<button ", '<button aria-haspopup="menu" ', 1)


def _chips(view: View, row: MentionRow, opened: bool) -> str:
    chips = []
    if not view.may("analyst"):
        chips += [
            f'<span class="chip {tag.polarity}">{SYMBOLS.get(tag.polarity, "")} '
            f"{escape(labels.touchpoint(view.taxonomy, id))}</span>"
            for id, tag in row.touchpoints.items()
        ]
    elif row.deleted_at is None:
        for id, tag in row.touchpoints.items():
            words = f"{SYMBOLS.get(tag.polarity, '')} {labels.touchpoint(view.taxonomy, id)} ▾"
            chips.append(
                _opens(
                    words,
                    "touchpoint",
                    focus=f"touchpoint-{id}",
                    kind=f"chip {tag.polarity}",
                    touchpoint=id,
                    to=cards.of_touchpoint(view, row, id),
                )
            )
        chips.append(_opens("+ " + _("Touchpoint"), "touchpoints", kind="chip add"))
    chips += [*cards.signals(row), *cards.repeats(view, row)]
    if view.state.order == USEFUL:
        chips.append(f'<span class="chip doubt">? {escape(_doubt(view, row))}</span>')
    chips.append(_more(opened))
    return f'<div class="chips">{"".join(chips)}</div>'


def _foot(view: View, row: MentionRow, case: Case | None, edited: bool) -> str:
    """Return what people have made of it; nothing where nobody has."""
    parts: list[str] = []
    if row.corrected_by and row.corrected_at:
        when = i18n.moment(row.corrected_at, view.store.zone)
        words = _("corrected by {name}, {when}", name=row.corrected_by, when=when)
        parts.append(f'<span dir="auto">✓ {escape(words)}</span>')
        if view.may("analyst"):
            parts.append(button(_("Back to the model's"), "withdraw", kind="plain"))
    if edited:
        words = escape(_("edited since"))
        parts.append(f"<span>{words}</span>")
    if case is not None:
        parts.append(f'<span dir="auto">{escape(case_words(case))}</span>')
    return f'<div class="foot">{"".join(parts)}</div>' if parts else ""


def _more(opened: bool) -> str:
    """Return the button that opens the details, or closes them."""
    words, do = (_("Close"), "close") if opened else (_("Details"), "open")
    made = button(words, do, focus="open", kind="plain last")
    return made.replace("<button ", f'<button aria-expanded="{str(opened).lower()}" ', 1)


def case_words(case: Case) -> str:
    """Return how a case stands, in a line."""
    parts = [labels.case_status(case.status)]
    if case.owner:
        parts.append(case.owner)
    if case.due:
        parts.append(_("due {day}", day=i18n.day(case.due)))
    return f"◷ {' · '.join(parts)}"


def name_of(view: View, label: str) -> str:
    """Return the name of a label that a model scores."""
    if label in POLARITIES:
        return labels.name(SENTIMENTS, label)
    if label == "complaint":
        return _("complaint")
    return labels.signal(label) if label in SIGNALS else labels.touchpoint(view.taxonomy, label)


def _doubt(view: View, row: MentionRow) -> str:
    """Say which label the model is least sure of."""
    label = (least_sure(row.scores) or ("sentiment", 1.0))[0]
    likely: Sequence[str] = [label]
    if label == "sentiment":
        likely = sorted(POLARITIES, key=lambda key: -row.scores.get(key, 0.0))[:2]
    shares = ", ".join(
        f"{name_of(view, name)} {i18n.percent(row.scores.get(name, 0.0))}" for name in likely
    )
    return _("least sure: {shares}", shares=shares)
