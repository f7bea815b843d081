"""The types of sources that can be added in the dashboard, and what each asks for.

The others, and rarer options, are written in simak.toml: docs/sources.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.i18n import N_

TEXT, LIST, SECRET = "text", "list", "secret"


@dataclass(frozen=True, slots=True)
class Field:
    """One option of a source.

    Attributes:
        label: what it is, a msgid.
        kind: `text`, `list` (several, by commas) or `secret` (the name of a variable).
        example: what stands in the empty field.
    """

    key: str
    label: str
    kind: str = TEXT
    example: str = ""
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of source.

    Attributes:
        title: its name, a msgid.
        about: what is to be known of it, a msgid; "" where nothing is.
        one_of: of these fields at least one is needed.
    """

    title: str
    fields: tuple[Field, ...]
    about: str = ""
    one_of: tuple[str, ...] = ()


OPT_IN = ("google_play", "google_takeout")
"""Types that are collected only where the file turns them on: they are unofficial."""

KINDS: dict[str, Kind] = {
    "rss": Kind(
        N_("News or blog feed (RSS, Atom)"),
        (Field("url", N_("Address of the feed"), example="https://example.org/feed.xml"),),
        N_(
            "A search of Google News is a feed too: "
            "https://news.google.com/rss/search?q=NAME&hl=id&gl=ID&ceid=ID:id"
        ),
    ),
    "app_store": Kind(
        N_("App Store reviews"),
        (
            Field("apps", N_("Numbers of the apps"), LIST, "1234567890"),
            Field("countries", N_("Countries"), LIST, "id, sg", needed=False),
        ),
    ),
    "google_play": Kind(
        N_("Google Play reviews"),
        (
            Field("apps", N_("Ids of the apps"), LIST, "id.senandika.app"),
            Field("countries", N_("Countries"), LIST, "id", needed=False),
        ),
        N_("There is no official way to read them: the public page is read, at your own risk."),
    ),
    "reddit": Kind(
        N_("Reddit"),
        (
            Field("subreddits", N_("Communities"), LIST, "indonesia", needed=False),
            Field("search", N_("Search words"), LIST, "senandika", needed=False),
            Field("client_id", N_("Variable that holds the client id"), SECRET, "REDDIT_ID"),
            Field("client_secret", N_("Variable that holds the secret"), SECRET, "REDDIT_SECRET"),
        ),
        N_("It needs an app of your own at reddit.com/prefs/apps."),
        one_of=("subreddits", "search"),
    ),
    "youtube": Kind(
        N_("YouTube comments"),
        (
            Field("channels", N_("Channels"), LIST, "@senandika", needed=False),
            Field("search", N_("Search words"), LIST, "senandika", needed=False),
            Field("key", N_("Variable that holds the API key"), SECRET, "YOUTUBE_API_KEY"),
        ),
        one_of=("channels", "search"),
    ),
    "mastodon": Kind(
        N_("Mastodon"),
        (
            Field("url", N_("Address of the server"), example="https://mastodon.social"),
            Field("hashtags", N_("Hashtags"), LIST, "senandika"),
        ),
    ),
    "hacker_news": Kind(
        N_("Hacker News"), (Field("search", N_("Search words"), LIST, "senandika"),)
    ),
    "discourse": Kind(
        N_("Discourse forum"),
        (Field("url", N_("Address of the forum"), example="https://forum.example"),),
    ),
}
