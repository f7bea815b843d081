from pathlib import Path

import pytest

from simak.causes import load_causes
from simak.errors import ConfigurationError
from simak.taxonomy import Taxonomy, load_taxonomy

NAME = 'name = { id = "a", en = "b" }\n'


def _cause(id: str = "lost", rule: str = 'signals = ["no_reply"]') -> str:
    return f'[[cause]]\nid = "{id}"\n{NAME}{rule}\n'


def _own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(text)
    return path


def test_the_shipped_causes_are_those_of_an_inconsistent_experience() -> None:
    causes = {cause.id: cause for cause in load_causes(load_taxonomy())}
    assert set(causes) == {
        "uneven_channels", "broken_promise", "repeated_requests", "no_reply", "abandoned",
        "opaque_transaction",
    }  # fmt: skip
    assert [cause.id for cause in causes.values() if cause.uneven_channels] == ["uneven_channels"]
    assert all(set(cause.names) == {"id", "en"} for cause in causes.values())


def test_a_file_of_ones_own_has_its_own_rules(tmp_path: Path) -> None:
    rule = 'touchpoints = ["delivery"]\nsignals = ["anxiety"]\nreplied = false'
    (cause,) = load_causes(load_taxonomy(), _own(tmp_path, _cause(rule=rule)))
    assert (cause.id, cause.touchpoints, cause.signals) == ("lost", ("delivery",), ("anxiety",))
    assert (cause.replied, cause.uneven_channels) == (False, False)


def test_a_file_without_rules_has_the_shipped_ones_of_its_touchpoints(tmp_path: Path) -> None:
    few = Taxonomy(tuple(load_taxonomy()[id] for id in ("delivery", "returns_refunds")))
    causes = {cause.id: cause for cause in load_causes(few, _own(tmp_path, ""))}
    assert set(causes) == {"uneven_channels", "broken_promise", "no_reply", "abandoned"}
    assert causes["broken_promise"].touchpoints == ("delivery",)
    assert causes["no_reply"].touchpoints == ()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("[[", "cannot be read"),
        (_cause() + _cause(), "'lost' stands twice"),
        (_cause().replace('id = "lost"\n', ""), "has no 'id'"),
        (_cause(rule="signal = 3"), "'signal' is none of id, name"),
        (_cause().replace("en =", "fr ="), "both id and en"),
        (_cause(rule='signals = ["silence"]'), "'silence', which is none of switching"),
        (_cause(rule='touchpoints = ["moon"]'), "'moon', which is none of advertising"),
        (_cause(rule='touchpoints = "delivery"'), "touchpoints is no list"),
        (_cause(rule="replied = 1"), "replied is true or false"),
        (_cause(rule=""), "asks for no touchpoints"),
        (_cause(rule='signals = ["anxiety"]\nuneven_channels = true'), "asks for no touchpoints"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(tmp_path: Path, text: str, sign: str) -> None:
    with pytest.raises(ConfigurationError, match=sign):
        load_causes(load_taxonomy(), _own(tmp_path, text))
