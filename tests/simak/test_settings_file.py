"""Editing simak.toml: what is asked for changes, and nothing else does."""

from __future__ import annotations

import tomllib
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simak.errors import ConfigurationError
from simak.settings import load_settings
from simak.settings_file import FileChanged, SettingsFile, path_of

EXAMPLE = Path(__file__).parents[2] / "simak.example.toml"

NAMES = st.text("abcdefgh -_.'\"[]#=é\\", min_size=1, max_size=12).filter(str.strip)
QUERIES = st.sampled_from(["kopi", '"kopi senja" AND NOT lowongan', "@kopi OR #senja", "a\tb"])
VALUES = st.one_of(
    st.text("abz é'\"#[]={}\\:/.\t", max_size=20),
    st.booleans(),
    st.integers(1, 10**6),
    st.lists(st.sampled_from(["a", "b, c", '"', "[[source]]", "# no remark"]), max_size=3),
)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("brand"), NAMES, QUERIES, st.lists(st.sampled_from("abc"), max_size=2)),
        st.tuples(st.just("source"), NAMES, st.dictionaries(st.sampled_from("xyz"), VALUES)),
        st.tuples(st.just("limit"), st.integers(1, 10**6)),
        st.tuples(st.just("language"), st.sampled_from(["id", "en", None])),
        st.tuples(st.just("hours"), st.sampled_from(["Mon-Fri 09:00-17:00", None])),
        st.tuples(st.just("remove")),
    ),
    max_size=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "simak.toml"
    made.write_bytes(EXAMPLE.read_bytes())
    return made


def _remarks(text: str) -> list[str]:
    """Every remark on a line of its own, which none of the edits may take away."""
    return [line.strip() for line in text.splitlines() if line.strip().startswith("#")]


@settings(deadline=None, max_examples=50)
@given(EDITS)
def test_every_edit_says_what_it_should_and_keeps_the_rest(edits: list[tuple[object, ...]]) -> None:
    file = SettingsFile(EXAMPLE)
    expected = tomllib.loads(file.text)
    added: list[str] = []
    for kind, *given_ in edits:
        brands, sources = expected.setdefault("brand", []), expected.setdefault("source", [])
        if kind == "brand":
            name, query, context = given_
            file.put_brand(name, query, context)  # type: ignore[arg-type]
            entry = next((one for one in brands if one["name"] == name), None)
            if entry is None:
                brands.append(entry := {"name": name})
            entry["query"] = query
            entry.pop("context", None)
            if context:
                entry["context"] = context
        elif kind == "source" and given_[0] not in [one["name"] for one in sources]:
            name, options = given_
            file.add_source(str(name), "rss", "Senandika", options)  # type: ignore[arg-type]
            sources.append({"name": name, "type": "rss", "brand": "Senandika", **options})  # type: ignore[dict-item]
            added.append(str(name))
        elif kind == "limit":
            file.put_source("berita", "max_items", given_[0])  # type: ignore[arg-type]
            sources[0]["max_items"] = given_[0]
        elif kind in ("language", "hours"):
            section, key = {
                "language": ("display", "language"), "hours": ("response", "business_hours"),
            }[str(kind)]  # fmt: skip
            file.put(section, key, given_[0])  # type: ignore[arg-type]
            expected[section].pop(key, None)
            if given_[0] is not None:
                expected[section][key] = given_[0]
        elif kind == "remove" and added:
            name = added.pop()
            file.remove("source", name)
            expected["source"] = [one for one in sources if one["name"] != name]
        assert tomllib.loads(file.text) == expected
    kept, before = _remarks(file.text), _remarks(EXAMPLE.read_text())
    assert [line for line in kept if line in set(before)] == before


def test_a_change_there_and_back_leaves_every_byte(path: Path) -> None:
    before = path.read_bytes()
    file = SettingsFile(path)
    file.put_brand("Griyakita", "griyakita", ["toko"])
    file.add_source("forum", "discourse", "Griyakita", {"url": "https://forum.example"})
    file.put("display", "language", "en")
    file.put_source("berita", "enabled", False)
    file.save()
    assert path.read_bytes() != before
    found = load_settings(path)
    assert found.language == "en"
    assert [one.name for one in found.sources] == ["berita", "forum"]
    assert found.sources[0].enabled is False
    assert found.relevance("Griyakita") is not None
    file.remove("brand", "Griyakita")
    file.remove("source", "forum")
    file.put("display", "language", "id")
    file.put_source("berita", "enabled", None)
    file.save()
    assert path.read_bytes() == before


def test_what_is_written_so_already_stays_as_it_is(path: Path) -> None:
    file = SettingsFile(path)
    file.put_brand("Senandika", "(senandika OR @senandika_id) AND NOT lowongan")
    file.put("display", "timezone", "Asia/Jakarta")
    assert file.text == path.read_text()


def test_a_key_comes_behind_those_of_its_section_and_before_what_is_said_of_the_next(
    path: Path,
) -> None:
    file = SettingsFile(path)
    file.put("response", "business_hours", "Mon-Fri 09:00-17:00")
    lines = file.text.splitlines()
    place = lines.index('business_hours = "Mon-Fri 09:00-17:00"')
    assert lines[place - 1].startswith("unanswered_after_days")
    file.put_brand("Griyakita", "griyakita")
    lines = file.text.splitlines()
    assert lines.index('name = "Griyakita"') < lines.index(
        "# Sources: docs/sources.md says all options of each, `simak sources check` whether they "
        "work."
    )


def test_where_there_is_no_file_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIMAK_CONFIG", raising=False)
    monkeypatch.delenv("SIMAK_DB", raising=False)
    before = load_settings()
    file = SettingsFile(path_of(before))
    assert file.stamp == ""
    file.add_source("berita", "rss", "Kopi", {"url": "https://example.org"})
    file.put("display", "language", "en")
    file.save()
    after = load_settings()
    assert (after.sources[0].name, after.language) == ("berita", "en")
    assert after.store_url == before.store_url  # the same store as without a file
    assert (tmp_path / "simak.toml").stat().st_mode & 0o077 == 0


def test_the_file_keeps_its_line_ends_and_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "simak.toml"
    path.write_bytes(b'[display]\r\n# bahasa\r\nlanguage = "id"\r\n')
    path.chmod(0o640)
    file = SettingsFile(path)
    file.put("display", "language", "en")
    file.save()
    assert path.read_bytes() == b'[display]\r\n# bahasa\r\nlanguage = "en"\r\n'
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["simak.toml"]


def test_a_link_stays_one(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    file = SettingsFile(link)
    file.put("display", "language", "en")
    file.save()
    assert link.is_symlink()
    assert load_settings(path).language == "en"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: file.put("display", "timezone", "Mars/Phobos"), r"line 8: .*Mars/Phobos"),
        (lambda file: file.put("display", "language", "fr"), r"line 9: display\.language"),
        (lambda file: file.put("response", "business_hours", "always"), r"line \d+: .*hours"),
        (lambda file: file.put("display", "colour", "red"), r"line \d+: key 'colour'"),
        (lambda file: file.put_brand("Kopi", "AND AND"), r"line \d+: brand 'Kopi'"),
        (lambda file: file.put_source("berita", "max_items", 0), r"line \d+: max_items = 0"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_not_written(
    path: Path, change: object, said: str
) -> None:
    before = path.read_bytes()
    file = SettingsFile(path)
    change(file)  # type: ignore[operator]
    with pytest.raises(ConfigurationError, match=said):
        file.save()
    assert path.read_bytes() == before


@pytest.mark.parametrize("key", ["client_secret", "key", "token", "password", "app_password"])
@pytest.mark.parametrize("value", ["abc", "env:", "env:1A", "ENV:NAME", "env:A B", ["env:A"]])
def test_a_secret_is_never_written(path: Path, key: str, value: object) -> None:
    file = SettingsFile(path)
    with pytest.raises(ConfigurationError, match="is a secret"):
        file.add_source("reddit", "reddit", "Kopi", {key: value})  # type: ignore[dict-item]
    with pytest.raises(ConfigurationError, match="is a secret"):
        file.put_source("berita", key, value)  # type: ignore[arg-type]
    assert file.text == path.read_text()
    file.put_source("berita", key, "env:NAME")
    assert f'{key} = "env:NAME"' in file.text


def test_the_later_of_two_is_told_that_the_file_has_changed(path: Path) -> None:
    first, second = SettingsFile(path), SettingsFile(path)
    first.put("display", "language", "en")
    first.save()
    saved = path.read_bytes()
    second.put("response", "unanswered_after_days", 5)
    with pytest.raises(FileChanged):
        second.save()
    assert path.read_bytes() == saved
    # Also where the file is read anew, but for a reader who had seen the one before.
    third = SettingsFile(path)
    third.put("response", "unanswered_after_days", 5)
    with pytest.raises(FileChanged):
        third.save(second.stamp)
    third.save()
    assert load_settings(path).unanswered_after_days == 5


def test_of_many_who_save_at_once_one_does(path: Path) -> None:
    barrier, saved = Barrier(8), []

    def save(number: int) -> None:
        file = SettingsFile(path)
        file.put("response", "unanswered_after_days", number)
        barrier.wait()
        try:
            file.save()
        except FileChanged:
            return
        saved.append(number)

    threads = [Thread(target=save, args=(number,)) for number in range(10, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert saved == [load_settings(path).unanswered_after_days]


@pytest.mark.parametrize(
    "text",
    [
        'source = [{ name = "a", type = "rss", brand = "B", url = "u" }]\n',
        'display.language = "id"\n',
        '[[source]]\nname = "a"\ntype = "survey"\nbrand = "B"\n[source.mapping]\nnps = "x"\n',
    ],
)
def test_other_ways_to_write_it_are_edited_rightly_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "simak.toml"
    path.write_text(text)
    for change in (
        lambda file: file.put_source("a", "enabled", False),
        lambda file: file.add_source("b", "rss", "B", {"url": "v"}),
        lambda file: file.remove("source", "a"),
        lambda file: file.put("display", "language", "en"),
    ):
        file = SettingsFile(path)
        before = tomllib.loads(text)
        try:
            change(file)
        except ConfigurationError:
            assert file.text == text
            continue
        after = tomllib.loads(file.text)
        assert after != before
        for section in before.keys() - {"source", "display"}:
            assert after[section] == before[section]


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "simak.toml"
    path.write_text('[display]\nlanguage = "id\n')
    with pytest.raises(ConfigurationError, match="line 2"):
        SettingsFile(path)
