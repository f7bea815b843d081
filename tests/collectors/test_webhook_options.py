"""What the settings of a webhook may say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from collectors.sources.webhook import WebhookSource
from simak.errors import ConfigurationError
from tests.collectors.deliveries import SECRET, TOKEN


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "format"),
        ({"format": ["json"]}, "format"),
        ({"format": "xml"}, "whatsapp, qiscus, json"),
        ({"format": "qiscus"}, "secret"),
        ({"format": "qiscus", "secret": " "}, "secret"),
        ({"format": "whatsapp", "secret": SECRET}, "verify_token"),
        ({"format": "qiscus", "secret": SECRET, "verify_token": TOKEN}, "verify_token"),
        ({"format": "qiscus", "secret": SECRET, "path": "webhook"}, "path"),
        ({"format": "qiscus", "secret": SECRET, "path": "/a b"}, "path"),
        ({"format": "json", "secret": SECRET}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": "text"}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"text": 1}}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"text": "a", "teks": "b"}}, "mapping"),
        ({"format": "json", "secret": SECRET, "mapping": {"id": "a"}}, "mapping"),
    ],
)
def test_a_wrong_option_is_named(options: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        WebhookSource(name="wa", brand="Senandika", options=options)
    assert SECRET not in str(caught.value)


def test_a_name_that_is_no_path_needs_one() -> None:
    options = {"format": "qiscus", "secret": SECRET}
    with pytest.raises(ConfigurationError, match="path"):
        WebhookSource(name="obrolan toko", brand="A", options=options)
    made = WebhookSource(name="obrolan toko", brand="A", options=options | {"path": "/obrolan"})
    assert made.asks() == "what qiscus sends to /obrolan"
