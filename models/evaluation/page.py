"""The report as one HTML file: no script, nothing fetched, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from models.evaluation.names import HEADS, difference, percent, set_name
from models.evaluation.reliability import diagram
from models.evaluation.summary import sentences
from models.labels import SENTIMENTS

Report = Mapping[str, Any]

_LONG = 40
"""More characters than this may be broken anywhere: a text can be one long word."""

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0 2rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #ddd; text-align: left;
  vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.long { overflow-wrap: anywhere; min-width: 16rem; }
.note { color: #555; }
"""


def page(report: Report) -> str:
    """Return the report as an HTML document.

    Args:
        report: of `models.evaluation.measure.measure`.
    """
    total = sum(report["rows"].values())
    parts = [
        f"<h1>How well {escape(report['version'])} reads</h1>",
        f"<p>Measured on {report['date']} on {total} labelled texts; it tagged "
        f"{report['texts_per_second']:.0f} different texts a second on the machine that "
        "measured.</p>",
        "<ul>",
        *(f"<li>{escape(sentence)}</li>" for sentence in sentences(report)),
        "</ul>",
        '<p class="note">F1 weighs what is found against what is given wrongly; 100 is perfect. '
        "Macro: the mean over the three sentiments. Micro: over all decisions at once. The "
        "interval is what other texts of the same kind would give in 95 of 100 cases.</p>",
        *_figures(report),
        *_labels(report),
        *_confusion(report),
        *_calibration(report),
        *_groups(report),
        *_languages(report),
        *_mistakes(report),
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation of {escape(report['version'])}</title><style>{_STYLE}</style></head>"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _figures(report: Report) -> Iterator[str]:
    yield "<h2>Figures</h2>"
    others = {
        column: {(line["set"], line["head"]): line for line in report[field]["figures"]}
        for field, column in (("baseline", "TF-IDF baseline"), ("int8", "float32"))
        if field in report
    }
    rows = []
    for line in report["figures"]:
        cells = [
            set_name(line["set"]),
            HEADS[line["head"]],
            percent(line["value"]),
            f"{percent(line['low'])} … {percent(line['high'])}",
            str(line["n"]),
        ]
        place = (line["set"], line["head"])
        if "TF-IDF baseline" in others:
            cells.append(percent(others["TF-IDF baseline"][place]["value"]))
        if "float32" in others:
            cells.append(percent(others["float32"][place]["float32"]))
            cells.append(difference(others["float32"][place]["difference"]))
        rows.append(cells)
    columns = ["texts", "what", "figure", "95 %", "texts, n", *others]
    columns += ["int8 − float32"] if "float32" in others else []
    yield _table("Each figure in percent", columns, rows)


def _labels(report: Report) -> Iterator[str]:
    if not report["labels"]:
        return
    yield "<h2>Touchpoints and signals</h2>"
    rows = [
        [name, *(percent(line[key]) for key in ("precision", "recall", "f1")), str(line["n"])]
        for name, line in report["labels"].items()
    ]
    yield _table(
        f"On {set_name(report['main'])}: of those given how many are there (precision), of those "
        "there how many are found (recall)",
        ["label", "precision", "recall", "F1", "true cases"],
        rows,
    )


def _confusion(report: Report) -> Iterator[str]:
    if report["confusion"]:
        yield "<h2>Sentiments taken for others</h2>"
    for name, table in report["confusion"].items():
        yield _table(
            set_name(name),
            ["truly", *(f"called {sentiment}" for sentiment in SENTIMENTS)],
            [
                [sentiment, *map(str, line)]
                for sentiment, line in zip(SENTIMENTS, table, strict=True)
            ],
        )


def _calibration(report: Report) -> Iterator[str]:
    found = report["calibration"]
    if not found:
        return
    yield "<h2>Whether the probabilities mean what they say</h2>"
    yield (
        f"<p>All {found['n']} texts with a sentiment. On the diagonal a probability of 80 % is "
        "right in 80 of 100 cases; below it the model is too sure. The expected calibration error "
        "(ECE) is the mean distance, in 15 bins.</p>"
    )
    yield diagram(found)
    stages = [stage for stage in ("before", "after") if stage in found]
    yield _table(
        "ECE in percent, before and after temperature scaling",
        ["texts", "before", "after", "n"],
        [
            [set_name(line["set"]), percent(line["before"]), percent(line["after"]), str(line["n"])]
            for line in [
                {"set": "all", "n": found["n"], "before": None}
                | {stage: found[stage]["ece"] for stage in stages},
                *found["sets"],
            ]
        ],
    )
    for stage in stages:
        yield _table(
            f"Bins, {stage} temperature scaling (in percent)",
            ["probability", "mean probability", "share right", "n"],
            [
                [
                    f"{percent(one['low'])} – {percent(one['high'])}",
                    percent(one["confidence"]),
                    percent(one["accuracy"]),
                    str(one["n"]),
                ]
                for one in found[stage]["bins"]
                if one["n"]
            ],
        )


def _groups(report: Report) -> Iterator[str]:
    yield "<h2>By language, source and length</h2>"
    for by, groups in report["by"].items():
        yield _table(
            f"By {by}{' in words' if by == 'length' else ''}",
            [by, "sentiment, macro-F1", "n", "touchpoints, micro-F1", "n"],
            [
                [
                    line["group"],
                    percent(line["sentiment"]),
                    str(line["sentiment_n"]),
                    percent(line["touchpoints"]),
                    str(line["touchpoints_n"]),
                ]
                for line in groups
            ],
        )


def _languages(report: Report) -> Iterator[str]:
    if report["language"]:
        yield "<h2>Language detection</h2>"
        yield _table(
            "What texts of each language were taken for, in percent",
            ["truly", "detected", "n"],
            [
                [
                    language,
                    ", ".join(f"{name} {percent(one)}" for name, one in found["detected"].items()),
                    str(found["n"]),
                ]
                for language, found in report["language"].items()
            ],
        )


def _mistakes(report: Report) -> Iterator[str]:
    if not report["mistakes"]:
        return
    yield "<h2>The worst mistakes</h2>"
    yield _table(
        "Where the model was surest and wrong; the score is the probability of the sentiment it "
        "said, or of the touchpoint",
        ["text", "about", "truth", "said", "score", "texts"],
        [
            [
                line["text"],
                line["label"],
                line["truth"],
                line["said"],
                percent(line["score"]),
                set_name(line["set"]),
            ]
            for line in report["mistakes"]
        ],
    )


def _table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "\n".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table>"
    )


def _cell(text: str) -> str:
    number = text == "–" or text.lstrip("+−").replace(".", "", 1).isdigit()
    kind = "number" if number else "long" if len(text) > _LONG else "short"
    return f'<td class="{kind}">{escape(text)}</td>'
