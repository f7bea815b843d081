"""The report in plain sentences, for people who act on the tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.evaluation.names import HEADS, difference, percent, set_name
from models.evaluation.sets import ANNOTATED_EXPORTS
from models.labels import SENTIMENTS

FEW = 100
"""On fewer rows than this a figure moves by several points by chance."""

_LEAST_CASES = 10
_WEAK = 0.6

Report = Mapping[str, Any]


def sentences(report: Report) -> list[str]:
    """Return what the report says, most important first.

    Args:
        report: of `models.evaluation.measure`, or read back from `metrics.json`.
    """
    return [
        *_sentiment(report),
        *_heads(report),
        *_weak(report),
        *_calibration(report),
        *_evidence(report),
        *_int8(report),
        *_few(report),
    ]


def _sentiment(report: Report) -> Iterator[str]:
    # The public sets speak for themselves in the tables; these are nearer to what is tagged.
    for name in dict.fromkeys((report["main"], ANNOTATED_EXPORTS)):
        table = report["confusion"].get(name)
        if table is None:
            continue
        n = sum(sum(line) for line in table)
        right = sum(table[place][place] for place in range(3))
        what = set_name(name)[:1].upper() + set_name(name)[1:]
        yield f"{what}: the sentiment was right for {right} of {n} texts ({right / n:.0%})."
        wrong = {
            (true, said): table[true][said]
            for true in range(3)
            for said in range(3)
            if true != said
        }
        (true, said), most = max(wrong.items(), key=lambda item: item[1])
        if most:
            yield (
                f"The commonest mistake there: {most} {SENTIMENTS[true]} texts were called "
                f"{SENTIMENTS[said]}."
            )


def _heads(report: Report) -> Iterator[str]:
    for head, what in (("complaint", "Complaints"), ("touchpoints", "Touchpoints")):
        found = [
            f"{percent(line['value'])} ({set_name(line['set'])})"
            for line in report["figures"]
            if line["head"] == head
        ]
        if found:
            yield (
                f"{what} are found with an F1 of {', '.join(found)}: 100 would be every one found "
                "and none given wrongly."
            )


def _weak(report: Report) -> Iterator[str]:
    cases = {name: line for name, line in report["labels"].items() if line["n"] >= _LEAST_CASES}
    weak = sorted((line["f1"], name) for name, line in cases.items() if line["f1"] < _WEAK)
    if weak:
        listed = ", ".join(
            f"{name} (finds {cases[name]['recall']:.0%} of them)" for _f1, name in weak
        )
        yield f"Read these with care, their F1 is below {_WEAK:.0%}: {listed}."
    rare = [name for name, line in report["labels"].items() if line["n"] < _LEAST_CASES]
    if rare:
        yield (f"Fewer than {_LEAST_CASES} true cases, too few to judge by: {', '.join(rare)}.")


def _calibration(report: Report) -> Iterator[str]:
    if report["calibration"]:
        error = report["calibration"]["after"]["ece"]
        yield (
            f"The probability it gives a sentiment is {100 * error:.1f} points away from how often "
            "it is right, on average."
        )


def _evidence(report: Report) -> Iterator[str]:
    if "evidence" in report:
        found = report["evidence"]
        yield (
            "Without the words marked as evidence a touchpoint's probability falls by "
            f"{100 * found['span']:.0f} points on average, without as many words from a random "
            f"place by {100 * found['chance']:.0f} (n = {found['n']})."
        )


def _int8(report: Report) -> Iterator[str]:
    if "int8" not in report:
        return
    lines = [line for line in report["int8"]["figures"] if line["difference"] is not None]
    worst = min(lines, key=lambda line: line["difference"])
    if worst["difference"] < 0:
        yield (
            "Made small (int8), the model changes its figures by "
            f"{difference(worst['difference'])} points at worst "
            f"({HEADS[worst['head']]}, {set_name(worst['set'])})."
        )
    else:
        yield "Made small (int8), the model has no figure lower than before (float32)."


def _few(report: Report) -> Iterator[str]:
    few = [f"{set_name(name)} ({n})" for name, n in report["rows"].items() if n <= FEW]
    if few:
        yield f"At most {FEW} texts, so the figures move by several points by chance: " + (
            ", ".join(few) + "."
        )
