"""Each benchmark runs at a tiny size and says what it should. How fast is not tested."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest
import transformers
from click.testing import CliRunner

from benchmarks import (
    contention,
    importing,
    insights,
    masking,
    nights,
    pages,
    ray_engine,
    report,
    tagging,
    world,
)
from benchmarks.alerts import JUDGED, judged
from benchmarks.questions import SEARCHES, Questions
from benchmarks.report import Figure
from models.engine import LocalEngine
from simak.taxonomy import load_taxonomy
from store import rollups
from store.engine import Store
from store.filter import Filter
from store.identifiers import KINDS
from store.lists import count, list_mentions


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def _figures(main: Callable[..., None], *options: str) -> dict[str, Figure]:
    result = CliRunner().invoke(main, [*options, "--json"], catch_exceptions=False)  # type: ignore[arg-type]
    assert result.exit_code == 0
    return {figure["what"]: Figure(**figure) for figure in json.loads(result.stdout)}


def test_pages_are_timed_on_a_store_that_is_built_once() -> None:
    options = ("--mentions", "300", "--dialect", "sqlite", "--questions", "12")
    found = _figures(pages.main, *options)
    assert len(found) == 6
    for figure in found.values():
        assert figure.unit == "ms"
        assert figure.at_most == 300
        assert 0 < figure.value < 60_000
        assert "300 mentions" in figure.note
    database = next(world.cache().glob("*/simak.db"))
    before = database.stat().st_ino
    _figures(pages.main, *options)
    assert [path.stat().st_ino for path in world.cache().glob("*/simak.db")] == [before]


def test_a_night_s_work_is_timed_by_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nights, "NEW", 40)
    options = ("--mentions", "300", "--mentions", "600", "--dialect", "sqlite")
    found = _figures(nights.main, *options)
    for size in (300, 600):
        note = found[f"sqlite: a night of 40 new among {size}"].note
        assert re.search(r"× among 300; save [\d.]+, tag .*, copies .*; copies of texts", note)
    assert found["sqlite: disk of a million mentions"].value > 0


def test_every_insight_is_timed_against_a_plain_count() -> None:
    found = _figures(insights.main, "--mentions", "1500", "--times", "1")
    assert insights.INSIGHTS.keys() < found.keys()
    for name in insights.INSIGHTS:
        assert found[name].at_most == 1_000
        assert re.match(r"[\d.]+ x the plain count; its last quarter \d+ ms", found[name].note)


def test_masking_is_measured_by_kind_and_timed() -> None:
    found = _figures(masking.main, "--times", "1")
    assert len(found) == 2 * len(KINDS) + 1
    assert re.match(r"119 of 121; 94.2-99.5", found["masking, phone: recall"].note)


def test_the_store_of_the_pages_is_what_it_says(sqlite_store: Store) -> None:
    world.fill(sqlite_store, 2_000)
    assert rollups.verify(sqlite_store) == count(sqlite_store, Filter()).n == 2_000
    facets = rollups.facets(sqlite_store)
    assert set(facets.brands) == set(world.BRANDS)
    assert set(facets.channels) == set(world.CHANNELS)
    assert set(facets.languages) == set(world.LANGUAGES)
    assert facets.last == world.LAST_DAY
    assert facets.undated > 0
    cells = rollups.touchpoint_counts(sqlite_store, Filter(), by=("touchpoint",))
    known = {cell["touchpoint"]: cell["n"] for cell in cells}
    assert known[load_taxonomy().ids[0]] > 5 * known[load_taxonomy().ids[-1]]
    rows = list_mentions(sqlite_store, Filter(), limit=500)
    assert len({row.text for row in rows}) > 490


def test_questions_find_something_and_are_the_same_again(sqlite_store: Store) -> None:
    world.fill(sqlite_store, 1_000)
    first, again = Questions(1), Questions(1)
    for kind in SEARCHES:
        hits = 0
        for _ in range(20):
            asked = first.searched(kind)
            assert again.searched(kind) == asked
            hits += bool(count(sqlite_store, Filter(search=asked.list_filter.search)).n)
        assert hits >= 5, kind
    assert any(first.listed().after for _ in range(20))


@pytest.mark.postgresql
def test_an_import_is_timed_in_both_dialects() -> None:
    found = _figures(importing.main, "--rows", "250", "--times", "1")
    assert found["import into sqlite"].value > 1
    assert found["import into sqlite"].at_least == 3_000
    assert found["import into postgresql"].met is None


def test_the_file_that_is_imported_has_something_to_mask(tmp_path: Path) -> None:
    importing.write_reviews(tmp_path / "r.csv", 1_000)
    text = (tmp_path / "r.csv").read_text()
    assert len(re.findall(r"0812-\d{4}-\d{4}", text)) > 5
    assert text.count("@contoh.id") > 2


def test_three_at_once_make_no_error() -> None:
    found = _figures(contention.main, "--mentions", "400", "--seconds", "1")
    assert found["contention: errors"].value == 0
    assert found["contention: errors"].met
    assert found["contention: rows imported"].value > 1
    assert found["contention: a person's edit, p95"].value > 0
    assert found["contention: a page of a list, p95"].value > 0


def test_an_error_of_any_of_them_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = contention.Outcome([1.0], 1, ["_edit: StoreError('locked')"])
    fine = contention.Outcome([1.0], 1)
    outcomes = {"_import": fine, "_read": fine, "_edit": failed}
    monkeypatch.setattr(contention, "_together", lambda *_: outcomes)
    found = _figures(contention.main, "--mentions", "10", "--seconds", "1")
    assert found["contention: errors"].value == 1
    assert not found["contention: errors"].met


def test_tagging_is_compared_with_a_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    shallow = partial(transformers.BertConfig, num_hidden_layers=1)
    monkeypatch.setattr(transformers, "BertConfig", shallow)
    # The threads are those of torch, for all tests that follow in this process.
    options = ("--texts", "6", "--turns", "1", "--threads", "1", "--memory-texts", "20")
    found = _figures(tagging.main, *options)
    ratios = [figure for figure in found.values() if figure.unit == "×"]
    assert [figure.at_least for figure in ratios] == [20, 12]
    speeds = [figure.value for figure in found.values() if figure.unit == "texts/s"]
    assert len(speeds) == 3
    assert ratios[0].value == pytest.approx(speeds[0] / speeds[1])
    assert ratios[1].value == pytest.approx(speeds[0] / speeds[2])
    assert 20 < found["tagging: peak memory of the process"].value < 8_000


def test_texts_to_tag_come_from_any_file_that_can_be_imported(tmp_path: Path) -> None:
    file = tmp_path / "ulasan.csv"
    file.write_text("ulasan,bintang\nbagus,5\nlama,1\nbagus,4\n")
    assert sorted(tagging.read_texts(file, 10)) == ["bagus", "lama"]
    assert len(tagging.read_texts(None, 7)) == 7


def test_the_table_shows_which_target_is_missed() -> None:
    table = report.table(
        [
            Figure("fast", 4_170, "rows/s", "c", at_least=3_000),
            Figure("slow", 301, "ms", "c", at_most=300),
            Figure("by the way", 1.5, "s", "c"),
        ]
    )
    assert "4,170  rows/s  ≥ 3000 met" in table
    assert "301  ms      ≤ 300 MISSED" in table
    assert "1.5" in table


def test_the_ray_engine_is_measured_beside_the_tagger(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without a cluster, which tests/cli/test_ray.py has: what is counted is the same.
    monkeypatch.setattr(ray_engine, "RayEngine", lambda load, version, address: LocalEngine(load()))
    monkeypatch.setattr(ray_engine, "_cluster", lambda cores: nullcontext("here"))
    monkeypatch.setattr(ray_engine, "_BATCH", 5)
    found = _figures(ray_engine.main, "--texts", "20", "--turns", "1", "--rows", "20")
    assert {figure.unit for figure in found.values()} == {"texts/s", "rows/s", "×", "s", "bytes"}
    assert all(figure.value > 0 for figure in found.values())
    one, over = (
        found["ray: texts tagged, Ray, workers: 1"],
        found["ray: one worker over one thread"],
    )
    alone = found["ray: texts tagged, without Ray, threads: 1"]
    assert over.value == pytest.approx(one.value / alone.value)


def test_every_judgement_of_an_alert_has_its_reason() -> None:
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    assert len({row["key"] for row in rows}) == len(rows)
    assert all(row["reason"] and isinstance(row["true"], bool) for row in rows)
    assert judged() == {row["key"]: row["true"] for row in rows}
