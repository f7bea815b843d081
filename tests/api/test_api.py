"""The HTTP API says what the commands print, to whoever has a token, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from api import app as api_app
from api.app import make_app
from api.questions import questions
from simak.errors import ConfigurationError, NotAllowed, StoreError
from store.audit import deeds
from store.engine import Store
from store.members import brand_ids
from store.restricted import restrict
from store.tokens import PREFIX, give_token, revoke_token, tokens
from tests.cli.conftest import Simak, folder, simak
from tests.insights import world
from tests.stores import empty_store

__all__ = ["folder", "simak"]

NOW = datetime(2026, 7, 20, tzinfo=UTC)
OWN, OTHER = "Senandika", "Griyakita"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now, self.seconds = NOW, 0.0


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two brands' half year."""
    store = empty_store(Path(tmp_path_factory.mktemp("api")) / "simak.db")
    world.fill(store, OWN, 250, seed=1)
    world.fill(store, OTHER, 120, seed=2)
    world.record(store, OWN)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    """The clock of the server."""
    return Clock()


@pytest.fixture
def client(half_year: Store, clock: Clock) -> TestClient:
    """A program that asks."""
    app = make_app(half_year, now=lambda: clock.now, tick=lambda: clock.seconds)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def every(half_year: Store) -> str:
    """A token that reads all brands."""
    return give_token(half_year, "all", per_minute=100_000, expires_at=None, by="o", now=NOW)


def bearing(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def test_it_says_what_the_commands_print(
    client: TestClient, every: str, simak: Simak, half_year: Store
) -> None:
    url = half_year.engine.url.render_as_string()
    asked: dict[str, tuple[str, ...]] = {"similar": ("id=1",)}
    for name in questions():
        query = ("brand=Senandika", "since=2026-05-01", *asked.get(name, ()))
        answered = client.get(f"/v1/{name}?{'&'.join(query)}", headers=bearing(every))
        arguments = ["1"] if name == "similar" else []
        printed = simak(
            "show", name, *arguments, "--brand", OWN, "--since", "2026-05-01", "--json", "--db", url
        )
        assert answered.status_code == 200, answered.text
        assert answered.json() == json.loads(printed.stdout), name


def test_flags_and_repeated_options_are_understood(client: TestClient, every: str) -> None:
    def n(query: str) -> int:
        found = client.get(f"/v1/mentions?{query}", headers=bearing(every))
        assert found.status_code == 200, found.text
        return int(found.json()["count"])

    whole = n("")
    assert n("complaint=true") + n("complaint=false") == whole
    assert (
        n("brand=Senandika&brand=Griyakita") == whole == n("brand=Senandika") + n("brand=Griyakita")
    )
    assert n("segment=region=Jawa%20Barat") < whole
    assert len(client.get("/v1/mentions?limit=3", headers=bearing(every)).json()["mentions"]) == 3


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("mentions?limt=3", "there is no parameter 'limt'"),
        ("mentions?limit=-1", "limit is a number from 0"),
        ("mentions?limit=1&limit=2", "may stand once"),
        ("mentions?complaint=yes", "true or false"),
        ("mentions?search=a%00b", "on one line"),
        ("mentions?sentiment=angry", "angry"),
        ("touchpoints?since=yesterday", "write one such as 2026-05-31"),
        ("touchpoints?since=2026-05-31&until=2026-05-01", "after"),
        ("touchpoints?brand=Nol", "there is no brand 'Nol'"),
        ("touchpoints?db=sqlite://", "there is no parameter 'db'"),
        ("similar", "id must be said"),
        ("similar?id=999999", "there is no mention"),
        ("brands?x=1", "nothing to say along"),
    ],
)
def test_what_cannot_be_understood_is_said(
    client: TestClient, every: str, path: str, sign: str
) -> None:
    found = client.get(f"/v1/{path}", headers=bearing(every))
    assert found.status_code in (400, 404)
    assert sign in found.json()["error"]


@pytest.mark.parametrize("name", ["brands", *questions()])
def test_nobody_is_answered_without_a_token(client: TestClient, every: str, name: str) -> None:
    for headers in (
        {},
        bearing(PREFIX),
        bearing(f"{every}x"),
        {"Authorization": every},
        {"Authorization": f"Basic {every}"},
        {"Authorization": "Bearer"},
    ):
        found = client.get(f"/v1/{name}", headers=headers)
        assert found.status_code == 401
        assert OWN not in found.text
    assert client.get(f"/v1/{name}?token={every}").status_code == 401


def test_a_token_of_a_brand_reads_that_brand_alone(client: TestClient, half_year: Store) -> None:
    one = give_token(
        half_year, "one", brands=(OWN,), per_minute=1_000, expires_at=None, by="o", now=NOW
    )
    assert client.get("/v1/brands", headers=bearing(one)).json() == [OWN]
    for name in questions():
        more = "?id=1" if name == "similar" else ""
        found = client.get(f"/v1/{name}{more}", headers=bearing(one))
        assert found.status_code == 200, found.text
        assert OTHER not in found.text, name
    assert client.get(f"/v1/touchpoints?brand={OTHER}", headers=bearing(one)).status_code == 404
    last = client.get("/v1/similar?id=300", headers=bearing(one))
    assert (last.status_code, OTHER in last.text) == (404, False)


def test_a_token_ends_by_time_or_by_hand(
    client: TestClient, half_year: Store, clock: Clock
) -> None:
    until = NOW + timedelta(days=1)
    brief = give_token(half_year, "brief", per_minute=9, expires_at=until, by="o", now=NOW)
    assert client.get("/v1/brands", headers=bearing(brief)).status_code == 200
    clock.now = until
    assert client.get("/v1/brands", headers=bearing(brief)).status_code == 401
    clock.now = NOW
    revoke_token(half_year, "brief", by="o", now=NOW)
    assert client.get("/v1/brands", headers=bearing(brief)).status_code == 401
    with pytest.raises(ConfigurationError, match="no token 'brief' holds"):
        revoke_token(half_year, "brief", by="o", now=NOW)
    (kept,) = (one for one in tokens(half_year) if one.name == "brief")
    assert (kept.brands, kept.revoked_at) == (None, NOW)
    assert {"gave a token", "revoked a token"} <= {deed.did for deed in deeds(half_year)}


def test_too_many_requests_are_told_when_to_come_back(
    client: TestClient, half_year: Store, clock: Clock
) -> None:
    slow = give_token(half_year, "slow", per_minute=2, expires_at=None, by="o", now=NOW)
    quick = give_token(half_year, "quick", per_minute=2, expires_at=None, by="o", now=NOW)
    assert [client.get("/v1/brands", headers=bearing(slow)).status_code for _ in range(3)] == [
        200, 200, 429,
    ]  # fmt: skip
    refused = client.get("/v1/brands", headers=bearing(slow))
    assert 0 < int(refused.headers["retry-after"]) <= 61
    assert client.get("/v1/brands", headers=bearing(quick)).status_code == 200
    clock.seconds += int(refused.headers["retry-after"]) + 1
    assert client.get("/v1/brands", headers=bearing(slow)).status_code == 200


def test_only_reading_is_answered(client: TestClient, every: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        found = client.request(method, "/v1/brands", headers=bearing(every))
        assert (found.status_code, found.json()["error"]) == (405, "only GET is answered")
    assert client.get("/v2/brands", headers=bearing(every)).status_code == 404
    head = client.head("/v1/brands", headers=bearing(every))
    assert (head.status_code, head.content) == (200, b"")


def test_a_fault_says_nothing_of_its_inside(
    client: TestClient, every: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, status in ((RuntimeError("rahasia"), 500), (StoreError("rahasia"), 503),
                          (NotAllowed("ask an admin"), 403)):  # fmt: skip

        def fail(*_given: object, error: Exception = error) -> Any:
            raise error

        monkeypatch.setattr(api_app, "answer", fail)
        found = client.get("/v1/touchpoints", headers=bearing(every))
        assert found.status_code == status
        assert "rahasia" not in found.text


def test_a_token_is_kept_as_its_digest_alone(half_year: Store, every: str) -> None:
    file = Path(str(half_year.engine.url.database))
    for part in (file, *file.parent.glob(f"{file.name}-*")):
        assert every.encode() not in part.read_bytes()


def test_who_is_no_admin_gives_no_token(half_year: Store) -> None:
    from simak.access import Access

    (own,) = brand_ids(half_year, (OWN,))
    for access in (Access("a", role="analyst"), Access("b", brands={own: "admin"})):
        theirs = restrict(half_year, access)
        with pytest.raises(NotAllowed):
            give_token(theirs, "x", per_minute=1, expires_at=None, by="a", now=NOW)
        assert tokens(theirs) == []
        theirs.close()
    with pytest.raises(ConfigurationError, match="already"):
        give_token(half_year, "all", per_minute=1, expires_at=None, by="o", now=NOW)


def test_every_command_is_described(client: TestClient) -> None:
    text = client.get("/v1/openapi.json").json()
    assert set(text["paths"]) == {f"/v1/{name}" for name in ("brands", *questions())}
    for path in text["paths"].values():
        assert path["get"]["summary"]
        names = [one["name"] for one in path["get"].get("parameters", ())]
        assert len(names) == len(set(names))
        assert not {"db", "config", "json"} & set(names)


@pytest.fixture(scope="module")
def described_api(half_year: Store) -> Any:
    """The API as it describes itself."""
    app = make_app(half_year, now=lambda: NOW, tick=lambda: 0.0)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app)


@pytest.mark.parametrize("name", ["brands", *questions()])
def test_nothing_that_may_be_asked_breaks_it(described_api: Any, every: str, name: str) -> None:
    @given(case=described_api[f"/v1/{name}"]["GET"].as_strategy())
    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=bearing(every))

    ask()
