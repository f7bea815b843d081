"""What is sent, in both languages and in little room."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alerts
from alerts.catalogue import TEXTS
from alerts.language import Language
from alerts.messages import Message, digest, message
from alerts.sentences import told
from simak.alert_settings import KINDS, METRICS, AlertRule
from simak.taxonomy import INTERFACE_LANGUAGES, load_taxonomy
from store.alerts import Alert
from store.engine import Store
from tests.alerts.world import BURST, fill, night, run, say, settings
from tests.builders import tag_all, tagged


def gaps(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_say_the_same_of_the_same() -> None:
    for key, texts in TEXTS.items():
        assert len(texts) == len(INTERFACE_LANGUAGES)
        assert all(texts), key
        assert gaps(texts[0]) == gaps(texts[1]), key


def test_no_text_is_left_that_nobody_asks_for() -> None:
    files = [path for path in Path(alerts.__path__[0]).glob("*.py") if path.stem != "catalogue"]
    source = "".join(path.read_text() for path in files)
    asked = {key for key in TEXTS if re.search(rf"['\"]{key}['\"]", source)}
    made = {f"kind_{kind}" for kind in KINDS} | {f"title_{metric}" for metric in METRICS}
    made |= {f"digest_{every}{n}" for every in ("daily", "weekly") for n in ("", "_one")}
    made |= {"title_silent", "title_budget", *METRICS}
    made |= {"negative", "positive"}
    assert set(TEXTS) - asked - made == set()


@given(
    st.lists(st.text(min_size=1, max_size=60), max_size=8),
    st.lists(st.text(min_size=1, max_size=30), max_size=2),
    st.integers(1, 300),
)
def test_a_message_fits_its_room_and_keeps_its_ends(
    body: list[str], ends: list[str], room: int
) -> None:
    text = Message("a", tuple(body), tuple(ends)).text(room)
    assert len(text) <= room
    whole = "\n\n".join(ends)
    if len(whole) <= room:
        assert text.endswith(whole)


@pytest.mark.parametrize("lang", INTERFACE_LANGUAGES)
def test_every_kind_is_told_in_every_language(lang: str) -> None:
    day, at = date(2026, 5, 28), night(date(2026, 5, 28))
    event = {
        "polarity": "positive", "touchpoint": None, "more": False, "since": "2026-05-28",
        "until": "2026-05-30", "seen": 3, "usual": 12.3, "ratio": [0.2, 0.1, 0.5],
        "also": [["delivery", 2], ["gone", 1]],
    }  # fmt: skip
    share = {
        "metric": "complaint_rate", "touchpoint": None, "above": 0.25, "days": 7,
        "share": [0.4, 0.3, 0.5], "k": 40, "n": 100,
    }  # fmt: skip
    source = {"source": "berita", "why": "nothing", "last": "2026-05-01", "silent": 9, "longest": 2}
    made = {
        "shift": event,
        "threshold": share,
        "promise": {"promise": "hari ini", "touchpoint": "delivery", "broken": 9, "kept": 2,
                    "before": 1, "days": 7},
        "silent": source,
        "budget": {"source": "x", "left": 90, "whole": 1_000, "option": "monthly_posts"},
    }  # fmt: skip
    language = Language(lang, load_taxonomy())
    for kind, facts in made.items():
        for one in (facts, {**facts, "metric": "complaint_share", "touchpoint": "delivery"}):
            alert = Alert("Senandika", kind, "", kind, "", (), day, day, one, None, at)
            said = told(alert, language, at.tzinfo)  # type: ignore[arg-type]
            assert said.title.startswith("Senandika: ")
            assert said.sentences
            assert "{" not in said.title + "".join(said.sentences)
    never = {"why": "failing", "source": "berita", "since": at.isoformat(), "succeeded": False,
             "error": None}  # fmt: skip
    alert = Alert("Senandika", "k", "", "silent", "", (), day, day, never, None, at)
    assert len(told(alert, language, at.tzinfo).sentences) == 1  # type: ignore[arg-type]


def test_customers_words_call_nobody(sqlite_store: Store) -> None:
    fill(sqlite_store, burst=0)
    loud = "<!channel> @everyone paket hilang terus, tolong dibantu ya min"
    say(sqlite_store, BURST, *[f"{loud} {n}" for n in range(20)])
    bad = tagged("negative", {"delivery": "negative"})
    tag_all(sqlite_store, {f"{loud} {n}": bad for n in range(20)})
    given_ = settings(AlertRule("spikes", "spike"))
    (found,) = run(sqlite_store, given_, night(BURST)).alerts
    text = message(sqlite_store, given_, found).text(10_000)
    assert "paket hilang terus" in text
    assert "<!channel" not in text
    assert "@everyone" not in text


def test_a_long_digest_says_how_many_are_left_out(world: Store) -> None:
    given_ = settings(AlertRule("spikes", "spike"), dashboard_url="https://simak.example")
    (found,) = run(world, given_, night(BURST)).alerts
    whole = digest(world, given_, [(found, False)] * 30, "daily")
    assert whole.title == "Simak: 30 alerts today"
    assert whole.text(10**6).count("negative spike") == 30
    short = whole.text(1_000)
    assert 0 < short.count("negative spike") < 30
    assert short.endswith("https://simak.example/alerts?lang=en")
