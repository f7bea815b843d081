"""The import table of the design, held by reading every module."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

NETWORK = {
    "httpx2", "httpx", "requests", "urllib3", "httplib2", "imaplib", "praw", "mastodon", "atproto",
    "tweepy", "zenpy", "googleapiclient", "google", "imap_tools", "apprise", "smtplib",
}  # fmt: skip

ROOT = Path(__file__).parents[2]
PACKAGES = ("simak", "collectors", "models", "store", "insights", "alerts", "dashboard", "api")

ALLOWED = {
    "simak": set(),
    "collectors": {"simak"},
    "models": {"simak"},
    "store": {"simak"},
    "insights": {"simak", "store"},
    "alerts": {"simak", "insights", "store"},
    "dashboard": {"simak", "insights", "alerts", "store"},
    "api": {"simak", "store"},
}
EXCEPTIONS = {
    "collectors/runner.py": {"store"},
    "models/tagging.py": {"store"},
}
MODULES = [path.relative_to(ROOT).as_posix() for p in PACKAGES for path in (ROOT / p).rglob("*.py")]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_what_its_folder_may(module: str) -> None:
    package = module.split("/")[0]
    if module.startswith("simak/cli/") or module == "simak/__main__.py":
        return
    allowed = ALLOWED[package] | EXCEPTIONS.get(module, set()) | {package}
    assert set(_imported(module)) & set(PACKAGES) <= allowed


@pytest.mark.parametrize("module", MODULES)
def test_sql_lives_in_the_store_alone(module: str) -> None:
    if not module.startswith("store/"):
        assert not set(_imported(module)) & {"sqlalchemy", "sqlite3", "psycopg", "alembic"}


@pytest.mark.parametrize("module", MODULES)
def test_no_module_holds_more_than_400_lines(module: str) -> None:
    assert len((ROOT / module).read_text().splitlines()) <= 400


def test_the_network_is_used_by_collectors_and_to_send_alerts_alone() -> None:
    for module in MODULES:
        if not module.startswith("collectors/") and module != "alerts/sending.py":
            assert not set(_imported(module)) & NETWORK


def _imported(module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / module).read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
