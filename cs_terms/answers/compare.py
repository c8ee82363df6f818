"""Terms laid side by side: terms in, rows out. Pure: a comparison is computed, never stored."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct, structs

from cs_terms.model import Aspect, Citations, Claim, Term
from cs_terms.narrow import narrow


class Column(Struct, frozen=True):
    """One of the things compared: a term, or what one source says of a term."""

    id: str
    """The id of the term or source."""
    name: str
    """Its heading: the full name of the term, the publisher of the source."""
    definition: tuple[Claim, ...]
    """What the term is."""
    broader: dict[str, Citations]
    """What it is part of."""


class Cell(Struct, frozen=True):
    """What is said in one column under one aspect."""

    contested: bool
    """Whether two sources give different values, where the aspect's set of values is closed."""
    claims: tuple[Claim, ...]
    """None where nothing is said."""


class AspectRow(Struct, frozen=True):
    """One question, and what is said in each column."""

    id: str
    """The aspect's id."""
    name: str
    """Its name."""
    question: str | None
    """The question."""
    also_called: tuple[str, ...]
    """What sources call it."""
    values: tuple[str, ...]
    """The closed set of answers; empty where answers are free."""
    differs: bool | None
    """As `differ` says."""
    cells: dict[str, Cell]
    """A cell for each column's id."""


class MetricRow(Struct, frozen=True):
    """One metric, and who measures by it."""

    id: str
    """The metric's id."""
    name: str
    """Its name."""
    measures: tuple[str, ...]
    """The ids of the columns that are measured by it."""
    cells: dict[str, Citations]
    """Who says so, for each column's id; empty where nobody does."""


class Rows(Struct, frozen=True):
    """Columns laid side by side."""

    columns: tuple[Column, ...]
    """In the order in which they were asked for."""
    aspects: tuple[AspectRow, ...]
    """In the glossary's order."""
    metrics: tuple[MetricRow, ...]
    """In the glossary's order."""


def compare(
    terms: Sequence[Term],
    headings: Sequence[str],
    aspects: Iterable[Aspect],
    metrics: Mapping[str, str],
    *,
    all_speak: bool = True,
) -> Rows:
    """One column a term, under its heading, and one row for each of these aspects and metrics (id to name).

    The same term may be given twice; it then stands in two columns and differs nowhere. For `all_speak` see `differ`.
    """
    return Rows(
        tuple(
            Column(term.id, heading, term.definition, term.broader)
            for term, heading in zip(terms, headings, strict=True)
        ),
        tuple(_aspect_row(aspect, terms, all_speak=all_speak) for aspect in aspects),
        tuple(_metric_row(id, name, terms) for id, name in metrics.items()),
    )


def by_source(term: Term, sources: Iterable[str]) -> list[Term]:
    """What each of these sources says of one term, as a term of the source's id."""
    return [structs.replace(narrow(term, {id}), id=id) for id in sources]


def brief(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims without their texts, where they have values; those of one value as one, with everybody who says so."""
    cites: dict[tuple[str | None, str | None], Citations] = {}
    for claim in claims:
        key = (claim.value, None if claim.value is not None else claim.text)
        cites[key] = tuple(dict.fromkeys(cites.get(key, ()) + claim.sources))
    return tuple(Claim(value, text, sources) for (value, text), sources in cites.items())


def contested(closed: Collection[str], claims: Iterable[Claim]) -> bool:
    """Whether two sources give different values of a closed set; without one, different words are no contradiction."""
    values: dict[str, set[str]] = {}
    for claim in claims:
        if claim.value is not None:
            for citation in claim.sources:
                values.setdefault(citation.id, set()).add(claim.value)
    return bool(closed) and len(values) > 1 and len(set().union(*values.values())) > 1


def differ(columns: Iterable[Iterable[Claim]], *, all_speak: bool = True) -> bool | None:
    """Whether a row differs: every column has claims, and their values are not the same sets.

    A column's texts count where it has no values. Without `all_speak`, columns without claims are passed over. None,
    for unknown, where fewer than two columns have claims.
    """
    said = [_values(claims) for claims in columns]
    filled = [values for values in said if values]
    if len(filled) < 2:
        return None
    return (len(filled) == len(said) or not all_speak) and any(values != filled[0] for values in filled)


def _values(claims: Iterable[Claim]) -> frozenset[str | None]:
    said = list(claims)
    values = frozenset(claim.value for claim in said if claim.value is not None)
    return values or frozenset(claim.text for claim in said)


def _aspect_row(aspect: Aspect, terms: Sequence[Term], *, all_speak: bool) -> AspectRow:
    claims = [term.aspects.get(aspect.id, ()) for term in terms]
    return AspectRow(
        aspect.id,
        aspect.name,
        aspect.question,
        tuple(name.label for name in aspect.also_called),
        aspect.values,
        differ(claims, all_speak=all_speak),
        {term.id: Cell(contested(aspect.values, said), said) for term, said in zip(terms, claims, strict=True)},
    )


def _metric_row(id: str, name: str, terms: Sequence[Term]) -> MetricRow:
    return MetricRow(
        id,
        name,
        tuple(dict.fromkeys(term.id for term in terms if id in term.metrics)),
        {term.id: term.metrics.get(id, ()) for term in terms},
    )
