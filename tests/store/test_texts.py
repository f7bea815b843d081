from datetime import timedelta

from simak.mention import RawMention
from store.corrections import correct, withdraw
from store.engine import Store
from store.filter import Filter
from store.lists import list_mentions
from store.texts import corrected_texts
from tests.builders import NOW, put, review, tagged

LATER = NOW + timedelta(hours=1)


def test_what_people_say_now_of_texts_as_they_are(store: Store) -> None:
    put(store, [review(name, f"teks {name}") for name in "abcdef"])
    id_of = {row.text[-1]: row.id for row in list_mentions(store, Filter())}
    first = tagged("negative", {"delivery": "negative"}, signals=("anxiety",))
    for place, name in enumerate("edcba"):
        at = NOW + timedelta(minutes=place)
        correct(store, id_of[name], first, by="ana", now=at)
    second = tagged("positive", {"price": "neutral"}, complaint=True)
    correct(store, id_of["e"], second, by="budi", now=LATER)
    withdraw(store, id_of["d"], by="ana", now=NOW)
    put(store, [RawMention(external_id="c", deleted=True)], now=LATER)
    put(store, [review("b", "teks lain")], now=LATER)
    put(store, [review("a", "teks a", stars=2)], now=LATER)  # the same words, other stars

    told = corrected_texts(store)
    assert [text for text, _ in told] == ["teks a", "teks e"]
    for (_, tags), said in zip(told, (first, second), strict=True):
        assert (tags.sentiment, tags.complaint) == (said.sentiment, said.complaint)
        assert tags.signals == said.signals
        assert {name: one.polarity for name, one in tags.touchpoints.items()} == {
            name: one.polarity for name, one in said.touchpoints.items()
        }

    correct(store, id_of["b"], second, by="ana", now=LATER + timedelta(hours=1))
    assert [text for text, _ in corrected_texts(store)] == ["teks a", "teks e", "teks lain"]
