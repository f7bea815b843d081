"""A week in which everything happens that a report tells, told by people who play tricks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

import pytest

from insights.brief import Brief, brief
from simak.taxonomy import Taxonomy, load_taxonomy
from store.actions import add_action
from store.engine import Store, open_store
from store.models import Model, save_model
from store.promises import add_promise
from tests.builders import NOW, put, review, tag_all, tagged
from tests.dashboard.conftest import QUALITY, RIGHT_TO_LEFT

LAST = date(2026, 5, 31)
"""A Sunday."""

BRAND = f"=Senandika & <b>{RIGHT_TO_LEFT}</b>"
FORMULA = '=HYPERLINK("http://example.org","paket lama sekali tidak sampai-sampai")'
SCRIPT = "<script>window.hacked=1</script> #eval(read) *paket* lama $a$ sampainya"
ESSAY = "paket saya belum datang juga 🚚 " + "panjang sekali " * 340
LATE = (FORMULA, SCRIPT, ESSAY, "+62 paket saya lama sekali sampainya", "@admin paketnya lama")
DEAR, GOOD = "-ongkirnya makin mahal saja ya min", "wajannya bagus, tidak lengket sama sekali"

SAID = {text: tagged("negative", {"delivery": "negative"}) for text in LATE} | {
    DEAR: tagged("negative", {"price": "negative"}),
    GOOD: tagged("positive", {"product_quality": "positive"}),
}
_CHANNELS = ("google_play", "instagram", "whatsapp")


def fill(store: Store) -> None:
    """Ten weeks of late and dear parcels and praise every day; 20 late ones more on 28 May."""
    id = count()
    rows = []
    for back in range(70):
        day = LAST - timedelta(days=back)
        texts = [LATE[back % 5], LATE[(back + 1) % 5], DEAR, GOOD, GOOD, GOOD]
        if day == date(2026, 5, 28):
            texts += [LATE[n % 5] for n in range(20)]
        rows += [
            review(
                f"r{next(id)}",
                text,
                day.isoformat(),
                stars=5 if text == GOOD else 1,
                channel=_CHANNELS[place % 3],
            )
            for place, text in enumerate(texts)
        ]
    for start in range(0, len(rows), 200):
        put(store, rows[start : start + 200], brand=BRAND)
    rival = [review(f"v{n}", DEAR if n % 4 else GOOD, LAST.isoformat()) for n in range(40)]
    put(store, rival, brand="Griyakita")
    tag_all(store, SAID)
    add_promise(
        store, brand=BRAND, text="@sampai besok", touchpoint="delivery", since=date(2026, 4, 1),
        broken="lama", kept="cepat", now=NOW,
    )  # fmt: skip
    add_action(
        store, brand=BRAND, text="=kurir baru", touchpoint="delivery",
        day=LAST - timedelta(days=34), by="R", now=NOW,
    )  # fmt: skip
    save_model(store, Model("simak-test", QUALITY, NOW))


@pytest.fixture(scope="session")
def full_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store of that week."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('report') / 'simak.db'}")
    fill(store)
    yield store
    store.close()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """The shipped one."""
    return load_taxonomy()


@pytest.fixture(scope="session")
def week(full_store: Store, taxonomy: Taxonomy) -> Brief:
    """That week."""
    return brief(full_store, taxonomy, BRAND)


@pytest.fixture
def quiet(sqlite_store: Store, taxonomy: Taxonomy) -> Brief:
    """A week without any mention."""
    put(sqlite_store, [review("a", GOOD, LAST.isoformat())])
    return brief(sqlite_store, taxonomy, "Senandika", day=date(2026, 1, 1))


@pytest.fixture
def single(sqlite_store: Store, taxonomy: Taxonomy) -> Brief:
    """A week with one mention."""
    put(sqlite_store, [review("a", DEAR, LAST.isoformat())])
    tag_all(sqlite_store, SAID)
    return brief(sqlite_store, taxonomy, "Senandika")
