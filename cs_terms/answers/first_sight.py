"""A comparison at first sight: the answer on one screen, and what it leaves out."""

from collections.abc import Iterable, Iterator, Sequence

from cs_terms.compare import AspectRow, Cell, Column, MetricRow, contested
from cs_terms.model import Claim, Together
from cs_terms.output.page import BLANK, COUNT, MARK, MUTED, PLAIN, Items, Line, Row, cite, label
from cs_terms.output.page import Cell as PageCell

LINES = 2
"""How many lines of a cell values and metrics may take; what does not fit is counted."""


def key_rows(rows: Sequence[AspectRow]) -> list[AspectRow]:
    """Returns the rows of key questions; all rows where none is one."""
    return [row for row in rows if row.key] or list(rows)


def definition_rows(columns: Sequence[Column], *, counted: bool) -> Iterator[Row]:
    """Yields the first definition of each column, unless nothing is defined; `counted` by who says so."""
    if any(column.definition for column in columns):
        yield Row(label("In short"), tuple(_definition(column.definition, counted=counted) for column in columns))


def _definition(claims: Sequence[Claim], *, counted: bool) -> PageCell:
    if not claims:
        return BLANK
    first, *others = claims
    line: Line = ((first.text or first.value or "", PLAIN),)
    if first.sources and counted:
        line = (*line, (" ", PLAIN), *cite(first.sources))
    return ((*line, *(((f" +{len(others)}", COUNT),) if others else ())),)


def values_row(row: AspectRow, columns: Sequence[Column], *, counted: bool) -> Row:
    """Returns a row by value, each with the number of sources that give it unless each column is a source."""
    cells = tuple(_values_cell(row, row.cells[column.id], counted=counted) for column in columns)
    mark = (("contested", MARK),)
    disputed = not counted and contested(row.values, (claim for cell in row.cells.values() for claim in cell.claims))
    return Row((*label(row.name), mark) if disputed else label(row.name), cells)


def _values_cell(row: AspectRow, cell: Cell, *, counted: bool) -> PageCell:
    """The different values, the one that most sources give first; all of them where the set is closed."""
    if not cell.claims:
        return BLANK
    givers: dict[str, dict[str, None]] = {}
    for claim in cell.claims:
        cited = givers.setdefault(claim.value or claim.text or "", {})
        cited.update((citation.id, None) for citation in claim.sources)
    by_count = sorted(givers.items(), key=lambda each: -len(each[1]))
    items = [_count(value, len(cited) if counted else 0) for value, cited in by_count]
    if cell.contested:
        items[0] = (("contested: ", MARK), *items[0])
    return (Items(tuple(items), None if row.values else LINES),)


def metrics_rows(
    heading: str, metrics: Sequence[MetricRow], columns: Sequence[Column], *, counted: bool
) -> Iterator[Row]:
    """Yields what the columns are measured by, below a rule."""
    if metrics:
        yield Row(
            label(heading), tuple(_metrics_cell(metrics, each.id, counted=counted) for each in columns), ruled=True
        )


def _metrics_cell(metrics: Iterable[MetricRow], column: str, *, counted: bool) -> PageCell:
    """The metrics of a column, those that most sources give to it first."""
    given = [metric for metric in metrics if column in metric.measures]
    givers = {metric.id: len({citation.id for citation in metric.cells[column]}) for metric in given}
    given.sort(key=lambda metric: -givers[metric.id])
    names = ((metric.abbreviations or (metric.name,))[0] for metric in given)
    items = tuple(_count(name, givers[metric.id] if counted else 0) for metric, name in zip(given, names, strict=True))
    return (Items(items, LINES),) if items else BLANK


def _count(text: str, sources: int) -> Line:
    return ((text, PLAIN), *(((f" ({sources})", COUNT),) if sources else ()))


def together_rows(columns: Sequence[Column], together: Sequence[Together], *, ruled: bool) -> Iterator[Row]:
    """Yields what the terms do together, by value: one row for two columns, else a row for each set of terms."""
    sets: dict[str, list[Together]] = {}
    for each in together:
        terms = " + ".join(column.id for column in columns if column.id in each.terms)
        sets.setdefault(terms if len(columns) > 2 else "", []).append(each)
    for number, (terms, points) in enumerate(sets.items()):
        first, *others = [((value, PLAIN),) for value in dict.fromkeys(each.value or each.text for each in points)]
        items = (((f"{terms}: ", MUTED), *first) if terms else first, *others)
        yield Row(label("Together" if not number else ""), ((Items(items, 1),),), ruled=ruled and not number)
