"""Answers in the formats they can be printed in: one registry, which is also what -f takes."""

from collections.abc import Callable
from typing import Any, TextIO

import msgspec


def as_json(answer: Any, out: TextIO) -> str:
    """One JSON object; its keys are the fields of the answer, which are public."""
    return json_text(answer.contract() if hasattr(answer, "contract") else answer, _encoding(out))


def json_text(content: Any, encoding: str) -> str:
    """JSON to read and to parse: indented, numbers as numbers, and nothing in it that a terminal would obey."""
    from cs_terms.text import escaped_json

    data = msgspec.json.Encoder(decimal_format="number").encode(content)
    return escaped_json(msgspec.json.format(data, indent=2).decode(), encoding) + "\n"


def as_table(answer: Any, out: TextIO) -> str:
    """A page for a terminal."""
    from cs_terms.output.page import cleaned
    from cs_terms.output.pages import page_of
    from cs_terms.output.table import painted

    return painted(cleaned(page_of(answer), _encoding(out)), out)


def as_markdown(answer: Any, out: TextIO) -> str:
    """A page to paste into GitHub."""
    from cs_terms.output.markdown import markdown
    from cs_terms.output.page import cleaned
    from cs_terms.output.pages import page_of

    return markdown(cleaned(page_of(answer), _encoding(out)))


def as_tsv(answer: Any, out: TextIO) -> str:
    """Records for the shell."""
    from cs_terms.output.records import tsv

    return tsv(answer, _encoding(out))


def as_csv(answer: Any, out: TextIO) -> str:
    """Records for a spreadsheet."""
    from cs_terms.output.records import csv_text

    return csv_text(answer, _encoding(out))


FORMATS: dict[str, Callable[[Any, TextIO], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "tsv": as_tsv,
    "markdown": as_markdown,
}
"""From the name of a format to what puts an answer into it, for where it will be written to."""


def default_format(out: TextIO) -> str:
    """The format for a reader at a terminal, or for a program at the other end of a pipe."""
    return "table" if out.isatty() else "tsv"


def _encoding(out: TextIO) -> str:
    return out.encoding or "utf-8"
