"""The answer of `show`: entries in full."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from msgspec import Struct, structs

from cs_terms.compare import contested
from cs_terms.glossary import View
from cs_terms.loading.database import LeftOut, Origin
from cs_terms.model import (
    KINDS,
    Aspect,
    Citations,
    Claim,
    Entry,
    Metric,
    Name,
    Number,
    Range,
    Reading,
    Source,
    Term,
    abbreviations,
)
from cs_terms.names import resolve_all
from cs_terms.output.answer import Answer, Record
from cs_terms.output.page import (
    CODE,
    MUTED,
    NOTHING,
    PLAIN,
    Block,
    Cell,
    Grid,
    Heading,
    Line,
    Page,
    Row,
    cell,
    cite,
    cited_cell,
    claims_cell,
    label,
    legend,
    names_line,
)
from cs_terms.output.records import list_sources, write_claim

Statement: TypeAlias = tuple[str, str, Citations]
"""A field of an entry, what is said under it, and who says so where that can be cited."""


class Shown(Struct, frozen=True):
    """One entry in full."""

    kind: str
    """term, metric, aspect or source."""
    entry: Entry
    """What is said of it."""
    measures: dict[str, Citations]
    """For a metric: the terms it is given to, by id, and who says so."""
    origins: tuple[Origin, ...]
    """The files that speak of it, the one that wins last."""
    left_out: tuple[LeftOut, ...]
    """What a layer does not adopt of what earlier ones say of it."""
    contested: tuple[str, ...]
    """For a term: the ids of the aspects on which its sources contradict each other."""
    published_by: tuple[str, ...]
    """For a metric without readings: who publishes some, and is not listened to."""
    full_names: dict[tuple[str, str], str]
    """The full names of the entries that it refers to, by kind and id."""


class Entries(Answer, frozen=True):
    """Entries in full."""

    entries: tuple[Shown, ...]
    """In the order in which they were asked for."""
    sources: tuple[Source, ...]
    """Who is cited."""

    def contract(self) -> dict[str, Any]:
        """Returns the public JSON: each entry with its kind and every key of the files, short forms written out."""
        return {"entries": [_write_out(shown) for shown in self.entries], "sources": self.sources}

    def page(self) -> Page:
        """Returns each entry as a table of what is said of it, then who is cited."""
        blocks: list[Block] = []
        for shown in self.entries:
            blocks.append(Heading(f"{shown.entry.name} ({shown.kind} {shown.entry.id})"))
            blocks.append(Grid(("", ""), tuple(_rows_of_page(shown)), share=25))
        return (*blocks, *legend(self.sources))

    def header(self) -> Record:
        """Returns the names of the columns."""
        return ("kind", "id", "field", "value", "sources")

    def rows(self) -> Iterator[Record]:
        """Yields a record for each statement; after it where its sources make it, and what they call it there."""
        for shown in self.entries:
            entry = (shown.kind, shown.entry.id)
            for field, value, citations in _list_statements(shown):
                if value:
                    yield (*entry, field, value, list_sources(citations))
                for citation in citations:
                    details = ((f"{field}.at", citation.at), (f"{field}.as", citation.as_))
                    yield from ((*entry, key, detail, citation.id) for key, detail in details if detail)


def show(view: View, names: Sequence[str], kinds: Sequence[str] = tuple(KINDS)) -> Entries:
    """Returns these entries of these kinds in full. Raises CstermsError where a name means no entry or several."""
    shown = tuple(show_entry(view, *found) for found in dict.fromkeys(resolve_all(view, names, kinds)))
    return Entries(shown, view.cited_in(shown))


def show_entry(view: View, kind: str, id: str) -> Shown:
    """Returns the entry of that kind and id, which exists, in full."""
    entry = view.entry(kind, id)
    measures = view.measured_by(id) if kind == "metric" else {}
    disputed: tuple[str, ...] = ()
    if isinstance(entry, Term):
        entry = _in_order(view, entry)
        disputed = tuple(id for id, claims in entry.aspects.items() if contested(view.aspect(id).values, claims))
    published_by: tuple[str, ...] = ()
    if isinstance(entry, Metric) and not entry.readings:
        everybody = view.listening_to(())
        published_by = tuple(source.id for source in everybody.cited_in(everybody.metric(id).readings))
    full_names = {each: view.full_name(*each) for each in _list_references(entry, measures)}
    left_out = tuple(view.left_out(kind, id))
    return Shown(kind, entry, measures, view.origins(kind, id), left_out, disputed, published_by, full_names)


def _in_order(view: View, term: Term) -> Term:
    """The term with its aspects and metrics in the glossary's order."""
    return structs.replace(
        term,
        aspects={id: term.aspects[id] for id in view.in_order("aspect", term.aspects)},
        metrics={id: term.metrics[id] for id in view.in_order("metric", term.metrics)},
    )


def _list_references(entry: Entry, measures: Iterable[str]) -> Iterator[tuple[str, str]]:
    if isinstance(entry, Term):
        yield from (("aspect", id) for id in entry.aspects)
        yield from (("metric", id) for id in entry.metrics)
        yield from (("term", id) for id in entry.broader)
    yield from (("term", id) for id in measures)


def _write_out(shown: Shown) -> dict[str, Any]:
    entry = shown.entry
    written: dict[str, Any] = {"kind": shown.kind, "id": entry.id, "name": entry.name, **structs.asdict(entry)}
    if not isinstance(entry, Source):
        written["also_called"] = [name.label for name in entry.also_called]
        written["names"] = [name for name in abbreviations(entry) + entry.also_called if name.sources]
    if isinstance(entry, (Term, Metric)):
        written["abbreviations"] = [name.label for name in entry.abbreviations]
    if isinstance(entry, Metric):
        written["measures"] = shown.measures
    return {**written, "origins": shown.origins, "left_out": shown.left_out}


# The page


def _rows_of_page(shown: Shown) -> Iterator[Row]:
    entry = shown.entry
    match entry:
        case Source():
            yield from _text_rows(("publisher", entry.publisher), ("date", entry.date), ("url", entry.url))
        case Aspect():
            yield from _text_rows(("question", entry.question), ("values", ", ".join(entry.values)))
            yield from _names_row("also called", entry.also_called)
        case Term():
            yield from _row("definition", claims_cell(entry.definition, places=True))
            yield from _names_row("abbreviations", entry.abbreviations)
            yield from _names_row("also called", entry.also_called)
            yield from _row("part of", _cited(shown, "term", entry.broader))
            for id, claims in entry.aspects.items():
                cells = (claims_cell(claims, contested=id in shown.contested, places=True),)
                yield Row(label(shown.full_names["aspect", id]), cells)
            yield from _row("measured by", _cited(shown, "metric", entry.metrics))
        case Metric():
            yield from _metric_rows(shown, entry)
    yield from _text_rows(("note", entry.note))
    yield from _row("file", tuple(((f"{origin.path}:{origin.line}", MUTED),) for origin in shown.origins))
    yield from _row("left out", tuple(((text, MUTED),) for text in _write_left_out(shown.left_out)))


def _write_left_out(left_out: Sequence[LeftOut]) -> Iterator[str]:
    """A line for each place that leaves something out."""
    for (path, line, sources), each in groupby(left_out, lambda one: (one.path, one.line, one.sources)):
        whose = f", as {', '.join(sources)} says it" if sources else ""
        yield f"{', '.join(one.what for one in each)}{whose} ({path}:{line})"


def _metric_rows(shown: Shown, metric: Metric) -> Iterator[Row]:
    yield from _row("definition", claims_cell(metric.definition, places=True))
    yield from _names_row("abbreviations", metric.abbreviations)
    yield from _text_rows(("unit", metric.unit), ("range", write_range(metric.range)), ("better", metric.better))
    if metric.unverified:
        yield Row(label("unverified"), (cell("not confirmed by those who wrote it down"),))
    for reading in metric.readings:
        yield Row(
            label(reading.name, mark=mark_reading(reading.interpretation, reading.unverified)),
            (_reading(reading, metric),),
        )
    if not metric.readings:
        others = ", ".join(shown.published_by)
        yield Row(label("formula"), (cell(f"published by {others} alone" if others else "none is agreed"),))
    yield from _text_rows(("pitfalls", metric.pitfalls))
    if shown.measures:
        mark = "shared" if len(shown.measures) > 1 else ""
        yield Row(label("measures", mark=mark), (_cited(shown, "term", shown.measures),))
    else:
        yield Row(label("measures"), (cell("nothing: no source gives it to a term"),))
    yield from _names_row("also called", metric.also_called)


def mark_reading(interpretation: bool | None, unverified: bool | None) -> str:
    """Returns what to look out for in a reading: that it is an interpretation goes before that it is not confirmed."""
    return "interpretation" if interpretation else "unverified" if unverified else ""


def _reading(reading: Reading, metric: Metric) -> Cell:
    lines: list[Line] = [((reading.formula, CODE), (" ", PLAIN), *cite(reading.sources, places=True))]
    for name, of in reading.inputs.items():
        lines.append(((name, CODE), (f": {of.meaning}" + (f" ({of.unit})" if of.unit else ""), PLAIN)))
    unit = reading.unit or metric.unit
    if reading.example:
        example = f"{_write_example(reading)} {unit or ''}".rstrip()
        lines.append((("Example: ", MUTED), (example, PLAIN)))
    own = (
        *(("Unit", reading.unit), ("Range", write_range(reading.range))),
        *(("Better", reading.better), ("Note", reading.note)),
    )
    lines += [((f"{name}: {text}", MUTED),) for name, text in own if text]
    return tuple(lines)


def _row(name: str, cell: Cell) -> Iterator[Row]:
    if cell and cell != NOTHING:
        yield Row(label(name), (cell,))


def _text_rows(*texts: tuple[str, str | None]) -> Iterator[Row]:
    for name, text in texts:
        if text:
            yield Row(label(name), (cell(text),))


def _names_row(name: str, names: Sequence[Name]) -> Iterator[Row]:
    if names:
        yield Row(label(name), ((names_line(names),),))


def _cited(shown: Shown, kind: str, cited: Mapping[str, Citations]) -> Cell:
    return cited_cell({shown.full_names[kind, id]: citations for id, citations in cited.items()}, places=True)


# The records


def _list_statements(shown: Shown) -> Iterator[Statement]:
    """Each key of an entry with what is said under it; what a key holds by id or name has a field of its own."""
    entry = shown.entry
    names = shown.full_names
    for field in entry.__struct_fields__[1:-1]:
        if not (isinstance(entry, Source) and field == "name"):
            yield from _walk(field, getattr(entry, field), names)
    yield from _walk("measures", shown.measures, names)
    yield ("note", entry.note or "", ())
    yield from (("origin", f"{origin.path}:{origin.line}", ()) for origin in shown.origins)
    yield from (("left_out", text, ()) for text in _write_left_out(shown.left_out))


def _walk(field: str, value: Any, names: Mapping[tuple[str, str], str]) -> Iterator[Statement]:
    if isinstance(value, str):
        yield (field, value, ())
    elif isinstance(value, bool):
        yield (field, "true" if value else "", ())
    elif isinstance(value, tuple):
        yield from _walk_items(field, value)
    elif field == "aspects":
        for aspect, claims in value.items():
            yield from _walk_items(f"{field}.{aspect}", claims)
    elif isinstance(value, dict):
        for key, citations in value.items():
            yield (f"{field}.{key}", names[_KINDS[field], key], citations)


def _walk_items(field: str, items: tuple[Any, ...]) -> Iterator[Statement]:
    if field == "range":
        yield (field, write_range((items[0], items[1])) or "", ())
    elif field == "values":
        yield (field, ", ".join(items), ())
    for item in items:
        match item:
            case Name():
                yield (field, item.label, item.sources)
            case Claim():
                yield (field, write_claim(item), item.sources)
            case Reading():
                yield from _walk_reading(f"{field}.{item.name}", item)


_KINDS = {"broader": "term", "metrics": "metric", "measures": "term"}
"""What the keys of these fields are the ids of."""


def _walk_reading(field: str, reading: Reading) -> Iterator[Statement]:
    yield (field, reading.formula, reading.sources)
    for name, of in reading.inputs.items():
        yield (f"{field}.inputs.{name}", of.meaning + (f" ({of.unit})" if of.unit else ""), ())
    example = _write_example(reading)
    for key, value in (
        *(("unit", reading.unit), ("range", write_range(reading.range)), ("better", reading.better)),
        *(("example", example), ("unverified", reading.unverified), ("interpretation", reading.interpretation)),
        ("note", reading.note),
    ):
        yield from _walk(f"{field}.{key}", value, {})


def _write_example(reading: Reading) -> str:
    if not reading.example:
        return ""
    given = ", ".join(f"{name}={write_number(value)}" for name, value in reading.example.inputs.items())
    return f"{given} gives {write_number(reading.example.result)}"


def write_range(bounds: Range | None) -> str | None:
    """Returns a range in words, or None where none is given."""
    if bounds is None:
        return None
    low, high = bounds
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"{low:f} or more"
    return f"{high:f} or less" if low is None else f"{low:f} to {high:f}"


def write_number(value: Number) -> str:
    """Returns a number, or a series with commas, as `calc` takes it."""
    return ",".join(map(write_number, value)) if isinstance(value, tuple) else f"{value:f}"
