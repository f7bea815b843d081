"""What can be asked: every `simak show` command, with its options as query parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from simak.cli.common import SHARED_OPTIONS
from simak.cli.show import show

MOST = 1_000
"""The largest number that an option takes: an answer stays one that can be waited for."""

LONGEST = 500
"""Letters of a value."""

_CONTROL = r"\x00-\x1f\x7f-\x9f"
_PLAIN = rf"^[^{_CONTROL}]+$"
"""No control characters, which no database and no line of a log should be given."""

_FORMS: dict[str, dict[str, str]] = {
    "YYYY-MM-DD": {"format": "date"},
    "NAME=VALUE": {"pattern": rf"^[^=\s{_CONTROL}]+=[^\s{_CONTROL}]+( [^\s{_CONTROL}]+)*$"},
    "ID:broken|kept": {"pattern": r"^[0-9]{1,9}:(kept|broken)$"},
}
"""By the name of an option's type, what its values look like."""


class Unanswerable(Exception):
    """What was asked cannot be understood: the message says why."""


@dataclass(frozen=True)
class Question:
    """One thing that can be asked.

    Attributes:
        name: of the command, and the last part of its address.
        command: `simak show NAME`.
    """

    name: str
    command: click.Command

    @property
    def summary(self) -> str:
        """What the answer says, in a line."""
        return (self.command.help or "").strip().partition("\n")[0]

    def parameters(self) -> list[click.Parameter]:
        """Return what may be asked along."""
        return [one for one in self.command.params if one.name not in SHARED_OPTIONS]

    def arguments(self, asked: Sequence[tuple[str, str]]) -> list[str]:
        """Return the command's arguments for what was asked.

        Args:
            asked: names and values of query parameters; a name may come again.

        Raises:
            Unanswerable: there is no such parameter, or its value cannot be one.
        """
        known = {key_of(one): one for one in self.parameters()}
        seen: dict[str, int] = {}
        options: list[str] = []
        positional: list[str] = []
        for key, value in asked:
            if key not in known:
                raise Unanswerable(f"there is no parameter {key!r}; there is {', '.join(known)}")
            parameter = known[key]
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1 and not _repeats(parameter):
                raise Unanswerable(f"{key} may stand once")
            _check(parameter, key, value)
            if isinstance(parameter, click.Argument):
                positional.append(value)
            else:
                options += _option(parameter, value)
        missing = [key for key, one in known.items() if one.required and key not in seen]
        if missing:
            raise Unanswerable(f"{', '.join(missing)} must be said")
        return [*options, "--", *positional]


def questions() -> dict[str, Question]:
    """Return everything that can be asked, by name.

    Example:
        >>> "touchpoints" in questions()
        True
    """
    return {name: Question(name, command) for name, command in show.commands.items()}


def key_of(parameter: click.Parameter) -> str:
    """Return what a parameter is called in an address: as the option, with _ for -."""
    if isinstance(parameter, click.Argument):
        return parameter.name or ""
    return parameter.opts[0].removeprefix("--").replace("-", "_")


def schema(parameter: click.Parameter) -> dict[str, Any]:
    """Return what values a parameter takes, as JSON Schema."""
    one = _schema_of_one(parameter)
    if _repeats(parameter):
        return {"type": "array", "items": one, "maxItems": 50}
    default = parameter.default
    return one | ({"default": default} if isinstance(default, int | str) else {})


def _schema_of_one(parameter: click.Parameter) -> dict[str, Any]:
    kind = parameter.type
    if _is_flag(parameter):
        return {"type": "boolean"}
    if isinstance(kind, click.Choice):
        return {"type": "string", "enum": list(kind.choices)}
    if kind.name == "integer":
        least = 1 if isinstance(parameter, click.Argument) else 0
        most = 2**31 - 1 if isinstance(parameter, click.Argument) else MOST
        return {"type": "integer", "minimum": least, "maximum": most}
    if kind.name in _FORMS:
        return {"type": "string", "maxLength": LONGEST, **_FORMS[kind.name]}
    return {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": _PLAIN}


def _check(parameter: click.Parameter, key: str, value: str) -> None:
    wanted = _schema_of_one(parameter)
    if wanted["type"] == "integer":
        fits = re.fullmatch(r"\d{1,10}", value, re.ASCII) is not None
        if not fits or not wanted["minimum"] <= int(value) <= wanted["maximum"]:
            raise Unanswerable(
                f"{key} is a number from {wanted['minimum']} to {wanted['maximum']}, not {value!r}"
            )
    elif wanted["type"] == "boolean":
        if value not in ("true", "false"):
            raise Unanswerable(f"{key} is true or false, not {value!r}")
    elif not 0 < len(value) <= LONGEST or not re.fullmatch(_PLAIN, value):
        raise Unanswerable(f"{key} is a text of at most {LONGEST} letters on one line")


def _option(parameter: click.Parameter, value: str) -> Iterator[str]:
    name = parameter.opts[0]
    if not _is_flag(parameter):
        yield f"{name}={value}"
    elif value == "true":
        yield name
    elif parameter.secondary_opts:
        yield parameter.secondary_opts[0]


def _is_flag(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.is_flag


def _repeats(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.multiple


def described(known: Mapping[str, Question], version: str) -> dict[str, Any]:
    """Return the description of the whole API, in OpenAPI 3.1."""
    failed = {"$ref": "#/components/responses/Failed"}
    errors = {str(code): failed for code in (400, 401, 403, 404, 405, 409, 429, 500, 503)}
    paths: dict[str, Any] = {
        "/v1/brands": {
            "get": {
                "operationId": "brands",
                "summary": "The brands that the token reads.",
                "responses": {
                    "200": _answered({"type": "array", "items": {"type": "string"}}),
                    **errors,
                },
            }
        }
    }
    for name, question in known.items():
        paths[f"/v1/{name}"] = {
            "get": {
                "operationId": name,
                "summary": question.summary,
                "description": question.command.help or "",
                "parameters": [
                    {
                        "name": key_of(one),
                        "in": "query",
                        "required": one.required,
                        "schema": schema(one),
                        **({"description": one.help} if getattr(one, "help", None) else {}),
                    }
                    for one in question.parameters()
                ],
                "responses": {"200": _answered({"type": ["object", "array"]}), **errors},
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Simak",
            "version": version,
            "description": "What the `simak show` commands say, as JSON. Every number comes with "
            "its 95 % interval, n and numerator; docs/insights.md says what each means.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Failed": {
                    "description": "Why there is no answer, and what to do.",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"error": {"type": "string"}},
                                "required": ["error"],
                            }
                        }
                    },
                }
            },
        },
    }


def _answered(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "The answer.", "content": {"application/json": {"schema": schema}}}
