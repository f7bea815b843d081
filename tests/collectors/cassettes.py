"""Reads recorded exchanges (the cassettes of the reference folder) into routes."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.collectors.replay import Answer

_KEPT = ("content-type", "retry-after", "www-authenticate", "location", "x-ratelimit-remaining",
         "x-ratelimit-reset", "x-ratelimit-used", "link", "ratelimit-limit",
         "ratelimit-remaining", "ratelimit-reset")  # fmt: skip


def exchanges(path: Path) -> Iterator[tuple[str, Answer]]:
    """Each exchange of a file in recorded order: its route without query, and its answer."""
    read = yaml.safe_load if path.suffix in (".yaml", ".yml") else json.loads
    content = read(path.read_text())
    for exchange in content.get("http_interactions") or content["interactions"]:
        asked, given = exchange["request"], exchange["response"]
        status = given["status"]
        body = given.get("body") or given.get("content") or ""
        if isinstance(body, dict):
            raw = base64.b64decode(body.get("base64_string") or "")
            body = raw or (body.get("string") or "").encode()
        elif isinstance(body, str):
            body = body.encode()
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        headers = {
            name.lower(): ", ".join(value) if isinstance(value, list) else str(value)
            for name, value in given.get("headers", {}).items()
        }
        yield (
            f"{asked['method']} {urlsplit(asked['uri']).path.rstrip('/')}",
            Answer(
                body,
                status=status["code"] if isinstance(status, dict) else status,
                headers={name: headers[name] for name in _KEPT if name in headers},
            ),
        )
