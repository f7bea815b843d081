"""The names a reader sees for the values that records hold."""

from __future__ import annotations

from dashboard.i18n import N_, _, language
from simak.taxonomy import Taxonomy
from store.tables import UNPLACED, UNTAGGED

SENTIMENTS = {
    "negative": N_("Negative"),
    "neutral": N_("Neutral"),
    "positive": N_("Positive"),
    UNTAGGED: N_("Not tagged yet"),
}

SYMBOLS = {"negative": "−", "neutral": "○", "positive": "+", UNTAGGED: "?"}
"""What stands beside a sentiment's colour, which never speaks alone."""

METRICS = {
    "complaint_rate": N_("Complaint rate"),
    "net_sentiment": N_("Net sentiment"),
    "stars": N_("Stars"),
    "volume": N_("Mentions"),
}

PERIODS = {"day": N_("Day"), "week": N_("Week"), "month": N_("Month")}

_PHASES = {
    "awareness": N_("Awareness"),
    "transaction": N_("Transaction"),
    "customer_service": N_("Customer service"),
    "after_sales": N_("After-sales"),
    "retention": N_("Retention"),
}

_OWNERS = {
    "marketing": N_("Marketing"),
    "product": N_("Product"),
    "sales": N_("Sales"),
    "operations": N_("Operations"),
    "logistics": N_("Logistics"),
    "customer_service": N_("Customer service"),
}

_SIGNALS = {
    "switching": N_("may switch"),
    "advocacy": N_("recommends"),
    "broken_promise": N_("broken promise"),
    "high_effort": N_("high effort"),
    "no_reply": N_("no reply"),
    "anxiety": N_("anxious"),
}

_LANGUAGES = {
    "id": N_("Indonesian"),
    "en": N_("English"),
    "jv": N_("Javanese"),
    "su": N_("Sundanese"),
    "ms": N_("Malay"),
    "mixed": N_("Mixed"),
    "unknown": N_("Unknown"),
}

_CHANNELS = {
    "google_play": "Google Play",
    "app_store": "App Store",
    "x": "X",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
    "rss": "RSS",
    "email": N_("E-mail"),
    "news": N_("News"),
    "marketplace": N_("Marketplace"),
}


def name(names: dict[str, str], key: str) -> str:
    """Return the name of `key`; a value that is not known shows as it is."""
    return _(names[key]) if key in names else key


def phase(key: str) -> str:
    """Return the name of a journey phase."""
    return name(_PHASES, key)


def owner(key: str) -> str:
    """Return the name of an owning function."""
    return name(_OWNERS, key)


def signal(key: str) -> str:
    """Return the name of a signal."""
    return name(_SIGNALS, key)


def spoken(key: str) -> str:
    """Return the name of a text's language."""
    return name(_LANGUAGES, key)


def channel(key: str) -> str:
    """Return the name of a channel: `google_play` is Google Play, `toko_kami` is Toko Kami.

    Example:
        >>> channel("toko_kami")
        'Toko Kami'
    """
    if key in _CHANNELS:
        return _(_CHANNELS[key])
    return key.replace("_", " ").title() if key.islower() else key


def touchpoint(taxonomy: Taxonomy, id: str) -> str:
    """Return a touchpoint's name; one that the taxonomy has lost shows its id."""
    if id == UNPLACED:
        return _("No touchpoint named")
    try:
        return taxonomy[id].names[language()]
    except KeyError:
        return id
