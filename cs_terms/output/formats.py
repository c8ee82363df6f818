"""Answers in the formats they can be printed in: one registry, which is also what -f takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TextIO

import msgspec

from cs_terms.errors import CstermsError
from cs_terms.text import escaped_json

if TYPE_CHECKING:  # an answer knows its formats, not they it
    from cs_terms.output.answer import Answer

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def as_json(answer: Answer, out: TextIO) -> Iterator[str]:
    """Yields one JSON object; its keys are public."""
    content, encoding = answer.contract(), _encoding_of(out)
    if not (isinstance(content, dict) and "rows" in content):
        yield write_json(content, encoding)
        return
    *_, last = content  # what may be too long to be kept is written as it is worked out, a line each
    head = write_json({key: content[key] for key in content if key != last}, encoding).removesuffix("\n}\n")
    yield f'{head},\n  "{last}": ['
    end = "\n  ]\n}\n"
    try:
        for number, row in enumerate(content[last]):
            yield (",\n    " if number else "\n    ") + escaped_json(_ENCODER.encode(row).decode(), encoding)
    except CstermsError:  # of a row further down: what has been written stays JSON
        yield end
        raise
    yield end


def write_json(content: Any, encoding: str) -> str:
    """Returns JSON to read and to parse: indented, numbers as numbers, and nothing in it that a terminal obeys."""
    data = _ENCODER.encode(content)
    return escaped_json(msgspec.json.format(data, indent=2).decode(), encoding) + "\n"


def as_table(answer: Answer, out: TextIO) -> Iterator[str]:
    """Yields a page for a terminal."""
    from cs_terms.output.terminal import paint

    yield paint(_page_of(answer, out), out)


def as_markdown(answer: Answer, out: TextIO) -> Iterator[str]:
    """Yields a page to paste into GitHub."""
    from cs_terms.output.markdown import write_markdown

    yield write_markdown(_page_of(answer, out))


def as_html(answer: Answer, out: TextIO) -> str:
    """Returns a page for a notebook."""
    from cs_terms.output.html import write_html

    return write_html(_page_of(answer, out))


def as_tsv(answer: Answer, out: TextIO) -> Iterator[str]:
    """Yields records for the shell."""
    from cs_terms.output.records import write_tsv

    yield from write_tsv(answer.rows(), _encoding_of(out))


def as_csv(answer: Answer, out: TextIO) -> Iterator[str]:
    """Yields records for a spreadsheet."""
    from cs_terms.output.records import write_csv

    yield from write_csv(answer.header(), answer.rows(), _encoding_of(out))


FORMATS: dict[str, Callable[[Answer, TextIO], Iterator[str]]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "tsv": as_tsv,
    "markdown": as_markdown,
}
"""From the name of a format to what writes an answer in it, for the stream that it goes to, part by part."""


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
