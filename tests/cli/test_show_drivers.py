from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simak.errors import ConfigurationError
from store.engine import open_store
from tests.builders import put, review, tag_all, tagged
from tests.cli.conftest import Simak

Asked = Callable[..., Any]


@pytest.fixture
def db(folder: Path) -> str:
    """40 complaints about the price alone, 10 about price and delivery, 40 who recommend."""
    url = f"sqlite:///{folder / 'simak.db'}"
    price = {"price": "negative"}
    both = {"price": "negative", "delivery": "negative"}
    said = {f"mahal {i}": tagged("negative", price, signals=["switching"]) for i in range(40)}
    said |= {f"mahal dan lama {i}": tagged("negative", both) for i in range(10)}
    said |= {f"enak {i}": tagged("positive", signals=["advocacy"]) for i in range(40)}
    store = open_store(url)
    stars = {"negative": 2.0, "positive": 5.0}
    put(
        store,
        [
            review(text, text, stars=stars[tags.sentiment] - i % 2, product="kopi")
            for i, (text, tags) in enumerate(said.items())
        ],
    )
    tag_all(store, said)
    store.close()
    return url


def test_what_weighs_is_shown_with_its_words(simak: Simak, db: str) -> None:
    shown = simak("show", "drivers", "--db", db, "--examples", "1").output
    assert "50 of 90 mentions complain, 55.6 %: 11.1 % of several things at once" in shown
    price = next(line for line in shown.splitlines() if line.startswith("Harga "))
    assert "−44.4 pp" in price
    assert "Pengiriman (too few)" in shown
    assert "· mahal" in shown.partition("Harga, and nothing else")[2]
    assert "Association, not cause" in shown


@pytest.mark.parametrize(("by", "name"), [("facet:product", "kopi"), ("channel", "google_play")])
def test_parts_are_named(simak: Simak, db: str, by: str, name: str) -> None:
    shown = simak("show", "drivers", "--db", db, "--by", by).output
    assert shown.splitlines()[0].startswith(f"{name}: 50 of 90 mentions")


def test_functions_stand_in_place_of_touchpoints(simak: Simak, asked: Asked, db: str) -> None:
    assert "logistics (too few)" in simak("show", "drivers", "--db", db, "--by", "owner").output
    found = asked("show", "drivers", "--db", db, "--by", "owner")
    assert {row["id"] for row in found["drivers"]["parts"][0]["rows"]} == {"sales", "logistics"}


def test_parts_that_are_not_there(simak: Simak, db: str) -> None:
    wrong = simak("show", "drivers", "--db", db, "--by", "product")
    assert isinstance(wrong.exception, ConfigurationError)
    assert "facet:product" in str(wrong.exception)
    none = simak("show", "drivers", "--db", db, "--by", "facet:region").output
    assert "no mention says anything of facet:region" in none


def test_mentions_of_one_thing_alone_can_be_opened(asked: Asked, db: str) -> None:
    price = ("show", "mentions", "--db", db, "--touchpoint", "price", "--polarity", "negative")
    assert asked(*price)["count"] == 50
    assert asked(*price, "--alone")["count"] == 40


def test_signals_are_shown_over_time_and_with_what_they_go(
    simak: Simak, asked: Asked, db: str
) -> None:
    shown = simak("show", "signals", "--db", db).output
    assert "What goes with leaving" in shown
    assert "nothing more than with any other blame or praise" in shown
    assert "44.4 %" in shown
    found = asked("show", "signals", "--db", db, "--every", "month")["signals"]
    switching = found["rows"][0]
    assert (switching["id"], switching["share"]["k"]) == ("switching", 40)
    assert [point["start"] for point in switching["points"]] == ["2026-05-01"]
