"""What people ask of a store: random filters, words and pages, the same for the same seed."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from benchmarks.texts import sample_texts
from benchmarks.world import BRANDS, CHANNELS, DAYS, LANGUAGES, LAST_DAY
from simak.tags import SENTIMENTS
from simak.taxonomy import load_taxonomy
from store.filter import Filter
from store.lists import Position

T = TypeVar("T")

SEARCHES = ("common word", "word", "rare word", "phrase", "two words", "beginning")


@dataclass(frozen=True)
class Question:
    """One view of the dashboard.

    Attributes:
        filter: what every page shares: brand, days, channels, languages.
        list_filter: the same, narrowed for the list of mentions.
        after: where the list's page begins.
    """

    filter: Filter
    list_filter: Filter
    after: Position | None = None


class Questions:
    """Draws questions.

    Example:
        >>> Questions(1).view() == Questions(1).view()
        True
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._texts = [
            words
            for text in sample_texts()
            if len(words := re.findall(r"(?<!\S)\W*(\w+)", text.lower())) >= 2
        ]
        counted = Counter(word for words in self._texts for word in set(words))
        by_rank = [word for word, _ in counted.most_common()]
        self._common = by_rank[:30]
        self._usual = [word for word in by_rank[30:] if counted[word] >= 5]
        self._rare = [word for word in by_rank if counted[word] == 1]

    def view(self) -> Question:
        """Return a question to a page that shows numbers."""
        filter = self._filter()
        return Question(filter, filter)

    def listed(self) -> Question:
        """Return a question to the list, by anything but words; some of them deep down."""
        filter = self._filter()
        narrow = filter.but(
            sentiments=self._sometimes(0.3, tuple(self._random.sample(SENTIMENTS, 1))) or (),
            complaint=self._sometimes(0.3, self._random.random() < 0.8),
            touchpoints=self._sometimes(0.4, (self._random.choice(load_taxonomy().ids),)) or (),
        )
        if narrow.touchpoints:
            narrow = narrow.but(polarity=self._sometimes(0.6, self._random.choice(SENTIMENTS)))
        return Question(filter, narrow, self._sometimes(0.5, self._position(filter)))

    def searched(self, kind: str) -> Question:
        """Return a question to the list with words of one of `SEARCHES`."""
        question = self.listed()
        narrow = question.list_filter.but(search=self.words(kind))
        if self._random.random() < 0.5:  # most people search a whole brand
            narrow = question.filter.but(search=narrow.search)
        return Question(question.filter, narrow, self._sometimes(0.2, question.after))

    def words(self, kind: str) -> str:
        """Return something to search for."""
        if kind == "common word":
            return self._random.choice(self._common)
        if kind == "word":
            return self._random.choice(self._usual)
        if kind == "rare word":
            return self._random.choice(self._rare)
        if kind == "beginning":
            return self._random.choice(self._usual)[:4] + "*"
        text = self._random.choice(self._texts)
        if kind == "phrase":
            place = self._random.randrange(len(text) - 1)
            return f'"{text[place]} {text[place + 1]}"'
        return " ".join(self._random.sample(text, 2))

    def _filter(self) -> Filter:
        chance = self._random.random()
        names = list(BRANDS)
        brands = self._random.choices(names, k=1)
        if chance < 0.1:
            brands = self._random.sample(names, 2)
        elif chance < 0.3:
            brands = []
        since, until = self._days()
        return Filter(
            brands=tuple(brands),
            since=since,
            until=until,
            channels=tuple(self._random.sample(list(CHANNELS), self._some(0.3))),
            languages=tuple(self._random.sample(list(LANGUAGES), self._some(0.2))),
        )

    def _days(self) -> tuple[date | None, date | None]:
        length = self._random.choice((1, 7, 30, 90, 90, 180, 365, DAYS, None, None))
        if length is None:
            return None, None
        # Presets count back from the last day; what is picked by hand or clicked does not.
        back = 0 if self._random.random() < 0.5 else self._random.randrange(DAYS - length + 1)
        until = LAST_DAY - timedelta(days=back)
        return until - timedelta(days=length - 1), until

    def _some(self, share: float) -> int:
        return self._random.randint(1, 2) if self._random.random() < share else 0

    def _position(self, filter: Filter) -> Position:
        first = filter.since or LAST_DAY - timedelta(days=DAYS)
        days = ((filter.until or LAST_DAY) - first).days
        day = first + timedelta(days=self._random.randint(0, days))
        return datetime.combine(day, time(12), UTC), 10**9

    def _sometimes(self, share: float, value: T) -> T | None:
        return value if self._random.random() < share else None
