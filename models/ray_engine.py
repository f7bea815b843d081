"""Tags with Ray Data, on every core or GPU of a cluster.

This process hands batches to a queue; a task on the same machine makes a stream of them, which
Ray Data carries to one tagger in each worker, and the tags come back here as they are ready. So
texts and tags alone travel, and the store is nobody's business but the caller's.

A worker that is lost, with its machine or alone, is replaced where there is room (where there is
none, once the others are done), and what it was given is given again. Each batch is one row of
the data set, whole: a tagger's batches are what they are without Ray, and so are its tags.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import chain, islice
from tempfile import TemporaryDirectory
from typing import Any

from models.engine import Item, Tagged
from models.tagger import Tagger
from simak.errors import ConfigurationError, ModelError, SimakError
from simak.tags import Tags

Load = Callable[[], Tagger]
"""Loads a tagger in a worker; it must survive being pickled."""

PER_WORKER = 2
"""Batches a worker is given at a time: one that it tags, and the next."""

SPARE = 2
"""Batches in flight beyond that, so that no worker waits for the one that reads them."""

_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # Ray would tell its makers
    "RAY_ENABLE_AUTO_CONNECT": "0",  # nor start a cluster that nobody asked for
    "RAY_DATA_LOG_LEVEL": "CRITICAL",  # what fails is raised
    "RAY_BACKEND_LOG_LEVEL": "fatal",
}
_ALONE = {
    # By this name, on every system: Ray listens on the loopback alone.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
}
_CONNECT_SECONDS = 5.0
_OBJECT_BYTES = 256 * 2**20
"""Of memory that processes share, for the texts in flight; Ray would take a third of all."""

_FOLDER = "/tmp"
"""Where sockets are: their paths have a limit of about a hundred characters."""

_BEGIN, _END = -1, -2
"""What is put into the queue before the first batch and after the last, in place of a number."""


class RayEngine:
    """Tags on a Ray cluster: one that is there, or one of this machine's cores for as long.

    Args:
        load: loads the tagger in a worker, with the threads of one core.
        version: of the tagger that it must be.
        address: of the cluster, `host:port`, of which this machine is a part; None for this
            machine alone.
        gpus: whether a worker takes a GPU instead of a core, where the cluster has any.

    Attributes:
        load, gpus: as they were given.

    Raises:
        ConfigurationError: Ray is not installed.
    """

    def __init__(
        self, load: Load, version: str, *, address: str | None = None, gpus: bool = False
    ) -> None:
        for name, value in {**_QUIET, **({} if address else _ALONE)}.items():
            os.environ.setdefault(name, value)
        try:
            import ray.data  # noqa: F401
        except ModuleNotFoundError as error:
            raise ConfigurationError(
                "the engine ray needs Ray, which is not installed here: "
                "pip install -r requirements-ray.txt"
            ) from error
        self.load, self.gpus = load, gpus
        self._version, self._address = version, address

    def tag_batches(self, batches: Iterable[Sequence[Item]]) -> Tagged[Item]:
        """Yield every batch with its tags, as they come back.

        Raises:
            ConfigurationError: no cluster answers at the address, or it has no cores.
            ModelError: a worker cannot load the tagger, has another, or fails.
        """
        numbered = enumerate(batches)
        first = next(numbered, None)
        if first is not None:  # else no cluster is needed
            with _cluster(self._address), _plain_errors():
                yield from self._tag(chain([first], numbered))

    def _tag(self, numbered: Iterable[tuple[int, Sequence[Item]]]) -> Tagged[Item]:
        import ray
        from ray.util.queue import Queue

        workers, resource = workers_in(ray.cluster_resources(), gpus=self.gpus)
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        given, answered = (
            Queue(actor_options={"num_cpus": 0, "label_selector": here}) for _ in range(2)
        )
        given.put((_BEGIN, []))
        to_give = chain(numbered, [(_END, ())])
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.target_max_block_size = 1  # a batch goes on as it comes, not with others
        out: dict[int, Sequence[Item]] = {}

        def give() -> None:
            for number, batch in islice(to_give, PER_WORKER * workers + SPARE - len(out)):
                given.put((number, [item.text for item in batch]))
                if number != _END:
                    out[number] = batch

        give()
        stream = (
            ray.data.from_items([{"stream": 0}])  # takes no core, as `range` does
            .map_batches(_stream, fn_args=(given,), num_cpus=0, label_selector=here)
            .map_batches(
                Worker,
                fn_constructor_args=(self.load, self._version, answered),
                compute=ray.data.ActorPoolStrategy(
                    min_size=1,
                    max_size=workers,
                    initial_size=workers,
                    max_tasks_in_flight_per_actor=PER_WORKER,
                ),
                **{resource: 1},
            )
        )
        # Nothing is fetched ahead, which would hold an answer back until the next.
        with closing(iter(stream.iter_batches(batch_size=None, prefetch_batches=0))) as blocks:
            for block in blocks:
                for _ in block["number"]:
                    number, tags = answered.get()
                    while number not in out:  # of a worker that was lost once it had answered
                        number, tags = answered.get()
                    if isinstance(tags, SimakError):
                        raise tags
                    yield out.pop(number), tags
                    give()
        if out:
            raise ModelError(f"Ray has lost {len(out)} batches: run it again, and it goes on")


class Worker:
    """A tagger in a process of the cluster, as `map_batches` makes one.

    What it says goes to the driver's machine at once. Left where it was made, as the rows of a
    data set are, it would be lost with the machine after its batch had been counted as done.

    Args:
        load: loads the tagger.
        version: that it must be.
        answered: takes the number of a batch and its tags, or what went wrong on purpose: of an
            exception Ray would keep the words alone.
    """

    def __init__(self, load: Load, version: str, answered: Any) -> None:
        self._answered = answered
        self._tagger: Tagger | SimakError
        try:
            self._tagger = load()
        except SimakError as error:
            self._tagger = error
            return
        if self._tagger.version != version:
            self._tagger = ModelError(
                f"the model on {socket.gethostname()} is {self._tagger.version}, not {version}: "
                "share the model's folder between the machines, or copy it with its files' times "
                "(cp -a, rsync -a), and install one release of Simak on all"
            )

    def __call__(self, rows: Mapping[str, Any]) -> dict[str, Any]:
        """Tag batches: their `number`, (B,), and `texts`, (B,) lists. Return the numbers."""
        for number, texts in zip(rows["number"], rows["texts"], strict=True):
            self._answered.put((int(number), self._tags(list(texts))))
        return {"number": rows["number"]}

    def _tags(self, texts: list[str]) -> list[Tags] | SimakError:
        if isinstance(self._tagger, SimakError):
            return self._tagger
        try:
            return self._tagger.predict(texts)
        except SimakError as error:
            return error


def _stream(_: Any, queue: Any) -> Iterator[dict[str, Any]]:
    """Yield what the driver puts into the queue, until it says that this was all."""
    number, _ = queue.get()
    if number != _BEGIN:  # what the task before this one took is lost
        raise RuntimeError("the process that streams the texts was lost")
    while True:
        number, texts = queue.get()
        if number == _END:
            return
        yield {"number": [number], "texts": [texts]}


def workers_in(resources: Mapping[str, float], *, gpus: bool) -> tuple[int, str]:
    """Return how many workers there is room for, and what each takes.

    Args:
        resources: of the cluster, as Ray names them.
        gpus: whether a worker takes a GPU instead of a core, where there is any.

    Raises:
        ConfigurationError: there are no cores.

    Example:
        >>> workers_in({"CPU": 8.0, "GPU": 2.0}, gpus=True)
        (2, 'num_gpus')
    """
    if gpus and int(resources.get("GPU", 0)):
        return int(resources["GPU"]), "num_gpus"
    cores = int(resources.get("CPU", 0))
    if not cores:
        raise ConfigurationError("the Ray cluster has no cores: add machines with `ray start`")
    return cores, "num_cpus"


@contextmanager
def _cluster(address: str | None) -> Iterator[None]:
    """Be connected to a cluster, or have one, until the block ends."""
    import ray

    with ExitStack() as stack:
        if address is None:
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
            folder = TemporaryDirectory(
                prefix="simak-ray-", dir=_FOLDER, ignore_cleanup_errors=True
            )
            here: dict[str, Any] = {
                "include_dashboard": False,
                "object_store_memory": _OBJECT_BYTES,
                "_temp_dir": stack.enter_context(folder),
            }
        else:
            _check(address)
            here = {}
        try:
            ray.init(address or "local", log_to_driver=False, logging_level="CRITICAL", **here)
        except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            raise ConfigurationError(
                f"Ray cannot be used at {address or 'this machine'}: {error} (with a token of its "
                "own, a cluster needs RAY_AUTH_MODE=token and the same ~/.ray/auth_token here)"
            ) from error
        stack.callback(ray.shutdown)
        yield


def _check(address: str) -> None:
    """Ask whether anybody is at an address, for which Ray takes minutes."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"no Ray cluster answers at {address!r} ({error}): start one with `ray start --head` "
            "and give the address that it prints, host:port"
        ) from error


@contextmanager
def _plain_errors() -> Iterator[None]:
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise ModelError(
            f"tagging with Ray failed: {str(error).splitlines()[-1]}; run it again, and it goes on"
        ) from error
