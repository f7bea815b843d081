"""Where alerts go: the channels, each with a test, and the address that messages link to."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from dashboard import i18n
from dashboard.i18n import _, ngettext
from dashboard.jobs import CommandFailed, ask
from dashboard.parts import tables, words
from dashboard.parts.configuring import rules, saving
from dashboard.parts.configuring.adding import reference
from simak.alert_settings import MOST_HOURS, ChannelSettings
from simak.errors import ConfigurationError
from simak.settings_file import SettingsFile

if TYPE_CHECKING:
    from dashboard.parts.shell import View


def draw(view: View, file: SettingsFile) -> None:
    """Draw the channels, the forms, and below them the rules."""
    channels = view.settings.channels
    words.finding(
        ngettext("{n} channel is set up.", "{n} channels are set up.", len(channels))
        if channels
        else _("No channel is set up yet: alerts stand on their page alone."),
        _("Where messages go: Slack, Teams, Telegram, WhatsApp, e-mail or a web hook."),
    )
    if channels:
        _draw_channels(view, file)
    _draw_new(view, file)
    _draw_address(view, file)
    _draw_reminder(view, file)
    rules.draw(view, file)


def _is_there(channel: ChannelSettings) -> bool:
    try:
        return bool(channel.address())
    except ConfigurationError:
        return False


def _draw_channels(view: View, file: SettingsFile) -> None:
    rows = []
    for channel in view.settings.channels:
        state = _("● its address is there") if _is_there(channel) else _("▲ not where it should be")
        cells = [
            escape(channel.name),
            f"<code>{escape(channel.reference)}</code>",
            escape(state),
        ]
        rows.append((cells, False))
    tables.table([_("Channel"), _("Address"), _("State")], rows, text=3)
    names = [channel.name for channel in view.settings.channels]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(_("Channel"), names, key="channel", width=240)
        tried = st.button(_("Send a test"), key="channel_test", help=_("One message, sent now."))
        with st.popover(_("Remove")):
            words.note(_("Rules that name it must be changed first."))
            st.button(
                _("Remove it"),
                key="channel_remove",
                on_click=_remove,
                args=(view, file.stamp, chosen),
            )
    if tried:
        _try(view, chosen)


def _try(view: View, name: str) -> None:
    try:
        with st.spinner(_("Sending a test")):
            ask(view.settings, ("alert", "test", name))
    except CommandFailed as error:
        words.alert(_("It did not arrive: {error}", error=str(error)))
    else:
        words.alert(_("A test message went to {channel}: is it there?", channel=name))


def _draw_new(view: View, file: SettingsFile) -> None:
    with st.expander(_("Add a channel")):
        st.text_input(_("Its name"), key="channel_name", max_chars=40, placeholder="slack-cx")
        st.text_input(
            _("Variable that holds its address"),
            key="channel_variable",
            placeholder="SLACK_URL",
            help=_(
                "The name of a variable in the dashboard's environment; the secret itself never "
                "stands in a file."
            ),
        )
        words.note(
            _(
                "The address is written in the form of Apprise, such as slack://…, msteams://…, "
                "tgram://…, whatsapp://…, mailtos://… or jsons://…; docs/alerts.md shows each."
            )
        )
        st.button(_("Add the channel"), key="channel_add", on_click=_add, args=(view, file.stamp))
    saving.where(file, _("Changes [[channel]]."))


def _add(view: View, stamp: str) -> None:
    i18n.use(view.state.lang)  # a callback runs before the page does
    name = str(st.session_state["channel_name"]).strip()
    try:
        if not name:
            raise ConfigurationError(_("“{field}” is empty.", field=_("Its name")))
        url = reference(str(st.session_state["channel_variable"]).strip())
    except ConfigurationError as error:
        saving.refuse(str(error))
        return
    saving.save(view, stamp, lambda file: file.add("channel", {"name": name, "url": url}))


def _remove(view: View, stamp: str, name: str) -> None:
    saving.save(view, stamp, lambda file: file.remove("channel", name))


def _draw_address(view: View, file: SettingsFile) -> None:
    key = f"dashboard_url_{file.stamp}"
    with st.form("dashboard_url", border=False):
        st.text_input(
            _("Address of this dashboard, which messages link to"),
            view.settings.dashboard_url or "",
            key=key,
            placeholder="https://simak.example",
        )
        st.form_submit_button(_("Save"), on_click=_save_address, args=(view, file.stamp, key))


def _save_address(view: View, stamp: str, key: str) -> None:
    url = str(st.session_state[key]).strip()

    def change(file: SettingsFile) -> None:
        if url or file.get("dashboard", "url") is not None:
            file.put("dashboard", "url", url or None)

    saving.save(view, stamp, change, typed=url)


def _draw_reminder(view: View, file: SettingsFile) -> None:
    key = f"remind_{file.stamp}"
    with st.form("remind", border=False):
        st.number_input(
            _("Hours until an alert that nobody has noted is sent once more (0: never)"),
            min_value=0,
            max_value=MOST_HOURS,
            value=view.settings.remind_after_hours,
            key=key,
            help=_("Once, to the channels it went to; by the quiet hours and digests of its rule."),
        )
        st.form_submit_button(_("Save"), on_click=_save_reminder, args=(view, file.stamp, key))


def _save_reminder(view: View, stamp: str, key: str) -> None:
    hours = int(st.session_state[key])

    def change(file: SettingsFile) -> None:
        if hours != view.settings.remind_after_hours:
            file.put("alerts", "remind_after_hours", hours)

    saving.save(view, stamp, change)
