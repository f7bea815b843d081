"""A store with answers to every kind of question, the words beside them, and customers."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from simak.mention import RawMention
from simak.survey import SCALES, CustomerCount, SurveyAnswer
from simak.tags import Tags, TouchpointTag
from store import runs
from store.engine import Store, open_store
from store.mentions import Privacy
from store.surveys import save_answers, save_customers
from store.tags import save_tags, waiting
from tests.dashboard.conftest import LAST, NOW, fill, row

BRAND = "Senandika"
BARE = "Griyakita"
"""A brand that nobody was ever asked about."""

PAYLOAD = '<img src=x onerror="window.hacked=1">*emas*'
"""What a file calls a segment."""

_MONTHS = 6
_TOUCHPOINTS = {"delivery": 1, "customer_service": 3, "payment": 4}


def build(url: str) -> None:
    """Fill a store: half a year of NPS, CSAT by touchpoint, effort on a turned scale, customers."""
    store = open_store(url)
    fill(store, BRAND, [row(number) for number in range(200)])
    fill(store, BARE, [row(number) for number in range(0, 120, 3)], source="rival")
    add(store)
    store.close()


def add(store: Store) -> None:
    """Add the answers and customers to a store, and tag what was written."""
    given: list[SurveyAnswer] = []
    for number in range(60 * _MONTHS):
        given += _answers(number)
    privacy = Privacy(b"key", keep_raw=False)
    run = runs.start_run(store, source="form", kind="collect", asked="every file", now=NOW)
    with store.write() as connection:
        save_answers(store, connection, given, brand=BRAND, source="form", privacy=privacy, now=NOW)
        for segment in (None, PAYLOAD):
            save_customers(connection, _customers(segment), brand=BRAND, source="crm", now=NOW)
        run.status, run.finished_at = runs.DONE, NOW
        runs.save_run(connection, run)
    for items in waiting(store, "by hand"):
        save_tags(store, items, [_tags(item.text) for item in items], model="by hand", now=NOW)


def _answers(number: int) -> list[SurveyAnswer]:
    at = LAST - timedelta(days=3 * (number // 6), hours=number % 6)
    month = number // 60
    promoted = (9 + number % 2) if number * 7 % 10 < 5 + (month < 2) else number * 3 % 9
    channel = ("email", "whatsapp")[number % 2]
    if channel == "whatsapp" and number % 3 == 0:
        promoted = 2
    found = [
        _answer(
            f"n{number}", "nps", promoted, at, channel=channel,
            segment=("baru", PAYLOAD)[number % 5 == 0],
            words=f"Jawaban {number}: {'kurir lama' if promoted < 7 else 'mantap'}"
            if number % 3 == 0 else None,
        )
    ]  # fmt: skip
    for place, (touchpoint, good) in enumerate(_TOUCHPOINTS.items()):
        if number % 4 == place:
            score = 5 if number % 6 < good else 2
            words = f"Soal {touchpoint} {number}: payah" if score == 2 and number % 8 < 4 else None
            found.append(
                _answer(f"c{number}", "csat", score, at, touchpoint=touchpoint, words=words)
            )
    if number % 5 == 0:
        found.append(_answer(f"e{number}", "ces", 1 + number % 7, at, higher_is_better=False))
    return found


def _answer(
    id: str,
    metric: str,
    score: float,
    at: datetime,
    *,
    words: str | None = None,
    channel: str = "survey",
    segment: str | None = None,
    touchpoint: str | None = None,
    higher_is_better: bool = True,
) -> SurveyAnswer:
    low, high = SCALES[metric]
    comment = words and RawMention(
        external_id=f"{id}-words", text=words, kind="answer", channel="survey", published_at=at
    )
    return SurveyAnswer(
        external_id=id, metric=metric, score=score, low=low, high=high, answered_at=at,
        higher_is_better=higher_is_better, channel=channel, segment=segment,
        touchpoint=touchpoint, comment=comment or None,
    )  # fmt: skip


def _customers(segment: str | None) -> list[CustomerCount]:
    part = 1 if segment is None else 10
    return [
        CustomerCount(
            month=date(2026, month, 1),
            start=(4_000 + 50 * month) // part,
            new=150 // part,
            lost=(90 + 25 * (month == 10)) // part,
            segment=segment,
        )
        for month in range(5, 11)
    ]


def _tags(text: str) -> Tags:
    bad = "lama" in text or "payah" in text
    name = "negative" if bad else "positive"
    found = {"delivery": TouchpointTag(name, 0.9, None)} if "kurir" in text else {}
    return Tags(name, bad, found, ("switching",) if bad else (), "id", {name: 0.9})
