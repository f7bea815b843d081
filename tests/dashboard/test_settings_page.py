"""The Settings page: every part, what it writes, what it refuses, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.jobs import DONE, FAILED
from dashboard.parts.configuring.kinds import KINDS
from dashboard.parts.configuring.page import PARTS
from simak.cli.query import query as query_command
from simak.settings import load_settings
from store.audit import deeds
from store.engine import open_store
from store.promises import add_promise
from tests.dashboard.conftest import NOW, PATIENCE, PAYLOAD, html, last_job
from tests.dashboard.walk import press

Show = Callable[..., AppTest]


FILE = """# catatan saya
[display]
timezone = "Asia/Jakarta"  # WIB
language = "id"

[[brand]]
name = "Senandika"
query = 'lama OR cepat'

[[source]]
name = "berita"
type = "rss"
brand = "Senandika"
url = "https://example.org/feed"

# jangan dihapus
[[source]]
name = "reddit"
type = "reddit"
brand = "Senandika"
client_id = "env:REDDIT_ID"
client_secret = "sangat-rahasia"
subreddits = ["indonesia"]
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A settings file where the dashboard runs."""
    monkeypatch.setenv("REDDIT_ID", "isi-rahasia")
    made = tmp_path / "simak.toml"
    made.write_text(FILE)
    return made


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.usefixtures("path")
def test_every_part_draws(show: Show, filled_url: str, part: str, lang: str) -> None:
    app = show(filled_url, "settings", lang=lang, part=part)
    assert not app.exception
    assert app.title[0].value == {"id": "Pengaturan", "en": "Settings"}[lang]
    assert len(html(app)) > 200
    assert "This page cannot be drawn" not in html(app)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_draws_upon_nothing(show: Show, sqlite_url: str, part: str) -> None:
    open_store(sqlite_url).close()
    app = show(sqlite_url, "settings", lang="en", part=part)
    assert not app.exception
    assert "cannot be drawn" not in html(app)
    assert not Path("simak.toml").exists()


def test_the_part_stands_in_the_address(show: Show, filled_url: str) -> None:
    app = show(filled_url, "settings", lang="en")
    assert "part" not in app.query_params
    app.segmented_control(key="settings_part").set_value("display").run()
    assert app.query_params["part"] in ("display", ["display"])
    assert "Where everything is kept" in [header.value for header in app.header]


def test_a_query_is_tried_as_the_command_tries_it(show: Show, own_url: str, path: Path) -> None:
    from click.testing import CliRunner

    app = show(own_url, "settings", lang="en")
    area = next(area for area in app.text_area if area.label == "Query")
    assert area.value == "lama OR cepat"
    area.set_value("cepat AND NOT price").run()
    shown = html(app)
    said = re.search(r'data-count="(\d+)">Of (\d+) texts it would keep (\d+)', shown)
    assert said
    arguments = ["test", "Senandika", "--query", "cepat AND NOT price", "--json", "--db", own_url]
    import json

    found = json.loads(CliRunner().invoke(query_command, arguments).stdout)
    assert int(said[1]) == int(said[3]) == found["kept"]["n"] > 0
    assert int(said[2]) == found["kept"]["n"] + found["dropped"]["n"] == 40
    for side in ("kept", "dropped"):
        assert found[side]["examples"][0][2] in shown
    assert path.read_text() == FILE  # trying changes nothing


def test_a_query_is_saved_and_the_rest_of_the_file_kept(
    show: Show, own_url: str, path: Path
) -> None:
    app = show(own_url, "settings", lang="en")
    next(area for area in app.text_area if area.label == "Query").set_value("cepat").run()
    app.button(key="save_query").click().run()
    assert "Saved in" in html(app)
    assert path.read_text() == FILE.replace("query = 'lama OR cepat'", 'query = "cepat"')
    app.button(key="remove_query").click().run()
    assert load_settings().brands == ()
    assert "# catatan saya" in path.read_text()
    assert "# jangan dihapus" in path.read_text()
    assert "No brand has a query yet" in html(app)


@pytest.mark.usefixtures("path")
def test_a_query_that_cannot_be_read_is_said_and_cannot_be_saved(show: Show, own_url: str) -> None:
    app = show(own_url, "settings", lang="en")
    next(area for area in app.text_area if area.label == "Query").set_value("(lama OR").run()
    assert app.button(key="save_query").disabled
    assert "(lama OR" in html(app)
    assert "Tried on the stored texts" not in [header.value for header in app.header]


def test_a_brand_of_which_nothing_is_stored_gets_a_query_in_a_new_file(
    show: Show, sqlite_url: str
) -> None:
    open_store(sqlite_url).close()
    app = show(sqlite_url, "settings", lang="en")
    next(box for box in app.text_input if box.label == "Its name").set_value(PAYLOAD).run()
    next(area for area in app.text_area if area.label == "Query").set_value("kopi").run()
    app.button(key="save_query").click().run()
    assert not app.exception
    assert load_settings().brands[0].name == PAYLOAD[:80].strip()
    assert "<script>" not in html(app)


@pytest.mark.usefixtures("path")
def test_the_later_of_two_readers_is_told_and_overwrites_nothing(
    show: Show, own_url: str, path: Path
) -> None:
    first = show(own_url, "settings", lang="en", part="answering")
    second = show(own_url, "settings", lang="en", part="answering")
    hours = "Business hours (optional)"
    next(box for box in first.text_input if box.label == hours).set_value("Mon-Fri 08:00-16:00")
    press(first, "Save")
    assert "Saved in" in html(first)
    saved = path.read_text()
    assert 'business_hours = "Mon-Fri 08:00-16:00"' in saved
    next(box for box in second.text_input if box.label == hours).set_value("Sat 09:00-12:00")
    press(second, "Save")
    shown = html(second)
    assert "somebody has changed simak.toml since you opened this page" in shown
    assert "You had typed: Sat 09:00-12:00" in shown
    assert path.read_text() == saved
    box = next(box for box in second.text_input if box.label == hours)
    assert box.value == "Mon-Fri 08:00-16:00"  # how it stands now
    box.set_value("Sat 09:00-12:00")
    press(second, "Save")
    assert load_settings().business_hours.text == "Sat 09:00-12:00"  # type: ignore[union-attr]


@pytest.mark.usefixtures("path")
def test_hours_that_are_none_are_refused_with_their_line(
    show: Show, own_url: str, path: Path
) -> None:
    app = show(own_url, "settings", lang="en", part="answering")
    app.text_input[0].set_value("setiap hari")
    press(app, "Save")
    assert re.search(r"Not saved: simak\.toml, line \d+: response\.business_hours", html(app))
    assert "You had typed: setiap hari" in html(app)
    assert path.read_text() == FILE


@pytest.mark.usefixtures("path")
def test_secrets_are_shown_nowhere(show: Show, own_url: str) -> None:
    app = show(own_url, "settings", lang="en", part="sources")
    app.selectbox(key="source").set_value("reddit").run()
    shown = html(app)
    assert "env:REDDIT_ID" in shown
    assert "•••" in shown
    everything = shown + repr([box.value for box in app.text_input])
    assert "sangat-rahasia" not in everything
    assert "isi-rahasia" not in everything


def test_a_source_is_turned_off_limited_and_removed(show: Show, own_url: str, path: Path) -> None:
    app = show(own_url, "settings", lang="en", part="sources")
    next(one for one in app.toggle if one.label == "Collect from it").set_value(False)
    app.number_input[0].set_value(500)
    press(app, "Save")
    source = load_settings().sources[0]
    assert (source.enabled, source.max_items, source.max_minutes) == (False, 500, 60.0)
    assert "Turned off" in html(app)
    kept = path.read_text().replace("enabled = false\n", "").replace("max_items = 500\n", "")
    assert kept == FILE
    app.button(key="source_remove").click().run()
    assert [one.name for one in load_settings().sources] == ["reddit"]
    assert "# jangan dihapus" in path.read_text()


@pytest.mark.usefixtures("path")
def test_an_unofficial_source_is_off_until_the_file_says_so(
    show: Show, own_url: str, path: Path
) -> None:
    path.write_text(
        '[[source]]\nname = "play"\ntype = "google_play"\nbrand = "S"\napps = ["a.b"]\n'
    )
    app = show(own_url, "settings", lang="en", part="sources")
    toggle = next(one for one in app.toggle if one.label == "Collect from it")
    assert not toggle.value
    toggle.set_value(True)
    press(app, "Save")
    assert load_settings().sources[0].enabled is True


def test_a_source_is_tried(
    show: Show, own_url: str, path: Path, serve_text: Callable[[str], str]
) -> None:
    path.write_text(FILE.replace("https://example.org/feed", serve_text("<html></html>")))
    app = show(own_url, "settings", lang="en", part="sources")
    app.button(key="source_try").click().run()
    job = last_job(own_url)
    assert job is not None
    assert job.wait(PATIENCE).state == FAILED
    assert "This went wrong: Trying the source." in html(app.run())
    item = "<item><title>Senandika</title><guid>a</guid><description>lama</description></item>"
    serve_text(f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>')
    app.button(key="source_try").click().run()
    job = last_job(own_url)
    assert job is not None
    assert job.wait(PATIENCE).state == DONE, job.standing
    assert "berita works: 1 record on the first pages." in html(app.run())


def test_display_is_saved_and_the_zone_of_a_filled_store_stays(
    show: Show, own_url: str, path: Path
) -> None:
    app = show(own_url, "settings", lang="en", part="display")
    zone = next(box for box in app.selectbox if box.label.startswith("Zone"))
    assert zone.disabled
    assert "counts its days in Asia/Jakarta" in html(app)
    next(box for box in app.selectbox if box.label.startswith("First")).set_value("en")
    press(app, "Save")
    assert path.read_text() == FILE.replace('language = "id"', 'language = "en"')


def test_the_zone_of_an_empty_store_is_chosen(show: Show, sqlite_url: str, path: Path) -> None:
    open_store(sqlite_url).close()
    app = show(sqlite_url, "settings", lang="en", part="display")
    zone = next(box for box in app.selectbox if box.label.startswith("Zone"))
    assert not zone.disabled
    zone.set_value("Asia/Makassar")
    press(app, "Save")
    assert not app.exception
    assert 'timezone = "Asia/Makassar"  # WIB' in path.read_text()
    assert "cannot be used" not in html(app)
    assert "cannot be used" not in html(show(sqlite_url, "reputation", lang="en"))


def test_retention_says_what_goes_before_it_is_saved(show: Show, own_url: str, path: Path) -> None:
    app = show(own_url, "settings", lang="en", part="retention")
    assert "Texts are kept for ever." in html(app)
    assert "as all: for ever" in html(app)
    assert not any(button.label == "Yes: save these days" for button in app.button)
    app.number_input[0].set_value(1).run()
    shown = html(app)
    assert "Once saved: The next night erases the texts of 40 mentions." in shown
    assert "Erased texts cannot be brought back." in shown
    assert path.read_text() == FILE
    press(app, "Yes: save these days")
    assert load_settings().retention_days == 1
    assert "# jangan dihapus" in path.read_text()
    assert "The next night erases the texts of 40 mentions." in html(app)
    store = open_store(own_url)
    (deed,) = deeds(store)
    store.close()
    assert (deed.did, deed.about) == ("changed the settings", {"keys": ["privacy.retention_days"]})
    app.number_input[0].set_value(None).run()
    assert "Once saved: The next night erases nothing by its age." in html(app)
    press(app, "Yes: save these days")
    assert load_settings().retention_days is None
    assert "Texts are kept for ever." in html(app)


def test_a_source_is_kept_for_its_own_time(show: Show, own_url: str, path: Path) -> None:
    path.write_text(FILE.replace('type = "rss"', 'type = "rss"\nretention_days = 90'))
    app = show(own_url, "settings", lang="en", part="retention")
    assert "90 days" in html(app)
    assert "The next night erases nothing by its age." in html(app)  # the 40 are from a file
    app.selectbox(key="retention_of").set_value("reddit").run()
    app.number_input[0].set_value(7).run()
    press(app, "Yes: save these days")
    assert {one.name: one.retention_days for one in load_settings().sources} == {
        "berita": 90,
        "reddit": 7,
    }
    app.selectbox(key="retention_of").set_value("berita").run()
    app.number_input[0].set_value(None).run()
    press(app, "Yes: save these days")
    assert load_settings().sources[0].retention_days is None


@pytest.mark.usefixtures("path")
def test_of_two_who_set_the_days_the_later_is_told(show: Show, own_url: str, path: Path) -> None:
    first = show(own_url, "settings", lang="en", part="retention")
    second = show(own_url, "settings", lang="en", part="retention")
    for app, days in ((first, 36_000), (second, 2)):
        app.number_input[0].set_value(days).run()
    press(first, "Yes: save these days")
    press(second, "Yes: save these days")
    assert "somebody has changed simak.toml since you opened this page" in html(second)
    assert "You had typed: 2" in html(second)
    assert load_settings().retention_days == 36_000


def test_promises_are_listed_and_kept_on_their_own_page(show: Show, own_url: str) -> None:
    store = open_store(own_url)
    add_promise(
        store, brand="Senandika", text="<b>sehari", touchpoint="delivery",
        since=date(2026, 1, 1), now=NOW,
    )  # fmt: skip
    store.close()
    app = show(own_url, "settings", lang="en", part="promises")
    assert not app.exception
    assert "1 promise is registered." in html(app)
    assert "&lt;b&gt;sehari" in html(app)
    (link,) = [one for one in app.get("page_link") if "promise" in one.proto.label]
    assert link.proto.page == "promises"


def test_every_kind_can_be_made_by_its_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    from collectors.source import make_source, source_types
    from dashboard.parts.configuring.adding import read
    from dashboard.parts.configuring.kinds import LIST, OPT_IN, SECRET

    types = source_types()
    assert set(OPT_IN) == {name for name, made in types.items() if made.facts.opt_in}
    for name, kind in KINDS.items():
        typed = {}
        for field in kind.fields:
            typed[field.key] = field.example
            if field.kind == SECRET:
                monkeypatch.setenv(field.example, "abc")
            assert field.kind != LIST or field.example
        options = read(name, typed)
        options.pop("enabled", None)
        filled = {
            key: "abc" if isinstance(value, str) and value.startswith("env:") else value
            for key, value in options.items()
        }
        made = make_source(name, name="x", brand="B", options=filled)
        assert made.asks()
