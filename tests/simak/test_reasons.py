"""Why records are left out is a closed set, which the dashboard has in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import i18n, labels
from simak import reasons

ROOT = Path(__file__).parents[2]
GIVEN_BY = {"BadRecord", "bad_row", "skip", "_bad"}
"""The calls whose first argument is a reason."""

KNOWN = {value for name, value in vars(reasons).items() if name.isupper()}


def given() -> Iterator[tuple[str, ast.expr]]:
    """Every reason that a module gives, as it is written there."""
    for folder in ("collectors", "models"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    function = node.func
                    name = getattr(function, "id", None) or getattr(function, "attr", "")
                    if name in GIVEN_BY and node.args:
                        yield path.name, node.args[0]


def test_every_reason_given_is_one_of_them() -> None:
    found = list(given())
    assert len(found) > 9
    for module, reason in found:
        assert isinstance(reason, ast.Name), (module, ast.unparse(reason))
        # A parameter hands on what its caller gave.
        assert reason.id == "reason" or hasattr(reasons, reason.id), (module, reason.id)


@pytest.mark.parametrize("reason", sorted(KNOWN))
def test_the_dashboard_says_it_in_the_readers_language(reason: str) -> None:
    i18n.use("en")
    assert labels.reason(reason) == reason
    i18n.use("id")
    assert labels.reason(reason) != reason


def test_what_another_source_says_is_shown_as_it_is() -> None:
    i18n.use("id")
    assert labels.reason("Werbung") == "Werbung"
