"""What services send by themselves: WhatsApp Cloud API, Qiscus, and JSON of any other."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from collectors.options import Options
from collectors.source import Context, Cursor, Facts, Page
from collectors.webhooks import qiscus, whatsapp
from collectors.webhooks.generic import FIELDS, Reader, path_of
from collectors.webhooks.receive import is_signed
from simak.errors import ConfigurationError

WHATSAPP, QISCUS, JSON = "whatsapp", "qiscus", "json"

_SIGNATURES = {
    WHATSAPP: "X-Hub-Signature-256",
    QISCUS: "QISCUS-SDK-SIGNATURE",
    JSON: "X-Signature-256",
}
_OPTIONS = {
    WHATSAPP: ("format", "secret", "signature_header", "path", "verify_token"),
    QISCUS: ("format", "secret", "signature_header", "path", "channel", "agents"),
    JSON: (
        *("format", "secret", "signature_header", "path", "channel", "agents"),
        *("mapping", "items"),
    ),
}
_PATH = re.compile(r"/[A-Za-z0-9._~/-]{1,200}")


class WebhookSource:
    """Receives from one service, through `simak serve-webhooks`.

    Options:
        format: `whatsapp`, `qiscus` or `json`.
        secret: what the service signs its deliveries with: WhatsApp's app secret, Qiscus'
            signature token. What is not signed with it is refused.
        signature_header: where the signature stands, the HMAC-SHA-256 of the body in hex, if not
            where the format has it (`X-Hub-Signature-256`, `QISCUS-SDK-SIGNATURE`,
            `X-Signature-256`).
        path: where it is received; `/webhooks/` and the source's name if not given.
        verify_token: (whatsapp) what was entered as verify token at Meta.
        channel: (qiscus, json) where the customers speak, if a delivery does not say so.
        agents: (qiscus, json) who speaks for the brand: the authors' ids or addresses, or a domain
            such as `@senandika.example`; what they say is left out.
        mapping: (json) a table of field to path, such as `text = "review.comment"`; the fields
            are those of imports and `deleted`. Without `id` a record is known by its content and
            day.
        items: (json) path of the list of records, where the body is neither one nor a list.

    Cursor: none.

    Example:
        >>> source = WebhookSource(
        ...     name="wa",
        ...     brand="Senandika",
        ...     options={"format": "whatsapp", "secret": "rahasia", "verify_token": "token"},
        ... )
        >>> source.asks()
        'what whatsapp sends to /webhooks/wa'
    """

    source = "webhook"
    facts: ClassVar[Facts] = Facts(
        title="What services send: WhatsApp Cloud API, Qiscus, JSON of any other",
        keys="signing secret",
        deletions=True,
        replies=True,
        own=True,
        push=True,
        handles=(
            "Only what is signed (HMAC-SHA-256 over the raw body) is read.",
            "Answers 200 once the texts are stored, and 503 where they cannot be, so that the "
            "service sends them again.",
            "A delivery that comes again changes nothing, however late.",
            "Batches, and deliveries in any order: an edit or a deletion that comes before its "
            "message wins, and an old text that comes again undoes no edit.",
            "WhatsApp's statuses, reactions, stickers and system messages are counted; captions, "
            "buttons and chosen answers are texts; the business's own messages are left out.",
            "What is signed and not understood is kept for inspection, without the persons in it.",
            "Qiscus' documented payload has no id and no time: the body and the day make the id, "
            "and the arrival is the time.",
        ),
    )

    def __init__(self, *, name: str, brand: str, options: Mapping[str, Any]) -> None:
        self.name, self.brand = name, brand
        self.format = Options(name, options, options).text("format")
        if self.format not in _OPTIONS:
            raise ConfigurationError(
                f"source {name!r}: option 'format' must be one of {', '.join(_OPTIONS)}"
            )
        given = Options(name, options, _OPTIONS[self.format])
        self._secret = given.text("secret")
        self.signature_header = given.text("signature_header", _SIGNATURES[self.format])
        self.path = given.text("path", f"/webhooks/{name}")
        if not _PATH.fullmatch(self.path):
            raise ConfigurationError(
                f"source {name!r}: option 'path' must begin with / and hold no blanks, such as "
                "/webhooks/whatsapp"
            )
        self._token = given.text("verify_token") if self.format == WHATSAPP else None
        self._reader = self._reader_of(given)

    def _reader_of(self, given: Options) -> Callable[[bytes, datetime], Page]:
        if self.format == WHATSAPP:
            return whatsapp.read
        if self.format == QISCUS:
            return partial(
                qiscus.read, channel=given.text("channel", "qiscus"), agents=given.texts("agents")
            )
        mapping = given.table("mapping")
        if not {"text", "stars"} & set(mapping) or not set(mapping) <= set(FIELDS):
            raise ConfigurationError(
                f"source {self.name!r}: option 'mapping' must say where the text stands, such as "
                f'text = "review.comment"; there are {", ".join(FIELDS)}'
            )
        items = given.text("items", ".")
        return Reader(
            self.name,
            {field: path_of(path) for field, path in mapping.items()},
            () if items == "." else path_of(items),
            given.text("channel", self.name),
            given.texts("agents"),
        ).read

    def asks(self) -> str:
        """Say where it is received."""
        return f"what {self.format} sends to {self.path}"

    def collect(self, cursor: Cursor, context: Context) -> Iterator[Page]:
        """Yield nothing: there is nobody to ask. A probe finds the options to be right.

        Raises:
            ConfigurationError: this is no probe.
        """
        if not context.probe:
            raise ConfigurationError(
                f"source {self.name!r} is not collected: its service sends to "
                "`simak serve-webhooks`, which must be running"
            )
        yield Page(notes=("its service sends by itself: there is nobody to ask",))

    def is_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Say whether its service sent this body."""
        return is_signed(body, headers.get(self.signature_header), self._secret)

    @property
    def is_challenged(self) -> bool:
        """Whether its service asks whether this is the right place, before it sends."""
        return self._token is not None

    def challenged(self, query: Mapping[str, str]) -> str | None:
        """Return what to answer to Meta, which asks whether this is the right place.

        Returns:
            Its challenge; None where it does not know the token.
        """
        if self._token is None or query.get("hub.mode") != "subscribe":
            return None
        given = query.get("hub.verify_token", "")
        return (
            query.get("hub.challenge", "")
            if hmac.compare_digest(given.encode(), self._token.encode())
            else None
        )

    def read(self, body: bytes, now: datetime) -> Page:
        """Read a delivery that arrived at `now`; what cannot be read is among the page's bad."""
        return self._reader(body, now)
