"""requirements.lock holds what requirements.txt pins, each with its hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.locked import HEAD, locked

ROOT = Path(__file__).parents[2]


def pins(name: str) -> dict[str, str]:
    """Return each package of a file and its version."""
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        match = re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([\w.+-]+)", line)
        if match:
            found[re.sub(r"[-_.]+", "-", match[1]).lower()] = match[2]
    return found


def test_the_lock_holds_every_pin_at_its_version() -> None:
    wanted, kept = pins("requirements.txt"), pins("requirements.lock")
    assert wanted.pop("torch")
    assert {name: kept.get(name) for name in wanted} == wanted
    assert len(kept) > len(wanted)


def test_every_line_has_a_hash() -> None:
    lines = (ROOT / "requirements.lock").read_text().removeprefix(HEAD).splitlines()
    assert lines
    assert all(re.fullmatch(r"\S+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)


def test_a_package_without_a_hash_is_not_locked() -> None:
    package = {"metadata": {"name": "x", "version": "1"}, "download_info": {"url": "file:///x"}}
    with pytest.raises(ValueError, match="x 1 has no hash"):
        locked({"install": [package]})
