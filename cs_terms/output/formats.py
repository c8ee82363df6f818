"""Answers in the formats they can be printed in: one registry, which is also what -f takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

if TYPE_CHECKING:  # an answer knows its formats, not they it
    from cs_terms.output.answer import Answer


def as_json(answer: Answer, out: TextIO) -> str:
    """Returns one JSON object; its keys are public."""
    return write_json(answer.contract(), _encoding_of(out))


def write_json(content: Any, encoding: str) -> str:
    """Returns JSON to read and to parse: indented, numbers as numbers, and nothing in it that a terminal obeys."""
    from cs_terms.text import escaped_json

    data = msgspec.json.Encoder(decimal_format="number").encode(content)
    return escaped_json(msgspec.json.format(data, indent=2).decode(), encoding) + "\n"


def as_table(answer: Answer, out: TextIO) -> str:
    """Returns a page for a terminal."""
    from cs_terms.output.terminal import paint

    return paint(_page_of(answer, out), out)


def as_markdown(answer: Answer, out: TextIO) -> str:
    """Returns a page to paste into GitHub."""
    from cs_terms.output.markdown import write_markdown

    return write_markdown(_page_of(answer, out))


def as_html(answer: Answer, out: TextIO) -> str:
    """Returns a page for a notebook."""
    from cs_terms.output.html import write_html

    return write_html(_page_of(answer, out))


def as_tsv(answer: Answer, out: TextIO) -> str:
    """Returns records for the shell."""
    from cs_terms.output.records import write_tsv

    return write_tsv(answer.rows(), _encoding_of(out))


def as_csv(answer: Answer, out: TextIO) -> str:
    """Returns records for a spreadsheet."""
    from cs_terms.output.records import write_csv

    return write_csv(answer.header(), answer.rows(), _encoding_of(out))


FORMATS: dict[str, Callable[[Answer, TextIO], str]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "tsv": as_tsv,
    "markdown": as_markdown,
}
"""From the name of a format to what writes an answer in it, for the stream that it goes to."""


ENDINGS = {".txt": "table", ".md": "markdown", ".json": "json", ".csv": "csv", ".tsv": "tsv"}
"""The format of a file by the ending of its name."""


def default_format(out: TextIO) -> str:
    """Returns the format for a reader at a terminal, or for a program at the other end of a pipe."""
    return "table" if out.isatty() else "tsv"


def _page_of(answer: Answer, out: TextIO) -> Any:
    from cs_terms.output.page import SILENCE, clean

    return clean(answer.page() or SILENCE, _encoding_of(out))


def _encoding_of(out: TextIO) -> str:
    return out.encoding or "utf-8"
