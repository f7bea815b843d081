import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from models.checkpoint import DEFAULT
from simak.cli import commands
from simak.errors import ConfigurationError, ModelError
from simak.tags import LANGUAGES, SENTIMENTS, SIGNALS
from simak.taxonomy import load_taxonomy
from tests.cli.conftest import Simak
from tests.collectors.replay import Answer, replaying


def _leaves(group: click.Group, path: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(_leaves(commands)), ids=" ".join)
def test_every_command_has_json_and_help_with_an_example(
    simak: Simak, path: tuple[str, ...]
) -> None:
    shown = simak(*path, "--help")
    assert shown.exit_code == 0
    assert "--json" in shown.output
    assert "--db" in shown.output
    example = " ".join(shown.output.split("Example:")[1].split())  # long ones are wrapped
    assert f"simak {' '.join(path)}" in example


def test_a_dry_run_shows_the_mapping_and_stores_nothing(
    simak: Simak, reviews: str, folder: Path
) -> None:
    shown = simak("import", reviews, "--brand", "A", "--dry-run")
    assert "content" in shown.output
    assert "row 3" in shown.output
    assert not (folder / "data").exists()
    as_json = json.loads(simak("import", reviews, "--dry-run", "--json").stdout)
    assert as_json["mapping"] == {
        "text": "content",
        "stars": "score",
        "time": "at",
        "id": "reviewId",
    }


def test_the_same_file_twice_changes_nothing(asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    (first,) = asked("import", reviews, "--brand", "A")
    (second,) = asked("import", reviews, "--brand", "A")
    assert (first["status"], first["got"], first["new"]) == ("done", 3, 3)
    assert (second["new"], second["edited"], second["unchanged"]) == (0, 0, 3)


def test_columns_can_be_named(asked, folder: Path) -> None:  # type: ignore[no-untyped-def]
    (folder / "x.csv").write_text("merek;a;b\nA;lama sekali;2\nB;bagus sekali;5\n")
    asked(
        "import", "x.csv", "--brand-column", "merek", "--map", "text=a,stars=b", "--channel", "wa"
    )
    shown = asked("show", "mentions", "--brand", "B")
    assert shown["count"] == 1
    assert (shown["mentions"][0]["text"], shown["mentions"][0]["channel"]) == ("bagus sekali", "wa")


@pytest.mark.parametrize(
    ("arguments", "sign"),
    [
        (("import", "none.csv", "--brand", "A"), "no such file"),
        (("import", "{reviews}"), "--brand"),
        (("import", "{reviews}", "--brand", "A", "--map", "text"), "field=column"),
        (("import", "{reviews}", "--brand", "A", "--map", "text=contend"), "content"),
        (("import", "{reviews}", "--brand", "A", "--preset", "nope"), "nope"),
        (("collect",), "no \\[\\[source\\]\\]"),
        (("show", "mentions", "--since", "2026-05-02", "--until", "2026-05-01"), "after until"),
        (("doctor", "--config", "none.toml"), "none.toml"),
        (("predict", "--model", "nowhere/none"), "nowhere/none"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    simak: Simak, reviews: str, arguments: tuple[str, ...], sign: str
) -> None:
    result = simak(*(part.format(reviews=reviews) for part in arguments))
    assert isinstance(result.exception, ConfigurationError)
    assert len(str(result.exception).splitlines()) == 1
    with pytest.raises(ConfigurationError, match=sign):
        raise result.exception


def test_a_wrong_source_is_named_with_its_line(simak: Simak, folder: Path) -> None:
    (folder / "simak.toml").write_text(
        '\n[[source]]\nname = "berita"\ntype = "rss"\nbrand = "A"\nurll = "http://127.0.0.1/"\n'
    )
    collected = simak("collect")
    assert collected.exit_code == 1
    assert "berita: simak.toml, line 2: source 'berita': option 'urll'" in collected.stderr
    assert "berita" in str(simak("collect", "lain").exception)


def test_one_failing_source_stops_no_other(simak: Simak, folder: Path, feed: str) -> None:
    source = '[[source]]\nname = "{}"\ntype = "rss"\nbrand = "A"\nurl = "{}"\n'
    (folder / "simak.toml").write_text(
        source.format("mati", "http://127.0.0.1:9/feed") + source.format("hidup", feed)
    )
    result = simak("collect", "--json")
    failed, done = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (failed["status"], done["status"], done["new"]) == ("failed", "done", 1)
    assert "127.0.0.1" in failed["error"]
    assert simak("collect", "hidup").exit_code == 0
    doctor = simak("doctor")
    assert doctor.exit_code == 1
    assert "✗ sources   mati" in doctor.output


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A feed with one article on loopback; nothing waits between tries."""
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=lambda _: None))
    with replaying() as server:
        yield _serve_feed(server)


def _serve_feed(server) -> str:  # type: ignore[no-untyped-def]
    body = (
        '<rss version="2.0"><channel><title>Berita</title><item><guid>a-1</guid>'
        "<link>http://berita.example/a-1</link><title>Gudang pindah</title>"
        "<pubDate>Mon, 11 May 2026 08:00:00 +0700</pubDate></item></channel></rss>"
    )
    answer = Answer(body.encode(), headers={"Content-Type": "application/rss+xml"})
    server.serve({"GET /feed": answer})
    return f"{server.url}/feed"


def test_predict_gives_a_record_a_line_in_order(simak: Simak) -> None:
    texts = ["pengiriman lama banget, kecewa", "", "good quality, fast delivery", "<b>x</b>"]
    lines = [json.dumps({"id": str(i), "text": text}) for i, text in enumerate(texts)]
    result = simak("predict", input="\n".join(lines) + "\n")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in records] == ["0", "1", "2", "3"]
    ids = set(load_taxonomy().ids)
    for record, text in zip(records, texts, strict=True):
        assert record["sentiment"] in SENTIMENTS
        assert isinstance(record["complaint"], bool)
        assert set(record["touchpoints"]) <= ids
        assert set(record["touchpoints"].values()) <= set(SENTIMENTS)
        assert set(record["signals"]) <= set(SIGNALS)
        assert record["language"] in LANGUAGES
        assert ids | set(SENTIMENTS) <= set(record["scores"])
        assert sum(record["scores"][s] for s in SENTIMENTS) == pytest.approx(1, abs=0.01)
        for name, (start, end) in record["evidence"].items():
            assert name in record["touchpoints"]
            assert 0 <= start < end <= len(text)
    assert records[0]["touchpoints"]["delivery"] == "negative"
    assert records[0]["complaint"] is True
    assert records[1]["sentiment"] == "neutral"


def test_predict_names_lines_it_cannot_read_and_goes_on(simak: Simak) -> None:
    result = simak(
        "predict", input='{"id": 1, "text": "a"}\nnope\n{"id": 3}\n\n[]\n{"text": "b"}\n'
    )
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["1", "6"]
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == [
        "line 2",
        "line 3",
        "line 5",
    ]


def test_the_whole_path(asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    asked("import", reviews, "--brand", "A")
    assert asked("tag")["new"] == 3
    assert asked("tag")["new"] == 0
    may = ("--brand", "A", "--since", "2026-05-01", "--until", "2026-05-31")
    reputation = asked("show", "reputation", *may)
    assert reputation["now"]["volume"]["value"] == 3
    rate = reputation["now"]["complaint_rate"]
    behind = asked("show", "mentions", *may, "--complaint")
    assert behind["count"] == rate["k"] == len(behind["mentions"]) == 1
    assert behind["mentions"][0]["text"].startswith("Paket")
    (row, *_) = asked("show", "touchpoints", *may)["touchpoints"]["rows"]
    assert (row["id"], row["complaint_share"]["k"]) == ("delivery", 1)


def test_tables_for_people(simak: Simak, asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    imported = simak("import", reviews, "--brand", "A")
    assert "simak tag" in imported.output
    waiting = simak("show", "reputation")
    assert "3 mentions wait" in waiting.output
    assert "no data" in waiting.output
    asked("tag")
    assert "Pengiriman" in simak("show", "touchpoints").output
    assert "1★ [negative]" in simak("show", "mentions", "--search", "seminggu").output


def test_doctor_of_a_sound_set_up(simak: Simak, asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    asked("import", reviews, "--brand", "A")
    result = simak("doctor")
    assert result.exit_code == 0
    assert "3 mentions wait to be tagged: run `simak tag`" in result.output
    assert [f["state"] for f in asked("doctor") if f["part"] == "model"] == ["ok", "note"]


def test_a_damaged_model_is_named_by_doctor_and_by_tag(simak: Simak, folder: Path) -> None:
    shutil.copytree(DEFAULT, folder / "model")
    with (folder / "model" / "model.onnx").open("r+b") as file:
        file.seek(10_000)
        file.write(b"\0" * 100)
    (folder / "simak.toml").write_text('[model]\npath = "model"\n')
    assert isinstance(simak("tag").exception, ModelError)
    result = simak("doctor")
    assert result.exit_code == 1
    assert "✗ model" in result.output


def test_the_sample_fills_an_empty_store_once(simak: Simak, asked) -> None:  # type: ignore[no-untyped-def]
    imported, tagged = asked("sample")
    assert imported["status"] == "done"
    assert imported["skipped"] == {}
    assert imported["new"] == tagged["new"] > 1_000
    again, tagged = asked("sample")
    (promise,), (action,) = asked("promise", "list"), asked("action", "list")
    assert (promise["touchpoint"], action["touchpoint"]) == ("delivery", "packaging")
    assert (again["new"], again["edited"], tagged["new"]) == (0, 0, 0)
    assert set(asked("show", "mentions", "--limit", "1")["mentions"][0]["touchpoints"]) <= set(
        load_taxonomy().ids
    )


def test_the_sample_stays_out_of_a_store_in_use(simak: Simak, asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    asked("import", reviews, "--brand", "A")
    assert "stays out" in simak("sample").output
    assert asked("show", "mentions")["count"] == 3


def test_a_source_is_collected_when_it_is_turned_on_or_named(
    simak: Simak, asked, folder: Path, feed: str
) -> None:  # type: ignore[no-untyped-def]
    source = '[[source]]\nname = "{}"\ntype = "rss"\nbrand = "A"\nurl = "{}"\nenabled = {}\n'
    (folder / "simak.toml").write_text(
        source.format("nyala", feed, "true") + source.format("mati", feed, "false")
    )
    assert [run["source"] for run in asked("collect")] == ["nyala"]
    assert [run["source"] for run in asked("collect", "mati")] == ["mati"]


def test_a_query_shows_what_it_keeps_and_drops(
    simak: Simak, asked, folder: Path, reviews: str
) -> None:  # type: ignore[no-untyped-def]
    asked("import", reviews, "--brand", "A")
    assert "has no query" in str(simak("query", "test", "A").exception)
    assert "nothing of a brand 'B'" in str(simak("query", "test", "B", "--query", "x").exception)
    found = asked("query", "test", "A", "--query", "paket AND NOT lama", "--examples", "1")
    assert found["kept"]["n"] + found["dropped"]["n"] == 3
    assert found["kept"]["n"] >= 1
    assert "Paket belum sampai" in found["kept"]["examples"][0][2]
    (folder / "simak.toml").write_text("[[brand]]\nname = 'A'\nquery = 'paket'\ncontext = ['zzz']")
    shown = simak("query", "test", "A").output
    assert "paket, with one of zzz" in shown
    assert "dropped, 3 of 3" in shown
