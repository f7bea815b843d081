"""Touchpoints of one's own on the Settings page: taught, renamed, removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.jobs import DONE
from simak.own_touchpoints import Example, OwnTouchpoint, read_own, write_own
from simak.settings import load_settings
from simak.taxonomy import Touchpoint
from tests.dashboard.conftest import PATIENCE, PAYLOAD, html, last_job
from tests.dashboard.walk import press

Show = Callable[..., AppTest]


def taught(folder: Path) -> None:
    made = Touchpoint(
        "wallet",
        "transaction",
        "product",
        {"id": "Dompet", "en": "Wallet"},
        {"id": "Saldo", "en": "Balance"},
    )
    examples = (Example("saldo dompet hilang", True), Example("barang rusak", False))
    write_own(folder, [OwnTouchpoint(made, examples, {"f1": 0.5})])


def test_an_own_touchpoint_is_renamed_and_removed(show: Show, own_url: str) -> None:
    folder = load_settings().data
    taught(folder)
    app = show(own_url, "settings", lang="en", part="touchpoints")
    assert "1 touchpoint of your own is taught." in html(app)
    assert "50%" in html(app)
    app.text_input(key="own_wallet_name_en").set_value(PAYLOAD)
    app.selectbox(key="own_wallet_owner").set_value("operations")
    press(app, "Save")
    (own,) = read_own(folder)
    assert dict(own.touchpoint.names) == {"id": "Dompet", "en": PAYLOAD[:60]}
    assert (own.touchpoint.id, own.touchpoint.owner) == ("wallet", "operations")
    assert len(own.examples) == 2
    assert "<script>" not in html(app)
    app.button(key="own_remove").click().run()
    assert read_own(folder) == ()
    assert "No touchpoint of your own is taught yet." in html(app)


def test_a_touchpoint_is_taught_by_the_model(show: Show, own_url: str) -> None:
    app = show(own_url, "settings", lang="en", part="touchpoints")
    app.text_input(key="own_new_id").set_value("wallet")
    app.text_input(key="own_new_name_id").set_value("Dompet")
    app.text_area(key="own_new_present").set_value("saldo dompet saya hilang\n")
    press(app, "Teach it")
    assert "Give at least 5 texts" in html(app)
    lines = [f"saldo dompet digital saya hilang {n} ribu" for n in range(8)]
    app.text_area(key="own_new_present").set_value("\n".join(lines))
    press(app, "Teach it")
    job = last_job(own_url)
    assert job is not None
    assert job.wait(PATIENCE).state == DONE, job.standing
    app.run()
    assert not app.exception
    assert "of your 8 examples when it has not seen them" in html(app)
    (own,) = read_own(load_settings().data)
    assert own.touchpoint.names["id"] == "Dompet"
    assert any(button.key == "job_retag" for button in app.button)


def test_an_id_that_is_taken_is_refused(show: Show, own_url: str) -> None:
    app = show(own_url, "settings", lang="en", part="touchpoints")
    app.text_input(key="own_new_id").set_value("delivery")
    app.text_area(key="own_new_present").set_value("a\nb\nc\nd\ne")
    press(app, "Teach it")
    assert "there is a touchpoint" in html(app)
    assert last_job(own_url) is None
