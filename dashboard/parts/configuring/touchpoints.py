"""Touchpoints of the brand's own, taught by examples: list, teach, rename, remove."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import i18n, labels, uploads
from dashboard.i18n import N_, _, language, ngettext
from dashboard.jobs import Step
from dashboard.parts import tables, words, working
from dashboard.parts.configuring import saving
from simak.errors import SimakError
from simak.own_touchpoints import OwnTouchpoint, check_new_id, read_own, remove_own, rename_own
from simak.taxonomy import FUNCTIONS, PHASES

if TYPE_CHECKING:
    from dashboard.parts.shell import View

TEACH = "teach"
FEWEST = 5
_STEP = N_("Teaching the touchpoint")


def draw(view: View) -> None:
    """Draw the touchpoints taught and the form of a new one."""
    known = read_own(view.settings.data)
    words.finding(
        ngettext(
            "{n} touchpoint of your own is taught.",
            "{n} touchpoints of your own are taught.",
            len(known),
        )
        if known
        else _("No touchpoint of your own is taught yet."),
        _("Beside the {n} that come along, for what only your customers speak of.",
          n=i18n.number(len(view.taxonomy.ids) - len(known))),
    )  # fmt: skip
    if known:
        _draw_known(known)
        _draw_one(view, known)
    st.header(_("Teach a touchpoint"), anchor=False)
    _draw_new(view)


def _draw_known(known: Sequence[OwnTouchpoint]) -> None:
    rows = []
    for own in known:
        present = sum(one.present for one in own.examples)
        f1 = own.learned.get("f1")
        rows.append(
            (
                [
                    f"{escape(own.touchpoint.names[language()])} "
                    f"<small>{escape(own.touchpoint.id)}</small>",
                    escape(labels.phase(own.touchpoint.phase)),
                    escape(labels.owner(own.touchpoint.owner)),
                    i18n.number(present),
                    i18n.number(len(own.examples) - present),
                    "–" if f1 is None else i18n.percent(f1),
                ],
                False,
            )
        )
    tables.table(
        [
            _("Touchpoint"),
            _("Phase"),
            _("Owner"),
            _("Examples"),
            _("Counter-examples"),
            _("Expected F1"),
        ],
        rows,
        text=3,
    )
    words.note(
        _(
            "F1 weighs what is found wrongly against what is missed: 100% is perfect. It is "
            "estimated by cross-validation on the examples."
        )
    )


def _draw_one(view: View, known: Sequence[OwnTouchpoint]) -> None:
    by_id = {own.touchpoint.id: own for own in known}
    with st.expander(_("Rename or remove one")):
        id = st.selectbox(
            _("Touchpoint"),
            tuple(by_id),
            format_func=lambda id: by_id[id].touchpoint.names[language()],
            key="own_chosen",
        )
        own = by_id[id].touchpoint
        with st.form(f"own_{id}", border=False):
            _naming(f"own_{id}", own.names, own.phase, own.owner)
            st.form_submit_button(_("Save"), type="primary", on_click=_rename, args=(view, id))
        with st.container(horizontal=True):
            st.button(
                _("Remove it"),
                key="own_remove",
                on_click=_remove,
                args=(view, id),
            )
            st.button(
                _("Tag again"),
                key="own_tag",
                on_click=working.start,
                args=(view, "tag", [working.TAG]),
            )
        words.note(_("After removing one, tag again: what it marked goes then."))
        _kept(view)


def _naming(key: str, names: dict[str, str] | Any, phase: str, owner: str) -> None:
    places = st.columns(2)
    places[0].text_input(
        _("Name in Indonesian"), names.get("id", ""), key=f"{key}_name_id", max_chars=60
    )
    places[1].text_input(
        _("Name in English"), names.get("en", ""), key=f"{key}_name_en", max_chars=60
    )
    places[0].selectbox(
        _("Phase of the journey"), PHASES, index=PHASES.index(phase), format_func=labels.phase,
        key=f"{key}_phase",
    )  # fmt: skip
    places[1].selectbox(
        _("Who answers for it"), FUNCTIONS, index=FUNCTIONS.index(owner),
        format_func=labels.owner, key=f"{key}_owner",
    )  # fmt: skip


def _kept(view: View) -> None:
    path = (view.settings.data / "touchpoints.json").resolve()
    words.note(_("Kept in {file}.", file=str(path)))


def _draw_new(view: View) -> None:
    with st.form("own_new", border=False):
        st.text_input(
            _("Short name for the files"), key="own_new_id", placeholder="wallet", max_chars=40,
            help=_("Small letters, digits and _; it never changes."),
        )  # fmt: skip
        _naming("own_new", {}, "transaction", "product")
        places = st.columns(2)
        places[0].text_area(
            _("Texts that speak of it, one a line"),
            key="own_new_present",
            height=200,
            help=_("5 to 50 of your customers' own words."),
        )
        places[1].text_area(
            _("Texts that do not, one a line (optional)"),
            key="own_new_absent",
            height=200,
            help=_("Those that could be mistaken for it help most."),
        )
        st.form_submit_button(_("Teach it"), type="primary", on_click=_teach, args=(view,))
    _kept(view)


def _teach(view: View) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    values = {
        name: str(st.session_state[f"own_new_{name}"]).strip()
        for name in ("id", "name_id", "name_en", "phase", "owner", "present", "absent")
    }
    texts = [
        {"text": line.strip(), "label": label}
        for name, label in (("present", 1), ("absent", 0))
        for line in values[name].splitlines()
        if line.strip()
    ]
    if sum(text["label"] for text in texts if isinstance(text["label"], int)) < FEWEST:
        saving.refuse(_("Give at least {n} texts that speak of it.", n=FEWEST))
        return
    try:
        check_new_id(values["id"], view.taxonomy)
    except SimakError as error:
        saving.refuse(str(error))
        return
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    path, folder = uploads.keep("examples.jsonl", lines.encode())
    arguments = ["touchpoint", "add", values["id"], f"--examples={path}"]
    for option, name in (
        ("name-id", "name_id"), ("name-en", "name_en"), ("phase", "phase"), ("owner", "owner"),
    ):  # fmt: skip
        if values[name]:
            arguments.append(f"--{option}={values[name]}")
    if not working.begin(view, TEACH, [Step(tuple(arguments), _STEP)], clean=folder.cleanup):
        folder.cleanup()


def _rename(view: View, id: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    values = {
        name: str(st.session_state[f"own_{id}_{name}"]).strip()
        for name in ("name_id", "name_en", "phase", "owner")
    }
    names = {
        "id": values["name_id"] or values["name_en"],
        "en": values["name_en"] or values["name_id"],
    }
    if not names["id"]:
        saving.refuse(_("Give it a name."))
        return
    try:
        rename_own(
            view.settings.data, id, names=names, phase=values["phase"], owner=values["owner"]
        )
    except SimakError as error:
        saving.refuse(str(error))
        return
    saving.done(_("Saved."))


def _remove(view: View, id: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    try:
        remove_own(view.settings.data, id)
    except SimakError as error:
        saving.refuse(str(error))
        return
    saving.done(_("It is removed. Tag again, so that what it marked goes too."))
