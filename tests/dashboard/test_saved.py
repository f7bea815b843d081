"""A view saved under a name opens the page as it was, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import links
from dashboard.parts import saved
from dashboard.state import State
from store import views
from store.engine import Store, open_store
from store.filter import Filter
from tests.dashboard.conftest import build

NOW = datetime(2026, 11, 1, tzinfo=UTC)
STATE = State(
    lang="en",
    period="30",
    chosen=Filter(brands=("Senandika",), touchpoints=("delivery",), search="a & b"),
    choices=(("metric", "stars"),),
)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    build(sqlite_url)
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


def view_of(store: Store, page: str, state: State) -> Any:
    """Return as much of a view as is saved."""
    return SimpleNamespace(store=store, page=page, state=state)


def test_a_view_is_saved_with_its_page_and_its_whole_address(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved.st, "session_state", {"w_view_name": " Monday   delivery "})
    saved._save(view_of(store, "mentions", STATE.but(after=(NOW, 7))))
    (view,) = views.views(store)
    assert (view.name, view.page) == ("Monday delivery", "mentions")
    assert links.parameters(view.query) == {
        key: [value] if isinstance(value, str) else value for key, value in STATE.query().items()
    }
    assert "Saved" in saved.st.session_state["view_said"]


@pytest.mark.parametrize(("name", "said"), [("  ", "name first"), ("there", "already")])
def test_what_cannot_be_saved_is_said(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    views.save_view(store, "there", page="mentions", query="lang=en", by="ana", now=NOW)
    monkeypatch.setattr(saved.st, "session_state", {"w_view_name": name})
    saved._save(view_of(store, "touchpoints", STATE))
    assert said in saved.st.session_state["view_said"]
    assert len(views.views(store)) == 1


def test_opening_and_closing_the_saved_views_runs_nothing(
    show: Callable[..., AppTest], store: Store
) -> None:
    """A run at their closing would undo the click, outside of them, that closed them."""
    app = show(store.url, "mentions", lang="en")
    assert not app.exception
    assert [button for button in app.button if button.key == "view_save"]


def test_a_view_of_the_page_itself_changes_the_address(
    show: Callable[..., AppTest], store: Store
) -> None:
    query = links.query_string(STATE)
    views.save_view(store, "Monday", page="mentions", query=query, by="ana", now=NOW)
    app = show(store.url, "mentions", lang="en")
    app.button(key="view_open_Monday").click().run()
    assert not app.exception
    assert {key: app.query_params[key] for key in ("touchpoint", "q")} == {
        "touchpoint": "delivery",
        "q": "a & b",
    }
