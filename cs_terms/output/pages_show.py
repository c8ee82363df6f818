"""Entries in full, as pages."""

from collections.abc import Iterator, Mapping, Sequence

from cs_terms.answers.show import Entries, Shown
from cs_terms.model import Aspect, Citations, Metric, Name, Reading, Source, Term
from cs_terms.output.cells import NOTHING, cites, claims_cell, keyed_cell, label, legend_of, names_line, plain
from cs_terms.output.page import CODE, MUTED, PLAIN, Cell, Grid, Line, Page, Row
from cs_terms.text import number_text, range_text


def entries_page(answer: Entries) -> Page:
    """Each entry as a table of what is said of it, then who is cited."""
    grids = tuple(
        Grid((shown.entry.name, f"{shown.kind} {shown.entry.id}"), tuple(_rows(shown))) for shown in answer.entries
    )
    return (*grids, *legend_of(answer.sources))


def _rows(shown: Shown) -> Iterator[Row]:
    entry = shown.entry
    match entry:
        case Source():
            yield from _texts(("publisher", entry.publisher), ("date", entry.date), ("url", entry.url))
        case Aspect():
            yield from _texts(("question", entry.question), ("values", ", ".join(entry.values)))
            yield from _names("also called", entry.also_called)
        case Term():
            yield from _names("abbreviations", entry.abbreviations)
            yield from _names("also called", entry.also_called)
            yield from _row("definition", claims_cell(entry.definition, places=True))
            yield from _row("part of", _keyed(shown, "term", entry.broader))
            for id, claims in entry.aspects.items():
                yield Row(
                    label(shown.full_names["aspect", id]),
                    (claims_cell(claims, contested=id in shown.contested, places=True),),
                )
            yield from _row("measured by", _keyed(shown, "metric", entry.metrics))
        case Metric():
            yield from _metric_rows(shown, entry)
    yield from _texts(("note", entry.note))
    yield from _row("said in", tuple(((f"{origin.path}:{origin.line}", MUTED),) for origin in shown.origins))


def _metric_rows(shown: Shown, metric: Metric) -> Iterator[Row]:
    yield from _names("abbreviations", metric.abbreviations)
    yield from _names("also called", metric.also_called)
    yield from _row("definition", claims_cell(metric.definition, places=True))
    yield from _texts(("unit", metric.unit), ("range", range_text(metric.range)), ("better", metric.better))
    if metric.unverified:
        yield Row(label("unverified"), (plain("not confirmed by those who wrote it down"),))
    for reading in metric.readings:
        yield Row(label(reading.name, mark="unverified" if reading.unverified else ""), (_reading(reading, metric),))
    if not metric.readings:
        others = ", ".join(shown.published_by)
        yield Row(label("formula"), (plain(f"published by {others} alone" if others else "none is agreed"),))
    yield from _texts(("pitfalls", metric.pitfalls))
    measures = _keyed(shown, "term", shown.measures)
    mark = "shared" if len(shown.measures) > 1 else ""
    if shown.measures:
        yield Row(label("measures", mark=mark), (measures,))


def _reading(reading: Reading, metric: Metric) -> Cell:
    lines: list[Line] = [((reading.formula, CODE), *cites(reading.sources, places=True))]
    for name, of in reading.inputs.items():
        lines.append(((name, CODE), (f": {of.meaning}" + (f" ({of.unit})" if of.unit else ""), PLAIN)))
    unit = reading.unit or metric.unit
    if reading.example:
        given = ", ".join(f"{name}={number_text(value)}" for name, value in reading.example.inputs.items())
        lines.append(
            (
                ("Example: ", MUTED),
                (f"{given} gives {number_text(reading.example.result)} {unit or ''}".rstrip(), PLAIN),
            )
        )
    own = (("Unit", reading.unit), ("Range", range_text(reading.range)))
    lines += [((f"{name}: {said}", MUTED),) for name, said in own if said]
    if reading.note:
        lines.append(((f"Note: {reading.note}", MUTED),))
    return tuple(lines)


def _row(name: str, cell: Cell) -> Iterator[Row]:
    if cell and cell != NOTHING:
        yield Row(label(name), (cell,))


def _texts(*texts: tuple[str, str | None]) -> Iterator[Row]:
    for name, text in texts:
        if text:
            yield Row(label(name), (plain(text),))


def _names(name: str, names: Sequence[Name]) -> Iterator[Row]:
    if names:
        yield Row(label(name), ((names_line(names),),))


def _keyed(shown: Shown, kind: str, keyed: Mapping[str, Citations]) -> Cell:
    return keyed_cell({shown.full_names[kind, id]: citations for id, citations in keyed.items()}, places=True)
