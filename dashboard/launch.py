"""Starts the dashboard: `streamlit run` with the options of streamlit_config.toml at the root."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from simak.errors import ConfigurationError
from simak.login import Login, is_loopback

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "streamlit_config.toml"
APP = Path(__file__).with_name("app.py")

HOST, PORT = "127.0.0.1", 8501


def command(host: str = HOST, port: int = PORT) -> list[str]:
    """Return the command line that serves the dashboard at `host` and `port`.

    Raises:
        ConfigurationError: streamlit_config.toml is missing or no TOML.

    Example:
        >>> "--server.port=8600" in command("127.0.0.1", 8600)
        True
    """
    try:
        content = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", path=CONFIG) from error
    options = dict(_flat(content)) | {"server.address": host, "server.port": port}
    return [
        sys.executable,
        "-m",
        "dashboard.server",
        "run",
        str(APP),
        *(f"--{key}={_plain(value)}" for key, value in options.items()),
    ]


def environment() -> dict[str, str]:
    """Return the environment it runs in: this one, with the project importable."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def check_host(host: str, login: Login | None) -> None:
    """Make sure that nobody from elsewhere reads without having logged in.

    Raises:
        ConfigurationError: other machines reach the address, and nobody has to log in.

    Example:
        >>> check_host("127.0.0.1", None)
    """
    if login is None and not is_loopback(host):
        raise ConfigurationError(
            f"other machines reach {host}, and nobody would have to log in: set [login] in the "
            "settings (docs/operating.md), or leave --host out"
        )


def check_port(host: str, port: int) -> None:
    """Make sure that the dashboard can listen there.

    Raises:
        ConfigurationError: the port is in use, or the address is not this machine's.
    """
    try:
        if not 0 < port < 65_536:  # beyond, getaddrinfo silently takes another
            raise OverflowError("a port is 1 to 65535")
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as error:
        raise ConfigurationError(
            f"the dashboard cannot listen at {host}:{port} ({error}): stop what runs there, or "
            "choose another with --port"
        ) from error


def main(host: str = HOST, port: int = PORT, login: Login | None = None) -> int:
    """Serve the dashboard until it is stopped; return the exit status.

    Args:
        login: how members log in; None where nobody has to.

    Raises:
        ConfigurationError: as `check_host`, `check_port` and `command`.
    """
    check_host(host, login)
    check_port(host, port)
    with subprocess.Popen(command(host, port), env=environment()) as server:
        # Whoever stops this process means the server.
        signal.signal(signal.SIGTERM, lambda _signal, _frame: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # the server gets it too, and closes by itself
            server.wait()
            return 0


def _flat(section: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
