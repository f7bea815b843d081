from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simak.errors import ConfigurationError
from simak.relevance import parse_query


@pytest.mark.parametrize(
    ("query", "kept", "dropped"),
    [
        ("senja", ["SENJA enak", "senjanyalah", "#senja", "(@senja)"], ["senjata", "tersenja"]),
        ('"kopi senja"', ["Kopi  Senja!", "kopi-\nsenjanya"], ["senja kopi", "kopi di senja"]),
        ("@kopisenja", ["halo @KopiSenja!"], ["kopisenja", "a@kopisenja.id", "@kopisenja_id"]),
        ("#kopisenja", ["promo #KopiSenja"], ["kopisenja", "#kopisenjaid"]),
        ("senja*", ["senjakala", "senja"], ["pesenja"]),
        ("senja AND kopi", ["kopi di senja"], ["senja", "kopi"]),
        ("senja kopi", ["kopi di senja"], ["senja", "kopi"]),
        ("senja OR kopi", ["senja", "kopi"], ["teh"]),
        ("senja AND NOT lowongan", ["senja"], ["lowongan senja", "lowongan"]),
        ("senja -lowongan", ["senja"], ["lowongan senja"]),
        ("a AND b OR c", ["c", "a b"], ["a", "b"]),
        ("a AND (b OR c)", ["a c", "a b"], ["c", "a"]),
        ("NOT a AND b", ["b"], ["a b"]),
        ("café", ["cafe enak", "CAFÉ"], ["kafe"]),
        ("ｓenja", ["senja"], []),
        ("tak_ada", ["tak_ada"], ["tak ada"]),
    ],
)
def test_what_a_query_keeps_and_drops(query: str, kept: list[str], dropped: list[str]) -> None:
    about = parse_query(query)
    assert [text for text in kept if not about(text)] == []
    assert [text for text in dropped if about(text)] == []


def test_a_name_that_means_other_things_needs_a_word_beside_it() -> None:
    about = parse_query("senja", context=["kopi", "es kopi susu", "ngopi*"])
    assert about("ngopinya di Senja aja")
    assert about("Senja: es  kopi-susu")
    assert not about("senja di pantai")
    assert not about("kopi saja")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("(a", "cannot be read"),
        ("a AND", "cannot be read"),
        ("AND", "cannot be read"),
        ('"a', "cannot be read"),
        ("kopi:senja", "not known here"),
        ("/re/", "not known here"),
        ("[a TO b]", "not known here"),
        ("a~", "not known here"),
        ("senja^2", "not known here"),
        ("NOT a", "must not occur"),
        ("a OR NOT b", "must not occur"),
        ("a AND !!!", "no word"),
        ('""', "no word"),
    ],
)
def test_what_is_no_query_is_refused(query: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        parse_query(query)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab *"()@#-+!ANDORT é~^:/[]\\', max_size=25), st.text(max_size=30))
def test_any_text_is_a_query_or_is_refused(query: str, text: str) -> None:
    try:
        about = parse_query(query)
    except ConfigurationError:
        return
    assert about(text) in (True, False)
    assert not about("")
