import pytest

from simak.errors import ConfigurationError
from tests.cli.conftest import Simak

PROMISE = ("promise", "add", "sampai dalam seminggu", "--brand", "A", "--touchpoint", "delivery")
ACTION = ("action", "add", "kurir baru", "--brand", "A", "--day", "2026-05-05", "--by", "Rina")


def test_a_promise_from_the_register_to_its_words(simak: Simak, asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    assert "None: simak promise add" in simak("show", "promises").output
    asked("import", reviews, "--brand", "A")
    tried = asked(
        "promise", "test", "--brand", "A", "--touchpoint", "delivery", "--broken", "seminggu"
    )
    assert (tried["broken"]["texts"], tried["kept"]["texts"]) == (1, 0)
    assert asked("promise", "list") == []
    made = asked(*PROMISE, "--since", "2026-05-01", "--broken", "seminggu")
    asked("tag")
    (row,) = asked("show", "promises")["promises"]["rows"]
    assert (row["all"]["broken"]["k"], row["all"]["kept"]["k"]) == (1, 0)
    shown = simak("show", "promises").output
    assert "1 of them say whether it was kept: 0 kept, 1 broken" in shown
    assert "No query of its own for kept" in shown
    assert "· Paket belum sampai sudah seminggu" in shown
    assert "seminggu" in simak("promise", "list").output
    counted = simak(
        "promise", "test", "--brand", "A", "--touchpoint", "delivery", "--broken", "seminggu"
    ).output
    assert "1 texts are found, 1 of them speak badly of delivery and count" in counted
    told = asked("show", "mentions", "--promise", f"{made['id']}:broken")
    assert [one["text"] for one in told["mentions"]] == ["Paket belum sampai sudah seminggu"]
    assert asked("show", "mentions", "--promise", f"{made['id']}:kept")["count"] == 0
    before = ("--until", "2026-04-30")
    assert "did not hold" in simak("show", "mentions", "--promise", "1:kept", *before).output
    assert "write one such as" in simak("show", "mentions", "--promise", "1:x").output
    simak("promise", "remove", str(made["id"]))
    assert "no promise 1" in str(simak("show", "mentions", "--promise", "1:kept").exception)
    assert "None are registered" in simak("promise", "list").output


def test_an_action_from_the_record_to_its_verdict(simak: Simak, asked, reviews: str) -> None:  # type: ignore[no-untyped-def]
    assert "None: simak action add" in simak("show", "actions").output
    asked("import", reviews, "--brand", "A")
    asked("tag")
    made = asked(*ACTION, "--touchpoint", "delivery")
    simak(*ACTION)
    (row, _) = asked("show", "actions")["rows"]
    assert (row["action"]["created_by"], row["verdict"]) == ("Rina", "not_enough_data")
    shown = simak("show", "actions").output
    assert "not enough data yet" in shown
    assert "Pengiriman" in shown
    assert "all of the brand" in shown
    assert "kurir baru" in simak("action", "list").output
    assert asked("action", "remove", str(made["id"])) == {"removed": made["id"]}


@pytest.mark.parametrize("given", [(*PROMISE[:-1], "antar", "--since", "2026-05-01"),
                                   (*ACTION, "--touchpoint", "antar")])  # fmt: skip
def test_a_touchpoint_that_is_not_there_is_said(simak: Simak, given: tuple[str, ...]) -> None:
    result = simak(*given)
    assert isinstance(result.exception, ConfigurationError)
    assert "there is no touchpoint 'antar'" in str(result.exception)
