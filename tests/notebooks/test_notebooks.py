"""Every notebook answers its question on the sample, and its figures are counted again here."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import pytest
from scipy.stats import chi2_contingency
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from store.engine import open_store
from store.filter import Filter
from store.lists import MentionRow, list_mentions
from tests.notebooks.running import NOTEBOOKS, PATHS, ROOT, Ran, fill, run_all

BRAND, RIVAL = "Senandika", "Griyakita"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Sample:
    """The sample as it came, and as the model tagged it, mention by mention."""

    def __init__(self, database: Path) -> None:
        store = open_store(f"sqlite:///{database}")
        self.rows = list_mentions(store, Filter(), limit=10_000)
        self.zone = store.zone
        store.close()

    @cached_property
    def raw(self) -> list[dict[str, Any]]:
        lines = (ROOT / "simak/sample/senandika.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def day(self, row: MentionRow) -> date:
        assert row.published_at is not None
        return row.published_at.astimezone(self.zone).date()

    def of(
        self,
        brand: str = BRAND,
        since: date = date.min,
        until: date = date.max,
        where: Callable[[MentionRow], bool] = lambda row: True,
    ) -> list[MentionRow]:
        return [
            row
            for row in self.rows
            if row.brand == brand and since <= self.day(row) <= until and where(row)
        ]


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sample, dict[str, Any]]:
    """Every notebook, run once on one sample, which was tagged once."""
    folder = tmp_path_factory.mktemp("notebooks")
    database = folder / "sample.db"
    own = fill(database, folder)
    assert not Path(own).exists(), "a notebook's own store ends with its kernel"
    return Sample(database), dict(run_all(database, folder))


def of(ran: tuple[Sample, dict[str, Any]], name: str) -> tuple[Sample, Ran]:
    sample, notebooks = ran
    found = notebooks[name]
    if isinstance(found, BaseException):
        raise found
    return sample, found


def blames(row: MentionRow) -> set[str]:
    return {name for name, tag in row.touchpoints.items() if tag.polarity == "negative"}


def negative(row: MentionRow) -> bool:
    return row.sentiment == "negative"


def about(name: str) -> Callable[[MentionRow], bool]:
    return lambda row: name in row.touchpoints


def is_share(value: dict[str, Any], k: int, n: int) -> None:
    low, high = proportion_confint(k, n, method="wilson")
    assert (value["k"], value["n"]) == (k, n)
    assert (value["value"], value["low"], value["high"]) == pytest.approx((k / n, low, high))


def is_mean(value: dict[str, Any], stars: Sequence[float]) -> None:
    low, high = DescrStatsW(stars).tconfint_mean()
    assert value["n"] == len(stars)
    assert value["value"] == pytest.approx(sum(stars) / len(stars))
    assert (value["low"], value["high"]) == pytest.approx((max(1.0, low), min(5.0, high)))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_asks_a_question_and_keeps_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    title = notebook.cells[0].source.splitlines()[0]
    assert re.fullmatch(r"# [^#].*\?", title)
    assert notebook.metadata == METADATA
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        assert cell.metadata == {}
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    ids = [cell["id"] for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    # Names, not what an editor draws: a cell that is moved or added changes no other.
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", id) for id in ids)


@pytest.mark.parametrize("path", [*PATHS, NOTEBOOKS / "common.py"], ids=lambda path: path.stem)
def test_a_notebook_names_no_machine(path: Path) -> None:
    assert not re.search(r"/(home|root|tmp|work|Users|var)/|[A-Z]:\\\\", path.read_text())


def test_the_readme_names_every_notebook() -> None:
    named = re.findall(r"`(\w+)\.ipynb`", (NOTEBOOKS / "README.md").read_text())
    assert sorted(named) == [path.stem for path in PATHS]
    assert len(PATHS) == 4


@pytest.mark.parametrize("brand", [BRAND, RIVAL])
def test_reputation_is_that_of_the_mentions(ran: tuple[Sample, dict[str, Any]], brand: str) -> None:
    sample, notebook = of(ran, "reputation")
    raw = [one for one in sample.raw if one["brand"] == brand]
    rows = sample.of(brand)
    sentiments = Counter(row.sentiment for row in rows)
    whole = notebook.values["whole"][brand]
    assert whole["volume"]["value"] == len(raw) == len(rows)
    is_mean(whole["stars"], [one["stars"] for one in raw if one.get("stars") is not None])
    is_share(whole["complaint_rate"], sum(row.complaint for row in rows), len(rows))
    net = (sentiments["positive"] - sentiments["negative"]) / len(rows)
    assert whole["net_sentiment"]["value"] == pytest.approx(net)
    assert whole["net_sentiment"]["low"] < net < whole["net_sentiment"]["high"]
    words = f"{100 * net:.1f} % (".replace("-", "−")
    assert words in notebook.shown["whole"]

    months = Counter(sample.day(row).strftime("%Y-%m") for row in rows if negative(row))
    trend = notebook.values["trend"][brand]
    assert {m["start"][:7]: m["negative"] for m in trend if m["negative"]} == dict(months)
    assert sum(month["volume"] for month in trend) == len(raw)

    last = date.fromisoformat(notebook.values["days"][1])
    assert last == max(sample.day(row) for row in sample.of(BRAND))
    lately = notebook.values["lately"][brand]["volume"]["value"]
    assert lately == len(sample.of(brand, last - timedelta(days=90), last))


def test_the_brand_is_held_against_its_rival(ran: tuple[Sample, dict[str, Any]]) -> None:
    sample, notebook = of(ran, "reputation")
    stars = {
        brand: [row.stars for row in sample.of(brand) if row.stars is not None]
        for brand in (BRAND, RIVAL)
    }
    difference = sum(stars[BRAND]) / len(stars[BRAND]) - sum(stars[RIVAL]) / len(stars[RIVAL])
    assert notebook.values["against"]["stars"]["value"] == pytest.approx(difference)
    channels = Counter(row.channel for row in sample.of(BRAND))
    found = notebook.values["channels"].items()
    assert {name: metrics["volume"]["value"] for name, metrics in found} == dict(channels)


def test_the_month_of_the_incident_is_unlike_the_others(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "reputation")
    rows = sample.of(BRAND)
    months = sorted({sample.day(row).strftime("%Y-%m") for row in rows})
    ps = []
    for month in months:
        table = [[0, 0], [0, 0]]
        for row in rows:
            table[sample.day(row).strftime("%Y-%m") == month][row.complaint] += 1
        ps.append(chi2_contingency(table, correction=False).pvalue)
    stands_out = multipletests(ps, method="fdr_bh")[0]
    expected = [month for month, out in zip(months, stands_out, strict=True) if out]
    found = notebook.values["unlike"][BRAND]
    assert [month["month"] for month in found] == expected
    assert "2026-05" in expected
    may = sample.of(BRAND, date(2026, 5, 1), date(2026, 5, 31))
    bad = sum(map(negative, may))
    assert notebook.printed["words"].strip() == (
        f"May 2026: {bad} of {len(may)} mentions are negative"
    )


def test_touchpoints_are_ranked_by_what_they_alone_are_blamed_for(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "complaint_touchpoints")
    rows = sample.of(BRAND)
    complaints = [row for row in rows if row.complaint]
    alone = Counter(name for row in complaints for name in blames(row) if len(blames(row)) == 1)
    spoken = Counter(name for row in rows for name in row.touchpoints)
    weighed = notebook.values["weighed"]
    for row in weighed["rows"]:
        is_share(row["impact"], alone[row["id"]], len(rows))
        blaming = sum(row["id"] in blames(one) for one in complaints)
        is_share(row["complaints"], blaming, len(complaints))
    ranked = notebook.values["ranked"]
    assert set(ranked) == {name for name, n in spoken.items() if n >= 30}
    assert [alone[name] for name in ranked] == sorted((alone[n] for n in ranked), reverse=True)
    several = sum(len(blames(row)) > 1 for row in complaints)
    none = sum(not blames(row) for row in complaints)
    assert notebook.printed["sum"].startswith(
        f"{len(complaints)} of {len(rows)} mentions complain: {alone.total()} blame one touchpoint "
        f"alone, {several} several, {none} none."
    )


def test_phases_and_channels_are_counted_once_for_each_mention(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "complaint_touchpoints")
    rows = sample.of(BRAND)
    phases = notebook.values["phases"]
    assert [phase["id"] for phase in phases] == [
        "awareness", "transaction", "customer_service", "after_sales", "retention",
    ]  # fmt: skip
    for phase in phases:
        own = set(phase["touchpoints"])
        speaking = [row for row in rows if own & set(row.touchpoints)]
        is_share(
            phase["negative_rate"], sum(bool(own & blames(row)) for row in speaking), len(speaking)
        )
    for cell in notebook.values["cells"]:
        here = [row for row in rows if row.channel == cell["channel"] and row.complaint]
        assert cell["all_complaints"] == len(here)
        assert cell["complaints"] == sum(cell["touchpoint"] in blames(row) for row in here)


def test_the_words_are_of_who_blames_that_touchpoint_alone(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "complaint_touchpoints")
    by_text = {" ".join(row.text.split()): row for row in sample.of(BRAND)}
    names = [quote["touchpoint"] for quote in notebook.values["words"]]
    top = notebook.values["ranked"][:3]
    blamed = [blames(by_text[quote["words"]]) for quote in notebook.values["words"]]
    assert len(set(names)) == 3
    assert blamed == [{name} for name in top for _ in range(3)]
    opened = re.findall(r"(\d+) counted, (\d+) opened", notebook.printed["open"])
    assert len(opened) == 3
    assert all(counted == found != "0" for counted, found in opened)


def test_the_incident_is_known_within_days_and_not_before(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "incident")
    values = notebook.values
    first = values["incident"][0]
    since, found = date.fromisoformat(first["since"]), date.fromisoformat(first["found"])
    known = date.fromisoformat(values["known"])
    # Orders of 11 May were the first that did not come on their day.
    assert abs(since - date(2026, 5, 11)) <= timedelta(days=2)
    assert date(2026, 5, 11) < known <= found <= date(2026, 5, 18)
    evenings = values["evenings"].items()
    assert [n for day, n in evenings if date.fromisoformat(day) < known] == [0] * (
        (known - since).days
    )
    assert all(n for day, n in evenings if date.fromisoformat(day) >= known)

    days = Counter(sample.day(row) for row in sample.of(BRAND, where=negative))
    drawn = {date.fromisoformat(row["day"][:10]): row["negative"] for row in values["daily"]}
    assert drawn == {day: days[day] for day in drawn}
    assert sum(drawn.values()) > 200
    by_then = sum(n for day, n in days.items() if since <= day <= known)
    ever = sum(n for day, n in drawn.items() if day >= since)
    assert f"after {by_then} of the {ever} negative mentions" in notebook.printed["known-words"]


def test_the_incident_is_explained_by_its_own_mentions(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "incident")
    values = notebook.values
    touched = {finding["touchpoint"] for finding in values["incident"]}
    # What the sample tells: late parcels, no answers, then refunds that do not come.
    assert {"delivery", "customer_service", "returns_refunds"} <= touched
    first = values["incident"][0]
    assert (first["touchpoint"], first["polarity"]) == (None, "negative")
    days = (date.fromisoformat(first[end]) for end in ("since", "until"))
    rows = sample.of(BRAND, *days, where=negative)
    assert first["seen"]["k"] == len(rows)
    channels = Counter(row.channel for row in rows)
    made = {row["part"]: row["mentions"] for row in values["made"] if row["by"] == "channel"}
    assert made
    assert made == {name: channels[name] for name in made}
    delivery = sum("delivery" in blames(row) for row in rows)
    assert {row["part"]: row["mentions"] for row in values["made"]}["Delivery"] == delivery
    assert values["words"]
    for word, n in values["words"].items():
        assert n == sum(bool(re.search(rf"\b{word}\b", row.text.lower())) for row in rows)
    assert values["copied"] is False
    assert (values["own"]["k"], values["own"]["n"]) == (len(rows), len(rows))
    assert "Copies do not explain it." in notebook.printed["noise"]


def test_the_action_has_too_little_data_and_says_what_is_needed(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "action_effect")
    effect = notebook.values["effect"]
    assert notebook.values["recorded"] == 1  # though its cell was run twice
    day = date.fromisoformat(effect["action"]["day"])
    assert (effect["action"]["touchpoint"], day) == ("packaging", date(2026, 8, 3))
    far = timedelta(weeks=effect["weeks"])
    assert effect["weeks"] == 8
    sides = [
        sample.of(BRAND, since, since + far - timedelta(days=1), about("packaging"))
        for since in (day - far, day)
    ]
    for name, rows in zip(("before", "after"), sides, strict=True):
        bad = sum("packaging" in blames(row) for row in rows)
        share = effect["negative"][name]
        assert (share["k"], share["n"]) == (bad, len(rows))
        low, high = proportion_confint(bad, len(rows), method="wilson")
        # Never surer than chance alone would be, and here good and bad weeks make it less sure.
        assert share["low"] <= low + 1e-9
        assert share["high"] >= high - 1e-9

    fewer = min(map(len, sides))
    missing = effect["missing"]
    assert effect["verdict"] == "not_enough_data"
    assert missing["n"] == fewer < missing["needed"]
    assert notebook.printed["verdict"].startswith("Not enough data to tell.")
    assert notebook.printed["needed-words"].strip() == (
        f"In 8 weeks a side, the side with fewer has {fewer} mentions of the "
        f"{missing['needed']} that are needed: {missing['needed'] - fewer} more."
    )
    # By hand: (1.96 √(2 · 0.35 · 0.65) + 0.84 √(0.4 · 0.6 + 0.3 · 0.7))² / 0.1²
    assert notebook.values["needed"] == 356
    assert {row["verdict"] for row in notebook.values["longer"].values()} == {"not_enough_data"}


def test_the_action_is_checked_against_stars_and_words(
    ran: tuple[Sample, dict[str, Any]],
) -> None:
    sample, notebook = of(ran, "action_effect")
    day, far = date(2026, 8, 3), timedelta(weeks=8)
    sides = [
        sample.of(BRAND, since, since + far - timedelta(days=1), about("packaging"))
        for since in (day - far, day)
    ]
    before, after, change = notebook.values["stars"]
    stars = [[row.stars for row in rows if row.stars is not None] for rows in sides]
    is_mean(before, stars[0])
    is_mean(after, stars[1])
    assert change["value"] == pytest.approx(after["value"] - before["value"])
    bad = [row for row in sides[1] if "packaging" in blames(row)]
    rated = [row for row in bad if row.stars is not None]
    content = [row for row in rated if (row.stars or 0) >= 4]
    assert notebook.printed["check"].startswith(
        f"Of {len(bad)} counted as bad after the day, {len(rated)} came with stars, "
        f"{len(content)} of them with four or five"
    )
    quoted = {row["words"] for row in notebook.values["content"]}
    assert quoted == {" ".join(row.text.split()) for row in content}
    months = Counter(
        sample.day(row).replace(day=1).isoformat()
        for row in sample.of(BRAND, where=about("packaging"))
    )
    assert {month: v["n"] for month, v in notebook.values["months"].items()} == dict(months)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("reputation", ("trend", "where")),
        ("complaint_touchpoints", ("impact", "phase", "channel")),
        ("incident", ("chart",)),
        ("action_effect", ("chart", "curve")),
    ],
)
def test_charts_name_their_axes(
    ran: tuple[Sample, dict[str, Any]], name: str, cells: tuple[str, ...]
) -> None:
    _, notebook = of(ran, name)
    for cell in cells:
        (spec,) = re.findall(r'\}\)\((\{"config".*\}), \{"mode"', notebook.shown[cell], re.DOTALL)
        layers = json.loads(spec).get("layer", [json.loads(spec)])
        channels = [
            (layer["encoding"][axis]["field"], layer["encoding"][axis].get("title", ""))
            for layer in layers
            for axis in ("x", "y")
            if layer["mark"]["type"] != "rule" and axis in layer["encoding"]
        ]
        assert channels
        # A name beside its own mark needs no title.
        assert all(title or field == "name" for field, title in channels), (cell, channels)
