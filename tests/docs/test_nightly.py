"""The entries of docs/nightly.md do what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def block(language: str, having: str) -> str:
    """The code block of the page with these words."""
    text = (DOCS / "nightly.md").read_text()
    (found,) = [
        body for body in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL) if having in body
    ]
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder as /opt/simak would be, with a key that the settings name."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "simak").symlink_to(Path(sys.executable).parent / "simak")
    (tmp_path / "keys.env").write_text("FEED=http://127.0.0.1:9/kabar.xml\n")
    (tmp_path / "simak.toml").write_text(
        '[[source]]\nname = "berita"\ntype = "rss"\nbrand = "A"\nurl = "env:FEED"\n'
    )
    return tmp_path


def test_the_line_for_cron_runs_a_night_with_the_keys(home: Path) -> None:
    line = block("cron", "simak nightly").strip()
    fields = re.match(r"0 2 \* \* \*\s+(.*)", line)
    assert fields is not None
    command = fields[1].replace("/opt/simak", str(home))
    done = subprocess.run(["sh", "-c", command], check=False, env={"PATH": "/usr/bin:/bin"})
    # The key was found: what fails is that nobody answers there.
    assert done.returncode == 1
    assert (
        "127.0.0.1:9 cannot be reached"
        in (home / "night.txt").read_text() + (home / "night.log").read_text()
    )
    assert '"event": "night ended"' in (home / "night.log").read_text()


def test_the_units_for_systemd_are_understood(home: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    units = home / "units"
    units.mkdir()
    for name, having in (("simak.service", "ExecStart"), ("simak.timer", "OnCalendar")):
        text = block("ini", having).replace("/opt/simak", str(home)).replace("User=simak\n", "")
        (units / name).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units.iterdir())],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    assert not [line for line in checked.stderr.splitlines() if str(units) in line]
    (calendar,) = re.findall(r"OnCalendar=(.*)", block("ini", "OnCalendar"))
    when = subprocess.run(
        ["systemd-analyze", "calendar", calendar], check=True, capture_output=True, text=True
    )
    assert "02:00:00 Asia/Jakarta" in when.stdout
