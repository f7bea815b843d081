import pytest

from simak.errors import ConfigurationError
from store.engine import Store
from store.views import delete_view, save_view, views
from tests.builders import NOW


def test_a_view_is_kept_and_deleted(store: Store) -> None:
    query = "brand=Senandika&q=%22tidak+sampai%22&since=2026-05-01"
    senin = save_view(store, "  Senin   pagi ", page="mentions", query=f"?{query}", by="a", now=NOW)
    assert (senin.name, senin.query) == ("Senin pagi", query)
    save_view(store, "ana", page="touchpoints", query="", by="ana", now=NOW)
    assert views(store)[1] == senin
    assert [one.name for one in views(store)] == ["ana", "Senin pagi"]
    delete_view(store, "ana")
    delete_view(store, "ana")
    assert [one.name for one in views(store)] == ["Senin pagi"]


def test_nobodys_view_is_lost_to_anothers(store: Store) -> None:
    for name in ("satu", "dua"):
        save_view(store, name, page="mentions", query=name, by="ana", now=NOW)
    with pytest.raises(ConfigurationError, match="'satu' already"):
        save_view(store, "satu", page="mentions", query="", by="budi", now=NOW)
    assert [(one.name, one.query) for one in views(store)] == [("dua", "dua"), ("satu", "satu")]


def test_a_view_needs_a_name(store: Store) -> None:
    for name in ("", "  ", "x" * 81):
        with pytest.raises(ConfigurationError, match="name"):
            save_view(store, name, page="mentions", query="", by="ana", now=NOW)
