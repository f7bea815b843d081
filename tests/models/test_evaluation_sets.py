from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from models.evaluation import reserved, sets
from models.evaluation.metrics import METRICS, labelled
from models.evaluation.reserved import EXPORTS, reserved_keys
from models.evaluation.sets import check_set, exports_set, read_set, reference_sets
from models.labels import TOUCHPOINTS
from models.training.corpus import Corpus, load_corpus
from models.training.rows import UNLABELLED, key
from simak.errors import ConfigurationError

FULL = {
    "text": "refund belum cair",
    "sentiment": "negative",
    "complaint": True,
    "touchpoints": {"returns_refunds": "negative"},
    "signals": ["no_reply"],
    "language": "id",
    "source": "chat",
}


def written(path: Path, *records: object) -> Path:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labelled.jsonl"


def test_a_line_has_any_of_the_labels(path: Path) -> None:
    found = read_set(written(path, FULL, "", {"text": "ok", "sentiment": None, "complaint": False}))
    full, bare = found.rows
    assert (found.name, found.languages) == ("file", ("id", ""))
    assert (full.sentiment, full.complaint, full.source) == (0, 1, "chat")
    assert dict(full.touchpoints) == {"returns_refunds": "negative"}
    assert (full.signals, len(full.known)) == (("no_reply",), len(TOUCHPOINTS))
    assert (bare.sentiment, bare.complaint, bare.signals) == (UNLABELLED, 0, None)
    assert (bare.known, bare.source) == (frozenset(), "file")


def test_no_touchpoint_is_a_label_too(path: Path) -> None:
    (row,) = read_set(written(path, {"text": "ok", "touchpoints": {}, "signals": []})).rows
    assert (len(row.known), row.signals) == (len(TOUCHPOINTS), ())


def test_byte_order_mark_and_half_characters_are_read(path: Path) -> None:
    line = '{"text": "a \\ud83d b", "source": "\\ud83d", "complaint": true}'
    path.write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\n")
    (row,) = read_set(path).rows
    assert (row.text, row.source) == ("a ? b", "?")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "half', "not a line of JSON"),
        ("[1]", "it is no object"),
        ({"sentiment": "negative"}, "'text' is missing or empty"),
        ({**FULL, "text": 7}, "'text' is missing or empty"),
        ({**FULL, "text": " "}, "'text' is missing or empty"),
        ({**FULL, "sentiment": "bad"}, "sentiment: 'bad' is not known; known are negative, "),
        ({**FULL, "sentiment": ["negative"]}, "is not known"),
        ({**FULL, "complaint": 1}, "complaint = 1 is neither true nor false"),
        ({**FULL, "touchpoints": ["delivery"]}, "'touchpoints' is no object"),
        ({**FULL, "touchpoints": {"dlivery": "negative"}}, "touchpoints: 'dlivery' is not known"),
        ({**FULL, "touchpoints": {"delivery": "sad"}}, "delivery: 'sad' is not known"),
        ({**FULL, "touchpoints": {"delivery": None}}, "'delivery' has no polarity"),
        ({**FULL, "signals": "anxiety"}, "'signals' is no list"),
        ({**FULL, "signals": ["rage"]}, "signals: 'rage' is not known; known are switching, "),
        ({**FULL, "language": "fr"}, "language: 'fr' is not known"),
        ({**FULL, "source": 3}, "'source' is no string"),
    ],
)
def test_a_bad_line_is_named(path: Path, line: object, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_set(written(path, FULL, "", line, FULL))
    assert caught.value.line == 3
    assert str(caught.value).startswith(f"{path}, line 3: ")
    assert message in str(caught.value)


def test_bytes_that_are_no_utf8_are_named(path: Path) -> None:
    path.write_bytes(json.dumps(FULL).encode() + b'\n{"text": "caf\xe9"}\n')
    with pytest.raises(ConfigurationError, match=r"line 2: not a line of JSON.*utf-8"):
        read_set(path)


def test_a_file_with_nothing_to_measure_is_refused(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="it is empty"):
        read_set(written(path, "", ""))
    with pytest.raises(ConfigurationError, match="no line has a label to measure by"):
        read_set(written(path, {"text": "barang bagus", "language": "id"}))
    with pytest.raises(ConfigurationError, match="it cannot be read: No such file"):
        read_set(path.with_name("nothing.jsonl"))


def test_check_set_is_read_from_where_it_ships(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "CHECK", written(path, FULL))
    assert (check_set().name, len(check_set().rows)) == ("check", 1)


@pytest.fixture
def annotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of two exports, and labels for a text of each."""
    (tmp_path / "exports").mkdir()
    texts = {"apps": ("content", ["Bagus!", "Aplikasi lemot", "lemot"]), "tweets": ("text", ["ok"])}
    for source, (column, cells) in texts.items():
        with gzip.open(
            tmp_path / "exports" / f"{source}.csv.gz", "wt", encoding="utf-8", newline=""
        ) as file:
            rows = csv.writer(file)
            rows.writerows([["id", column], *((n, cell) for n, cell in enumerate(cells))])
    labels: dict[str, Any] = {name: FULL[name] for name in ("sentiment", "complaint", "signals")}
    records = [
        labels | {"key": key("aplikasi lemot"), "source": "apps", "touchpoints": {}},
        labels | {"key": key("ok"), "source": "tweets", "touchpoints": {"trust": "neutral"}},
    ]
    monkeypatch.setattr(sets, "EXPORTS", written(tmp_path / "labels.jsonl", *records))
    return tmp_path


def test_labels_find_their_text_in_the_exports(annotated: Path) -> None:
    rows = exports_set(annotated).rows
    assert [(row.text, row.source) for row in rows] == [
        ("Aplikasi lemot", "apps"),
        ("ok", "tweets"),
    ]
    assert dict(rows[1].touchpoints) == {"trust": "neutral"}


def test_an_export_that_is_missing_or_another_is_refused(annotated: Path) -> None:
    export = annotated / "exports" / "tweets.csv.gz"
    export.write_bytes(gzip.compress(b"text\nsomething else\n"))
    with pytest.raises(ConfigurationError, match=r"tweets.csv.gz: 1 of 1 annotated texts"):
        exports_set(annotated)
    export.write_bytes(gzip.compress(b"body\nok\n"))
    with pytest.raises(ConfigurationError, match="no column content or text"):
        exports_set(annotated)
    export.unlink()
    with pytest.raises(ConfigurationError, match="an export is missing"):
        exports_set(annotated)


def test_reserved_keys_are_those_of_both_files(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserved, "CHECK", written(path, FULL))
    labels = EXPORTS.read_text(encoding="utf-8").splitlines()
    assert reserved_keys() == {key(FULL["text"])} | {json.loads(line)["key"] for line in labels}  # type: ignore[arg-type]
    assert len(labels) == 150


def test_without_knowing_what_is_reserved_nothing_is_learned(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserved, "CHECK", path)
    with pytest.raises(ConfigurationError, match=r"labelled.jsonl: it must be there"):
        reserved_keys()


def test_the_shipped_check_set_is_labelled_in_every_head_and_has_no_text_twice() -> None:
    rows = check_set().rows
    assert len(rows) >= 150
    assert all(labelled(head, row) for row in rows for head in METRICS)
    assert len({key(row.text) for row in rows}) == len(rows)


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    return load_corpus(shared / "data")


def test_nothing_that_only_measures_is_learned_from(corpus: Corpus, shared: Path) -> None:
    never = reserved_keys()
    learned = [*corpus.train, *corpus.validation]
    assert not [row.text for row in learned if key(row.text) in never]
    assert len(exports_set(shared / "data").rows) == 150


def test_a_training_text_that_is_put_into_the_check_set_is_no_longer_learned(
    corpus: Corpus, shared: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, other = corpus.train[0].text, corpus.validation[0].text
    monkeypatch.setattr(
        reserved, "CHECK", written(path, FULL | {"text": text}, FULL | {"text": other})
    )
    less = load_corpus(shared / "data")
    assert len(less.validation) == len(corpus.validation) - 1
    assert not {key(text), key(other)} & {key(row.text) for row in (*less.train, *less.validation)}


def test_reference_sets_are_all_that_can_be_measured(
    corpus: Corpus, shared: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "CHECK", written(path, FULL))
    found = {one.name: one for one in reference_sets(shared / "data", corpus)}
    assert {name: len(one.rows) for name, one in found.items()} == {
        "smsa": 1240,
        "nusax_indonesian": 100,
        "nusax_english": 100,
        "nusax_javanese": 100,
        "nusax_sundanese": 100,
        "held_back": 400,
        "exports": 150,
        "check": 1,
    }
    assert set(found["nusax_javanese"].languages) == {"jv"}
    assert set(found["smsa"].languages) == {""}
