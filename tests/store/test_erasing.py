"""A person who was erased is in no table, in no index and in no file, and does not come back."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Text, func, insert, select, update
from sqlalchemy import text as sql

from simak.mention import RawMention
from simak.survey import SurveyAnswer
from store import rollups
from store.arrivals import save_arrived
from store.cases import history, save_cases
from store.corrections import correct
from store.disclosure import disclose
from store.engine import Store, open_store
from store.erasing import Removed, erase, reapply
from store.erasures import erasures
from store.filter import Filter
from store.lists import count, list_mentions
from store.mentions import Saved
from store.person import Person, by_key, by_name, by_words
from store.privacy import Privacy, author_key
from store.runs import save_bad_records, set_cursor, start_run
from store.surveys import answers, save_answers
from store.tables import (
    bad_record,
    cursor,
    erasure,
    facet,
    mark,
    mention,
    metadata,
    saved_view,
    theme,
    wording,
)
from store.themes import THEME
from store.traces import compact, files, in_files, indexed, said_by_others, traces
from tests.builders import NOW, put, review, tag_all, tagged

PRIVACY = Privacy(b"key")
BUDI = "Budi Prasojo"
FIRST = "Zymurgi paketku dibuang kurir Xanthippe ke selokan depan rumah"
EDITED = "Quokkaflora: paketku akhirnya diganti, tapi lemarinya penyok semua"
OTHER = "Kurirnya ramah sekali dan paket sampai tepat waktu"
SHARED = "Barang bagus, terima kasih banyak"
NOTE = "Sudah ditelepon, pelanggan bernama Wigglesworth minta ganti rugi"
WRITTEN = "Formulirku Brobdingnag tidak pernah dibalas siapa pun"
BUDIS = (
    review(
        "post-90210-budi", FIRST, author=BUDI, url="https://toko.example/u/budi-prasojo/1",
        reply="Halo kak, maaf ya", stars=1, product="Lemari",
        attributes={"region": "Kutai Barat Daya"},
    ),
    review("post-90211-budi", SHARED, "2026-05-11", author=BUDI, stars=5),
)  # fmt: skip
OTHERS = (
    review("x1", OTHER, author="Sari", parent_id="post-90210-budi"),
    review("x2", SHARED, "2026-05-12", author="Tono"),
    review("x3", "lama sekali", "2026-05-12", author="Tono", attributes={"region": "Bali"}),
)
ANSWER = SurveyAnswer(
    external_id="form-4711-nps", metric="nps", score=3, low=0, high=10,
    answered_at=NOW - timedelta(days=5), segment="Pelanggan Zirconia",
    comment=RawMention(
        external_id="form-4711", text=WRITTEN, author=BUDI, kind="answer",
        published_at=NOW - timedelta(days=5),
    ),
)  # fmt: skip


def survey(store: Store) -> Saved:
    with store.write() as connection:
        return save_answers(
            store, connection, [ANSWER], brand="Senandika", source="survey", privacy=PRIVACY,
            now=NOW,
        )  # fmt: skip


def fill(store: Store) -> dict[str, int]:
    """Put something of Budi into every table that can hold it; return the mentions' ids."""
    put(store, [*BUDIS, *OTHERS])
    put(store, [replace(BUDIS[0], text=EDITED)])
    survey(store)
    tag_all(store, {EDITED: tagged("negative", {"delivery": "negative"})})
    with store.read() as connection:
        ids = {row.external_id: row.id for row in connection.execute(select(mention))}
    own = ids["post-90210-budi"]
    correct(store, own, tagged("positive", {"price": "negative"}), by="Sari", now=NOW)
    save_cases(store, [own], by="Ana", now=NOW, owner="Ana", note=NOTE, due=date(2026, 6, 3))
    run = start_run(store, source="play", kind="collect", asked="everything", now=NOW)
    with store.write() as connection:
        save_bad_records(
            connection,
            run.id,
            [("broken", f'{{"user": "{BUDI}"}}'), ("broken", '{"user": "Sari"}')],
        )
        recent = {"post-90210-budi": 1.5, "x1": 2.5}
        set_cursor(connection, "play", {"recent": recent, "list": ["post-90211-budi"]}, NOW)
        for name, query in (("Budi", f"search={BUDI.replace(' ', '+')}"), ("Semua", "search=lama")):
            connection.execute(
                insert(saved_view).values(
                    name=name, page="mentions", query=query, saved_by="Ana", saved_at=NOW
                )
            )
        made = connection.execute(
            insert(theme).values(
                brand_id=1, polarity="negative", words=["selokan xanthippe"], centroid=b"1",
                model="m", n=1, found_at=NOW,
            )
        ).inserted_primary_key  # fmt: skip
        assert made is not None
        connection.execute(insert(mark).values(kind=THEME, name=str(made[0]), mention_id=own))
    return ids


def words_of(store: Store) -> str:
    """All text of all tables, the register's hashes aside."""
    found = []
    with store.read() as connection:
        for table in metadata.sorted_tables:
            columns = [column for column in table.c if isinstance(column.type, Text | JSON)]
            if columns and table is not erasure:
                found += [str(row) for row in connection.execute(select(*columns))]
    return "\n".join(found)


THEIRS = (
    *(FIRST, EDITED, WRITTEN, NOTE, BUDI, author_key(BUDI, b"key"), "budi-prasojo", "post-90210"),
    *("post-90211", "form-4711", "Kutai Barat Daya", "Zirconia", "xanthippe"),
)


def test_what_is_theirs_is_in_no_table_and_the_rest_is_as_it_was(store: Store) -> None:
    fill(store)
    before = words_of(store)
    assert not [word for word in THEIRS if word not in before]
    counted = count(store, Filter())
    rollups.verify(store)

    removed = erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)

    after = words_of(store)
    assert [word for word in THEIRS if word in after] == []
    assert (removed.rows["mention"], removed.rows["mention_version"]) == (3, 1)
    assert (removed.rows["survey_answer"], removed.rows["bad_record"]) == (1, 1)
    assert (removed.rows["saved_view"], removed.rows["theme"]) == (1, 1)
    assert removed.by_source == {"Senandika, google_play": 2, "Senandika, survey": 1}
    rollups.verify(store)
    assert count(store, Filter()) == counted
    for one in (OTHER, SHARED, "Bali", "x1", "Semua", '"user": "Sari"'):
        assert one in after
    assert traces(store, removed.words - said_by_others(store, removed.words)) == []
    assert indexed(store) == 0


def test_days_stars_and_labels_stay_as_numbers_of_nobody(store: Store) -> None:
    ids = fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    (row,) = [row for row in list_mentions(store, Filter()) if row.id == ids["post-90210-budi"]]
    assert (row.text, row.url, row.reply) == ("", None, None)
    assert (row.stars, row.sentiment, row.product) == (1, "positive", "Lemari")
    # Its day in Jakarta, and no hour of it.
    assert row.published_at == datetime.fromisoformat("2026-05-10T00:00:00+07:00")
    (score,) = answers(store, Filter())
    assert (score.score, score.segment, score.mention_id) == (3, None, None)
    notes = [one for one in history(store, row.id) if one.field == "note"]
    assert [(one.before, one.after) for one in notes] == [(None, None)]


def test_what_others_answered_stays_in_its_thread(store: Store) -> None:
    ids = fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    with store.read() as connection:
        own = connection.scalar(
            select(mention.c.external_id).where(mention.c.id == ids["post-90210-budi"])
        )
        answered = connection.scalar(select(mention.c.parent_id).where(mention.c.id == ids["x1"]))
        kept = connection.scalar(select(cursor.c.value))
        regions = connection.scalars(select(facet.c.value).where(facet.c.name == "region")).all()
    assert answered == own
    assert kept == {"recent": {"x1": 2.5}, "list": []}
    assert regions == ["Bali"]


def test_words_that_others_say_too_keep_their_place(store: Store) -> None:
    fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(wording)) == 3
    assert said_by_others(store, [SHARED, FIRST]) == {SHARED}


def test_the_files_hold_not_a_byte_of_it(sqlite_store: Store) -> None:
    fill(sqlite_store)
    theirs = [FIRST, EDITED, WRITTEN, NOTE, author_key(BUDI, b"key"), "post-90210-budi"]
    with sqlite_store.write():  # the log is written
        pass
    assert sum(trace.rows for trace in in_files(files(sqlite_store), theirs)) >= len(theirs)
    # Words that only they have said stand in the search index as they are.
    assert in_files(files(sqlite_store), ["zymurgi"])
    erase(sqlite_store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    assert in_files(files(sqlite_store), theirs), "there was nothing to do"
    compact(sqlite_store)
    assert in_files(files(sqlite_store), [*theirs, "zymurgi", "quokkaflora"]) == []
    assert in_files(files(sqlite_store), [OTHER])
    assert list_mentions(sqlite_store, Filter(search="ramah"))[0].text == OTHER


def test_a_store_is_compacted_and_goes_on(store: Store) -> None:
    fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    compact(store)
    assert indexed(store) == 0
    assert [row.text for row in list_mentions(store, Filter(search="ramah"))] == [OTHER]
    put(store, [review("next", "lanjut")])
    assert count(store, Filter()).n == 7


def test_a_word_across_two_parts_of_a_file_is_found(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("store.traces._CHUNK", 8)
    (tmp_path / "file").write_bytes(b"abcdefgh" * 3 + b"Xanthippe di rumah" + b"z" * 20)
    assert in_files([tmp_path / "file"], ["Xanthippe di rumah"])
    assert not in_files([tmp_path / "file"], ["Xanthippe di rumah!"])


def test_a_dry_run_counts_the_same_and_changes_nothing(store: Store) -> None:
    fill(store)
    person, before = by_name(BUDI, PRIVACY), words_of(store)
    tried = erase(store, person, PRIVACY, now=NOW, dry_run=True)
    assert words_of(store) == before
    assert erasures(store) == []
    done = erase(store, person, PRIVACY, now=NOW)
    assert tried.rows | {"theme": 1} == done.rows | {"theme": 1}
    assert tried.words == done.words


@pytest.mark.parametrize(
    "person",
    [by_key(author_key(BUDI, b"key")), by_words(WRITTEN[:20]), by_words(FIRST), by_words(EDITED)],
    ids=["key", "words", "earlier words", "words now"],
)
def test_by_key_and_by_words(store: Store, person: Person) -> None:
    fill(store)
    removed = erase(store, person, PRIVACY, now=NOW)
    assert removed.rows["mention"] == (3 if person.authors else 1)
    assert erase(store, person, PRIVACY, now=NOW).rows["mention"] == 0


def test_raw_names_are_found_in_any_case(store: Store) -> None:
    raw = Privacy(b"key", keep_raw=True)
    put(store, BUDIS, keep_raw=True)
    assert erase(store, by_name("budi PRASOJO", raw), raw, now=NOW).rows["mention"] == 2
    assert put(store, BUDIS, keep_raw=True) == Saved(kept_out=2)


def test_they_do_not_come_back_from_any_source(store: Store) -> None:
    fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    again = [*BUDIS, replace(BUDIS[0], text="Diubah lagi", author=None), *OTHERS]
    assert put(store, again) == Saved(unchanged=3, kept_out=2)
    # What was never stored is theirs by its author, from any source and of any brand.
    unknown = [
        review("new", "Belum pernah disimpan", author=BUDI),
        review("undated", "ya", None, author=BUDI),
    ]
    assert put(store, unknown, source="trustpilot", brand="Lain") == Saved(kept_out=2)
    with store.write() as connection:
        arrived = save_arrived(
            store, connection, unknown, brand="Senandika", source="webhook", privacy=PRIVACY,
            now=NOW,
        )  # fmt: skip
    assert arrived == Saved(kept_out=2)
    assert survey(store) == Saved(kept_out=1)
    after = words_of(store)
    assert [word for word in (*THEIRS, "Diubah lagi", "Belum pernah") if word in after] == []


def test_what_a_name_says_afterwards_is_another_matter(store: Store) -> None:
    fill(store)
    erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    later = review("later", "Beli lagi, sekarang puas", "2026-06-05", author=BUDI)
    assert put(store, [later]) == Saved(new=1)


def test_a_backup_that_brings_them_back_is_erased_again(
    sqlite_store: Store, tmp_path: Path
) -> None:
    fill(sqlite_store)
    compact(sqlite_store)
    shutil.copyfile(files(sqlite_store)[0], tmp_path / "backup.db")
    erase(sqlite_store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    register = erasures(sqlite_store)
    restored = open_store(f"sqlite:///{tmp_path / 'backup.db'}")
    assert FIRST in words_of(restored)
    removed = reapply(restored, register, PRIVACY, now=NOW)
    assert removed.rows["mention"] == 3
    after = words_of(restored)
    # A note in a record that was not read names them without being a mention of theirs.
    assert [word for word in THEIRS if word in after and word not in (BUDI, "xanthippe")] == []
    assert erasures(restored) == register
    rollups.verify(restored)
    assert reapply(restored, register, PRIVACY, now=NOW) == Removed()
    assert put(restored, BUDIS) == Saved(kept_out=2)
    restored.close()


def test_another_secret_knows_nobody(store: Store) -> None:
    put(store, BUDIS)
    other = Privacy(b"another")
    assert erase(store, by_name(BUDI, other), other, now=NOW).rows["mention"] == 0


def test_all_that_is_held_is_disclosed(store: Store) -> None:
    fill(store)
    held = disclose(store, by_name(BUDI, PRIVACY))
    assert [row["text"] for row in held.mentions] == [EDITED, SHARED, WRITTEN]
    assert held.mentions[0]["attributes"] == {"region": "Kutai Barat Daya"}
    assert [row["text"] for row in held.versions] == [FIRST]
    assert len(held.tags) == 3
    assert [row["sentiment"] for row in held.corrections] == ["positive"]
    assert [row["note"] for row in held.cases] == [NOTE]
    assert {row["field"] for row in held.case_changes} == {"status", "owner", "due", "note"}
    assert [row["score"] for row in held.survey_answers] == [3]
    assert disclose(store, by_name("Siapa", PRIVACY)).mentions == []


def test_what_is_missed_is_shown(store: Store) -> None:
    fill(store)
    removed = erase(store, by_name(BUDI, PRIVACY), PRIVACY, now=NOW)
    with store.write() as connection:
        connection.execute(update(bad_record).values(record=f"again: {FIRST}"))
        if not store.is_sqlite:
            connection.execute(sql("UPDATE mention_search SET words = to_tsvector('a b')"))
    found = traces(store, removed.words - said_by_others(store, removed.words))
    assert [(one.place, one.rows) for one in found] == [("bad_record.record", 1)]
    assert store.is_sqlite or indexed(store) == 3
