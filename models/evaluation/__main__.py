"""Measures a model beside the baseline: `python -m models.evaluation --data …`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from models.checkpoint import load_tagger
from models.evaluation.baseline import Baseline
from models.evaluation.metrics import head_metrics, label_metrics, sentiment_macro_f1
from models.evaluation.spans import deletion_test
from models.tagger import Tagger
from models.training.corpus import Corpus, load_corpus
from simak.errors import SimakError


def measure(tagger: Tagger, corpus: Corpus) -> dict[str, float]:
    """Return every figure of a tagger: public sets by name, held-back rows by head."""
    figures = {
        f"{name} valid, sentiment macro-F1": sentiment_macro_f1(
            rows, tagger.predict([row.text for row in rows])
        )
        for name, rows in corpus.sentiment_sets.items()
    }
    rows = corpus.held_back
    heads = head_metrics(rows, tagger.predict([row.text for row in rows]))
    return figures | {f"held back, {head} F1": value for head, value in heads.items()}


def main() -> int:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m models.evaluation",
        description="Measure a model and the TF-IDF baseline on rows neither was trained on.",
        epilog="example: python -m models.evaluation --data ../shared/data --json",
    )
    parser.add_argument("--data", type=Path, required=True, help="directory of the data sets")
    parser.add_argument("--model", help="as for tagging; the shipped model if left out")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    try:
        corpus = load_corpus(arguments.data)
        tagger = load_tagger(arguments.model)
    except SimakError as error:
        print(error, file=sys.stderr)
        return 1
    texts = [row.text for row in corpus.held_back]
    report: dict[str, Any] = {
        "version": tagger.version,
        "model": measure(tagger, corpus),
        "baseline": measure(Baseline(corpus.train, corpus.validation), corpus),
        "labels": label_metrics(corpus.held_back, tagger.predict(texts)),
        "evidence": asdict(deletion_test(tagger, texts)),
        "rows": {
            "train": len(corpus.train),
            "validation": len(corpus.validation),
            "held back": len(corpus.held_back),
            **{f"{name} valid": len(rows) for name, rows in corpus.sentiment_sets.items()},
        },
    }
    print(json.dumps(_rounded(report), indent=2) if arguments.json else _table(report))
    return 0


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _table(report: dict[str, Any]) -> str:
    lines = [f"{'':44}  {report['version']:>18}  baseline"]
    for name, value in report["model"].items():
        lines.append(f"{name:44}  {100 * value:18.1f}  {100 * report['baseline'][name]:8.1f}")
    lines.append("")
    for name, figures in report["labels"].items():
        lines.append(f"{name:44}  {100 * figures['f1']:18.1f}  n = {figures['n']}")
    evidence = report["evidence"]
    lines.append(
        f"\nevidence: the score falls by {evidence['span']:.3f} without the span, by "
        f"{evidence['chance']:.3f} without as many words elsewhere "
        f"(n = {evidence['n']}, {evidence['words']:.1f} words a span)"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
