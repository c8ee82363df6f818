"""Answers in the formats they can be printed in: one registry, which is also what -f takes."""

from collections.abc import Callable
from typing import IO, Any

import msgspec


def as_json(answer: Any, out: IO[str]) -> str:
    """One JSON object; its keys are the fields of the answer, which are public."""
    del out
    return json_text(answer.contract() if hasattr(answer, "contract") else answer)


def json_text(content: Any) -> str:
    """JSON to read and to parse: indented, numbers as numbers."""
    data = msgspec.json.Encoder(decimal_format="number").encode(content)
    return msgspec.json.format(data, indent=2).decode() + "\n"


def as_table(answer: Any, out: IO[str]) -> str:
    """A page for a terminal."""
    from cs_terms.pages import page_of
    from cs_terms.table import painted

    return painted(page_of(answer), out)


FORMATS: dict[str, Callable[[Any, IO[str]], str]] = {"table": as_table, "json": as_json}
"""From the name of a format to what puts an answer into it, for where it will be written to."""


def default_format(out: IO[str]) -> str:
    """The format for a reader at a terminal, or for a program at the other end of a pipe."""
    return "table" if out.isatty() else "json"
