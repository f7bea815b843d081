"""Which column of a survey's file is what, and how the survey was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from collectors.files.columns import find_column, plain_name
from collectors.files.presets import GENERIC, TEXT
from collectors.options import Options
from simak.errors import ConfigurationError
from simak.survey import METRICS, SCALES

_METRIC_NAMES: Mapping[str, tuple[str, ...]] = {
    "nps": ("nps", "nps score", "skor nps", "nilai nps", "net promoter score"),
    "csat": ("csat", "csat score", "skor csat", "nilai csat", "customer satisfaction", "kepuasan"),
    "ces": ("ces", "ces score", "skor ces", "nilai ces", "customer effort score"),
}
_ANSWER_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("response id", "respondent id", "answer id", "survey id", "id respons"),
        *("id respon", "id responden", "id jawaban", *GENERIC.names["id"]),
    ),
    "score": GENERIC.names["stars"],
    "metric": ("metric", "metrik", "survey type", "jenis survei", "jenis metrik"),
    "comment": (
        *("comment", "komentar", "alasan", "reason", "alasan skor", "score reason"),
        *("open ended", "other comments", *GENERIC.names[TEXT]),
    ),
    "time": (
        *("answered at", "responded at", "response date", "recorded date", "end date"),
        *("date submitted", "submit date", "cap waktu", "stempel waktu", "tanggal respons"),
        *("tanggal jawaban", "tanggal survei", *GENERIC.names["time"]),
    ),
    "channel": GENERIC.names["channel"],
    "segment": ("segment", "segmen", "customer segment", "segmen pelanggan"),
    "touchpoint": ("touchpoint", "touch point", "titik sentuh", "titik kontak"),
}
_COUNT_NAMES: Mapping[str, tuple[str, ...]] = {
    "month": ("month", "bulan", "period", "periode"),
    "start": (
        *("start", "start customers", "customers start", "customers at start", "opening"),
        *("pelanggan awal", "awal", "jumlah awal", "pelanggan awal bulan"),
    ),
    "new": ("new", "new customers", "customers new", "gained", "baru", "pelanggan baru"),
    "lost": (
        *("lost", "lost customers", "customers lost", "churned", "churned customers", "hilang"),
        *("pelanggan hilang", "berhenti", "pelanggan berhenti"),
    ),
    "segment": _ANSWER_NAMES["segment"],
}

FIELDS = tuple(dict.fromkeys((*METRICS, *_ANSWER_NAMES, *_COUNT_NAMES)))
"""What a column can be mapped to."""

_BESIDE_A_SCORE = {"group", "grup", "kategori", "category", "kelompok"}.union(
    *(names for field, names in _ANSWER_NAMES.items() if field != "score")
)
"""Words in the name of a column that is about a score and is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a survey was asked, as the settings say.

    Attributes:
        metric: of files whose scores do not say it themselves.
        scales: metric to the lowest and highest answer.
        lower_is_better: metrics whose low scores are the good ones.
        mapping: field to column; "" as a column leaves the field out.
        touchpoints: what the files call a touchpoint, to its id.
    """

    metric: str | None = None
    scales: Mapping[str, tuple[float, float]] = field(default_factory=lambda: dict(SCALES))
    lower_is_better: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    touchpoints: Mapping[str, str] = field(default_factory=dict)

    def key(self) -> str:
        """Return what stays the same as long as all of this does."""
        return json.dumps(asdict(self), sort_keys=True)


def asked_of(name: str, given: Mapping[str, Any], options: Options) -> Asked:
    """Read the options of the source `name` that say how a survey was asked.

    Raises:
        ConfigurationError: one is wrong; names it.
    """
    metric = options.text("metric") if "metric" in given else None
    mapping, lower = options.table("mapping"), options.texts("lower_is_better")
    scale = given.get("scale", {})
    if isinstance(scale, list) and metric is not None:
        scale = {metric: scale}
    if not isinstance(scale, Mapping):
        raise ConfigurationError(
            f"source {name!r}: option 'scale' must be a table such as {{ csat = [1, 5] }}, or "
            "[1, 5] where 'metric' is set"
        )
    for option, values, known in (
        ("metric", [metric] if metric else [], METRICS),
        ("scale", scale, METRICS),
        ("lower_is_better", lower, METRICS),
        ("mapping", mapping, FIELDS),
    ):
        for value in values:
            if value not in known:
                raise ConfigurationError(
                    f"source {name!r}: option {option!r}: {value!r} is none of {', '.join(known)}"
                )
    return Asked(
        metric=metric,
        scales=SCALES | {one: _ends(name, ends) for one, ends in scale.items()},
        lower_is_better=tuple(sorted(lower)),
        mapping=mapping,
        touchpoints=options.table("touchpoints"),
    )


def _ends(name: str, ends: object) -> tuple[float, float]:
    if (
        isinstance(ends, list)
        and len(ends) == 2
        and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
        and ends[0] < ends[1]
    ):
        return float(ends[0]), float(ends[1])
    raise ConfigurationError(
        f"source {name!r}: option 'scale' must give the lowest and the highest answer, such as "
        "[1, 5]"
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of one file are.

    Attributes:
        counts: it holds customers by month, not answers.
        fields: field to column.
        metrics: metric to the column of its scores; empty where a column names the metric.
        left_out: columns that are not read.
    """

    counts: bool
    fields: Mapping[str, str]
    metrics: Mapping[str, str]
    left_out: tuple[str, ...]


def recognise(columns: Sequence[str], asked: Asked) -> Columns:
    """Find out what each column is: by the mapping, else by its name.

    Raises:
        ConfigurationError: a mapped column is not there, or there is neither a score nor a count.

    Example:
        >>> recognise(["Tanggal", "Skor NPS", "Alasan"], Asked()).metrics
        {'nps': 'Skor NPS'}
    """
    counts = _fields(columns, _COUNT_NAMES, _there(columns, asked.mapping))
    if set(counts) >= set(_COUNT_NAMES) - {"segment"}:
        return Columns(True, counts, {}, _rest(columns, counts.values()))
    mapping = {
        key: name and find_column(columns, name, f"mapping {key}")
        for key, name in asked.mapping.items()
        if key not in _COUNT_NAMES or key == "segment"
    }
    # The metrics first: "nilai csat" is not just any score.
    metrics = _fields(columns, _METRIC_NAMES, mapping)
    for metric in METRICS:
        if metric not in metrics and metric not in mapping:
            used = {*metrics.values(), *mapping.values()}
            metrics |= _by_word(metric, [name for name in columns if name not in used])
    others = [name for name in columns if name not in metrics.values()]
    fields = _fields(others, _ANSWER_NAMES, mapping)
    score = fields.pop("score", None)
    if score and "metric" in fields:
        fields, metrics = fields | {"score": score}, {}
    elif score and asked.metric and asked.metric not in metrics:
        metrics[asked.metric] = score
    if not metrics and "score" not in fields:
        raise ConfigurationError(_unknown(columns, score))
    metrics = {metric: metrics[metric] for metric in METRICS if metric in metrics}
    return Columns(False, fields, metrics, _rest(columns, (*fields.values(), *metrics.values())))


def metric_named(name: str) -> str | None:
    """Return the metric that a text names, or None.

    Example:
        >>> metric_named("Net Promoter Score")
        'nps'
    """
    plain = plain_name(name)
    for metric, names in _METRIC_NAMES.items():
        if plain in map(plain_name, names):
            return metric
    return None


def _there(columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what of a mapping this file has: it may be meant for another beside it."""
    plain = {plain_name(column): column for column in reversed(columns) if column}
    return {
        key: plain.get(plain_name(name), "")
        for key, name in mapping.items()
        if key in _COUNT_NAMES and (not name or key != "segment" or plain_name(name) in plain)
    }


def _fields(
    columns: Sequence[str], known: Mapping[str, tuple[str, ...]], mapping: Mapping[str, str]
) -> dict[str, str]:
    plain = {plain_name(column): column for column in reversed(columns) if column}
    fields = {key: name for key, name in mapping.items() if key in known and name}
    used = {name for name in mapping.values() if name}
    for key, names in known.items():
        if key in mapping:
            continue
        for name in names:
            column = plain.get(plain_name(name))
            if column is not None and column not in used:
                fields[key] = column
                used.add(column)
                break
    return fields


def _by_word(metric: str, columns: Iterable[str]) -> dict[str, str]:
    """Return the one column whose name holds the metric's as a word, such as `Q3_NPS (0-10)`."""
    found = [
        column
        for column in columns
        if metric in (words := re.findall(r"[a-z]+", column.casefold()))
        and not _BESIDE_A_SCORE.intersection(words)
    ]
    return {metric: found[0]} if len(found) == 1 else {}


def _rest(columns: Sequence[str], used: Iterable[str]) -> tuple[str, ...]:
    used = set(used)
    return tuple(column for column in columns if column and column not in used)


def _unknown(columns: Sequence[str], score: str | None) -> str:
    if score:
        return (
            f"the column {score!r} holds scores, but nothing says of what: set metric to one of "
            f"{', '.join(METRICS)}, or add a column 'metric'"
        )
    named = ", ".join(repr(column[:60]) for column in columns[:30] if column) or "none"
    return (
        f"no column holds scores or customers by month that is known by its name; columns are "
        f'{named}: say which, such as mapping = {{ nps = "COLUMN", comment = "COLUMN" }} or '
        'mapping = { month = "COLUMN", start = "COLUMN", new = "COLUMN", lost = "COLUMN" }'
    )
