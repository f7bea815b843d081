"""Both catalogues say everything the code says, and numbers are in the reader's form."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from dashboard import i18n, labels, sentences
from dashboard.charts import units
from dashboard.parts import tables
from insights.values import Value

FOLDER = i18n.LOCALE_FOLDER.parent
LANGUAGES = ("id", "en")
MessageId = str | tuple[str, str]


def messages() -> Iterator[MessageId]:
    """Every text that the code asks a catalogue for."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if node.func.id in ("_", "N_") and texts:
                yield str(texts[0])
            elif node.func.id == "ngettext":
                yield str(texts[0]), str(texts[1])


def catalogue(language: str) -> Catalog:
    path = i18n.LOCALE_FOLDER / language / "LC_MESSAGES" / "simak.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def names(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    known = {m.id: m for m in catalogue(language) if m.id}
    wanted = set(messages())
    assert len(wanted) > 150
    assert wanted - set(known) == set()
    for message in wanted:
        forms = known[message].string
        texts = forms if isinstance(forms, tuple) else (forms,)
        assert all(texts), f"{message} has no translation in {language}"
        assert not known[message].fuzzy


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_what_the_code_has_lost(language: str) -> None:
    assert {m.id for m in catalogue(language) if m.id} - set(messages()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_places_to_fill(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(names(text) for text in ids))
        for text in texts:
            assert names(text) == wanted, message.id


def test_the_extractor_of_the_documented_command_sees_what_the_test_sees() -> None:
    from babel.messages.extract import extract_from_dir

    found = {
        entry[2] if isinstance(entry[2], str) else tuple(entry[2])
        for entry in extract_from_dir(FOLDER, keywords={"_": None, "N_": None, "ngettext": (1, 2)})
    }
    assert found == set(messages())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ["1.234,5", "31%", "−4", "+1,20", "3 Agu 2026", "28 Jul–3 Agu 2026"]),
        ("en", ["1,234.5", "31%", "−4", "+1.20", "3 Aug 2026", "28 Jul–3 Aug 2026"]),
    ],
)
def test_numbers_and_dates(language: str, expected: list[str]) -> None:
    i18n.use(language)
    assert [
        i18n.number(1234.5, 1),
        i18n.percent(0.312),
        i18n.number(-4),
        i18n.signed(1.2, 2),
        i18n.day(date(2026, 8, 3)),
        i18n.days(date(2026, 7, 28), date(2026, 8, 3)),
    ] == expected


def test_what_rounds_to_nothing_has_no_sign() -> None:
    assert i18n.signed(-0.004, 2) == i18n.number(0, 2)
    assert i18n.signed_percent(0.001) == "0%"


def test_times_are_in_the_zone_of_the_store() -> None:
    i18n.use("en")
    shown = i18n.moment(datetime(2026, 5, 1, 18, tzinfo=UTC), ZoneInfo("Asia/Jakarta"))
    assert shown == "2 May 2026 01:00 WIB"


def test_plurals_follow_the_language() -> None:
    i18n.use("en")
    assert i18n.ngettext("{n} mention", "{n} mentions", 1) == "1 mention"
    assert i18n.ngettext("{n} mention", "{n} mentions", 2) == "2 mentions"
    i18n.use("id")
    assert i18n.ngettext("{n} mention", "{n} mentions", 2000) == "2.000 sebutan"


def test_chart_words_begin_the_week_on_sunday_as_d3_does() -> None:
    i18n.use("id")
    words = i18n.time_locale()
    assert words["days"][0] == "Minggu"  # type: ignore[index]
    assert words["shortMonths"][7] == "Agu"  # type: ignore[index]
    assert i18n.number_locale()["decimal"] == ","


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_shipped_model_was_measured_on_has_a_name(language: str) -> None:
    i18n.use(language)
    path = FOLDER.parent / "models" / "default" / "metrics.json"
    quality = json.loads(path.read_text(encoding="utf-8"))
    names = {line["group"] for line in quality["by"]["source"]} | set(quality["rows"])
    assert len(names) > 15
    assert {name for name in names if labels.texts(name) == name} == set()


def test_names_of_channels() -> None:
    i18n.use("id")
    assert labels.channel("google_play") == "Google Play"
    assert labels.channel("email") == "Surel"
    assert labels.channel("toko_kami") == "Toko Kami"
    assert labels.channel("TokoX") == "TokoX"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_interval_is_written_in_one_way(lang: str) -> None:
    i18n.use(lang)
    assert i18n.between("53%", "76%") == "53%–76%"
    assert i18n.between("−19", "+1") == "−19\u00a0–\u00a0+1"
    assert i18n.between("0", "+1") == "0\u00a0–\u00a0+1"
    value = Value(0.64, 0.53, 0.76, 3928, 2500)
    assert "53%–76%, n\u00a0=\u00a03" in sentences.sureness("complaint_rate", value)
    assert "<small>(53%–76%)</small>" in tables.share(value)
    assert units.interval(value) == "53%–76%"


def test_no_page_writes_an_interval_by_itself() -> None:
    for path in Path(i18n.__file__).parent.rglob("*.py"):
        assert not re.search(r'\} … \{|" … "', path.read_text(encoding="utf-8")), path
