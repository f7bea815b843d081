"""Reads each data set into rows."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from models.labels import SENTIMENTS, TOUCHPOINTS
from models.training.mappings import (
    ABSA_CATEGORIES,
    ABSA_COVERED,
    ABSA_RENAMED,
    BANKING,
    BANKING_ABSENT,
)
from models.training.rows import UNLABELLED, Row, key
from simak.errors import ConfigurationError

OWN = Path(__file__).with_name("labels")
"""The project's own labels: texts written for it, and annotations of public texts by key."""

ABSA_DOMAINS = tuple(ABSA_COVERED)
NUSAX_LANGUAGES = ("indonesian", "english", "javanese", "sundanese")
SENTIMENT_SETS = ("smsa", *(f"nusax_{language}" for language in NUSAX_LANGUAGES))
_ALL = frozenset(TOUCHPOINTS)


def annotated(data: Path) -> Iterator[Row]:
    """Yield the rows labelled after the guidelines, then those written for the project."""
    for name, weight in (("annotated_train", 1.0), ("authored_id", 0.6), ("authored_en", 0.6)):
        for record in _jsonl(data / "touchpoints" / f"{name}.jsonl"):
            source = record.get("source", name)
            yield _from_record(record, record["text"], source, weight)


def own_annotated(data: Path) -> Iterator[Row]:
    """Yield public texts with the project's own annotations, the people's sentiment kept.

    The texts stay where they are: an annotation names its text by `rows.key`. An annotated M-ABSA
    review lends its labels to its translation, which counts half.
    """
    labels = {record["key"]: record for record in _jsonl(OWN / "annotated.jsonl")}
    texts = chain(
        *(sentiment(data, f"{name}_train") for name in SENTIMENT_SETS), prdect(data), absa(data)
    )
    twins: dict[tuple[str, str], dict[str, Any]] = {}
    waiting: list[Row] = []
    for row in texts:
        record = labels.get(key(row.text))
        if record is None:
            waiting += [row] if row.group else []
            continue
        labelled = _from_record(record, row.text, row.source, 1.0)
        if row.source in SENTIMENT_SETS:
            labelled = replace(labelled, sentiment=row.sentiment)
        if row.group:
            twins[row.source, row.group] = record
        yield replace(labelled, group=row.group)
    for row in waiting:
        record = twins.get((row.source, row.group))
        if record is not None:
            yield replace(_from_record(record, row.text, row.source, 0.5), group=row.group)


def own_authored() -> Iterator[Row]:
    """Yield the texts written for the project, with their labels."""
    for record in _jsonl(OWN / "authored.jsonl"):
        yield _from_record(record, record["text"], "authored", 0.6)


def translated(data: Path) -> Iterator[Row]:
    """Yield the Indonesian translation of each annotated M-ABSA row, with the row's labels."""
    records = {
        (record["source"], record["id"]): record
        for record in _jsonl(data / "touchpoints" / "annotated_train.jsonl")
    }
    for domain in ABSA_DOMAINS:
        for row in _absa_records(data, domain, "id", "train"):
            record = records.get((f"m-absa-{domain}", row["id"]))
            if record is not None:
                yield _from_record(record, row["text"], f"m-absa-{domain}", 0.5)


def sentiment(data: Path, name: str) -> Iterator[Row]:
    """Yield the rows of one sentiment file, `smsa_train` or `nusax_english_valid` for example."""
    for record in _csv(data / "sentiment" / f"{name}.csv.gz"):
        label = SENTIMENTS.index(record["label"])
        yield Row(record["text"], name.rsplit("_", 1)[0], sentiment=label)


def prdect(data: Path) -> Iterator[Row]:
    """Yield marketplace reviews whose sentiment follows their stars: a weak label."""
    for record in _csv(data / "sentiment" / "prdect_id.csv.gz"):
        label = record["sentiment"].lower()
        if label in SENTIMENTS:  # one row has none
            yield Row(record["text"], "prdect-id", 0.3, sentiment=SENTIMENTS.index(label))


def banking(data: Path) -> Iterator[Row]:
    """Yield bank customers' questions whose intent names a touchpoint."""
    touchpoint_of = {intent: name for name, intents in BANKING.items() for intent in intents}
    for record in _csv(data / "touchpoints" / "banking77_train.csv.gz"):
        touchpoint = touchpoint_of.get(record["category"])
        if touchpoint is not None:
            known = BANKING_ABSENT | {touchpoint}
            labels = ((touchpoint, None),)
            yield Row(record["text"], "banking77", 0.3, touchpoints=labels, known=known)


def absa(data: Path) -> Iterator[Row]:
    """Yield M-ABSA reviews, the categories of their triplets read as touchpoints.

    Sentiment is taken where all triplets agree.
    """
    categories = json.loads(
        (data / "touchpoints" / "m_absa_category_map.json").read_text(encoding="utf-8")
    )
    for domain in ABSA_DOMAINS:
        for language in ("id", "en"):
            for split in ("train", "dev"):
                for record in _absa_records(data, domain, language, split):
                    yield _from_triplets(record, domain, categories[domain])


def _from_record(record: dict[str, Any], text: str, source: str, weight: float) -> Row:
    return Row(
        text,
        source,
        weight,
        SENTIMENTS.index(record["sentiment"]),
        int(record["complaint"]),
        tuple(record["touchpoints"].items()),
        _ALL,
        tuple(record["signals"]),
        record.get("id", ""),
    )


def _from_triplets(record: dict[str, Any], domain: str, categories: dict[str, Any]) -> Row:
    found: dict[str, set[str]] = {}
    unsure: set[str] = set()
    # A few triplets have no polarity, or one that is none of the three.
    triplets = [triplet for triplet in record["triplets"] if triplet[2] in SENTIMENTS]
    for _term, category, polarity in triplets:
        name = ABSA_CATEGORIES.get((domain, category))
        if name is None:
            listed = categories.get(category, [0, ""])[1] or ""
            name = ABSA_RENAMED.get(listed, listed)
        if name in _ALL:
            found.setdefault(name, set()).add(polarity)
        elif category.startswith("Logistics"):
            unsure |= {"delivery", "packaging", "product_quality"}
    polarities = {polarity for _term, _category, polarity in triplets}
    agreed = polarities.pop() if len(polarities) == 1 else ""
    label = SENTIMENTS.index(agreed) if agreed in ("negative", "positive") else UNLABELLED
    complaint = {"negative": 1, "positive": 0}.get(agreed, UNLABELLED)
    touchpoints = tuple(
        (name, values.pop() if len(values) == 1 else "neutral") for name, values in found.items()
    )
    known = (ABSA_COVERED[domain] | set(found)) - (unsure - set(found))
    return Row(
        record["text"], f"absa-{domain}", 0.3, label, complaint, touchpoints, known, None,
        record["id"],
    )  # fmt: skip


def _absa_records(data: Path, domain: str, language: str, split: str) -> Iterator[dict[str, Any]]:
    return _jsonl(data / "touchpoints" / f"m_absa_{domain}_{language}_{split}.jsonl.gz")


def _csv(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise ConfigurationError("a training file is missing; is --data right?", path=path)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise ConfigurationError("a training file is missing; is --data right?", path=path)
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
