import json
from dataclasses import replace
from pathlib import Path

import pytest

from simak.errors import ConfigurationError
from simak.own_touchpoints import (
    FILE,
    Example,
    OwnTouchpoint,
    check_new_id,
    read_own,
    taxonomy_of,
    write_own,
)
from simak.settings import Settings
from simak.taxonomy import DEFAULT_PATH, Touchpoint, load_taxonomy

WALLET = OwnTouchpoint(
    Touchpoint(
        "wallet",
        "transaction",
        "product",
        {"id": "Dompet", "en": "Wallet"},
        {"id": "Diajarkan", "en": "Taught"},
    ),
    (Example("saldo dompet hilang 😡", True), Example("dompet kulit", False)),
    {"model": "simak-1", "head": {"bias": [0.5]}},
)


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert read_own(folder) == ()
    write_own(folder, [WALLET])
    assert read_own(folder) == (WALLET,)
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_the_taxonomy_holds_what_was_taught_last(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path)
    assert taxonomy_of(settings) == load_taxonomy()
    write_own(settings.data, [WALLET])
    taxonomy = taxonomy_of(settings)
    assert taxonomy.ids == (*load_taxonomy().ids, "wallet")
    assert taxonomy["wallet"].names["en"] == "Wallet"


def test_a_taxonomy_that_has_the_id_too_is_a_clear_error(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(DEFAULT_PATH.read_text().replace('id = "delivery"', 'id = "wallet"'))
    settings = Settings(folder=tmp_path, taxonomy=own)
    write_own(settings.data, [WALLET])
    with pytest.raises(ConfigurationError, match="simak touchpoint remove wallet"):
        taxonomy_of(settings)


@pytest.mark.parametrize(
    "id",
    ["delivery", "x", "Wallet", "e-wallet", "1st", "a" * 41, "complaint", "anxiety", "unplaced"],
)
def test_ids_that_cannot_be(id: str) -> None:
    with pytest.raises(ConfigurationError, match=id):
        check_new_id(id, load_taxonomy())


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        (lambda content: content.update(format=9), "format 9 is not known"),
        (lambda content: content.pop("touchpoints"), "cannot be read"),
        (lambda content: content["touchpoints"][0].pop("examples"), "cannot be read"),
        (lambda content: content["touchpoints"][0].update(phase="moon"), "phase = 'moon'"),
        (lambda content: content["touchpoints"][0]["examples"][0].pop("text"), "cannot be read"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, change, sign: str) -> None:  # type: ignore[no-untyped-def]
    write_own(tmp_path, [WALLET])
    content = json.loads((tmp_path / FILE).read_text())
    change(content)
    (tmp_path / FILE).write_text(json.dumps(content))
    with pytest.raises(ConfigurationError, match=sign) as error:
        read_own(tmp_path)
    assert FILE in str(error.value)


def test_a_file_cut_short_is_named(tmp_path: Path) -> None:
    write_own(tmp_path, [WALLET])
    (tmp_path / FILE).write_text((tmp_path / FILE).read_text()[:50])
    with pytest.raises(ConfigurationError, match=r"touchpoints\.json: it cannot be read"):
        read_own(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        write_own(tmp_path / "data", [replace(WALLET, learned={})])
