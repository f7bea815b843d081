"""The rules of alerts: those that hold, one more, one less."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from alerts.language import Language
from alerts.rules import rules_of
from dashboard import i18n, labels
from dashboard.i18n import N_, _
from dashboard.parts import tables, words
from dashboard.parts.configuring import saving
from simak.alert_settings import KINDS, METRICS, AlertRule
from simak.errors import ConfigurationError, SimakError
from simak.settings_file import SettingsFile

if TYPE_CHECKING:
    from dashboard.parts.shell import View

_ANY = ""

_WHEN = {"": N_("at once"), "daily": N_("once a day"), "weekly": N_("once a week")}

_OF_MENTIONS = ("spike", "shift", "threshold", "promise")


def draw(view: View, file: SettingsFile) -> None:
    """Draw the rules and the form of a new one."""
    st.header(_("Rules"), anchor=False)
    words.note(_("A kind without a rule of its own has a default; a rule for it takes its place."))
    language = Language(i18n.language(), view.taxonomy)
    try:
        held = rules_of(view.settings)
    except SimakError as error:
        words.alert(str(error))
        held = ()
    off = [rule for rule in view.settings.alerts if not rule.enabled]
    tables.table(
        [_("Rule"), _("Kind"), _("What of"), _("When"), _("Where to")],
        [(_cells(rule, language), not rule.enabled) for rule in (*held, *off)],
        text=5,
    )
    own = [rule.name for rule in view.settings.alerts]
    if own:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen = st.selectbox(_("Rule"), own, key="rule", width=240)
            st.button(
                _("Remove it"), key="rule_remove", on_click=_remove,
                args=(view, file.stamp, chosen),
            )  # fmt: skip
    with st.expander(_("Add a rule")):
        _draw_new(view, file, language)
    saving.where(file, _("Changes [[alert]]; docs/alerts.md shows what else a rule may say."))


def _cells(rule: AlertRule, language: Language) -> list[str]:
    of = [
        rule.brand or _("every brand"),
        *([language.touchpoint(rule.touchpoint)] if rule.touchpoint else []),
        *([labels.channel(rule.said_on)] if rule.said_on else []),
        *([labels.spoken(rule.language)] if rule.language else []),
        *([rule.source] if rule.source else []),
    ]
    if rule.kind == "threshold":
        above = _("above {share}", share=i18n.percent(rule.above))
        of.append(f"{language.text(rule.metric)} {above}")
    digest: str = rule.digest or ""
    when = _(_WHEN[digest])
    if rule.quiet is not None:
        hours = f"{rule.quiet.start:%H:%M}–{rule.quiet.end:%H:%M}"
        when += "; " + _("quiet {hours}", hours=hours)
    where = _("all channels") if rule.channels is None else ", ".join(rule.channels)
    name = _("default") if rule.line is None else rule.name
    if not rule.enabled:
        when, where = _("Turned off"), "–"
    cells = (
        name,
        language.text(f"kind_{rule.kind}"),
        " · ".join(of),
        when,
        where or _("the page Alerts alone"),
    )
    return [f'<span dir="auto">{escape(cell)}</span>' for cell in cells]


def _draw_new(view: View, file: SettingsFile, language: Language) -> None:
    left, right = st.columns(2)
    with left:
        st.text_input(_("Its name"), key="rule_name", max_chars=60)
        kind = st.selectbox(
            _("Kind"),
            KINDS,
            key="rule_kind",
            format_func=lambda key: language.text(f"kind_{key}"),
        )
        st.selectbox(
            _("Brand"),
            (_ANY, *view.brands),
            key="rule_brand",
            format_func=lambda name: labels.plain(name) if name else _("every brand"),
        )
        if kind in _OF_MENTIONS:
            st.selectbox(
                _("Touchpoint"),
                (_ANY, *view.taxonomy.ids),
                key="rule_touchpoint",
                format_func=lambda id: language.touchpoint(id) if id else _("any"),
            )
    with right:
        if kind == "threshold":
            st.selectbox(
                _("Share"), METRICS, key="rule_metric", format_func=language.text,
            )  # fmt: skip
            st.number_input(
                _("Above, %"), min_value=1, max_value=99, value=25, key="rule_above",
                help=_("Judged by the lower end of the 95% interval."),
            )  # fmt: skip
            st.number_input(
                _("Of so many mentions at least, in 7 days"),
                min_value=1, value=50, key="rule_minimum",
            )  # fmt: skip
        st.selectbox(
            _("When"), tuple(_WHEN), key="rule_digest", format_func=lambda key: _(_WHEN[key])
        )
        st.text_input(_("Quiet hours (optional)"), key="rule_quiet", placeholder="21:00-07:00")
        st.multiselect(
            _("Where to"),
            [channel.name for channel in view.settings.channels],
            key="rule_channels",
            placeholder=_("all channels"),
            select_all=False,  # its words are English in every language
        )
    st.button(_("Add the rule"), key="rule_add", on_click=_add, args=(view, file.stamp))


def _add(view: View, stamp: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    values = typed()
    try:
        if not values["name"]:
            raise ConfigurationError(_("“{field}” is empty.", field=_("Its name")))
    except ConfigurationError as error:
        saving.refuse(str(error))
        return
    saving.save(view, stamp, lambda file: file.add("alert", values), typed=values["name"])


def typed() -> dict[str, Any]:
    """Return the rule that the form describes, as it is written into the file."""
    given = st.session_state
    kind = given["rule_kind"]
    values: dict[str, Any] = {"name": str(given["rule_name"]).strip(), "kind": kind}
    keys = ["brand", *(["touchpoint"] if kind in _OF_MENTIONS else []), "digest", "quiet"]
    for key in keys:
        if text := str(given[f"rule_{key}"]).strip():
            values[key] = text
    if kind == "threshold":
        values["metric"] = given["rule_metric"]
        values["above"] = int(given["rule_above"]) / 100
        values["minimum"] = int(given["rule_minimum"])
    if given["rule_channels"]:
        values["channels"] = list(given["rule_channels"])
    return values


def _remove(view: View, stamp: str, name: str) -> None:
    saving.save(view, stamp, lambda file: file.remove("alert", name))
