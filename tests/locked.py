"""Writes `requirements.lock`: every package that Simak needs, with the hash of its file.

    make lock

It is of what pip would install here, on Linux x86-64 with Python 3.11; torch is left out, of which
every platform has builds of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

HEAD = """\
# What requirements.txt installs on Linux x86-64 with Python 3.11, torch aside, by `make lock`.
# pip install --no-deps --require-hashes -r requirements.lock
"""


def locked(report: Mapping[str, Any]) -> str:
    """Return the lock file of an installation report of pip (`--report`).

    Raises:
        ValueError: a package has no hash.
    """
    return HEAD + "".join(sorted(_lines(report["install"]), key=str.lower))


def _lines(packages: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for package in packages:
        name, version = package["metadata"]["name"], package["metadata"]["version"]
        found = package["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
        if not found:
            raise ValueError(f"{name} {version} has no hash")
        if name != "torch":
            yield f"{name}=={version} --hash=sha256:{found}\n"


if __name__ == "__main__":
    sys.stdout.write(locked(json.load(sys.stdin)))
