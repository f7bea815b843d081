"""The download of the week, on a page that offers it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.parts import report
from simak.taxonomy import load_taxonomy
from store.engine import Store
from tests.dashboard.conftest import html
from tests.dashboard.report import opened

Made = list[tuple[str, str, str, Callable[[], bytes]]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """What the page would make on a click: brand, format, language and the maker."""
    found: Made = []
    maker = report.maker

    def noted(view: Any, brand: str, format: Any, language: str) -> Callable[[], bytes]:
        make = maker(view, brand, format, language)
        found.append((brand, format, language, make))
        return make

    monkeypatch.setattr(report, "maker", noted)
    return found


@pytest.mark.parametrize(
    ("lang", "heading", "button"),
    [
        ("en", "The week to hand on", "Download the week"),
        ("id", "Laporan mingguan untuk dibagikan", "Unduh laporan"),
    ],
)
def test_the_week_is_made_when_it_is_asked_for(
    show: Callable[..., AppTest],
    filled_url: str,
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    heading: str,
    button: str,
) -> None:
    gathered: list[str] = []
    gather = report.brief

    def noted(store: Store, taxonomy: Any, brand: str, **options: Any) -> Any:
        gathered.append(brand)
        return gather(store, taxonomy, brand, **options)

    monkeypatch.setattr(report, "brief", noted)
    app = show(filled_url, "today", lang=lang, brand="Senandika")
    assert not app.exception
    assert heading in [one.value for one in app.header]
    assert "19–25" in html(app)
    assert [one.proto.label for one in app.get("download_button")] == [button]
    assert gathered == []
    app.selectbox(key="w_report_format").select("html").run()
    other = "en" if lang == "id" else "id"
    app.selectbox(key="w_report_language").select(other).run()
    brand, format, language, make = made[-1]
    assert (brand, format, language) == ("Senandika", "html", other)
    with ThreadPoolExecutor(1) as pool:  # Streamlit calls it outside the run of the page
        page = pool.submit(make).result()
    assert gathered == ["Senandika"]
    words = {"en": "What the figures rest on", "id": "Dasar angka-angka ini"}
    assert words[other] in opened.html(page)
    assert i18n.language() == lang


def test_a_brand_without_days_has_no_week(
    show: Callable[..., AppTest], sqlite_store: Store, made: Made
) -> None:
    i18n.use("en")
    for brands in ((), ("A", "B")):
        view = SimpleNamespace(filter=SimpleNamespace(brands=brands))
        texts: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(report.words, "note", texts.append)
            report.draw(view)  # type: ignore[arg-type]
        assert texts == ["A report is about one brand: choose one."]
    queries = SimpleNamespace(store=sqlite_store)
    view = SimpleNamespace(
        filter=SimpleNamespace(brands=("<b>",)), queries=queries, taxonomy=load_taxonomy()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report.words, "note", texts.append)
        report.draw(view)  # type: ignore[arg-type]
    assert texts[-1] == "There is no dated mention of <b>, so no week to report."
    assert made == []
