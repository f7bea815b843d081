import pytest

from store.engine import Store
from store.filter import Filter
from store.lists import count, list_mentions
from store.profiles import profile_counts
from store.rollups import touchpoint_counts
from tests.builders import put, review, tag_all, tagged

SAID = {
    "price": {"price": "negative"},
    "price, packaging fine": {"packaging": "positive", "price": "negative"},
    "price and delivery": {"delivery": "negative", "price": "negative"},
    "own_price": {"own_price": "negative"},
    "all three": {"delivery": "negative", "packaging": "negative", "price": "negative"},
    "good price": {"price": "positive"},
}


ALONE = {
    ("price",): {"price", "price, packaging fine"},
    ("delivery",): set(),
    ("delivery", "price"): {"price", "price, packaging fine", "price and delivery"},
    ("own_price",): {"own_price"},
}


def test_alone_means_nothing_else_is_spoken_of_so(store: Store) -> None:
    said = {text: tagged("negative", touchpoints) for text, touchpoints in SAID.items()}
    said["good price"] = tagged("positive", SAID["good price"])
    put(store, [review(text, text) for text in said])
    tag_all(store, said)
    for touchpoints, found in ALONE.items():
        filter = Filter(touchpoints=touchpoints, polarity="negative", alone=True)
        assert {row.text for row in list_mentions(store, filter)} == found
        assert count(store, filter).n == len(found)
        assert count(store, filter.but(search="price")).n == sum("price" in text for text in found)
        assert profile_counts(store, filter).n.sum() == len(found)
        with pytest.raises(ValueError, match="holds no"):
            touchpoint_counts(store, filter)
