"""Entries in full as records: a record for each thing that is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cs_terms.model import Aspect, Citations, Claim, Metric, Name, Source, Term
from cs_terms.text import claim_text, number_text, range_text, source_ids

if TYPE_CHECKING:
    from cs_terms.answers.show import Entries, Shown

Said = tuple[str, str] | tuple[str, str, Citations]
"""A key, what is said under it, and who says so where that can be cited."""


def entries_records(answer: Entries) -> Iterator[tuple[str, ...]]:
    """Kind, id, field, value and sources of all that is said; where a source says it, and what it calls it, follow."""
    for shown in answer.entries:
        entry = (shown.kind, shown.entry.id)
        for field, value, *by in _fields(shown):
            citations: Citations = by[0] if by else ()
            if value:
                yield (*entry, field, value, source_ids(citations))
            for cite in citations:
                places = ((f"{field}.at", cite.at), (f"{field}.as", cite.as_))
                yield from ((*entry, key, place, cite.id) for key, place in places if place)


def _fields(shown: Shown) -> Iterator[Said]:
    """Each key of an entry with its value and who says so; what a key holds by id or name has a field of its own."""
    entry = shown.entry
    yield ("title" if isinstance(entry, Source) else "name", entry.name)
    match entry:
        case Source():
            yield from (
                ("publisher", entry.publisher or ""),
                ("url", entry.url or ""),
                ("date", entry.date or ""),
            )
        case Aspect():
            yield ("question", entry.question or "")
            yield from _names("also_called", entry.also_called)
            yield ("values", ", ".join(entry.values))
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
    yield ("note", entry.note or "")
    for origin in shown.origins:
        yield ("origin", f"{origin.path}:{origin.line}")


def _metric_fields(metric: Metric) -> Iterator[Said]:
    yield from _names("abbreviations", metric.abbreviations)
    yield from _names("also_called", metric.also_called)
    yield from _claim_fields("definition", metric.definition)
    yield from (("unit", metric.unit or ""), ("range", range_text(metric.range) or ""))
    yield from (("better", metric.better or ""), ("pitfalls", metric.pitfalls or ""))
    yield ("unverified", "true" if metric.unverified else "")
    for reading in metric.readings:
        field = f"readings.{reading.name}"
        yield (field, reading.formula, reading.sources)
        for name, of in reading.inputs.items():
            yield (f"{field}.inputs.{name}", of.meaning + (f" ({of.unit})" if of.unit else ""))
        yield from ((f"{field}.unit", reading.unit or ""), (f"{field}.range", range_text(reading.range) or ""))
        if reading.example:
            given = ", ".join(f"{name}={number_text(value)}" for name, value in reading.example.inputs.items())
            yield (f"{field}.example", f"{given} gives {number_text(reading.example.result)}")
        yield (f"{field}.unverified", "true" if reading.unverified else "")
        yield (f"{field}.note", reading.note or "")


def _names(field: str, names: Iterable[Name]) -> Iterator[Said]:
    for name in names:
        yield (field, name.label, name.sources)


def _claim_fields(field: str, claims: Iterable[Claim]) -> Iterator[Said]:
    for claim in claims:
        yield (field, claim_text(claim), claim.sources)


def _cited(field: str, keyed: Mapping[str, Citations], shown: Shown, kind: str) -> Iterator[Said]:
    for id, citations in keyed.items():
        yield (f"{field}.{id}", shown.full_names[kind, id], citations)
