"""What is done about a mention: who has taken it on, as a form in the list."""

from __future__ import annotations

from datetime import date
from html import escape

from dashboard import i18n, labels
from dashboard.i18n import N_, _
from dashboard.parts.mentions.card import case_words
from dashboard.parts.shell import View
from store.cases import STATUSES, Case, CaseChange, history, owners
from store.lists import MentionRow

_FIELDS = {
    "status": N_("Status"),
    "owner": N_("Taken on by"),
    "due": N_("Due"),
    "note": N_("Note"),
}


def form(view: View, case: Case | None = None, *, many: bool = False) -> str:
    """Return the form.

    Args:
        many: whether it is for several mentions: what is left empty stays as it is.
    """
    same = escape(_("as it is"))
    keep = f'<option value="">{same}</option>' if many else ""
    now = case.status if case else "" if many else "open"
    options = keep + "".join(
        f'<option value="{key}"{" selected" if key == now else ""}>'
        f"{escape(labels.case_status(key))}</option>"
        for key in STATUSES
    )
    known = "".join(f'<option value="{escape(name)}"></option>' for name in owners(view.store))
    id = "many" if many else "one"
    owner = escape((case.owner if case else None) or "")
    due = case.due.isoformat() if case and case.due else ""
    note = escape((case.note if case else None) or "")
    save = escape(_("Save") if case or many else _("Open a case"))
    title = {key: escape(_(words)) for key, words in _FIELDS.items()}
    return (
        '<form data-do="case" class="case-form">'
        f'<label>{title["status"]}<select name="status">{options}</select></label>'
        f'<label>{title["owner"]}<input name="owner" value="{owner}" maxlength="80" '
        f'list="owners-{id}" autocomplete="off"></label>'
        f'<datalist id="owners-{id}">{known}</datalist>'
        f'<label>{title["due"]}<input name="due" type="date" value="{due}"></label>'
        f'<label class="wide">{title["note"]}<textarea name="note" rows="2" maxlength="2000" '
        f'dir="auto">{note}</textarea></label>'
        f'<button class="main">{save}</button></form>'
    )


def section(view: View, row: MentionRow, case: Case | None) -> str:
    """Return the case of a mention: how it stands, the form, what became of it."""
    writes = view.may("analyst")
    if case is None and not writes:
        return ""
    stands = f'<p dir="auto">{escape(case_words(case))}</p>' if case else ""
    past = "".join(_line(view, one) for one in reversed(history(view.store, row.id)))
    story = f'<ol class="past">{past}</ol>' if past else ""
    title = escape(_("Case"))
    filled = form(view, case) if writes else ""
    return f"<h2>{title}</h2>{stands}{filled}{story}"


def _line(view: View, one: CaseChange) -> str:
    when = i18n.moment(one.at, view.store.zone)
    field = _(_FIELDS[one.field])
    value = one.after or "–"
    if one.field == "status" and one.after:
        value = labels.case_status(one.after)
    elif one.field == "due" and one.after:
        value = i18n.day(date.fromisoformat(one.after))
    return (
        f'<li dir="auto"><span class="quiet">{escape(when)} · {escape(one.by)}</span><br>'
        f"{escape(field)}: {escape(value)}</li>"
    )
