"""The first-run guide: every way, every wrong file, in both languages."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import uploads
from dashboard.jobs import CANCELLED, DONE, FAILED, Job, Step, jobs
from simak.settings import Settings, load_settings
from store import rollups, runs
from store.engine import open_store
from store.filter import Filter
from store.lists import count
from tests.dashboard.conftest import PATIENCE, PAYLOAD, html, last_job, row
from tests.dashboard.conftest import fill as fill_store

Show = Callable[..., AppTest]

CSV = "ulasan,bintang,tanggal\n" + "".join(
    f"paket {i} {'lama sekali' if i % 2 else 'cepat'},{i % 5 + 1},2026-05-{i % 28 + 1:02}\n"
    for i in range(30)
)


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[str]:
    """URL of an empty store; the job upon it ends with the test."""
    open_store(sqlite_url).close()
    yield sqlite_url
    job = last_job(sqlite_url)
    if job is not None:
        job.cancel()
        job.wait(PATIENCE)


def ended(url: str, state: str = DONE) -> Job:
    job = last_job(url)
    assert job is not None
    assert job.wait(PATIENCE).state == state, job.standing
    return job


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key="guide_upload").set_value((name, content, "text/csv"))
    return app.run()


def is_there(app: AppTest, key: str) -> bool:
    return any(button.key == key for button in app.button)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads of its own: another server may keep some in the system's folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def left_over() -> list[Path]:
    return list(Path(gettempdir()).glob("simak-upload-*"))


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "Three ways to your first chart"), ("id", "Tiga jalan menuju")]
)
@pytest.mark.parametrize("page", ["reputation", "mentions", "touchpoints"])
def test_an_empty_store_is_met_by_the_guide(
    show: Show, empty: str, page: str, lang: str, title: str
) -> None:
    app = show(empty, page, lang=lang)
    assert not app.exception
    assert title in html(app)
    assert "200 MB" in html(app)
    assert not is_there(app, "guide_import")


@pytest.mark.parametrize("lang", ["en", "id"])
def test_a_file_is_shown_as_it_is_read_then_imported_and_drawn(
    show: Show, empty: str, lang: str
) -> None:
    before = left_over()
    app = upload(show(empty, lang=lang), "mei.csv", CSV.encode())
    assert not app.exception
    shown = html(app)
    for said in ("ulasan", "bintang", "tanggal", "paket 0 cepat"):
        assert said in shown
    assert shown.count("✓") == 1  # the file; the brand is still to be named
    assert app.button(key="guide_import").disabled
    app.text_input(key="guide_brand").set_value("Kopi Senja").run()
    assert html(app).count("✓") == 2
    assert not app.button(key="guide_import").disabled
    app.button(key="guide_import").click().run()
    ended(empty)
    app.run()
    assert not app.exception
    assert app.get("vega_lite_chart")
    assert "Kopi Senja" in html(app)
    assert ("Done." if lang == "en" else "Selesai.") in html(app)
    store = open_store(empty)
    assert rollups.verify(store) == 30
    assert count(store, Filter(sentiments=("untagged",))).n == 0
    store.close()
    assert left_over() == before
    app.button(key="job_close").click().run()
    assert ("Done." if lang == "en" else "Selesai.") not in html(app)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in CSV.splitlines():
        book.active.append(line.split(","))  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def records() -> list[dict[str, str]]:
    head, *lines = [line.split(",") for line in CSV.splitlines()]
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mei.xlsx", workbook()),
        ("mei.json", json.dumps(records()).encode()),
        ("mei.jsonl", "".join(json.dumps(one) + "\n" for one in records()).encode()),
        ("mei.tsv", CSV.replace(",", "\t").encode()),
    ],
)
def test_other_kinds_of_files_are_read_too(
    show: Show, empty: str, name: str, content: bytes
) -> None:
    shown = html(upload(show(empty, lang="en"), name, content))
    assert "<td>ulasan</td>" in shown
    assert "paket 0 cepat" in shown
    assert "cannot be imported" not in shown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("kosong.csv", b"", "kosong.csv: the file is empty"),
        ("foto.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "foto.csv: this is a PNG image"),
        ("biner.csv", bytes(range(256)) * 20, "biner.csv: "),
        ("baris.csv", b"text,stars\n", "a header and no row below it"),
        ("angka.csv", b"a,b\n1,2\n3,4\n", "angka.csv: "),
        ("web.csv", b"<!doctype html><html><body>Masuk</body></html>", "this is a web page"),
        ("rusak.json", b'[{"text": "a"}, ', "one JSON list"),
    ],
)
def test_a_wrong_file_is_refused_in_the_commands_words_with_what_to_do(
    show: Show, empty: str, name: str, content: bytes, said: str
) -> None:
    before = left_over()
    app = upload(show(empty, lang="en"), name, content)
    assert not app.exception
    shown = html(app)
    assert "This file cannot be imported as it is." in shown
    assert said in shown
    assert "save it as CSV or XLSX" in shown
    assert gettempdir() not in shown  # the words name the reader's file, not ours
    assert "✓" not in shown
    assert not is_there(app, "guide_import")
    assert left_over() == before


def test_a_right_file_comes_after_a_wrong_one(show: Show, empty: str) -> None:
    app = upload(show(empty, lang="en"), "kosong.csv", b"")
    assert "This file cannot be imported as it is." in html(app)
    shown = html(upload(app, "mei.csv", CSV.encode()))
    assert "cannot be imported" not in shown
    assert "paket 0 cepat" in shown


def test_what_stands_in_a_file_is_shown_as_it_is_written(show: Show, empty: str) -> None:
    content = json.dumps([{"text": PAYLOAD, PAYLOAD: "x", "stars": 5}]).encode()
    shown = html(upload(show(empty, lang="en"), "jahat.json", content))
    assert "<img" not in shown
    assert "<script>" not in shown
    assert "&lt;img src=x" in shown


def test_a_column_that_is_read_wrongly_is_chosen(show: Show, empty: str) -> None:
    content = b"isi,ulasan,bintang\nini teksnya,bukan ini,5\nteks kedua,bukan itu,1\n"
    app = upload(show(empty, lang="en"), "mei.csv", content)
    chosen = next(box for box in app.selectbox if box.label == "Text")
    other = "isi" if chosen.value == "ulasan" else "ulasan"
    chosen.set_value(other).run()
    assert not app.exception
    assert next(box for box in app.selectbox if box.label == "Text").value == other
    app.text_input(key="guide_brand").set_value("Kopi").run()
    app.button(key="guide_import").click().run()
    ended(empty)
    expected = {"ini teksnya", "teks kedua"} if other == "isi" else {"bukan ini", "bukan itu"}
    store = open_store(empty)
    from store.lists import list_mentions

    assert {one.text for one in list_mentions(store, Filter(), limit=9)} == expected
    store.close()


def test_a_column_may_name_the_brand_of_each_row(show: Show, empty: str) -> None:
    content = b"text,stars,toko\nbagus,5,A\njelek,1,B\n"
    app = upload(show(empty, lang="en"), "mei.csv", content)
    next(box for box in app.selectbox if box.label == "Brand").set_value("toko").run()
    assert not app.button(key="guide_import").disabled
    app.button(key="guide_import").click().run()
    ended(empty)
    store = open_store(empty)
    assert set(rollups.facets(store).brands) == {"A", "B"}
    store.close()


def test_progress_is_seen_by_every_reader_and_can_be_cancelled(show: Show, empty: str) -> None:
    big = "text,stars\n" + "".join(f"paket {i} belum sampai,{i % 5 + 1}\n" for i in range(20_000))
    app = upload(show(empty, lang="en"), "besar.csv", big.encode())
    app.text_input(key="guide_brand").set_value("Kopi").run()
    app.button(key="guide_import").click().run()
    assert "Importing the file" in html(app)
    other = show(empty, lang="id")  # another session, or the page loaded again
    assert "Mengimpor berkas" in html(other)
    assert not other.exception
    assert not any(box.key == "guide_upload" for box in other.file_uploader)
    other.button(key="job_cancel").click().run()
    ended(empty, CANCELLED)
    for reader, said in ((app, "Stopped."), (other, "Dihentikan.")):
        reader.run()
        assert not reader.exception
        assert said in html(reader)


def test_an_import_that_fails_says_why_and_leaves_the_guide(show: Show, empty: str) -> None:
    app = upload(show(empty, lang="en"), "mei.csv", CSV.encode())
    app.text_input(key="guide_brand").set_value("Kopi").run()
    store = open_store(empty)
    with runs.hold_lease(store):
        app.button(key="guide_import").click().run()
        ended(empty, FAILED)
    store.close()
    app.run()
    assert "another run is at work on this store" in html(app)
    assert "This went wrong: Importing the file." in html(app)
    app.button(key="guide_import").click().run()  # the file is still there
    ended(empty)
    assert app.run().get("vega_lite_chart")


def test_tags_that_wait_can_be_asked_for(show: Show, empty: str) -> None:
    store = open_store(empty)
    fill_store(store, "Kopi", [(row(n)[0], None) for n in range(3)])
    store.close()
    settings = Settings(store_url=empty)
    job = jobs().start(settings, "guide", [Step(("tag",), "Tagging the texts")])
    job.cancel()
    ended(empty, CANCELLED)
    app = show(empty, lang="en")
    app.button(key="job_tag").click().run()
    ended(empty)
    store = open_store(empty)
    assert count(store, Filter(sentiments=("untagged",))).n == 0
    store.close()


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Berita</title>{items}</channel>
</rss>"""
ITEM = """<item><title>Kopi Senja ramai</title><guid>g{n}</guid><link>https://e.example/{n}</link>
<description>Antre lama sekali di Kopi Senja {n}</description>
<pubDate>Mon, 04 May 2026 08:0{n}:00 +0700</pubDate></item>"""


def test_a_feed_is_written_into_the_settings_collected_and_tagged(
    show: Show, empty: str, serve_text: Callable[[str], str]
) -> None:
    address = serve_text(FEED.format(items="".join(ITEM.format(n=n) for n in range(4))))
    app = show(empty, lang="en", way="feed")
    assert not app.exception
    app.text_input(key="add_rss_brand").set_value("Kopi Senja")
    app.text_input(key="add_rss_url").set_value(address)
    button = next(one for one in app.button if one.label == "Add it and collect")
    button.click().run()
    assert not app.exception
    ended(empty)
    source = load_settings().sources[0]
    assert (source.name, source.type, source.brand) == ("kopi-senja-rss", "rss", "Kopi Senja")
    app.run()
    assert "4 records received" in html(app)
    assert "Kopi Senja" in html(app)


def test_a_feed_that_is_none_says_so_and_can_be_tried_again(
    show: Show, empty: str, serve_text: Callable[[str], str]
) -> None:
    app = show(empty, lang="en", way="feed")
    app.text_input(key="add_rss_brand").set_value("Kopi")
    app.text_input(key="add_rss_url").set_value(serve_text("<html>Masuk</html>"))
    next(one for one in app.button if one.label == "Add it and collect").click().run()
    job = ended(empty, FAILED)
    app.run()
    assert "This went wrong: Collecting." in html(app)
    assert job.standing.error
    assert "kopi-rss" in html(app)  # what is set up already
    assert is_there(app, "guide_collect")


@pytest.mark.parametrize(
    ("kind", "typed", "said"),
    [
        ("rss", {"brand": "Kopi"}, "“Address of the feed” is empty."),
        ("rss", {"url": "https://e.example"}, "Say which brand it is about."),
        (
            "reddit",
            {"brand": "Kopi", "client_id": "R_ID", "client_secret": "R_SECRET"},
            "The dashboard's environment has no R_ID",
        ),
        ("reddit", {"brand": "Kopi", "client_id": "my secret!"}, "letters, digits and _ alone"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    show: Show, empty: str, kind: str, typed: dict[str, str], said: str
) -> None:
    app = show(empty, lang="en", way="feed")
    app.selectbox(key="add_kind").set_value(kind).run()
    for key, text in typed.items():
        app.text_input(key=f"add_{kind}_{key}").set_value(text)
    next(one for one in app.button if one.label == "Add it and collect").click().run()
    assert not app.exception
    assert said in html(app).replace("&#x27;", "'")
    assert not Path("simak.toml").exists()
    assert last_job(empty) is None


def test_the_sample_is_filled_in(show: Show, empty: str) -> None:
    app = show(empty, lang="en", way="sample")
    app.button(key="guide_sample").click().run()
    assert "Filling in the sample" in html(app)
    ended(empty)
    app.run()
    assert not app.exception
    assert app.get("vega_lite_chart")
    assert "Senandika" in html(app)


def test_a_name_of_an_upload_cannot_leave_its_folder() -> None:
    for name in (
        "../../etc/passwd",
        "C:\\x\\y.csv",
        "..",
        "",
        "a\x00b\n.csv",
        "é" * 500,
        "-rf.csv",
    ):
        with uploads.kept(name, b"x") as path:
            assert path.parent.name.startswith("simak-upload-")
            assert path.parent.parent == Path(gettempdir())
            assert path.read_bytes() == b"x"
            assert path.parent.stat().st_mode & 0o077 == 0
            assert not path.name.startswith("-")
        assert not path.parent.exists()
