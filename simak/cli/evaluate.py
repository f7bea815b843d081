"""`simak evaluate`: how good a model is, measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simak.cli.common import command, put, put_table
from simak.errors import ConfigurationError
from simak.settings import Settings

if TYPE_CHECKING:
    from models.evaluation.baseline import Baseline
    from models.evaluation.sets import LabelledSet
    from models.training.corpus import Corpus


@command("simak evaluate --data labelled.jsonl --report evaluation.html", owner=True)
@click.option(
    "--model",
    help="A directory or a Hugging Face id, instead of the settings'; [model.labels] is its too.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="A JSONL file of texts with labels, or the directory of the reference data; the check "
    "set that ships by default.",
)
@click.option("--report", type=click.Path(path_type=Path), help="Write an HTML file too.")
@click.option("--save", is_flag=True, help="Write metrics.json into the model's directory.")
def evaluate(
    settings: Settings,
    as_json: bool,
    model: str | None,
    data: Path | None,
    report: Path | None,
    save: bool,
) -> None:
    """Measure a model on texts whose labels are known.

    A line of the file is {"text", and any of "sentiment", "complaint", "touchpoints", "signals",
    "language", "source"}; what is there is measured. With the reference data a TF-IDF baseline is
    fitted beside the model, which takes minutes and needs requirements-train.txt.
    """
    from models.checkpoint import DEFAULT, load_tagger
    from models.evaluation.measure import measure, write_metrics
    from models.evaluation.page import page
    from models.onnx_tagger import OnnxTagger

    if report is not None and not report.absolute().parent.is_dir():
        raise ConfigurationError("its directory is not there; make it first", path=report)
    name = model or settings.model
    threads = settings.threads or None
    tagger = load_tagger(name, labels=settings.labels, threads=threads)
    directory = None
    if isinstance(tagger, OnnxTagger):
        directory = DEFAULT if name is None else Path(name)
    if save and directory is None:
        raise ConfigurationError("--save needs a model in Simak's own format; leave it out")
    sets, corpus = _sets(data)
    baseline = None if corpus is None else _baseline(corpus)
    measured = measure(tagger, sets, directory=directory, baseline=baseline, threads=threads)
    if report is not None:
        try:
            report.write_text(page(measured), encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"it cannot be written: {error.strerror}", path=report
            ) from error
    if save and directory is not None:
        click.echo(f"saved to {write_metrics(directory, measured)}", err=True)
    if as_json:
        put(measured)
    else:
        _show(measured)


def _sets(data: Path | None) -> tuple[list[LabelledSet], Corpus | None]:
    from models.evaluation.sets import check_set, read_set, reference_sets
    from models.training.corpus import load_corpus

    if data is None:
        return [check_set()], None
    if not data.is_dir():
        return [read_set(data)], None
    corpus = load_corpus(data)
    return reference_sets(data, corpus), corpus


def _baseline(corpus: Corpus) -> Baseline:
    try:
        from models.evaluation.baseline import Baseline
    except ImportError as error:
        raise ConfigurationError(
            f"the baseline needs {error.name}: pip install -r requirements-train.txt"
        ) from error
    click.echo("fitting the TF-IDF baseline, which takes minutes", err=True)
    return Baseline(corpus.train, corpus.validation)


def _show(report: dict[str, Any]) -> None:
    from models.evaluation.names import HEADS, percent, set_name
    from models.evaluation.summary import sentences

    click.echo(
        f"{report['version']}: {sum(report['rows'].values())} labelled texts, "
        f"{report['texts_per_second']:.0f} different texts a second\n"
    )
    for sentence in sentences(report):
        click.echo(f"· {sentence}")
    baseline = {
        (line["set"], line["head"]): percent(line["value"])
        for line in report.get("baseline", {}).get("figures", ())
    }
    float32 = {
        (line["set"], line["head"]): percent(line["float32"])
        for line in report.get("int8", {}).get("figures", ())
    }
    others = {name: of for name, of in (("baseline", baseline), ("float32", float32)) if of}
    _put(
        ["", "in percent", "figure", "95 %", "n", *others],
        [
            [
                set_name(line["set"]),
                HEADS[line["head"]],
                percent(line["value"]),
                f"{percent(line['low'])} … {percent(line['high'])}",
                line["n"],
                *(of[line["set"], line["head"]] for of in others.values()),
            ]
            for line in report["figures"]
        ],
    )
    keys = ("precision", "recall", "f1")
    shown = ("precision", "recall", "F1")
    _put(
        [f"label, on {set_name(report['main'])}", *shown, "n"],
        [
            [name, *(percent(line[key]) for key in keys), line["n"]]
            for name, line in report["labels"].items()
        ],
    )
    for by, groups in report["by"].items():
        columns = ["group", "sentiment", "sentiment_n", "touchpoints", "touchpoints_n"]
        _put(
            [by, "sentiment", "n", "touchpoints", "of n"],
            [
                [value if isinstance(value, (str, int)) else percent(value) for value in values]
                for values in ([line[column] for column in columns] for line in groups)
            ],
        )
    if report["mistakes"]:
        click.echo("\nConfusion, calibration and the worst mistakes: --report FILE.html")


def _put(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if rows:
        click.echo("")
        put_table(columns, [dict(zip(columns, row, strict=True)) for row in rows])
