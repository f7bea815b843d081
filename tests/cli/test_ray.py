"""Tagging on a Ray cluster: as here, whatever becomes of the machines."""

from __future__ import annotations

import os
import pickle
import shlex
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psutil
import pytest
from sqlalchemy import select

from benchmarks.texts import recombined
from models import tagging
from models.adapt import background
from models.checkpoint import load_tagger
from models.engine import LocalEngine
from models.ray_engine import PER_WORKER, SPARE, RayEngine, workers_in
from models.tagging import tag_store
from models.training.sources import own_authored
from simak.cli.common import engine_of, tagger_of
from simak.errors import ConfigurationError, ModelError
from simak.label_map import Meaning
from simak.settings import Settings
from simak.tags import Tags
from store import runs
from store.engine import Store, open_store
from store.tables import tag
from store.tags import waiting
from tests.builders import put, review
from tests.cli.conftest import Simak
from tests.models.checkpoints import SEQUENCE, checkpoint
from tests.stores import empty_store

BATCH = 10
TEXTS = list(islice(recombined(), 12 * BATCH))
PARKING = [
    "parkirnya sempit banget, muter dua kali baru dapat",
    "tempat parkir luas, bayarnya cuma dua ribu",
    "The parking lot is always full on weekends",
    "tukang parkir minta lima ribu padahal gratis",
    "susah cari parkiran mobil di sini",
    "we circled twenty minutes for a parking space",
]


class Text(NamedTuple):
    text: str


class Doomed:
    """A tagger that, on one machine, tags a batch, tells of the second and never ends it."""

    def __init__(self, node: str, told: Path) -> None:
        self._tagger, self._told = load_tagger(threads=1), told
        self.version, self.quality = self._tagger.version, self._tagger.quality
        self._doomed, self._batches = node == _node(), 0

    def predict(self, texts: Sequence[str]) -> list[Tags]:
        self._batches += 1
        if self._doomed and self._batches == 2:
            self._told.write_text("at work")
            threading.Event().wait()
        return self._tagger.predict(texts)


def _node() -> str:
    import ray

    return str(ray.get_runtime_context().get_node_id())


def rows_of(store: Store) -> list[dict[str, Any]]:
    """Every column of every tag but the time."""
    with store.read() as connection:
        rows = connection.execute(select(tag).order_by(tag.c.mention_id)).mappings()
        return [{**row, "tagged_at": None} for row in rows]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Ray cluster of one machine with one core, on the loopback; machines can be added."""
    RayEngine(load_tagger, "")  # for what it asks of the environment
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_AUTH_TOKEN", "0" * 64)
    # A dead machine is noticed in a second rather than in fifteen.
    soon = {
        "health_check_initial_delay_ms": 0,
        "health_check_period_ms": 300,
        "health_check_failure_threshold": 3,
    }
    # Where Ray notes its newest cluster, whatever folder that is told to use.
    Path("/tmp/ray").mkdir(exist_ok=True)
    with (
        pytest.MonkeyPatch.context() as patch,
        TemporaryDirectory(prefix="simak-", dir="/tmp", ignore_cleanup_errors=True) as folder,
    ):
        # What a worker is sent names functions of this module.
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        head = {"num_cpus": 1, "include_dashboard": False, "temp_dir": folder}
        made = Cluster(initialize_head=True, head_node_args={**head, "_system_config": soon})
        yield made
        made.shutdown()


def test_a_machine_that_is_killed_loses_nothing(
    cluster: Any, sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "waiting", partial(waiting, batch=BATCH))
    here = empty_store(tmp_path / "here.db")
    for store in (here, sqlite_store):
        put(store, [review(str(n), text) for n, text in enumerate(TEXTS)])
    tagger = load_tagger(threads=1)
    with runs.hold_lease(here) as lease:
        tag_store(here, tagger, lease)

    machine, told = cluster.add_node(num_cpus=1), tmp_path / "told"
    os.mkfifo(told)

    def kill() -> None:
        told.read_text()  # until somebody writes
        cluster.remove_node(machine, allow_graceful=False)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    load = partial(Doomed, machine.node_id, told)
    engine = RayEngine(load, tagger.version, address=cluster.address)
    with runs.hold_lease(sqlite_store) as lease:
        run = tag_store(sqlite_store, tagger, lease, engine=engine)
    killer.join()
    assert (run.status, run.got, run.new) == (runs.DONE, len(TEXTS), len(TEXTS))
    assert rows_of(sqlite_store) == rows_of(here)
    assert len(rows_of(here)) == len(TEXTS)
    here.close()


def test_texts_are_read_as_they_are_tagged_and_no_further(cluster: Any) -> None:
    batches = [[Text(text)] for text in TEXTS[:20]]
    ahead, read = [], 0

    def reading() -> Iterator[list[Text]]:
        nonlocal read
        for batch in batches:
            read += 1
            yield batch

    tagger = load_tagger(threads=1)
    load = partial(load_tagger, threads=1)
    found = []
    engine = RayEngine(load, tagger.version, address=cluster.address)
    for done in engine.tag_batches(reading()):
        ahead.append(read - len(found))
        found.append(done)
    assert max(ahead) <= PER_WORKER + SPARE
    assert sorted(found) == sorted(LocalEngine(tagger).tag_batches(batches))


def test_a_worker_with_another_model_ends_the_run_and_says_where(
    cluster: Any, sqlite_store: Store
) -> None:
    put(sqlite_store, [review("1", "kurir lambat")])
    tagger = load_tagger(threads=1)
    load = partial(load_tagger, threads=1)
    engine = RayEngine(load, "simak-newer", address=cluster.address)
    says = f"is {tagger.version}, not simak-newer: share the model"
    with runs.hold_lease(sqlite_store) as lease, pytest.raises(ModelError, match=says):
        tag_store(sqlite_store, tagger, lease, engine=engine)
    (run,) = runs.runs(sqlite_store)
    assert run.status == runs.FAILED
    assert rows_of(sqlite_store) == []


def test_the_command_tags_on_its_own_with_what_was_taught_here(
    simak: Simak,
    asked: Callable[..., Any],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = list(own_authored())[::10]
    monkeypatch.setattr(background, "own_authored", lambda: iter(own))
    (folder / "texts.csv").write_text("id,text\n1,parkirnya sempit\n2,parkir mobil susah\n3,ok\n")
    (folder / "parkir.txt").write_text("\n".join(PARKING))
    asked("touchpoint", "add", "parking", "--examples", "parkir.txt", "--name-id", "Parkir")
    before, heard = set(psutil.Process().children(recursive=True)), []
    folders = set(Path("/tmp").glob("simak-ray-*"))
    tag_with_ray = RayEngine.tag_batches

    def watched(engine: RayEngine, batches: Any) -> Any:
        for done in tag_with_ray(engine, batches):
            started = set(psutil.Process().children(recursive=True)) - before
            heard.extend(
                socket.laddr.ip.removeprefix("::ffff:")
                for process in started
                for socket in process.net_connections()
                if socket.status == psutil.CONN_LISTEN
            )
            yield done

    monkeypatch.setattr(RayEngine, "tag_batches", watched)
    for url, options in (("sqlite:///here.db", ()), ("sqlite:///ray.db", ("--engine", "ray"))):
        asked("import", "texts.csv", "--brand", "A", "--db", url)
        assert asked("tag", "--db", url, *options)["new"] == 3
    stores = [open_store(f"sqlite:///{name}.db") for name in ("here", "ray")]
    here, there = (rows_of(store) for store in stores)
    assert here == there
    assert ["parking" in row["touchpoints"] for row in here] == [True, True, False]
    assert set(heard) == {"127.0.0.1"}
    assert set(psutil.Process().children(recursive=True)) <= before
    assert set(Path("/tmp").glob("simak-ray-*")) <= folders


def test_a_worker_elsewhere_loads_the_checkpoint_that_the_settings_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = {"GOOD": Meaning("sentiment", "positive", "positive")}
    checkpoint(folder / "theirs", SEQUENCE, ["negative", "GOOD"])
    settings = Settings(model="theirs", labels=labels, folder=folder)
    tagger = tagger_of(settings)
    engine = engine_of(settings, tagger, "ray", None)
    assert isinstance(engine, RayEngine)
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    loaded = pickle.loads(pickle.dumps(engine.load))()
    assert loaded.version == tagger.version
    assert loaded.predict(["barang bagus"]) == tagger.predict(["barang bagus"])
    assert engine.gpus


@pytest.mark.parametrize(
    ("resources", "gpus", "workers"),
    [
        ({"CPU": 8.0}, True, (8, "num_cpus")),
        ({"CPU": 8.0, "GPU": 2.0}, True, (2, "num_gpus")),
        ({"CPU": 8.0, "GPU": 2.0}, False, (8, "num_cpus")),
    ],
)
def test_a_worker_takes_a_gpu_where_its_model_can_use_one(
    resources: dict[str, float], gpus: bool, workers: tuple[int, str]
) -> None:
    assert workers_in(resources, gpus=gpus) == workers


def test_a_cluster_without_cores_says_what_to_add() -> None:
    with pytest.raises(ConfigurationError, match="add machines"):
        workers_in({"memory": 1.0}, gpus=False)


def test_nothing_to_tag_needs_no_cluster() -> None:
    assert list(RayEngine(load_tagger, "", address="127.0.0.1:1").tag_batches([])) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--engine ray --address 127.0.0.1:1", "no Ray cluster answers at '127.0.0.1:1'"),
        ("--engine ray --address here", "no Ray cluster answers at 'here'"),
        ("--address 127.0.0.1:6379", "add --engine ray"),
    ],
)
def test_a_wrong_address_says_what_to_do(
    simak: Simak, reviews: str, options: str, says: str
) -> None:
    simak("import", reviews, "--brand", "A")
    assert says in str(simak("tag", *shlex.split(options)).exception)


def test_without_ray_the_command_says_what_to_install(
    simak: Simak, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "ray.data", raising=False)
    told = simak("tag", "--engine", "ray")
    assert "pip install -r requirements-ray.txt" in str(told.exception)
