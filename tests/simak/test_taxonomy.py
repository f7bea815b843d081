from pathlib import Path

import pytest

from simak.errors import ConfigurationError
from simak.taxonomy import DEFAULT_STAGES, FUNCTIONS, PHASES, load_taxonomy


def test_the_touchpoints_are_those_of_the_guidelines(shared: Path) -> None:
    guidelines = (shared / "annotation" / "GUIDELINES.md").read_text()
    table = guidelines.split("## Touchpoints")[1].split("## Signals")[0]
    ids = tuple(line.split("`")[1] for line in table.splitlines() if line.startswith("| `"))
    assert load_taxonomy().ids == ids


def test_every_touchpoint_is_complete_and_every_phase_and_function_is_used() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy) == 19
    assert {touchpoint.phase for touchpoint in taxonomy} == set(PHASES)
    assert {touchpoint.owner for touchpoint in taxonomy} == set(FUNCTIONS)
    for touchpoint in taxonomy:
        assert set(touchpoint.names) == set(touchpoint.descriptions) == {"id", "en"}
        assert taxonomy[touchpoint.id] is touchpoint
    with pytest.raises(KeyError):
        taxonomy["nothing"]


def test_a_file_of_ones_own_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(_entry("wallet"))
    assert load_taxonomy(path).ids == ("wallet",)


def test_every_phase_stands_in_one_stage_and_a_file_may_move_it(tmp_path: Path) -> None:
    assert load_taxonomy().stages == DEFAULT_STAGES
    assert load_taxonomy().in_phases("awareness")[0] == "advertising"
    assert "delivery" in load_taxonomy().owned_by("logistics")
    path = tmp_path / "own.toml"
    path.write_text(_entry("wallet"))
    assert load_taxonomy(path).stages == DEFAULT_STAGES
    moved = tmp_path / "moved.toml"
    moved.write_text(_stages(before='"awareness", "customer_service"') + _entry("wallet"))
    assert load_taxonomy(moved).stages == {
        "before": ("awareness", "customer_service"),
        "during": ("transaction",),
        "after": ("after_sales", "retention"),
    }


def _stages(before: str = '"awareness"', after: str = '"after_sales", "retention"') -> str:
    return f'[stages]\nbefore = [{before}]\nduring = ["transaction"]\nafter = [{after}]\n'


def _entry(id: str, phase: str = "retention", owner: str = "product") -> str:
    both = '{ id = "a", en = "b" }'
    return (
        f'[[touchpoint]]\nid = "{id}"\nphase = "{phase}"\nowner = "{owner}"\n'
        f"name = {both}\ndescription = {both}\n"
    )


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("", r"no \[\[touchpoint\]\]"),
        ("[[", "cannot be read"),
        (_entry("a") + _entry("a"), "'a' stands twice"),
        (_entry("a", phase="dreaming"), "phase = 'dreaming' is none of awareness"),
        (_entry("a", owner="nobody"), "owner = 'nobody'"),
        (_entry("a").replace("owner", "ower"), "no 'owner'"),
        (_entry("a").replace("en =", "fr ="), "both id and en"),
        ("stages = 3\n" + _entry("a"), "a list of phases for each stage"),
        (_stages().replace("during", "later") + _entry("a"), "'later', which is none of before"),
        (_stages(before='"dreaming"') + _entry("a"), "'dreaming', which is none of awareness"),
        (_stages() + _entry("a"), "'customer_service' stands in 0 stages"),
        (
            _stages('"awareness", "customer_service", "retention"') + _entry("a"),
            "'retention' stands in 2 stages",
        ),
    ],
)
def test_a_wrong_file_says_what_is_wrong(tmp_path: Path, text: str, sign: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=sign):
        load_taxonomy(path)
