"""Answers as records, for shells and spreadsheets: a header and rows of text. The columns are public."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cs_terms.model import Citations, Claim
from cs_terms.output.records_show import entries_records
from cs_terms.text import SIGNS, claim_text, printable, source_ids

if TYPE_CHECKING:  # the command that was called has imported its own answer, and needs no other
    from cs_terms.answers.calc import Calculation
    from cs_terms.answers.comparison import Comparison, ComparisonBySource
    from cs_terms.answers.disputes import Disputes
    from cs_terms.answers.metrics import Metrics
    from cs_terms.answers.search import Hits
    from cs_terms.answers.show import Listing

Record = tuple[str, ...]
"""A field for each column."""


def tsv(answer: object, encoding: str) -> str:
    """A record a line, no header, tabs between the fields; an empty field is a hyphen, so that `read` keeps its columns."""
    _, rows = _records(answer)
    return "".join("\t".join(printable(field, encoding) or "-" for field in row) + "\n" for row in rows)


def csv_text(answer: object, encoding: str) -> str:
    """RFC 4180 with a header. What a spreadsheet would take for a formula gets an apostrophe in front."""
    import csv

    header, rows = _records(answer)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([_harmless(printable(field, encoding)) for field in row] for row in (header, *rows))
    return text.getvalue()


def _harmless(field: str) -> str:
    formula_like = field.lstrip().startswith(tuple(SIGNS))
    return f"'{field}" if formula_like and not re.fullmatch(r"-?\d+(\.\d+)?", field) else field


def _records(answer: object) -> tuple[Record, Iterator[Record]]:
    """The names of the columns, and the rows."""
    header, rows = _RECORDS[type(answer).__name__]
    if header is None:
        header = ("row", *(column.id for column in answer.columns))  # type: ignore[attr-defined]
    return header, rows(answer)


def _comparison(answer: Comparison | ComparisonBySource) -> Iterator[Record]:
    columns, brief = answer.columns, answer.brief
    if any(column.definition for column in columns):
        yield ("definition", *(_claims(column.definition, brief=brief) for column in columns))
    if any(column.broader for column in columns):
        yield ("part-of", *(_keyed(column.broader, brief=brief) for column in columns))
    for aspect in answer.aspects:
        yield (aspect.id, *(_claims(aspect.cells[column.id].claims, brief=brief) for column in columns))
    for metric in answer.metrics:
        cells = (_given(metric.cells[column.id]) if column.id in metric.measures else "" for column in columns)
        yield (f"metric:{metric.id}", *cells)
    for each in answer.together:
        point = each.text if brief else _claim(Claim(each.value, each.text, each.sources))
        yield ("together", *(point if column.id in each.terms else "" for column in columns))


def _listing(answer: Listing) -> Iterator[Record]:
    for each in answer.entries:
        yield (each.kind, each.id, each.name, ", ".join(each.abbreviations))


def _hits(answer: Hits) -> Iterator[Record]:
    for each in answer.entries:
        yield (each.kind, each.id, each.name, each.matched)


def _metrics(answer: Metrics) -> Iterator[Record]:
    for term in answer.terms:
        for each in term.metrics:
            names = (each.id, each.name, ", ".join(each.abbreviations))
            yield (term.id, *names, each.unit or "", each.better or "", source_ids(each.sources))


def _disputes(answer: Disputes) -> Iterator[Record]:
    for contested in answer.aspects:
        for position in contested.positions:
            yield ("aspect", contested.term, contested.aspect, position.value, source_ids(position.sources))
    for shared in answer.metrics:
        for given in shared.positions:
            yield ("metric", shared.metric, "", given.term, source_ids(given.sources))


def _calculation(answer: Calculation) -> Iterator[Record]:
    for each in answer.results:
        yield (each.reading, f"{each.value:f}", each.unit or "", each.formula, source_ids(each.sources))


def _claims(claims: Iterable[Claim], *, brief: bool) -> str:
    return "; ".join(claim.value or claim.text or "" if brief else _claim(claim) for claim in claims)


def _claim(claim: Claim) -> str:
    """A claim as `value: text [sources]`."""
    return f"{claim_text(claim)} {f'[{source_ids(claim.sources)}]' if claim.sources else '(no source)'}"


def _keyed(keyed: Mapping[str, Citations], *, brief: bool) -> str:
    return "; ".join(id if brief else _claim(Claim(id, None, citations)) for id, citations in keyed.items())


def _given(citations: Citations) -> str:
    """Who gives a metric to a term; never empty, which would say that nobody does."""
    return source_ids(citations) or "(no source)"


_METRICS = ("term", "id", "name", "abbreviations", "unit", "better", "sources")
_RECORDS: dict[str, tuple[Record | None, Callable[[Any], Iterator[Record]]]] = {
    "Comparison": (None, _comparison),
    "ComparisonBySource": (None, _comparison),
    "Metrics": (_METRICS, _metrics),
    "MetricMatrix": (_METRICS, _metrics),
    "Entries": (("kind", "id", "field", "value", "sources"), entries_records),
    "Listing": (("kind", "id", "name", "abbreviations"), _listing),
    "Hits": (("kind", "id", "name", "matched"), _hits),
    "Disputes": (("kind", "subject", "aspect", "position", "sources"), _disputes),
    "Calculation": (("reading", "value", "unit", "formula", "sources"), _calculation),
}
"""From the class of an answer to its columns and rows; those of a comparison (None) are what is compared."""
