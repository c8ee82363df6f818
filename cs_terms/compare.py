"""Columns laid side by side: what each says under each aspect, where they differ, what is contested. Pure.

A comparison is computed, never stored. A column is a term, or what one source says of a term.
"""

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct, structs

from cs_terms.model import Aspect, Citations, Claim, Metric, Term


class Cell(Struct, frozen=True):
    """What one column says under one aspect."""

    contested: bool
    """Whether two sources give different values, where the aspect's set of values is closed."""
    claims: tuple[Claim, ...]
    """Empty where nothing is said."""


class AspectRow(Struct, frozen=True):
    """One aspect, and what each column says under it."""

    id: str
    name: str
    question: str | None
    also_called: tuple[str, ...]
    """What sources call the question."""
    values: tuple[str, ...]
    """The closed set of answers; empty where answers are free."""
    differs: bool | None
    """As `differ` says."""
    cells: dict[str, Cell]
    """A cell for each column's id."""
    key: bool | None
    """Whether it is one of the questions that a comparison shows at first sight."""


class MetricRow(Struct, frozen=True):
    """One metric, and the columns that are measured by it."""

    id: str
    name: str
    measures: tuple[str, ...]
    """The ids of the columns that are measured by it."""
    cells: dict[str, Citations]
    """Who says so, for each column's id; empty where nobody does."""
    abbreviations: tuple[str, ...]


class Column(Struct, frozen=True):
    """One of the things compared."""

    id: str
    """The id of the term or source."""
    name: str
    """Its heading: the full name of the term, the publisher of the source."""
    definition: tuple[Claim, ...]
    """What the term is."""
    broader: dict[str, Citations]
    """What the term is part of."""


class Rows(Struct, frozen=True):
    """Columns side by side."""

    columns: tuple[Column, ...]
    aspects: tuple[AspectRow, ...]
    metrics: tuple[MetricRow, ...]


def compare(
    terms: Sequence[Term],
    headings: Sequence[str],
    aspects: Iterable[Aspect],
    metrics: Iterable[Metric],
    *,
    all_speak: bool = True,
) -> Rows:
    """Returns a column for each term, under its heading, and a row for each of these aspects and metrics.

    The same term may be given twice; it then has two columns and differs nowhere. For `all_speak` see `differ`.
    """
    return Rows(
        tuple(
            Column(term.id, heading, term.definition, term.broader)
            for term, heading in zip(terms, headings, strict=True)
        ),
        tuple(_compare_under(aspect, terms, all_speak=all_speak) for aspect in aspects),
        tuple(
            MetricRow(
                metric.id,
                metric.name,
                tuple(dict.fromkeys(term.id for term in terms if metric.id in term.metrics)),
                {term.id: term.metrics.get(metric.id, ()) for term in terms},
                tuple(name.label for name in metric.abbreviations),
            )
            for metric in metrics
        ),
    )


def _compare_under(aspect: Aspect, terms: Sequence[Term], *, all_speak: bool) -> AspectRow:
    claims = [term.aspects.get(aspect.id, ()) for term in terms]
    return AspectRow(
        aspect.id,
        aspect.name,
        aspect.question,
        tuple(name.label for name in aspect.also_called),
        aspect.values,
        differ(claims, all_speak=all_speak),
        {term.id: Cell(contested(aspect.values, said), said) for term, said in zip(terms, claims, strict=True)},
        aspect.key,
    )


def contested(closed: Collection[str], claims: Iterable[Claim]) -> bool:
    """Returns whether two sources give different values of a closed set.

    Without a closed set, different words are no contradiction.
    """
    values: dict[str, set[str]] = {}
    for claim in claims:
        if claim.value is not None:
            for citation in claim.sources:
                values.setdefault(citation.id, set()).add(claim.value)
    return bool(closed) and len(values) > 1 and len(set().union(*values.values())) > 1


def differ(columns: Iterable[Iterable[Claim]], *, all_speak: bool = True) -> bool | None:
    """Returns whether a row differs: every column has claims, and their values are not the same sets.

    A column's texts count where it has no values. Without `all_speak`, columns without claims are passed over. None,
    for unknown, where fewer than two columns have claims.
    """
    said = [_values_of(claims) for claims in columns]
    filled = [values for values in said if values]
    if len(filled) < 2:
        return None
    return (len(filled) == len(said) or not all_speak) and any(values != filled[0] for values in filled)


def _values_of(claims: Iterable[Claim]) -> frozenset[str | None]:
    listed = list(claims)
    values = frozenset(claim.value for claim in listed if claim.value is not None)
    return values or frozenset(claim.text for claim in listed)


def keep_differences(rows: Rows, *, all_speak: bool) -> Rows:
    """Returns the rows that differ: aspects as `differ` says, metrics that one column has and another has not."""
    measured = {id for row in rows.metrics for id in (row.cells if all_speak else row.measures)}
    broader = [set(column.broader) for column in rows.columns if column.broader or all_speak]
    return Rows(
        keep_fields(
            rows.columns,
            definition=differ((column.definition for column in rows.columns), all_speak=all_speak) is True,
            broader=all(broader) and any(each != broader[0] for each in broader),
        ),
        tuple(row for row in rows.aspects if row.differs),
        tuple(row for row in rows.metrics if {*row.measures} < measured),
    )


def keep_fields(columns: Iterable[Column], *, definition: bool, broader: bool) -> tuple[Column, ...]:
    """Returns the columns with or without their definition and what they are part of."""
    return tuple(
        Column(each.id, each.name, each.definition if definition else (), each.broader if broader else {})
        for each in columns
    )


def shorten(rows: Rows) -> Rows:
    """Returns the rows with `shorten_claims` for the claims of every cell."""
    return structs.replace(
        rows,
        columns=tuple(structs.replace(each, definition=shorten_claims(each.definition)) for each in rows.columns),
        aspects=tuple(
            structs.replace(
                row,
                cells={id: Cell(cell.contested, shorten_claims(cell.claims)) for id, cell in row.cells.items()},
            )
            for row in rows.aspects
        ),
    )


def shorten_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Returns the claims without texts, where they have values; those of one value as one, with all their sources."""
    sources: dict[tuple[str | None, str | None], Citations] = {}
    for claim in claims:
        key = (claim.value, None if claim.value is not None else claim.text)
        sources[key] = tuple(dict.fromkeys(sources.get(key, ()) + claim.sources))
    return tuple(Claim(value, text, citations) for (value, text), citations in sources.items())
