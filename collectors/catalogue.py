"""Writes the documentation's page of sources from what the sources say of themselves.

python -m collectors.catalogue > docs/sources.md
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping

from collectors.recheck import DAYS, ITEMS
from collectors.source import Facts, SourceFactory, source_types

_HEAD = """# Sources

What Simak collects from, generated from the code by `python -m collectors.catalogue`.

Every source goes on from where it stands, page by page, so that a run may be killed at any point
and nothing is lost or doubled; `simak collect --full` reads from the beginning again. It obeys
`Retry-After`, keeps to its service's number of requests a minute, backs off with jitter, and
stops no other source when it fails. Edited texts keep their old versions; deleted ones lose their
text and stay counted.

Each `[[source]]` in `simak.toml` has `name`, `type`, `brand` and the options of its type, and may
have:

| option | | default |
|---|---|---|
| `enabled` | false: collected only when it is named; true: collected every night | by type |
| `own` | true: all of it is about the brand, such as its own channel or group; no query | by type |
| `max_items` | a run ends after so many; the next goes on | 100000 |
| `max_minutes` | a run ends after so many, also one that hangs; the next goes on | 60 |
| `requests_per_minute` | instead of the service's own number below | by type |
| `retention_days` | for how long its texts are kept (`docs/privacy.md`) | as long as all |

A value written `"env:NAME"` is read from the environment, one written `"keyring:NAME"` from the
system's keyring, where `keyring set simak NAME` puts it. `simak sources check` tries every
credential and address and stores nothing.

A place that speaks of everything is asked the brand's query, and what the query drops is counted
as skipped, not stored:

```toml
[[brand]]
name = "Kopi Senja"
query = '("kopi senja" OR @kopisenja) AND NOT lowongan'
context = ["kopi", "ngopi", "kafe"]     # one of these too: the name means other things
```

`simak query test "Kopi Senja"` shows what it would keep and drop of the texts that are stored.

"""

_SIGNS = {True: "✓", False: "–"}


def markdown(types: Mapping[str, SourceFactory]) -> str:
    """Return the page.

    Example:
        >>> "| `rss` |" in markdown(source_types())
        True
    """
    return _HEAD + "\n".join([*_table(types), "", *_sections(types)])


def _table(types: Mapping[str, SourceFactory]) -> Iterator[str]:
    yield "| type | what | keys | requests a minute | edits | deletions | replies | gaps | query |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, facts in _facts(types):
        cells = [
            f"`{name}`" + (" (off until turned on)" if facts.opt_in else ""),
            facts.title,
            facts.keys,
            str(facts.per_minute or "–"),
            _SIGNS[facts.edits],
            _SIGNS[facts.deletions] + (f" {facts.deletion_days}" if facts.deletion_days else ""),
            *(_SIGNS[flag] for flag in (facts.replies, facts.gaps, not facts.own)),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield (
        "Edits, deletions, the brand's replies and gaps: ✓ where the source notices them, – where "
        "its service does not show them. A deletion is followed by the next run, which is within a "
        f"day where `simak nightly` runs, and at once where the service sends it; ✓ {DAYS} is: as "
        f"long as the text is no older than {DAYS} days and among the newest {ITEMS:,} of its "
        "place. Later than that, or where the service limits how much may be asked for, "
        "`retention_days` and `simak erase` are what there is. Query: ✓ where the brand's query is "
        "asked unless the source is its `own`."
    )


def _sections(types: Mapping[str, SourceFactory]) -> Iterator[str]:
    for name, facts in _facts(types):
        yield f"## {name}"
        yield ""
        yield f"{facts.title}."
        yield ""
        for option in options_of(types[name]):
            yield f"- {option}"
        if facts.handles:
            yield ""
            yield "Handled:"
            yield ""
            yield from (f"- {sentence}" for sentence in facts.handles)
        yield ""


def _facts(types: Mapping[str, SourceFactory]) -> list[tuple[str, Facts]]:
    return [(name, types[name].facts) for name in sorted(types)]


def options_of(type: SourceFactory) -> list[str]:
    """Return each entry of the section "Options:" of a type's docstring, as one line.

    Example:
        >>> options_of(source_types()["rss"])[0]
        '`url`: address of the feed, or a list of addresses.'
    """
    doc = inspect.getdoc(type) or ""
    section = re.search(r"^Options:\n((?:[ ]{4}.*\n|\n)*)", f"{doc}\n", re.M)
    if section is None:
        return []
    # An entry begins at the section's margin, and goes on further in.
    entries = re.split(r"\n(?=[ ]{4}\S)", section[1].rstrip())
    lines = [" ".join(entry.split()) for entry in entries]
    return [re.sub(r"^([\w, ]+):", _as_code, line) for line in lines if line]


def _as_code(match: re.Match[str]) -> str:
    return ", ".join(f"`{name.strip()}`" for name in match[1].split(",")) + ":"


if __name__ == "__main__":
    print(markdown(source_types()), end="")
