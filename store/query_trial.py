"""What a brand's query would keep and drop of the texts that are stored; nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from simak.errors import ConfigurationError
from simak.relevance import Relevance
from store.engine import Store
from store.mentions import brand_names
from store.texts import brand_texts

EXAMPLES = 5


@dataclass(slots=True)
class Side:
    """What is kept, or dropped.

    Attributes:
        by_source: source to how many texts.
        examples: (mention id, source, text) of the first ones, the latest stored first.
    """

    n: int = 0
    by_source: dict[str, int] = field(default_factory=dict)
    examples: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, id: int, source: str, text: str, room: int) -> None:
        """Count a text, and keep it as an example while there is room."""
        self.n += 1
        self.by_source[source] = self.by_source.get(source, 0) + 1
        if len(self.examples) < room:
            self.examples.append((id, source, text))


@dataclass(slots=True)
class Trial:
    """What a query would do to the texts of a brand."""

    kept: Side = field(default_factory=Side)
    dropped: Side = field(default_factory=Side)


def try_query(store: Store, brand: str, relevance: Relevance, *, examples: int = EXAMPLES) -> Trial:
    """Hold a query against every text of a brand, also of its own places.

    Raises:
        ConfigurationError: nothing of the brand is stored.
    """
    names = brand_names(store)
    if brand not in names:
        raise ConfigurationError(
            f"there is nothing of a brand {brand!r} in the store; there is "
            + (", ".join(names) or "nothing at all")
        )
    trial = Trial()
    for id, source, said in brand_texts(store, brand):
        (trial.kept if relevance(said) else trial.dropped).add(id, source, said, examples)
    return trial
