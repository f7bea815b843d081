from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.source import source_types
from simak.cli.common import jobs_of
from simak.settings import load_settings
from tests.cli.conftest import Simak
from tests.collectors.replay import Answer, Replay, recording, replaying
from tests.collectors.test_rss_conformance import RSS

SOURCE = '[[source]]\nname = "{}"\ntype = "rss"\nbrand = "A"\nurl = "{}/{}.xml"\n'


@pytest.fixture
def service() -> Iterator[Replay]:
    with replaying() as replay:
        replay.serve(
            {
                "GET /kabar.xml": Answer(recording("rss/kabar.xml"), headers=RSS),
                "GET /tutup.xml": Answer(status=401),
            }
        )
        yield replay


def test_a_check_says_what_works_and_stores_nothing(
    simak: Simak, folder: Path, service: Replay
) -> None:
    (folder / "simak.toml").write_text(
        SOURCE.format("baik", service.url, "kabar")
        + SOURCE.format("tutup", service.url, "tutup")
        + '[[source]]\nname = "salah"\ntype = "rss"\nbrand = "A"\n'
    )
    result = simak("sources", "check")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("✓ baik: ")
    assert lines[0].endswith("items on the first pages")
    assert "wants a valid credential (401)" in lines[1]
    assert "✗ salah: simak.toml, line 11: source 'salah': option 'url' is missing" in lines[2]
    assert not (folder / "data").exists()


def test_one_source_can_be_checked(simak: Simak, folder: Path, service: Replay) -> None:
    (folder / "simak.toml").write_text(
        SOURCE.format("baik", service.url, "kabar") + SOURCE.format("tutup", service.url, "tutup")
    )
    result = simak("sources", "check", "baik", "--json")
    assert result.exit_code == 0
    (found,) = json.loads(result.stdout)
    assert found["items"] > 0
    assert found["error"] is None


def test_every_type_is_listed_with_what_it_takes(simak: Simak) -> None:
    listed = simak("sources", "types").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted(source_types())
    assert json.loads(simak("sources", "types", "--json").stdout)["rss"]["keys"] == "none"


@pytest.mark.parametrize(
    ("type", "own", "asked"),
    [
        ("rss", None, True),
        ("rss", "true", False),
        ("app_store", None, False),
        ("app_store", "false", True),
    ],
)
def test_the_brands_query_is_asked_of_what_is_not_its_own(
    folder: Path, type: str, own: str | None, asked: bool
) -> None:
    option = 'url = "http://127.0.0.1:9/"' if type == "rss" else 'apps = ["123"]'
    (folder / "simak.toml").write_text(
        "[[brand]]\nname = 'A'\nquery = 'a'\n"
        f"[[source]]\nname = 's'\ntype = '{type}'\nbrand = 'A'\n{option}\n"
        + (f"own = {own}\n" if own else "")
    )
    (job,) = jobs_of(load_settings())
    assert (job.relevance is not None) == asked
