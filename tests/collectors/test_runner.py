from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import structlog

from collectors import runner
from collectors.http import HttpClient
from collectors.job import Job, Misconfigured, make_context
from collectors.runner import BAD_RECORD_CHARS, BAD_RECORDS_KEPT, collect, run_source
from collectors.source import Context, Cursor, Facts, Page
from simak.errors import AccessDenied, BadRecord, ConfigurationError, RetryLater, StoreError
from simak.mention import RawMention
from simak.reasons import NOT_ABOUT
from simak.relevance import parse_query
from simak.survey import CustomerCount, SurveyAnswer
from store import runs
from store.engine import ROWS_PER_WRITE, Store
from store.mentions import Privacy
from store.runs import Run, hold_lease
from tests.collectors.conformance import NOW, PRIVACY, clock, gather, rows

Collecting = Callable[[Cursor, Context], Iterator[Page]]


class Scripted:
    """A source that does what a test says."""

    source, brand = "naskah", "Senandika"
    facts = Facts(title="what a test says")

    def __init__(self, collecting: Collecting, name: str = "naskah") -> None:
        self._collecting, self.name = collecting, name

    def asks(self) -> str:
        return "what the script says"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        return self._collecting(cursor, context)


def texts(*ids: int) -> tuple[RawMention, ...]:
    return tuple(RawMention(external_id=str(n), text=f"ulasan {n}") for n in ids)


def pages(*given: Page | BaseException) -> Scripted:
    def collecting(_: Cursor, __: Context) -> Iterator[Page]:
        for page in given:
            if isinstance(page, BaseException):
                raise page
            yield page

    return Scripted(collecting)


def test_mentions_and_cursor_are_stored_page_by_page(store: Store) -> None:
    asked: list[Cursor] = []

    def collecting(cursor: Cursor, _: Context) -> Iterator[Page]:
        asked.append(cursor)
        start = cursor.get("next", 0)
        for n in range(start, 3):
            yield Page(mentions=texts(n), cursor={"next": n + 1})

    source = Scripted(collecting)
    run = gather(store, source)[0]
    assert (run.status, run.got, run.new, run.kind) == (runs.DONE, 3, 3, "collect")
    assert (run.started_at, run.finished_at) == (NOW, NOW)
    assert runs.get_cursor(store, "naskah") == {"next": 3}
    assert runs.runs(store) == [run]
    assert gather(store, source)[0].got == 0
    assert gather(store, source, full=True)[0].unchanged == 3
    assert asked == [{}, {"next": 3}, {}]


def test_what_is_spent_is_kept_where_all_begins_anew(sqlite_store: Store) -> None:
    asked: list[Cursor] = []

    def collecting(cursor: Cursor, _: Context) -> Iterator[Page]:
        asked.append(cursor)
        yield Page(mentions=texts(1), cursor={"next": 2, "spent": {"units": 7}})

    gather(sqlite_store, Scripted(collecting))
    gather(sqlite_store, Scripted(collecting), full=True)
    assert asked == [{}, {"spent": {"units": 7}}]


def test_a_large_page_is_several_short_transactions_and_one_cursor(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    cursors: list[int] = []
    save, set_cursor = runner.mentions.save, runner.runs.set_cursor

    def counted(*args: Any, **options: Any) -> Any:
        sizes.append(len(args[2]))
        return save(*args, **options)

    def noted(*args: Any) -> None:
        cursors.append(len(sizes))
        set_cursor(*args)

    monkeypatch.setattr(runner.mentions, "save", counted)
    monkeypatch.setattr(runner.runs, "set_cursor", noted)
    many = ROWS_PER_WRITE * 2 + 1
    run = gather(sqlite_store, pages(Page(mentions=texts(*range(many)))))[0]
    assert run.new == many
    assert sizes == [ROWS_PER_WRITE, ROWS_PER_WRITE, 1]
    assert cursors == [3]


def test_a_page_cut_short_is_stored_again_without_doubling(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = pages(Page(mentions=texts(*range(ROWS_PER_WRITE + 5)), cursor={"next": 1}))
    save = runner.mentions.save
    calls = 0

    def failing(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreError("the store is on a full disk")
        return save(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(runner.mentions, "save", failing)
        with pytest.raises(StoreError, match="full disk"):
            gather(sqlite_store, source)
    (failed,) = runs.runs(sqlite_store)
    assert (failed.status, failed.new) == (runs.FAILED, ROWS_PER_WRITE)
    assert "full disk" in (failed.error or "")
    assert runs.get_cursor(sqlite_store, "naskah") == {}
    run = gather(sqlite_store, source)[0]
    assert (run.new, run.unchanged) == (5, ROWS_PER_WRITE)
    assert len(rows(sqlite_store)) == ROWS_PER_WRITE + 5


def test_errors_are_recorded_and_the_rest_is_kept(sqlite_store: Store) -> None:
    later = NOW + timedelta(hours=3)
    page = Page(mentions=texts(1), cursor={"next": 1})
    run = gather(sqlite_store, pages(page, RetryLater("come back", retry_at=later)))[0]
    assert (run.status, run.error, run.retry_at, run.new) == (runs.FAILED, "come back", later, 1)
    assert runs.get_cursor(sqlite_store, "naskah") == {"next": 1}
    run = gather(sqlite_store, pages(AccessDenied("wrong key")))[0]
    assert (run.status, run.error, run.retry_at) == (runs.FAILED, "wrong key", None)


def test_a_bug_in_a_source_is_recorded_without_what_it_says(sqlite_store: Store) -> None:
    broken = pages(Page(mentions=texts(1)), KeyError("kunci-rahasia"))
    with structlog.testing.capture_logs() as logged:
        failed, done = gather(
            sqlite_store, broken, Scripted(lambda *_: iter([Page(mentions=texts(2))]), "lain")
        )
    assert failed.status == runs.FAILED
    assert "KeyError" in (failed.error or "")
    assert "rahasia" not in str(failed) + str(logged)
    assert "test_runner.py" in str(logged)
    assert done.status == runs.DONE
    assert len(rows(sqlite_store)) == 2


def test_ctrl_c_leaves_it_resumable(sqlite_store: Store) -> None:
    with pytest.raises(KeyboardInterrupt):
        gather(sqlite_store, pages(Page(mentions=texts(1), cursor={"a": 1}), KeyboardInterrupt()))
    (run,) = runs.runs(sqlite_store)
    assert (run.status, run.new, run.finished_at) == (runs.INTERRUPTED, 1, NOW)
    assert runs.get_cursor(sqlite_store, "naskah") == {"a": 1}
    assert gather(sqlite_store, pages(Page(mentions=texts(2))))[0].status == runs.DONE


def test_what_was_left_out_is_counted(sqlite_store: Store) -> None:
    bad = BadRecord(
        "row without a text", record={"id": 7, "from": "budi@contoh.id", "x": "y" * 9000}
    )
    one, two = texts(1, 2)
    page = Page(
        mentions=(one, two, one),
        bad=(bad, bad),
        skipped={"advertisement": 4},
        warnings={"date not understood": 1},
        missed=("the feed rolled over: some may be lost",),
        notes=("ill-formed",),
    )
    run = gather(sqlite_store, pages(page, page))[0]
    assert run.skipped == {"row without a text": 4, "advertisement": 8, "duplicate": 2}
    assert run.got == 2 * (3 + 2 + 4)
    assert (run.new, run.unchanged) == (2, 2)
    assert run.notes == [
        "the feed rolled over: some may be lost",
        "ill-formed",
        "date not understood: 2",
    ]
    reason, record = runs.bad_records(sqlite_store, run.id)[0]
    assert reason == "row without a text"
    assert '"from": "[email]"' in record
    assert len(record) <= BAD_RECORD_CHARS
    assert runs.runs(sqlite_store) == [run]


def test_answers_and_counts_are_counted_beside_mentions(sqlite_store: Store) -> None:
    words = RawMention(external_id="r1", text="kurirnya ramah")
    one = SurveyAnswer(external_id="r1", metric="nps", score=9, low=0, high=10, comment=words)
    may = CustomerCount(month=date(2026, 5, 1), start=10, new=2, lost=1)
    page = Page(mentions=texts(1), answers=(one, one), customers=(may,), cursor={"next": 1})
    run = gather(sqlite_store, pages(page))[0]
    assert (run.got, run.new, run.skipped) == (4, 3, {"duplicate": 1})
    assert len(rows(sqlite_store)) == 2
    assert runs.get_cursor(sqlite_store, "naskah") == {"next": 1}
    again = gather(sqlite_store, pages(page))[0]
    assert (again.got, again.unchanged, again.new, again.edited) == (4, 3, 0, 0)


def test_raw_records_are_kept_where_raw_is_kept(sqlite_store: Store) -> None:
    page = Page(bad=(BadRecord("odd", record="budi@contoh.id\x00"),))
    (run,) = collect(
        sqlite_store, [Job(source=pages(page))], privacy=Privacy(b"k", keep_raw=True), now=clock
    )
    assert runs.bad_records(sqlite_store, run.id) == [("odd", "budi@contoh.id")]


def test_bad_records_are_all_counted_and_some_kept(sqlite_store: Store) -> None:
    page = Page(bad=tuple(BadRecord("odd", record=n) for n in range(BAD_RECORDS_KEPT - 10)))
    run = gather(sqlite_store, pages(page, page))[0]
    assert run.skipped == {"odd": 2 * (BAD_RECORDS_KEPT - 10)}
    assert len(runs.bad_records(sqlite_store, run.id, limit=10_000)) == BAD_RECORDS_KEPT


def test_nothing_said_is_told_from_nothing_collected(sqlite_store: Store) -> None:
    silent = gather(sqlite_store, pages(Page()))[0]
    assert (silent.status, silent.got) == (runs.DONE, 0)
    assert silent.notes == ["the source answered, and had nothing to give"]
    failed = gather(sqlite_store, pages(RetryLater("unreachable")))[0]
    assert (failed.status, failed.got, failed.notes) == (runs.FAILED, 0, [])


def test_a_page_may_be_about_another_brand(sqlite_store: Store) -> None:
    gather(sqlite_store, pages(Page(mentions=texts(1)), Page(mentions=texts(1), brand="Rivala")))
    assert len({row["brand_id"] for row in rows(sqlite_store)}) == 2


def test_progress_is_told_page_by_page(sqlite_store: Store) -> None:
    told: list[tuple[int, str]] = []

    def on_page(run: Run) -> None:
        told.append((run.new, run.status))

    gather(sqlite_store, pages(*(Page(mentions=texts(n)) for n in range(3))), on_page=on_page)
    assert told == [(1, runs.RUNNING), (2, runs.RUNNING), (3, runs.RUNNING)]


def test_two_runs_at_once_are_refused(sqlite_store: Store) -> None:
    with hold_lease(sqlite_store), pytest.raises(StoreError, match="another run"):
        gather(sqlite_store, pages(Page(mentions=texts(1))))
    assert rows(sqlite_store) == []


def test_the_lease_is_renewed_and_its_loss_ends_the_run(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_RENEW_SECONDS", -1.0)
    assert gather(sqlite_store, pages(Page(mentions=texts(1))))[0].status == runs.DONE

    def stolen(_: Cursor, __: Context) -> Iterator[Page]:
        with sqlite_store.write() as connection:
            connection.exec_driver_sql("UPDATE lease SET holder = 'other:1:x'")
        yield Page(mentions=texts(2))
        yield Page(mentions=texts(3))

    with pytest.raises(StoreError, match="taken this run over"):
        gather(sqlite_store, Scripted(stolen))
    assert {row["external_id"] for row in rows(sqlite_store)} == {"1", "2"}


def test_an_import_is_called_one(sqlite_store: Store) -> None:
    with HttpClient() as http, hold_lease(sqlite_store) as lease:
        run = run_source(
            sqlite_store,
            Job(source=pages(Page(mentions=texts(1)))),
            make_context("naskah", http=http),
            privacy=PRIVACY,
            lease=lease,
            kind="import",
        )
    assert (run.kind, runs.runs(sqlite_store)[0].kind) == ("import", "import")


def job(source: Scripted, **wishes: Any) -> Job:
    return Job(source=source, **wishes)


def test_a_run_takes_its_share_and_leaves_the_rest(sqlite_store: Store) -> None:
    def collecting(cursor: Cursor, _: Context) -> Iterator[Page]:
        for n in range(cursor.get("next", 0), 5):
            yield Page(mentions=texts(2 * n, 2 * n + 1), cursor={"next": n + 1})

    def run() -> Run:
        jobs = [job(Scripted(collecting), max_items=4)]
        return collect(sqlite_store, jobs, privacy=PRIVACY, now=clock)[0]

    first, second, third = run(), run(), run()
    assert [r.new for r in (first, second, third)] == [4, 4, 2]
    assert first.notes == [
        "stopped after 4 items, which is its share of a run: the next one goes on"
    ]
    assert third.notes == []


def test_a_run_ends_when_its_minutes_are_over(sqlite_store: Store) -> None:
    def endless(_: Cursor, __: Context) -> Iterator[Page]:
        for n in range(1_000_000):
            yield Page(mentions=texts(n), cursor={"n": n})

    (run,) = collect(
        sqlite_store, [job(Scripted(endless), max_minutes=0.002)], privacy=PRIVACY, now=clock
    )
    assert run.status == runs.DONE
    assert "0.002 minutes" in run.notes[-1]
    assert 0 < run.new < 1_000_000


ABOUT = parse_query("senandika")


def said(id: str, text: str, **fields: Any) -> RawMention:
    return RawMention(external_id=id, text=text, **fields)


def test_what_is_not_about_the_brand_is_left_out_and_counted(sqlite_store: Store) -> None:
    page = Page(
        mentions=(
            said("1", "Senandika telat"),
            said("2", "Cuaca hari ini"),
            said("3", "Kapok", title="Pengalaman di Senandika"),
            said("4", "", deleted=True),
        )
    )
    (run,) = collect(sqlite_store, [job(pages(page), relevance=ABOUT)], privacy=PRIVACY, now=clock)
    assert (run.got, run.new, run.deleted) == (4, 2, 0)
    assert run.skipped == {NOT_ABOUT: 2}
    assert [row["external_id"] for row in rows(sqlite_store)] == ["1", "3"]


def test_edits_and_deletions_of_what_is_stored_are_followed(sqlite_store: Store) -> None:
    def run(*mentions: RawMention) -> Run:
        jobs = [job(pages(Page(mentions=mentions)), relevance=ABOUT)]
        return collect(sqlite_store, jobs, privacy=PRIVACY, now=clock)[0]

    run(said("1", "Senandika telat"), said("2", "Senandika ramah"))
    later = run(said("1", "maaf, salah toko"), said("2", "", deleted=True))
    assert (later.edited, later.deleted, later.skipped) == (1, 1, {})


def test_the_quota_that_is_left_is_kept_with_the_run(sqlite_store: Store) -> None:
    page, last = Page(mentions=texts(1), quota_left=90), Page(mentions=texts(2))
    (run,) = gather(sqlite_store, pages(page, Page(quota_left=80), last))
    assert run.quota_left == 80
    assert runs.runs(sqlite_store)[0].quota_left == 80


def test_a_service_that_said_later_is_left_alone_until_then(sqlite_store: Store) -> None:
    asked: list[int] = []

    def busy(_: Cursor, __: Context) -> Iterator[Page]:
        asked.append(1)
        raise RetryLater("come back", retry_at=NOW + timedelta(hours=1))
        yield

    def run(hours: float, **options: Any) -> Run:
        at = NOW + timedelta(hours=hours)
        jobs = [job(Scripted(busy))]
        return collect(sqlite_store, jobs, privacy=PRIVACY, now=lambda: at, **options)[0]

    assert run(0, patient=True).status == runs.FAILED
    waiting = run(0.5, patient=True)
    assert (waiting.status, waiting.error) == (runs.WAITING, "come back")
    assert len(runs.runs(sqlite_store)) == len(asked) == 1
    assert run(0.6).status == runs.FAILED  # asked for by a person
    run(1.1, patient=True)
    assert len(asked) == 3


def test_a_source_that_is_set_up_wrong_fails_alone(sqlite_store: Store) -> None:
    wrong = Misconfigured("rss", "berita", "Senandika", ConfigurationError("no url"))
    failed, done = gather(sqlite_store, wrong, pages(Page(mentions=texts(1))))
    assert (failed.status, failed.source, failed.error) == (runs.FAILED, "berita", "no url")
    assert done.status == runs.DONE
