"""The settings that ship as an example: every block is one that works when it is uncommented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from collectors.source import source_types
from simak.cli.common import job_of, jobs_of
from simak.settings import SourceSettings, load_settings

EXAMPLE = Path(__file__).parents[2] / "simak.example.toml"


@pytest.fixture
def uncommented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with every block in force, and something behind every key it names."""
    text = EXAMPLE.read_text()
    start = text.index("[[brand]]")
    head, rest = text[:start], re.sub(r"^# (?=\[\[|\w+ = )", "", text[start:], flags=re.M)
    monkeypatch.chdir(tmp_path)
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for name in re.findall(r"env:(\w+)", rest):
        monkeypatch.setenv(name, "rahasia")
    monkeypatch.setenv("ASC_PRIVATE_KEY", key.decode())
    monkeypatch.setenv("PLAY_CONSOLE_KEY", '{"type": "service_account"}')
    path = tmp_path / "simak.toml"
    path.write_text(head + rest)
    return path


def test_the_example_can_be_used_as_it_is() -> None:
    settings = load_settings(EXAMPLE)
    assert [job.source.name for job in jobs_of(settings)] == ["berita"]
    about = settings.relevance("Senandika")
    assert about is not None
    assert about("paket dari @senandika_id belum sampai")


def test_what_is_left_out_above_the_sources_works_too(tmp_path: Path) -> None:
    hours = re.search(r"^# (business_hours = .+)$", EXAMPLE.read_text(), flags=re.M)
    assert hours is not None
    (tmp_path / "simak.toml").write_text(f"[response]\n{hours[1]}")
    settings = load_settings(tmp_path / "simak.toml")
    assert settings.business_hours is not None
    assert settings.unanswered_after_days == load_settings(EXAMPLE).unanswered_after_days


def test_every_type_has_a_block_that_works(uncommented: Path) -> None:
    settings = load_settings(uncommented)
    assert {entry.type for entry in settings.sources} == set(source_types()) - {"file"}
    for entry in settings.sources:
        assert made(entry, uncommented), entry.name


def made(entry: SourceSettings, path: Path) -> object:
    return job_of(load_settings(path), entry).source
