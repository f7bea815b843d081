"""The names a reader sees for the values that records hold."""

from __future__ import annotations

import re

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

_STAGES = {
    "before": N_("Before the purchase"),
    "during": N_("During the purchase"),
    "after": N_("After the purchase"),
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

_CASE_STATUSES = {
    "open": N_("open"),
    "in_progress": N_("in progress"),
    "waiting": N_("waiting"),
    "done": N_("done"),
}

_ROLES = {"viewer": N_("Viewer"), "analyst": N_("Analyst"), "admin": N_("Admin")}

_LANGUAGES = {
    "id": N_("Indonesian"),
    "en": N_("English"),
    "jv": N_("Javanese"),
    "su": N_("Sundanese"),
    "ms": N_("Malay"),
    "mixed": N_("Mixed"),
    "unknown": N_("Unknown"),
}

_TEXTS = {
    "smsa": N_("Indonesian reviews and posts (SmSA)"),
    "nusax_indonesian": N_("Indonesian (NusaX)"),
    "nusax_english": N_("English (NusaX)"),
    "nusax_javanese": N_("Javanese (NusaX)"),
    "nusax_sundanese": N_("Sundanese (NusaX)"),
    "held_back": N_("Annotated texts held back"),
    "exports": N_("App reviews and tweets"),
    "check": N_("Texts written to check it"),
    "file": N_("The file given"),
    "prdect-id": N_("Marketplace reviews (PRDECT-ID)"),
    "m-absa-phone": N_("Phone reviews (M-ABSA)"),
    "m-absa-laptop": N_("Laptop reviews (M-ABSA)"),
    "m-absa-hotel": N_("Hotel reviews (M-ABSA)"),
    "m-absa-restaurant": N_("Restaurant reviews (M-ABSA)"),
    "m-absa-food": N_("Food reviews (M-ABSA)"),
    "banking77": N_("Questions to a bank (BANKING77)"),
    "authored": N_("Texts written to train it"),
    "authored_id": N_("Indonesian texts written to train it"),
    "authored_en": N_("English texts written to train it"),
    "gojek_google_play_reviews": N_("Gojek on Google Play"),
    "tokopedia_google_play_reviews": N_("Tokopedia on Google Play"),
    "shopee_google_play_reviews": N_("Shopee on Google Play"),
    "lazada_google_play_reviews": N_("Lazada on Google Play"),
    "coffee_brand_tweets": N_("Tweets about coffee brands"),
    "airline_tweets": N_("Tweets about airlines"),
}

_LENGTHS = {"<= 5": N_("up to 5"), "6-20": "6–20", "21-60": "21–60", "> 60": N_("more than 60")}

_REASONS = (
    N_("duplicate"),
    N_("rows that repeat an earlier one"),
    N_("a row with the id of an earlier one and another content (the first is kept)"),
    N_("a row with neither text nor stars"),
    N_("a row without a brand"),
    N_("a row with another number of values than the header has columns"),
    N_("a line that is not a JSON object"),
    N_("entry without a text"),
    N_("neither a post nor a comment"),
    N_("post or comment without a text"),
    N_("changed while it was being tagged"),
    N_("a record without an id"),
    N_("not about the brand (its query)"),
    N_("a record without a text"),
    N_("a record of a shape that is not known"),
    N_("not written by a customer"),
    N_("a service message, which nobody wrote"),
    N_("a picture, sticker or voice message without words"),
    N_("another's text passed on"),
    N_("a score outside its scale"),
    N_("a touchpoint that is not known"),
    N_("a month or a number of customers that cannot be read"),
    N_("more customers lost than there were"),
    N_("of a person who asked to be erased"),
)
"""Those of `simak.reasons`, in words that the catalogues have."""

_CHANNELS = {
    "google_play": "Google Play",
    "app_store": "App Store",
    "x": "X",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "whatsapp": "WhatsApp",
    "rss": "RSS",
    "reddit": "Reddit",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "hacker_news": "Hacker News",
    "google_maps": "Google Maps",
    "trustpilot": "Trustpilot",
    "telegram": "Telegram",
    "forum": N_("Forum"),
    "helpdesk": N_("Help desk"),
    "survey": N_("Survey"),
    "email": N_("E-mail"),
    "news": N_("News"),
    "marketplace": N_("Marketplace"),
}


_FACETS = {
    "product": N_("Product"),
    "version": N_("Version"),
}

_ADDRESS = re.compile(r":(?=//)|www(?=\\?\.)|[\w.+-](?=@)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\\\`*_{}\[\]()#+\-.!$:<>~|&])")


def name(names: dict[str, str], key: str) -> str:
    """Return the name of `key`; a value that is not known shows as it is."""
    return _(names[key]) if key in names else key


def phase(key: str) -> str:
    """Return the name of a journey phase."""
    return name(_PHASES, key)


def stage(key: str) -> str:
    """Return the name of a stage of the journey."""
    return name(_STAGES, key)


def owner(key: str) -> str:
    """Return the name of an owning function."""
    return name(_OWNERS, key)


def signal(key: str) -> str:
    """Return the name of a signal."""
    return name(_SIGNALS, key)


def case_status(key: str) -> str:
    """Name how far a case has come."""
    return name(_CASE_STATUSES, key)


def role(key: str) -> str:
    """Return the name of what a member may do."""
    return name(_ROLES, key)


def spoken(key: str) -> str:
    """Return the name of a text's language."""
    return name(_LANGUAGES, key)


def texts(key: str) -> str:
    """Return the name of a set of texts that a model was measured on, or of where they are from."""
    return name(_TEXTS, key)


def length(key: str) -> str:
    """Return the name of a class of lengths, in words."""
    return name(_LENGTHS, key)


def reason(key: str) -> str:
    """Return why a record was left out; what another's source says shows as it is."""
    return _(key) if key in _REASONS else key


def facet(key: str) -> str:
    """Return the name of what mentions are segmented by; an attribute shows as it came."""
    return name(_FACETS, key)


def plain(text: str) -> str:
    """Return a widget's label that shows `text` as it is written: labels are Markdown.

    An address would become a link however it is escaped, but for a mark in it that nobody sees.
    """
    return _ADDRESS.sub("\\g<0>\u2060", _MARKDOWN.sub(r"\\\1", text))


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
        return _("No touchpoint blamed")
    try:
        return taxonomy[id].names[language()]
    except KeyError:
        return id
