"""Where each source and the night stand, and that nothing collected is not nothing said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n, standing
from simak.settings import SourceSettings
from store.engine import open_store
from store.runs import DONE, FAILED, INTERRUPTED, RUNNING, Run, save_run, start_run
from tests.dashboard.conftest import html

Show = Callable[..., AppTest]

NOW = datetime(2026, 11, 1, 0, 41, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Jakarta")
HOUR = timedelta(hours=1)


def ended(status: str, ago: timedelta = 5 * HOUR, **values: object) -> Run:
    fields = {"kind": "collect", "asked": "all", "finished_at": NOW - ago, **values}
    return Run(source="s", started_at=NOW - ago - HOUR, status=status, **fields)  # type: ignore[arg-type]


def entry(type: str = "rss", enabled: bool | None = None) -> SourceSettings:
    return SourceSettings("s", type, "Senandika", {}, 1, enabled)


@pytest.mark.parametrize(
    ("run", "success", "settings", "wanted"),
    [
        (ended(DONE), 5 * HOUR, None, ("Fresh", "good")),
        (ended(DONE), 50 * HOUR, entry(), ("Late", "late")),
        (ended(DONE), 500 * HOUR, entry(), ("Stale", "bad")),
        (ended(DONE), 500 * HOUR, entry("webhook"), ("Nothing received lately", "late")),
        (ended(DONE), HOUR, entry("webhook"), ("Fresh", "good")),
        (ended(DONE), 500 * HOUR, entry(enabled=False), ("Turned off", "late")),
        (ended(FAILED), None, entry(enabled=False), ("Turned off", "late")),
        (ended(FAILED), HOUR, entry(), ("Failed", "bad")),
        (ended(FAILED, retry_at=NOW + HOUR), HOUR, entry(), ("Waits", "late")),
        (ended(FAILED, retry_at=NOW - HOUR), HOUR, entry(), ("Failed", "bad")),
        (ended(INTERRUPTED), HOUR, entry(), ("Interrupted", "bad")),
        (ended(RUNNING), HOUR, entry(enabled=False), ("At work", "good")),
        (ended(DONE, kind="import"), 500 * HOUR, None, ("Complete", "good")),
    ],
)
def test_light(
    run: Run, success: timedelta | None, settings: SourceSettings | None, wanted: tuple[str, str]
) -> None:
    i18n.use("en")
    found = standing.light(run, NOW - success if success else None, NOW, settings)
    assert found == wanted


def test_nothing_collected_is_not_nothing_said() -> None:
    i18n.use("en")
    assert "nothing was said there since" in standing.got(ended(DONE))
    assert "does not mean that nothing was said" in standing.got(ended(FAILED))
    assert "does not mean" in standing.got(ended(FAILED, retry_at=NOW + HOUR))
    assert "nothing was said there" not in standing.got(ended(DONE), entry("webhook"))


def night(status: str, ago: timedelta = 5 * HOUR, **values: object) -> tuple[str, str]:
    run = ended(status, ago, kind="nightly", new=312, **values)
    return standing.night(run, NOW - 30 * HOUR, NOW, ZONE)


def test_how_a_night_went() -> None:
    i18n.use("en")
    assert night(DONE) == (
        "● The last night ended 1 Nov 2026 02:41 WIB (5 hours ago): all went well, "
        "312 new mentions.",
        "",
    )
    assert "simak schedule" in night(DONE, 50 * HOUR)[1]
    text, further = night(FAILED, error="tag: no model")
    assert "not all went well, 312 new mentions" in text
    assert further == "tag: no model. The last one that went well ended 31 Oct 2026 01:41 WIB."
    assert "has not ended" in night(RUNNING, finished_at=None)[0]
    assert "interrupted" in night(INTERRUPTED)[0]
    i18n.use("id")
    assert night(DONE)[0] == (
        "● Proses malam terakhir selesai 1 Nov 2026 02:41 WIB (5 jam yang lalu): semua lancar, "
        "312 sebutan baru."
    )


@pytest.fixture
def shown(
    show: Show, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], str]:
    """Return what the page shows of sources in every state."""
    config = tmp_path / "simak.toml"
    config.write_text(
        "".join(
            f'[[source]]\nname = "{name}"\ntype = "{type}"\nbrand = "Senandika"\n{more}\n'
            for name, type, more in (
                ("kait", "webhook", ""),
                ("padam", "rss", "enabled = false"),
                ("kabar", "rss", ""),
                ("tunggu", "x", ""),
            )
        )
    )
    monkeypatch.setenv("SIMAK_CONFIG", str(config))
    store, now = open_store(sqlite_url), datetime.now(UTC)
    for source, kind, status, values in (
        ("tunggu", "collect", FAILED, {"error": "used up", "retry_at": now + HOUR}),
        ("video", "collect", DONE, {"quota_left": 9400}),
        ("nightly", "nightly", FAILED, {"error": "<b>tag: no model", "new": 3}),
    ):
        run = start_run(store, source=source, kind=kind, asked="all", now=now)
        run.status, run.finished_at = status, now
        for key, value in values.items():
            setattr(run, key, value)
        with store.write() as connection:
            save_run(connection, run)
    store.close()
    return lambda lang: html(show(sqlite_url, "sources", lang=lang))


def test_the_page_tells_the_states_apart(shown: Callable[[str], str]) -> None:
    page = shown("en")
    assert "not all went well, 3 new mentions" in page
    assert "&lt;b&gt;tag: no model" in page
    assert "<b>nightly</b>" not in page
    assert page.count("Quota left:") == 1
    assert "9,400" in page
    assert "◐ Waits" in page
    assert "Waits until:" in page
    assert "waits until " in page[page.index("sm-table") :]
    assert "simak serve-webhooks" in page
    assert "simak collect kait" not in page
    assert "padam is turned off in the settings" in page
    assert "simak collect padam" not in page
    assert "simak collect kabar" in page


def test_the_page_tells_them_apart_in_indonesian(shown: Callable[[str], str]) -> None:
    page = shown("id")
    assert "tidak semuanya lancar, 3 sebutan baru" in page
    assert "Sisa kuota:" in page
    assert "9.400" in page
    assert "menunggu sampai " in page
    assert "padam dimatikan di pengaturan" in page
