"""A store as somebody may see it: what their roles leave out is not there.

The database itself holds them to it, whatever is asked. On every connection that reads, a temporary
view of the same name stands before each table and leaves out the rows of other brands; both
databases look for temporary names first. On those that write, PostgreSQL's views refuse such rows
(WITH CHECK OPTION), and SQLite, which cannot write through views, has temporary triggers that do.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.sql.compiler import IdentifierPreparer

from simak.access import Access
from store.engine import REFUSED, Store, create_store_engine
from store.tables import metadata

_PARENTS = {"bad_record": ("run_id", "run"), "theme_change": ("theme_id", "theme"),
            "vector": ("space_id", "vector_space")}  # fmt: skip
"""Tables whose rows go with those of another: their column, and the table it is the id of."""

_SHARED = frozenset({"meta", "profile", "facet"})
"""What labels of all brands are made of: it says nothing of any."""

_READ = frozenset({"model", "lease", "erasure"})
"""What everybody may know, and who has some brands alone does not change: work on all of them."""

_OWNERS = frozenset({"audit", "token"})
"""What an owner alone reads."""

_ADDED_TO = frozenset({"audit"})
"""Of these, what everybody adds to by what they do."""


def restrict(store: Store, access: Access) -> Store:
    """Return the store as somebody may see it and write to it; close it as any other.

    Args:
        store: as its owner has it.

    Example:
        >>> from store.engine import open_store
        >>> restrict(open_store("sqlite://"), Access("admin@contoh.id", role="admin")).access.who
        'admin@contoh.id'
    """
    if access.is_owner:
        return replace(store, access=access)
    reader, writer = (create_store_engine(store.engine.url) for _ in range(2))
    _before_each(reader, _Rules(reader, access, writing=False).views())
    rules = _Rules(writer, access, writing=True)
    _before_each(writer, rules.triggers() if store.is_sqlite else rules.views())
    return replace(store, engine=reader, access=access, writer=writer)


def _before_each(engine: Engine, statements: Iterator[str]) -> None:
    made = list(statements)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for statement in made:
            cursor.execute(statement)
        cursor.close()
        if engine.dialect.name != "sqlite":
            connection.commit()


class _Rules:
    """Which rows of each table are whose.

    Args:
        writing: theirs to write, not only to read.
    """

    def __init__(self, engine: Engine, access: Access, *, writing: bool) -> None:
        self._writing = writing
        self._sqlite = engine.dialect.name == "sqlite"
        self._quote = IdentifierPreparer(engine.dialect).quote
        brands = access.brands_as("analyst" if writing else "viewer")
        self._brands = None if brands is None else _listed(brands)
        self._ruled = _listed(access.brands_as("admin") or frozenset())

    def views(self) -> Iterator[str]:
        """Yield a temporary view for each table that is not theirs as a whole."""
        for table in metadata.sorted_tables:
            rule = self._rule(table, "t")
            if rule is None:
                continue
            name = self._quote(table.name)
            # Adding to what one cannot read must stay possible, or nothing would be on record.
            checked = not self._sqlite and table.name not in _ADDED_TO
            yield (
                f"CREATE TEMPORARY VIEW {name} AS SELECT * FROM {self._real(table.name)} AS t "
                f"WHERE {rule}{' WITH LOCAL CHECK OPTION' if checked else ''}"
            )

    def triggers(self) -> Iterator[str]:
        """Yield SQLite's temporary triggers that refuse to write what is not theirs."""
        for table in metadata.sorted_tables:
            for change, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("UPDATE", "OLD"),
                                ("DELETE", "OLD")):  # fmt: skip
                rule = self._rule(table, row)
                if rule is None or (table.name in _ADDED_TO and change == "INSERT"):
                    continue
                yield (
                    f"CREATE TEMPORARY TRIGGER simak_{table.name}_{change}_{row} BEFORE {change} "
                    f"ON {self._real(table.name)} WHEN ({rule}) IS NOT TRUE "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
                )

    def _rule(self, table: Table, row: str) -> str | None:
        """Return what holds of a row that is theirs; None where all are.

        Args:
            row: what the row is called.
        """
        columns = table.columns.keys()
        if table.name in _OWNERS:
            return "false"
        if table.name == "membership":
            return f"{row}.brand_id IN ({self._ruled})"
        if self._brands is None or table.name in _SHARED:
            return None
        if table.name in _READ:
            return "false" if self._writing else None
        if table.name == "cursor":  # where sources of all brands stand: who collects has all
            return "false"
        if table.name == "brand":
            return f"{row}.id IN ({self._brands})"
        if "brand_id" in columns:
            return f"{row}.brand_id IN ({self._brands})"
        if table.name == "run":
            counted, brands = self._real("monthly_count"), self._real("brand")
            # Runs of before it was noted whose they are: whoever has mentions of their source.
            return (
                f"({row}.brand IN (SELECT name FROM {brands} WHERE id IN ({self._brands})) OR "
                f"{row}.brand IS NULL AND {row}.source IN "
                f"(SELECT source FROM {counted} WHERE brand_id IN ({self._brands})))"
            )
        column, parent = (
            ("mention_id", "mention") if "mention_id" in columns else _PARENTS[table.name]
        )
        if parent == "run":
            rule = self._rule(metadata.tables[parent], "p")
            return f"{row}.{column} IN (SELECT p.id FROM {self._real(parent)} AS p WHERE {rule})"
        # Row by row: the ids of a large brand's mentions would have to be gathered first.
        return (
            f"(SELECT p.brand_id FROM {self._real(parent)} AS p WHERE p.id = {row}.{column}) "
            f"IN ({self._brands})"
        )

    def _real(self, name: str) -> str:
        return f"{'main' if self._sqlite else 'public'}.{self._quote(name)}"


def _listed(ids: Set[int]) -> str:
    return ", ".join(map(str, sorted(ids))) or "NULL"
