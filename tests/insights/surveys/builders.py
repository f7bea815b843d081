"""Surveys in a store, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from simak.mention import RawMention
from simak.survey import SCALES, CustomerCount, SurveyAnswer
from store.engine import Store
from store.mentions import Privacy
from store.surveys import save_answers, save_customers
from tests.builders import NOW


def answer(
    id: str,
    metric: str,
    score: float,
    day: str | None = "2026-05-10",
    *,
    words: str | None = None,
    **fields: Any,
) -> SurveyAnswer:
    """An answer at noon UTC of a day, on the usual scale, with a comment where there are words."""
    at = None if day is None else datetime.fromisoformat(f"{day}T12:00:00+00:00")
    comment = words and RawMention(
        external_id=f"{id}-words", text=words, kind="answer", channel="survey", published_at=at
    )
    low, high = SCALES[metric]
    given = {"low": low, "high": high, "answered_at": at, "comment": comment or None} | fields
    return SurveyAnswer(external_id=id, metric=metric, score=score, **given)


def ask(
    store: Store, answers: Sequence[SurveyAnswer], *, brand: str = "Senandika", source: str = "form"
) -> None:
    """Store answers."""
    privacy = Privacy(b"key", keep_raw=False)
    for start in range(0, len(answers), 100):
        some = answers[start : start + 100]
        with store.write() as connection:
            save_answers(
                store, connection, some, brand=brand, source=source, privacy=privacy, now=NOW
            )


def count_customers(
    store: Store, *months: tuple[str, int, int], source: str = "crm", segment: str | None = None
) -> None:
    """Store the customers at the start of months, such as 2026-05, and the lost; 50 were won."""
    counts = [
        CustomerCount(
            month=date.fromisoformat(f"{month}-01"), start=start, new=50, lost=lost, segment=segment
        )
        for month, start, lost in months
    ]
    with store.write() as connection:
        save_customers(connection, counts, brand="Senandika", source=source, now=NOW)
