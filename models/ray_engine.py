"""Tags with Ray Data, on every core or GPU of a cluster.

This process hands batches to a queue; a task on the same machine makes a stream of them, which
Ray Data carries to one tagger in each worker, and the tags come back here as they are ready. So
texts and tags alone travel, and the store is nobody's business but the caller's.

A worker that is lost, with its machine or alone, is replaced where there is room, and what it was
given is given again. Each batch is one row of the data set, whole: a tagger's batches are what
they are without Ray, and so are its tags.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
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
_FOLDER = "/tmp"  # noqa: S108
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
        self._load, self._version = load, version
        self._address, self._gpus = address, gpus

    def tag_batches(self, batches: Iterable[Sequence[Item]]) -> Tagged[Item]:
        """Yield every batch with its tags, as they come back.

        Raises:
            ConfigurationError: no cluster answers at the address, or it has no cores.
            ModelError: a worker cannot load the tagger, has another, or fails.
        """
        with _cluster(self._address), _plain_errors():
            yield from self._tag(batches)

    def _tag(self, batches: Iterable[Sequence[Item]]) -> Tagged[Item]:
        import ray
        from ray.util.queue import Queue

        workers, resource = _workers(ray.cluster_resources(), gpus=self._gpus)
        here = {"ray.io/node-id": ray.get_runtime_context().get_node_id()}
        queue = Queue(actor_options={"num_cpus": 0, "label_selector": here})
        queue.put((_BEGIN, []))
        out: dict[int, Sequence[Item]] = {}

        numbered = chain(enumerate(batches), [(_END, ())])

        def give() -> None:
            for number, batch in islice(numbered, PER_WORKER * workers + SPARE - len(out)):
                queue.put((number, [item.text for item in batch]))
                if number != _END:
                    out[number] = batch

        give()
        with closing(self._results(queue, here, workers, resource)) as results:
            while out:
                number, tags = next(results)
                if isinstance(tags, SimakError):
                    raise tags
                yield out.pop(number), tags
                give()

    def _results(
        self, queue: Any, here: Mapping[str, str], workers: int, resource: str
    ) -> Generator[tuple[int, list[Tags] | SimakError], None, None]:
        """Yield what comes back: the number of a batch and its tags."""
        import ray.data

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.target_max_block_size = 1  # a batch goes on as it comes, not with others
        context.max_consecutive_actor_init_deaths = workers
        stream = (
            ray.data.from_items([{"stream": 0}])  # takes no core, as `range` does
            .map_batches(_stream, fn_args=(queue,), num_cpus=0, label_selector=here)
            .map_batches(
                Worker,
                fn_constructor_args=(self._load, self._version),
                compute=ray.data.ActorPoolStrategy(
                    min_size=1,
                    max_size=workers,
                    initial_size=workers,
                    max_tasks_in_flight_per_actor=PER_WORKER,
                ),
                **{resource: 1},
            )
        )
        # One row a block, and nothing fetched ahead, which would be held back.
        with closing(iter(stream.iter_batches(batch_size=None, prefetch_batches=0))) as blocks:
            for block in blocks:
                for number, tags in zip(block["number"], block["tags"], strict=True):
                    yield int(number), tags


class Worker:
    """A tagger in a process of the cluster, as `map_batches` makes one.

    What goes wrong on purpose comes back in place of tags: of an exception in a worker Ray keeps
    the words alone.

    Args:
        load: loads the tagger.
        version: that it must be.
    """

    def __init__(self, load: Load, version: str) -> None:
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
        """Return `number`, (B,), and the `tags` of the batches in `rows`: their `texts`, (B,)."""
        return {
            "number": rows["number"],
            "tags": [self._tags(list(texts)) for texts in rows["texts"]],
        }

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


def _workers(resources: Mapping[str, float], *, gpus: bool) -> tuple[int, str]:
    """Return how many workers there is room for, and what each takes."""
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
                "_temp_dir": stack.enter_context(folder),
            }
        else:
            here = {}
        try:
            ray.init(address or "local", log_to_driver=False, logging_level="CRITICAL", **here)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ConfigurationError(
                f"no Ray cluster can be used at {address or 'this machine'}: {error}"
            ) from error
        stack.callback(ray.shutdown)
        yield


@contextmanager
def _plain_errors() -> Iterator[None]:
    import ray

    try:
        yield
    except ray.exceptions.RayError as error:
        raise ModelError(
            f"tagging with Ray failed: {str(error).splitlines()[-1]}; run it again, and it goes on"
        ) from error
