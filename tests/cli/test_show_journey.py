from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.engine import open_store
from store.models import Model, save_model
from tests.builders import NOW, put, review, tag_all, tagged
from tests.cli.conftest import Simak
from tests.stores import empty_store

SERVICE = {"customer_service": "negative"}
SAID = {
    "lama": (40, tagged("negative", {"delivery": "negative"}, signals=["broken_promise"])),
    "murah": (60, tagged("positive", {"price": "positive"})),
    "awet": (50, tagged("positive", {"product_quality": "positive"})),
    "tak dibalas": (4, tagged("negative", SERVICE, signals=["no_reply"])),
}


@pytest.fixture
def told(folder: Path) -> str:
    """The URL of a store in which delivery is what fails."""
    store = empty_store(folder / "told.db")
    for text, (times, _) in SAID.items():
        put(
            store,
            [
                review(
                    f"{text}{i}", f"{text} {i}", attributes={"region": "Bali" if i % 2 else "Jawa"}
                )
                for i in range(times)
            ],
        )
    tag_all(store, {f"{t} {i}": tags for t, (times, tags) in SAID.items() for i in range(times)})
    store.close()
    return f"sqlite:///{folder / 'told.db'}"


def test_the_journey_is_told_in_words(simak: Simak, told: str) -> None:
    shown = simak("show", "journey", "--db", told).output
    assert "154 mentions speak of a touchpoint; 44 complaints" in shown
    assert (
        "Pengiriman (transaction) is weak in an otherwise good journey: 100.0 % negative against "
        "0.0 % of the rest of its phase" in shown
    )
    assert "After-sales is spoken badly of less often than the rest of the journey" in shown
    assert "hardly spoken of while they work" in shown
    assert "A model has read the mentions, and errs" in shown
    assert "counted together" not in shown
    assert "(100.0 %)" in shown  # four of customer service
    assert "Kualitas produk 0.0 %, the only one with enough mentions" in shown


def test_no_brand_of_the_name_is_no_good_news(simak: Simak, told: str) -> None:
    for name in ("journey", "causes", "drivers", "signals", "touchpoints", "reputation"):
        wrong = simak("show", name, "--brand", "Sinandika", "--db", told)
        assert "no brand 'Sinandika'; there is: Senandika" in str(wrong.exception)


def test_several_brands_are_said_to_be_counted_together(simak: Simak, told: str) -> None:
    store = open_store(told)
    put(store, [review(f"r{i}", f"lama {i}", "2026-06-10") for i in range(40)], brand="Griyakita")
    tag_all(store, {f"lama {i}": SAID["lama"][1] for i in range(40)})
    store.close()
    for name in ("journey", "causes", "drivers", "signals", "touchpoints", "reputation"):
        assert "2 brands are counted together" in simak("show", name, "--db", told).output
        one = simak("show", name, "--db", told, "--brand", "Senandika").output
        assert "counted together" not in one
    assert "counted" not in simak("show", "drivers", "--db", told, "--by", "brand").output


def test_what_may_be_chance_and_what_is_too_few_is_marked(simak: Simak, told: str) -> None:
    store = open_store(told)
    put(store, [review(f"a{i}", f"lama {i}", "2026-04-10") for i in range(35)])
    put(store, [review(f"b{i}", "tak dibalas 1", "2026-04-10") for i in range(3)])
    tag_all(store, {f"{t} {i}": tags for t, (n, tags) in SAID.items() for i in range(n)})
    store.close()
    may = ("--since", "2026-05-01", "--until", "2026-05-30", "--db", told)
    shown = simak("show", "touchpoints", *may).output
    service = next(line for line in shown.splitlines() if line.startswith("Layanan"))
    assert "+1.2 pp?" in service  # 4 of 44, after 3 of 38
    assert "(100.0 %) of 4" in service
    assert "+1.2 pp?" in simak("show", "journey", *may).output
    weeks = simak("show", "signals", "--every", "week", "--db", told).output
    assert "(…): too few" in weeks
    fax = ("--channel", "fax", "--db", told)
    assert "no complaints" in simak("show", "causes", *fax).output
    assert simak("show", "drivers", *fax).output == "no tagged mentions\n"
    signals = simak("show", "signals", *fax).output
    assert "too few mentions to tell" in signals
    assert "nothing more than" not in signals


def test_many_complaints_of_nothing_are_doubted(simak: Simak, told: str) -> None:
    first, *_ = simak("show", "touchpoints", "--db", told).output.splitlines()
    assert first == "44 complaints, 0.0 % of nothing in particular"
    store = open_store(told)
    put(store, [review(f"v{i}", f"kopi {i}") for i in range(60)])
    tag_all(store, {f"kopi {i}": tagged("negative") for i in range(60)})
    store.close()
    first, *_ = simak("show", "touchpoints", "--db", told).output.splitlines()
    assert first.startswith("104 complaints, 57.7 % of nothing in particular: so many that")


def test_praise_does_not_hide_what_is_blamed_in_its_phase(simak: Simak, told: str) -> None:
    store = open_store(told)
    put(store, [review(f"r{i}", f"uang {i}") for i in range(30)])
    refund = tagged("negative", {"returns_refunds": "negative"})
    tag_all(store, {f"uang {i}": refund for i in range(30)})
    put(store, [review(f"l{i}", f"lama {i}") for i in range(40, 140)])
    tag_all(store, {f"lama {i}": SAID["lama"][1] for i in range(40, 140)})
    store.close()
    lines = simak("show", "journey", "--db", told).output.splitlines()
    praised = next(line for line in lines if line.startswith("· After-sales"))
    assert "spoken badly of less often" in praised
    assert praised.endswith("But in it: Retur & refund 100.0 %.")


def test_segments_are_said_to_complain_more_or_less(simak: Simak, told: str) -> None:
    store = open_store(told)
    papua = [review(f"p{i}", f"lama {i}", attributes={"region": "Papua"}) for i in range(40)]
    put(store, papua)
    tag_all(store, {f"lama {i}": SAID["lama"][1] for i in range(40)})
    store.close()
    shown = simak("show", "segments", "--by", "region", "--db", told).output
    assert "100.0 % more than the others' 28.6 %" in shown  # 44 of 154
    assert "28.6 % less than the others' " in shown


def test_how_good_the_tags_of_signals_are_is_said(simak: Simak, told: str) -> None:
    def promises() -> str:
        lines = simak("show", "signals", "--db", told).output.splitlines()
        return next(line for line in lines if line.startswith("broken promise"))

    assert promises().split()[-2:] == ["–", "–"]
    quality = {"labels": {"broken_promise": {"precision": 0.5652, "recall": 0.619, "n": 21}}}
    store = open_store(told)
    save_model(store, Model("m", quality, NOW))
    store.close()
    assert promises().endswith("(56.5 %)    (61.9 %)")


def test_causes_and_functions(simak: Simak, asked: Callable[..., Any], told: str) -> None:
    shown = simak("show", "causes", "--db", told).output
    assert "100.0 % give a sign of one of these causes" in shown
    assert "needs one brand with enough mentions in two channels" in shown
    assert "Janji tidak dipenuhi operasional 100.0 %" in shown
    first, *_ = asked("show", "causes", "--db", told)["causes"]
    assert (first["id"], first["complaint_share"]["k"]) == ("broken_promise", 40)
    assert first["behind"]["signals"] == ["broken_promise"]


def test_segments_are_listed_compared_and_chosen(
    simak: Simak, asked: Callable[..., Any], told: str
) -> None:
    assert asked("show", "segments", "--db", told) == {"facets": {"region": 2}}
    assert "region" in simak("show", "segments", "--db", told).output
    rows = asked("show", "segments", "--by", "region", "--db", told)["rows"]
    assert {row["value"]: row["volume"]["k"] for row in rows} == {"Bali": 77, "Jawa": 77}
    shown = simak("show", "segments", "--by", "region", "--db", told).output
    assert "0 mentions have no region" in shown
    assert "Harga 0.0 %, the only one with enough mentions" in shown
    assert "too few complaints" in shown
    wrong = simak("show", "segments", "--by", "planet", "--db", told)
    assert "nothing has a 'planet'; there is: region" in str(wrong.exception)
    bali = ("--segment", "region=Bali", "--db", told)
    assert asked("show", "mentions", *bali)["count"] == 77
    assert asked("show", "journey", *bali)["complaints"]["n"] == 22
    assert asked("show", "reputation", *bali)["now"]["complaint_rate"]["k"] == 22
    assert asked("show", "touchpoints", *bali)["touchpoints"]["complaints"] == 22
    assert asked("show", "copies", *bali)["mentions"] == 77
    typed = simak("show", "mentions", "--segment", "Bali", "--db", told)
    assert "write one such as region=Bali" in typed.output
