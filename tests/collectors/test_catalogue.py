from __future__ import annotations

import re
from pathlib import Path

import pytest

from collectors.catalogue import markdown, options_of
from collectors.source import source_types
from simak.errors import ConfigurationError

NEEDED = {"webhook": {"format": "json"}}
"""Options that others depend on."""

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"


def test_the_page_of_sources_is_what_the_code_says() -> None:
    assert PAGE.read_text() == markdown(source_types()), (
        "run: python -m collectors.catalogue > docs/sources.md"
    )


@pytest.mark.parametrize("name", sorted(source_types()))
def test_every_option_is_documented(name: str) -> None:
    type = source_types()[name]
    with pytest.raises(ConfigurationError) as caught:
        type(name="x", brand="B", options={"no such option": 1, **NEEDED.get(name, {})})
    known = re.search(r"there (?:are|is) (.*)", str(caught.value))
    assert known is not None, caught.value
    documented = " ".join(options_of(type))
    for option in known[1].split(", "):
        assert re.search(rf"`{option}`", documented), option


@pytest.mark.parametrize("name", sorted(source_types()))
def test_every_type_says_what_it_is(name: str) -> None:
    facts = source_types()[name].facts
    assert facts.title
    assert not facts.title.endswith(".")
    assert facts.handles
    assert all(sentence.endswith(".") for sentence in facts.handles)


# Files of tables have tests of their own; webhooks are sent, not asked for.
@pytest.mark.parametrize("name", sorted(source_types().keys() - {"file", "webhook"}))
def test_every_type_is_held_to_what_every_source_must_do(name: str) -> None:
    made = source_types()[name].__name__  # type: ignore[attr-defined]
    held = [
        path.name
        for path in Path(__file__).parent.glob("test_*.py")
        if re.search(r"^class Test\w+\(\w*Conformance\)", text := path.read_text(), re.M)
        and re.search(rf"\b{made}\b", text)
    ]
    assert held
