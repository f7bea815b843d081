"""Tagging on a Ray cluster: as here, whatever becomes of its machines."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import select

from models import tagging
from models.checkpoint import load_tagger
from models.engine import Engine
from models.ray_engine import RayEngine
from models.tagger import Tagger
from simak.errors import ConfigurationError, ModelError
from simak.tags import Tags
from store import runs
from store.engine import Store
from store.tables import tag
from store.tags import waiting
from tests.builders import put, review, tagged
from tests.stores import empty_store

BATCH = 25
TEXTS = [f"{said} {n}" for n in range(40) for said in ("kurir lambat", "barang bagus", "wrong size")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Ray cluster of one machine of one core, on the loopback, to which machines can be added."""
    RayEngine(partial(load_tagger, threads=1), "")  # what it asks of the environment
    from ray.cluster_utils import Cluster

    os.environ.setdefault("RAY_AUTH_TOKEN", "a" * 64)
    with TemporaryDirectory(prefix="simak-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        made = Cluster(
            initialize_head=True,
            head_node_args={"num_cpus": 1, "include_dashboard": False, "temp_dir": folder},
        )
        yield made
        made.shutdown()
