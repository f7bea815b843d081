"""The page Response: its sentence, its marks and links, in both languages and every state."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import html
from tests.dashboard.walk import doors


def test_x(show: Callable[..., AppTest]) -> None:
    url = "sqlite:////tmp/pserv/a.db"
    for q in ({}, {"over": "touchpoint"}, {"which": "all", "days": "30"}):
        app = show(url, "response", lang="en", brand="Senandika", **q)
        print(app.exception)
        print(html(app)[:6000])
        print(len(doors(app)))
    assert 0
