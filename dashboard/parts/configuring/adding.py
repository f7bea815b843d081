"""The form that adds a source to simak.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n
from dashboard.i18n import N_, _
from dashboard.jobs import Step
from dashboard.parts import words, working
from dashboard.parts.configuring import saving
from dashboard.parts.configuring.kinds import KINDS, LIST, OPT_IN, SECRET, Field
from simak.errors import ConfigurationError
from simak.secrets import is_reference, read_secret
from simak.settings_file import SettingsFile, Value

if TYPE_CHECKING:
    from dashboard.parts.shell import View


_COLLECTING = N_("Collecting")


def draw(view: View, file: SettingsFile, *, job: str) -> None:
    """Draw the form; what is added is collected and tagged at once.

    Args:
        job: the kind of the job that does so.
    """
    kind = st.selectbox(
        _("What kind of place"), tuple(KINDS), format_func=lambda key: _(KINDS[key].title),
        key="add_kind",
    )  # fmt: skip
    made = KINDS[kind]
    if made.about:
        words.note(_(made.about))
    with st.form(f"add_source_{kind}", border=False):
        st.text_input(
            _("Brand it is about"),
            value=view.brands[0] if view.brands else "",
            key=_key(kind, "brand"),
            max_chars=80,
        )
        for field in made.fields:
            _input(kind, field)
        st.form_submit_button(
            _("Add it and collect"),
            type="primary",
            on_click=_add,
            args=(view, file.stamp, kind, job),
        )
    saving.where(file, _("Adds a [[source]]."))


def _input(kind: str, field: Field) -> None:
    label = _(field.label)
    if not field.needed:
        label = _("{field} (optional)", field=label)
    help = None
    if field.kind == LIST:
        help = _("Several are separated by commas.")
    elif field.kind == SECRET:
        help = _(
            "The name of a variable in the dashboard's environment; the secret itself never "
            "stands in a file."
        )
    st.text_input(label, placeholder=field.example, help=help, key=_key(kind, field.key))


def _key(kind: str, field: str) -> str:
    return f"add_{kind}_{field}"


def _add(view: View, stamp: str, kind: str, job: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    made = KINDS[kind]
    typed = {
        key: str(st.session_state.get(_key(kind, key), "")).strip()
        for key in ("brand", *(field.key for field in made.fields))
    }

    def change(file: SettingsFile) -> None:
        file.add_source(name, kind, brand, options)

    try:
        brand = typed["brand"]
        if not brand:
            raise ConfigurationError(_("Say which brand it is about."))
        options = read(kind, typed)
    except ConfigurationError as error:
        saving.refuse(str(error))
        return
    name = new_name(kind, brand, {entry.name for entry in view.settings.sources})
    if saving.save(view, stamp, change, typed=next(iter(options.values()), "")):
        working.start(view, job, [Step(("collect", name), _COLLECTING), working.TAG])


def read(type: str, typed: Mapping[str, str]) -> dict[str, Value]:
    """Return the options of a source from what was typed into its fields.

    Raises:
        ConfigurationError: something is missing or wrong, in the reader's language.
    """
    kind = KINDS[type]
    options: dict[str, Value] = {}
    for field in kind.fields:
        text = typed.get(field.key, "")
        if not text:
            if field.needed:
                raise ConfigurationError(_("“{field}” is empty.", field=_(field.label)))
            continue
        if field.kind == SECRET:
            options[field.key] = reference(text)
        elif field.kind == LIST:
            options[field.key] = [part.strip() for part in text.split(",") if part.strip()]
        else:
            options[field.key] = text
    if kind.one_of and not any(key in options for key in kind.one_of):
        labels = [_(field.label) for field in kind.fields if field.key in kind.one_of]
        raise ConfigurationError(_("Fill in one of these: {fields}.", fields=", ".join(labels)))
    if type in OPT_IN:
        options["enabled"] = True
    return options


def reference(text: str) -> str:
    """Return where a secret is, as the settings refer to it.

    Args:
        text: the name of a variable of the environment, or `keyring:NAME`.

    Raises:
        ConfigurationError: it is no such name, or there is no such secret, in the reader's
            language.
    """
    written = text if ":" in text else f"env:{text}"
    if not is_reference(written):
        raise ConfigurationError(
            _("The name of a variable has letters, digits and _ alone, such as REDDIT_ID.")
        )
    place, _colon, name = written.partition(":")
    try:
        read_secret(written)
    except LookupError:
        raise ConfigurationError(
            _(
                "The dashboard's environment has no {name}: set it and start the dashboard again.",
                name=name,
            )
            if place == "env"
            else _(
                "The keyring has no {name}: run “keyring set simak {name}” where the dashboard "
                "runs.",
                name=name,
            )
        ) from None
    return written


def new_name(kind: str, brand: str, taken: set[str]) -> str:
    """Return a name for a source that none has yet.

    Example:
        >>> new_name("rss", "Kopi Senja", {"kopi-senja-rss"})
        'kopi-senja-rss-2'
    """
    name = f"{re.sub(r'[^a-z0-9]+', '-', brand.lower()).strip('-') or 'brand'}-{kind}"
    name = name.replace("_", "-")
    number = 2
    found = name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found
