from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from collectors.services.google import play_exports as play_console_exports
from collectors.sources.google_play_console import GooglePlayConsoleSource
from simak.reasons import DUPLICATE, RAGGED, ROW_REPEATED
from store import runs
from store.engine import Store
from store.mentions import versions
from store.runs import Run
from tests.collectors.conformance import Conformance, gather, row, rows
from tests.collectors.google import TOKENS, service_account, token
from tests.collectors.replay import Replay
from tests.collectors.test_google_play_console import APP, PAGE, answer, review

COLUMNS = (
    "Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device",
    "Review Submit Date and Time", "Review Submit Millis Since Epoch",
    "Review Last Update Date and Time", "Review Last Update Millis Since Epoch", "Star Rating",
    "Review Title", "Review Text", "Developer Reply Date and Time",
    "Developer Reply Millis Since Epoch", "Developer Reply Text", "Review Link",
)  # fmt: skip
CONSOLE = "http://play.google.com/console/developers/1/app/2/user-feedback/review-details"


def line(
    name: str, text: str, submitted: str, *, stars: int = 3, edited: str = "", **more: str
) -> dict[str, str]:
    """A row; of one without a name the stars are all there is."""
    return {
        "Package Name": APP,
        "Reviewer Language": "id",
        "Device": "a06",
        "Review Submit Date and Time": submitted,
        "Review Submit Millis Since Epoch": submitted.translate({ord(c): "" for c in "-T:Z"}),
        "Review Last Update Date and Time": edited or submitted,
        "Star Rating": str(stars),
        "Review Text": text,
        "Review Link": f"{CONSOLE}?reviewId={name}&corpus=PUBLIC_REVIEWS" if name else "",
    } | {key.replace("_", " "): value for key, value in more.items()}


def export(folder: Path, month: str, *lines: dict[str, str], package: str = APP) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(lines)
    path = folder / f"reviews_{package}_{month}.csv"
    path.write_bytes(b"\xff\xfe" + text.getvalue().encode("utf-16-le"))
    return path


APRIL = (
    line("r1", "Kopinya enak,\naplikasinya lemot", "2026-04-03T02:00:00Z", stars=3),
    line("r2", "voucher ga kepake", "2026-04-30T23:59:00Z", stars=1),
    line("", "", "2026-04-05T10:00:00Z", stars=5),
    line("", "", "2026-04-05T10:00:01Z", stars=5),
)
MAY = (
    line("r2", "Update: voucher udah bisa 🙏", "2026-04-30T23:59:00Z", stars=4,
         edited="2026-05-02T01:00:00Z", Developer_Reply_Text="Maaf ya kak",
         Developer_Reply_Date_and_Time="2026-05-01T03:00:00Z"),
    line("r3", "mantap", "2026-05-09T01:00:00Z", stars=5),
)  # fmt: skip


def source(folder: Path | list[str], **options: Any) -> GooglePlayConsoleSource:
    given = {"exports": folder if isinstance(folder, list) else str(folder)}
    return GooglePlayConsoleSource(name="play", brand="Senandika", options=given | options)


class TestExports(Conformance):
    pages: ClassVar[int] = 3
    edited: ClassVar[tuple[str, str]] = ("aplikasinya lemot", "udah kenceng")
    deleted: ClassVar[str] = "mantap"
    broken: ClassVar[dict[str, bytes]] = {
        "empty": b"",
        "web page": b"<!doctype html><title>Sign in</title>",
        "other columns": b"date,rating\n2026-05-01,5\n",
        "a scraper's": b"reviewId,content,score,at\nr,enak,5,2026-05-01\n",
        "JSON": b'{"error": "no"}\n',
        "a list": b"[1]",
        "a zip": b"PK\x03\x04",
        "half a gzip": gzip.compress(b"Package Name,Star Rating,Review Text\na,5,b\n")[:30],
        "no link": b"Package Name,Star Rating,Review Text\na,5,enak\n",
        "no row that can be read": ",".join(COLUMNS).encode() + b"\nsatu,dua\n",
    }

    @pytest.fixture
    def world(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(play_console_exports, "PAGE_ROWS", 3)
        folder = tmp_path / "unduhan"
        folder.mkdir()
        return folder

    def make(self, world: Path) -> GooglePlayConsoleSource:
        return source(world)

    def serve(self, world: Path, state: str) -> None:
        april, may = APRIL, MAY
        if state == "edited":
            april = (
                line("r1", "Sekarang udah kenceng", "2026-04-03T02:00:00Z",
                     edited="2026-04-29T02:00:00Z"),
                *APRIL[1:],
            )  # fmt: skip
        elif state == "deleted":
            may = MAY[:1]
        export(world, "202604", *april)
        export(world, "202605", *may)

    def serve_broken(self, world: Path, body: bytes) -> None:
        for path in world.iterdir():
            path.write_bytes(body)

    def run(self, store: Store, world: Any, state: str = "first", **options: Any) -> Run:
        if state == "gap":
            pytest.skip("files have no gap to notice")
        return super().run(store, world, state, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    export(tmp_path, "202604", *APRIL)
    export(tmp_path, "202605", *MAY)
    return tmp_path


def test_what_a_row_becomes(sqlite_store: Store, folder: Path) -> None:
    gather(sqlite_store, source(folder))
    stored = row(sqlite_store, having="udah bisa")
    assert (stored["external_id"], stored["stars"], stored["channel"]) == ("r2", 4, "google_play")
    assert stored["published_at"].isoformat() == "2026-04-30T23:59:00+00:00"
    assert stored["edited_at"].isoformat() == "2026-05-02T01:00:00+00:00"
    assert stored["reply"] == "Maaf ya kak"
    assert stored["text"].endswith("🙏")
    assert row(sqlite_store, having="enak")["text"] == "Kopinya enak,\naplikasinya lemot"


def test_the_latest_month_of_a_review_counts(sqlite_store: Store, folder: Path) -> None:
    run = gather(sqlite_store, source(folder))[0]
    assert (run.new, run.edited, run.skipped) == (5, 0, {ROW_REPEATED: 1})
    # April is built anew, and holds the old text still.
    export(folder, "202604", *APRIL, line("r9", "baru masuk", "2026-04-30T23:59:59Z"))
    again = gather(sqlite_store, source(folder))[0]
    assert (again.new, again.edited, again.skipped) == (1, 0, {ROW_REPEATED: 1})
    assert row(sqlite_store, having="udah bisa")["external_id"] == "r2"


def test_an_edit_in_a_month_to_come_updates_the_review(sqlite_store: Store, tmp_path: Path) -> None:
    export(tmp_path, "202604", *APRIL)
    gather(sqlite_store, source(tmp_path))
    before = row(sqlite_store, having="voucher")
    export(tmp_path, "202605", *MAY)
    run = gather(sqlite_store, source(tmp_path))[0]
    assert (run.new, run.edited, run.unchanged) == (1, 1, 0)
    assert [text for text, _ in versions(sqlite_store, before["id"])] == ["voucher ga kepake"]


def test_of_a_file_the_latest_row_of_a_review_counts(sqlite_store: Store, tmp_path: Path) -> None:
    late, early = MAY[0], line("r2", "voucher ga kepake", "2026-04-30T23:59:00Z")
    export(tmp_path, "202605", late, early)
    run = gather(sqlite_store, source(tmp_path))[0]
    assert (run.new, run.skipped) == (1, {ROW_REPEATED: 1})
    assert row(sqlite_store, having="udah bisa")["external_id"] == "r2"


def test_stars_alone_keep_their_id_when_they_change(sqlite_store: Store, tmp_path: Path) -> None:
    at = "2026-04-05T10:00:00Z"
    export(tmp_path, "202604", line("", "", at, stars=5), line("", "", at, Device="b1"))
    gather(sqlite_store, source(tmp_path))
    names = [one["external_id"] for one in rows(sqlite_store)]
    assert len(names) == 2
    export(tmp_path, "202605", line("", "", at, stars=1, edited="2026-05-05T10:00:00Z"))
    run = gather(sqlite_store, source(tmp_path))[0]
    assert (run.new, run.edited) == (0, 1)
    assert [one["external_id"] for one in rows(sqlite_store)] == names
    assert sorted(one["stars"] for one in rows(sqlite_store)) == [1, 3]


def test_unchanged_files_are_not_read_again(sqlite_store: Store, folder: Path) -> None:
    gather(sqlite_store, source(folder))
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes())  # built anew, and the same
    run = gather(sqlite_store, source(folder))[0]
    assert (run.status, run.got) == (runs.DONE, 0)
    assert run.notes == ["the exports have not changed since the last run"]


def test_a_month_without_reviews_is_said(sqlite_store: Store, tmp_path: Path) -> None:
    path = export(tmp_path, "202604")
    run = gather(sqlite_store, source(tmp_path))[0]
    assert (run.status, run.notes) == (runs.DONE, [f"{path.name} holds no review"])


def test_a_folder_without_exports_is_an_error(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "catatan.csv").write_text("a,b\n")
    run = gather(sqlite_store, source(tmp_path))[0]
    assert "reviews_PACKAGE_YYYYMM.csv" in (run.error or "")


def test_of_a_folder_the_files_of_the_apps_are_read(sqlite_store: Store, folder: Path) -> None:
    other = "id.lain.app"
    export(folder, "202605", line("x1", "bukan kami", "2026-05-01T00:00:00Z"), package=other)
    gather(sqlite_store, source(folder, packages=[APP]))
    assert len(rows(sqlite_store)) == 5
    gather(sqlite_store, source(folder))
    assert len(rows(sqlite_store)) == 6


def test_one_bad_file_does_not_stop_the_others(sqlite_store: Store, folder: Path) -> None:
    (folder / f"reviews_{APP}_202606.csv").write_text("<!doctype html>")
    run = gather(sqlite_store, source(folder))[0]
    assert run.status == runs.FAILED
    assert "202606" in (run.error or "")
    assert run.new == 5


def test_files_may_be_named_one_by_one(sqlite_store: Store, folder: Path) -> None:
    path = folder / f"reviews_{APP}_202604.csv"
    other = folder / "april.csv.gz"
    other.write_bytes(gzip.compress(path.read_bytes()))
    assert gather(sqlite_store, source([str(other)]))[0].new == 4
    missing = gather(sqlite_store, source([str(folder / "tidak-ada.csv")]))[0]
    assert "cannot be read" in (missing.error or "")


def test_rows_that_cannot_be_read_are_kept(sqlite_store: Store, folder: Path) -> None:
    path = folder / f"reviews_{APP}_202605.csv"
    ragged = "satu,dua\r\n".encode("utf-16-le")
    path.write_bytes(path.read_bytes() + ragged)
    run = gather(sqlite_store, source(folder))[0]
    assert run.status == runs.DONE
    assert run.skipped == {ROW_REPEATED: 1, RAGGED: 1}


def test_a_run_that_was_stopped_goes_on_in_the_file(
    sqlite_store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play_console_exports, "PAGE_ROWS", 1)
    got = [gather(sqlite_store, source(folder), max_items=1)[0].got for _ in range(6)]
    assert got == [1] * 6
    assert len(rows(sqlite_store)) == 5
    assert gather(sqlite_store, source(folder), max_items=1)[0].got == 0


def test_the_api_knows_its_reviews_better(
    sqlite_store: Store, replay: Replay, tmp_path: Path
) -> None:
    export(tmp_path, "202605", *MAY, line("r5", "dari API", "2026-05-31T10:00:00Z"))
    replay.serve({TOKENS: token(), PAGE: answer(review("r5", "dari API", 26))})
    both = source(
        tmp_path,
        packages=[APP],
        key=json.dumps(service_account()),
        url=replay.url,
        token_uri=f"{replay.url}/token",
    )
    assert both.asks() == f"Play Console: reviews of {APP}, exports in {tmp_path}"
    run = gather(sqlite_store, both)[0]
    assert (run.status, run.new, run.skipped) == (runs.DONE, 3, {DUPLICATE: 1})
    assert row(sqlite_store, having="dari API")["author_key"]
    export(tmp_path, "202605", *MAY, line("r5", "dari API", "2026-05-31T10:00:00Z"),
           line("r6", "baru", "2026-06-01T00:00:00Z"))  # fmt: skip
    again = gather(sqlite_store, both)[0]
    assert (again.new, again.edited, again.skipped) == (1, 0, {DUPLICATE: 1})


def test_an_older_export_undoes_no_edit_that_the_api_gave(
    sqlite_store: Store, replay: Replay, tmp_path: Path
) -> None:
    both = source(
        tmp_path,
        packages=[APP],
        key=json.dumps(service_account()),
        url=replay.url,
        token_uri=f"{replay.url}/token",
    )
    export(tmp_path, "202604", line("lain", "oke", "2026-04-01T10:00:00Z"))
    replay.serve({TOKENS: token(), PAGE: answer(review("r5", "Update: sudah baik", 26))})
    gather(sqlite_store, both)
    # It has left the API's week when the export of its month comes, made before the edit.
    replay.serve({TOKENS: token(), PAGE: answer(review("r6", "Lumayan", 1))})
    export(tmp_path, "202605", line("r5", "rusak parah", "2026-05-02T10:00:00Z"))
    run = gather(sqlite_store, both)[0]
    assert (run.status, run.edited, run.skipped) == (runs.DONE, 0, {DUPLICATE: 1})
    # A newer one is what its author says now.
    export(tmp_path, "202606", line("r5", "rusak lagi", "2026-06-01T11:59:00Z"))
    assert gather(sqlite_store, both)[0].edited == 1
    assert row(sqlite_store, having="rusak lagi")["external_id"] == "r5"
