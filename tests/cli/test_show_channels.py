from pathlib import Path

import pytest

from store.engine import open_store
from tests.builders import put, review, tag_all
from tests.cli.conftest import Simak
from tests.insights.consistency.test_consistency import WORLD, say


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store in which delivery is worse on WhatsApp, and everything in the app store."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    store = open_store(url)
    say(store, WORLD)
    put(
        store,
        [review(f"{i}", "kapan?", channel="email", reply="Halo",
                attributes={"first_response_minutes": "90"}) for i in range(40)],
    )  # fmt: skip
    tag_all(store, {})
    store.close()
    return url


def test_the_outlying_channel_is_said_in_words_with_verbatims(simak: Simak, url: str) -> None:
    shown = simak("show", "consistency", "--db", url).output
    first, words, *_ = shown.splitlines()
    assert first.startswith("Senandika: Pengiriman on whatsapp is worse than usual there: 60.0 %")
    assert "(36 of 60)" in first
    assert words == "  · delivery buruk"
    assert "Unlike the other channels, but by no more than may be the channel itself" in shown
    # E-mail alone is answered.
    (email,) = (line for line in shown.splitlines() if line.startswith("Senandika  email"))
    assert "1 h 30 min" in email
    assert shown.count("no data   no data") == 3


def test_what_is_printed_as_json_holds_the_words_too(asked, url: str) -> None:  # type: ignore[no-untyped-def]
    found = asked("show", "consistency", "--db", url)
    assert found["consistency"]["rows"][0]["verdict"] == "own"
    own = {"brand": "Senandika", "touchpoint": "delivery", "channel": "whatsapp"}
    assert own | {"texts": ["delivery buruk"]} in found["examples"]


def test_the_answers_are_said_in_words(simak: Simak, url: str, tmp_path: Path) -> None:
    shown = simak("show", "response", "--db", url).output
    assert shown.startswith("16.7 % of 240 mentions are answered")
    assert "Business hours are not set" in shown
    assert "No data: 320 mentions of app_store from google_play" in shown
    (tmp_path / "hours.toml").write_text('[response]\nbusiness_hours = "Mon-Fri 09:00-17:00"\n')
    shown = simak("show", "response", "--db", url, "--config", str(tmp_path / "hours.toml")).output
    assert "first reply, business hours" in shown
    assert "Business hours are not set" not in shown
    shown = simak("show", "response", "--db", url, "--channel", "whatsapp").output
    assert shown.splitlines()[0].startswith("No data: no answer was ever seen")


def test_nothing_to_show_is_no_error(simak: Simak) -> None:
    for name in ("consistency", "response"):
        shown = simak("show", name)
        assert shown.exit_code == 0
        assert shown.output == "No data: there are no such mentions.\n"


def test_a_channel_with_few_mentions_is_marked(simak: Simak, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'few.db'}"
    store = open_store(url)
    put(store, [review(f"{i}", "lama", channel="x") for i in range(29)])
    put(store, [review(f"m{i}", "lama", channel="email") for i in range(30)])
    tag_all(store, {})
    store.close()
    shown = simak("show", "consistency", "--db", url).output.splitlines()
    assert [line.endswith("few") for line in shown if line.startswith("Senandika  ")] == [
        False, True,
    ]  # fmt: skip
