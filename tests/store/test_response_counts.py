from datetime import UTC, date, datetime, timedelta

import pytest

from store.engine import Store
from store.filter import Filter
from store.lists import count
from store.response_counts import Asked, RatedAgain, answering, asked, last_seen, rated_again
from store.responses import minute, replies
from tests.builders import NOW, put, review, tag_all, tagged


@pytest.fixture
def asked_and_answered(store: Store) -> Store:
    """One review a day in May on two channels; every other one is answered, on one of them."""
    put(
        store,
        [
            review(
                f"{day}",
                "lama" if day % 3 else "ok",
                f"2026-05-{day:02}",
                channel="email" if day % 4 else "x",
                stars=float(day % 5 + 1),
                reply="Maaf" if day % 4 and day % 2 else None,
                reply_at=NOW if day % 4 and day % 2 else None,
            )
            for day in range(1, 31)
        ],
    )
    put(store, [review("u", "lama", None)], source="forum")
    tag_all(store, {"lama": tagged("negative", {"delivery": "negative"}), "ok": tagged("neutral")})
    return store


def test_where_answers_are_seen(asked_and_answered: Store) -> None:
    found = answering(asked_and_answered)
    assert (found.sources, found.channels, found.resolving) == (("google_play",), ("email",), ())
    put(
        asked_and_answered,
        [review("t", "ok", "2026-05-02", attributes={"resolution_minutes": "9"})],
        source="tickets",
        brand="Rival",
    )
    found = answering(asked_and_answered)
    # Resolved is not answered.
    assert (found.sources, found.resolving) == (("google_play",), ("tickets",))


def test_nothing_is_answered_in_an_empty_store(store: Store) -> None:
    assert answering(store).sources == ()
    assert last_seen(store) == {}
    assert asked(store, Filter()) == []
    assert rated_again(store, Filter()) == []
    assert len(replies(store, Filter())) == 0


@pytest.mark.parametrize(
    "filter",
    [
        Filter(),
        Filter(channels=("email",)),
        Filter(since=date(2026, 5, 3), until=date(2026, 5, 20)),
        Filter(complaint=True),
        Filter(touchpoints=("delivery",)),
        Filter(has_rating=True),
    ],
)
def test_what_was_asked_adds_up_to_the_mentions(asked_and_answered: Store, filter: Filter) -> None:
    cells = asked(asked_and_answered, filter)
    assert sum(cell.n for cell in cells) == count(asked_and_answered, filter).n
    behind = count(asked_and_answered, filter.but(complaint=True)).n
    assert sum(cell.complaints for cell in cells) == behind
    assert len(cells) == len({cell[:3] for cell in cells})


def test_a_day_without_a_date_is_kept(asked_and_answered: Store) -> None:
    assert Asked("forum", "forum", None, 1, 1) in asked(asked_and_answered, Filter())


def test_a_source_was_watched_until_its_last_sign_of_life(asked_and_answered: Store) -> None:
    assert last_seen(asked_and_answered) == {"google_play": minute(NOW)}
    put(asked_and_answered, [review("z", "ok", "2026-06-09")])
    start = datetime(2026, 6, 8, 17, tzinfo=UTC)  # midnight of the 9th in Jakarta
    assert last_seen(asked_and_answered)["google_play"] == minute(start)


def test_stars_are_those_at_the_answer_and_now(store: Store) -> None:
    answered = NOW + timedelta(hours=1)

    def rate(id: str, stars: float, when: int, *, text: str = "a", **more: object) -> None:
        put(
            store,
            [review(id, text, stars=stars, **more)],
            now=NOW + timedelta(hours=when),
        )

    reply = {"reply": "Maaf", "reply_at": answered}
    for id in ("up", "twice", "late", "same", "before"):
        rate(id, 2.0, 0)
    rate("up", 2.0, 2, **reply)
    rate("up", 4.0, 3, **reply)
    # Three, then five: what stood at the answer against what stands now.
    rate("twice", 2.0, 2, **reply)
    rate("twice", 3.0, 3, **reply)
    rate("twice", 5.0, 4, **reply)
    rate("same", 2.0, 2, text="b", **reply)
    # Changed before the answer, and nothing after it.
    rate("before", 1.0, 0, **reply)
    # Seen late, but the source says that it was edited before the answer.
    rate("late", 5.0, 3, **reply, edited_at=NOW)
    ids = {row.mention_id: row for row in rated_again(store, Filter())}
    assert sorted((row.before, row.after) for row in ids.values()) == [
        (2.0, 2.0),
        (2.0, 4.0),
        (2.0, 5.0),
    ]
    assert all(isinstance(row, RatedAgain) for row in ids.values())
    assert rated_again(store, Filter(brands=("Rival",))) == []
    assert len(rated_again(store, Filter(since=date(2026, 5, 10)))) == 3
    assert rated_again(store, Filter(since=date(2026, 5, 11))) == []
