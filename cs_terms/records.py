"""Answers as records, for shells and spreadsheets: a header and rows of text. The columns are public."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from cs_terms.calc import Calculation
from cs_terms.comparison import Comparison, ComparisonBySource
from cs_terms.disputes import Disputes
from cs_terms.metrics import Metrics
from cs_terms.model import Aspect, Citations, Claim, Metric, Name, Source, Term
from cs_terms.search import Hits
from cs_terms.show import Entries, Listing, Shown
from cs_terms.texts import number_text, printable, range_text

Records = tuple[tuple[str, ...], Iterator[tuple[str, ...]]]
"""The names of the columns, and the rows."""


def tsv(answer: object, encoding: str) -> str:
    """A record a line, no header, tabs between the fields; an empty field is a hyphen, so that `read` keeps its columns."""
    _, rows = _records(answer)
    return "".join("\t".join(printable(field, encoding) or "-" for field in row) + "\n" for row in rows)


def csv_text(answer: object, encoding: str) -> str:
    """RFC 4180 with a header. What a spreadsheet would take for a formula gets an apostrophe in front."""
    header, rows = _records(answer)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(printable(field, encoding)) for field in row] for row in rows)
    return text.getvalue()


def _harmless(field: str) -> str:
    formula_like = field.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{field}" if formula_like and not re.fullmatch(r"-?\d+(\.\d+)?", field) else field


def _records(answer: object) -> Records:
    match answer:
        case Comparison() | ComparisonBySource():
            return ("row", *(column.id for column in answer.columns)), _comparison(answer)
        case Metrics():
            return ("term", "id", "name", "abbreviations", "unit", "better", "sources"), _metrics(answer)
        case Entries():
            return ("kind", "id", "field", "value", "sources"), _entries(answer)
        case Listing():
            rows = ((each.kind, each.id, each.name, _listed(each.abbreviations)) for each in answer.entries)
            return ("kind", "id", "name", "abbreviations"), rows
        case Disputes():
            return ("kind", "subject", "aspect", "position", "sources"), _disputes(answer)
        case Hits():
            found = ((each.kind, each.id, each.name, each.matched) for each in answer.entries)
            return ("kind", "id", "name", "matched"), found
        case Calculation():
            return ("reading", "value", "unit", "formula", "sources"), _calculation(answer)
    raise TypeError(f"no records for {type(answer).__name__}")


def _comparison(answer: Comparison | ComparisonBySource) -> Iterator[tuple[str, ...]]:
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


def _metrics(answer: Metrics) -> Iterator[tuple[str, ...]]:
    for term in answer.terms:
        for each in term.metrics:
            names = (each.id, each.name, _listed(each.abbreviations))
            yield (term.id, *names, each.unit or "", each.better or "", _ids(each.sources))


def _disputes(answer: Disputes) -> Iterator[tuple[str, ...]]:
    for contested in answer.aspects:
        for position in contested.positions:
            yield ("aspect", contested.term, contested.aspect, position.value, _ids(position.sources))
    for shared in answer.metrics:
        for given in shared.positions:
            yield ("metric", shared.metric, "", given.term, _ids(given.sources))


def _calculation(answer: Calculation) -> Iterator[tuple[str, ...]]:
    for each in answer.results:
        yield (each.reading, f"{each.value:f}", each.unit or "", each.formula, _ids(each.sources))


def _entries(answer: Entries) -> Iterator[tuple[str, ...]]:
    for shown in answer.entries:
        for field, value, sources in _fields(shown):
            if value:
                yield (shown.kind, shown.entry.id, field, value, sources)


def _fields(shown: Shown) -> Iterator[tuple[str, str, str]]:
    """Each key of an entry with its value and who says so; what a key holds by id or name has a field of its own."""
    entry = shown.entry
    yield ("title" if isinstance(entry, Source) else "name", entry.name, "")
    match entry:
        case Source():
            yield from (
                ("publisher", entry.publisher or "", ""),
                ("url", entry.url or "", ""),
                ("date", entry.date or "", ""),
            )
        case Aspect():
            yield ("question", entry.question or "", "")
            yield from _names("also_called", entry.also_called)
            yield ("values", _listed(entry.values), "")
        case Term():
            yield from _names("abbreviations", entry.abbreviations)
            yield from _names("also_called", entry.also_called)
            yield from _claim_fields("definition", entry.definition)
            yield from _cited("broader", entry.broader, shown, "term")
            for id, claims in entry.aspects.items():
                yield from _claim_fields(f"aspects.{id}", claims)
            yield from _cited("metrics", entry.metrics, shown, "metric")
        case Metric():
            yield from _metric_fields(entry)
            yield from _cited("measures", shown.measures, shown, "term")
    yield ("note", entry.note or "", "")
    for origin in shown.origins:
        yield ("origin", f"{origin.path}:{origin.line}", "")


def _metric_fields(metric: Metric) -> Iterator[tuple[str, str, str]]:
    yield from _names("abbreviations", metric.abbreviations)
    yield from _names("also_called", metric.also_called)
    yield from _claim_fields("definition", metric.definition)
    yield from (("unit", metric.unit or "", ""), ("range", range_text(metric.range) or "", ""))
    yield from (("better", metric.better or "", ""), ("pitfalls", metric.pitfalls or "", ""))
    yield ("unverified", "true" if metric.unverified else "", "")
    for reading in metric.readings:
        field = f"readings.{reading.name}"
        yield (field, reading.formula, _ids(reading.sources))
        for name, of in reading.inputs.items():
            yield (f"{field}.inputs.{name}", of.meaning + (f" ({of.unit})" if of.unit else ""), "")
        yield from ((f"{field}.unit", reading.unit or "", ""), (f"{field}.range", range_text(reading.range) or "", ""))
        if reading.example:
            given = ", ".join(f"{name}={number_text(value)}" for name, value in reading.example.inputs.items())
            yield (f"{field}.example", f"{given} gives {reading.example.result}", "")
        yield (f"{field}.unverified", "true" if reading.unverified else "", "")
        yield (f"{field}.note", reading.note or "", "")


def _names(field: str, names: Iterable[Name]) -> Iterator[tuple[str, str, str]]:
    for name in names:
        yield (field, name.label, _ids(name.sources))


def _claim_fields(field: str, claims: Iterable[Claim]) -> Iterator[tuple[str, str, str]]:
    for claim in claims:
        yield (field, _said(claim), _ids(claim.sources))


def _cited(field: str, keyed: Mapping[str, Citations], shown: Shown, kind: str) -> Iterator[tuple[str, str, str]]:
    for id, citations in keyed.items():
        yield (f"{field}.{id}", shown.full_names[kind, id], _ids(citations))


def _claims(claims: Iterable[Claim], *, brief: bool) -> str:
    return "; ".join(claim.value or claim.text or "" if brief else _claim(claim) for claim in claims)


def _claim(claim: Claim) -> str:
    """A claim as `value: text [sources]`."""
    return f"{_said(claim)} {f'[{_ids(claim.sources)}]' if claim.sources else '(no source)'}"


def _said(claim: Claim) -> str:
    note = f" (note: {claim.note})" if claim.note else ""
    return ": ".join(filter(None, (claim.value, claim.text))) + note


def _keyed(keyed: Mapping[str, Citations], *, brief: bool) -> str:
    return "; ".join(id if brief else _claim(Claim(id, None, citations)) for id, citations in keyed.items())


def _given(citations: Citations) -> str:
    """Who gives a metric to a term; never empty, which would say that nobody does."""
    return _ids(citations) or "(no source)"


def _ids(citations: Citations) -> str:
    return _listed(dict.fromkeys(citation.id for citation in citations))


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)
