"""What every answer can do: become a page, records, JSON, a table in a notebook."""

import io
from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from cs_terms.output.page import Page

Record: TypeAlias = tuple[str, ...]
"""A field for each column."""


class Answer(Struct, frozen=True):
    """What a command answers. Its fields are the public JSON, unless `contract` says otherwise.

    Printed, it is a table; in a notebook it shows itself as one.
    """

    def page(self) -> Page:
        """Returns the answer for a reader: a table in a terminal, Markdown or HTML."""
        raise NotImplementedError

    def header(self) -> Record:
        """Returns the names of the columns of `rows`."""
        raise NotImplementedError

    def rows(self) -> Iterator[Record]:
        """Yields the answer for a shell or a spreadsheet, a record at a time."""
        raise NotImplementedError

    def contract(self) -> Any:
        """Returns what the public JSON is made of."""
        return self

    def remarks(self) -> tuple[str, ...]:
        """Returns what the command says beside the answer, on standard error."""
        return ()

    def code(self) -> int:
        """Returns the exit code, once the answer has been written."""
        return 0

    def to_dict(self) -> dict[str, Any]:
        """Returns the answer as the command's JSON has it; decimal numbers stay `Decimal`."""
        from decimal import Decimal

        plain: dict[str, Any] = msgspec.to_builtins(self.contract(), builtin_types=(Decimal,))
        return plain

    def records(self) -> list[dict[str, Any]]:
        """Returns a dict for each record: what a data frame is made of."""
        return [dict(zip(self.header(), row, strict=True)) for row in self.rows()]

    def __str__(self) -> str:
        from cs_terms.output.formats import as_table

        return "".join(as_table(self, io.StringIO())).rstrip("\n")

    __repr__ = __str__

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        """Returns the answer in the forms that a notebook chooses from."""
        from cs_terms.output.formats import as_html, as_markdown

        out = io.StringIO()
        markdown = "".join(as_markdown(self, out))
        return {"text/plain": str(self), "text/markdown": markdown, "text/html": as_html(self, out)}
