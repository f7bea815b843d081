"""The launcher passes the root's settings on, and says when it cannot listen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard import launch
from simak.errors import ConfigurationError


def test_every_setting_of_the_file_is_passed_on() -> None:
    content = tomllib.loads(launch.CONFIG.read_text(encoding="utf-8"))
    command = launch.command("0.0.0.0", 8600)
    assert "--server.address=0.0.0.0" in command
    assert "--server.port=8600" in command
    assert "--browser.gatherUsageStats=false" in command
    assert "--server.headless=true" in command
    assert "--server.fileWatcherType=none" in command
    assert f"--theme.dark.primaryColor={content['theme']['dark']['primaryColor']}" in command
    assert content["server"] | {"address": launch.HOST, "port": launch.PORT} == content["server"]


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = config.get_config_options()
    for option in launch.command()[5:]:
        assert option.removeprefix("--").split("=")[0] in known


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.socket() as taken:
        taken.bind((launch.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"{port}.*--port"):
            launch.main(port=port)


@pytest.mark.parametrize(("host", "port"), [("203.0.113.7", 8600), ("127.0.0.1", 99_999)])
def test_an_address_that_is_not_ours_is_a_clear_error(host: str, port: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen"):
        launch.check_port(host, port)


def test_a_damaged_settings_file_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "streamlit_config.toml"
    broken.write_text("[server")
    monkeypatch.setattr(launch, "CONFIG", broken)
    with pytest.raises(ConfigurationError, match="streamlit_config"):
        launch.command()


def test_the_project_is_importable_where_it_is_not_installed(tmp_path: Path) -> None:
    code = "import dashboard.parts.shell; print(dashboard.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=launch.environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).parent == launch.ROOT / "dashboard"
    assert launch.environment()["PYTHONPATH"].split(os.pathsep)[0] == str(launch.ROOT)


def test_the_pages_are_loaded_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from dashboard import server; server.load()"],
        capture_output=True, text=True, check=True, env=launch.environment(),
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")
