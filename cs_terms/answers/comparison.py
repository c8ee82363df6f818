"""The answer of `compare`: terms side by side, or what each source says of one term. Its fields are the public JSON."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from cs_terms.answers.compare import AspectRow, Column, MetricRow, Rows, brief, by_source, compare, differ
from cs_terms.glossary import Glossary
from cs_terms.legend import legend
from cs_terms.model import Citations, Claim, Source, Term, Together
from cs_terms.resolve import resolve, resolve_aspects


class Choice(Struct, frozen=True):
    """Which part of a comparison is wanted."""

    aspects: tuple[str, ...] = ()
    """Names of aspects: those rows and nothing else; all rows where empty."""
    differences: bool = False
    """Only the rows that differ."""
    brief: bool = False
    """Values only, texts where there are none."""


class Head(Struct, frozen=True):
    """A term by name."""

    id: str
    """Its id."""
    name: str
    """Its full name."""


class Comparison(Struct, frozen=True):
    """Terms side by side."""

    terms: tuple[Column, ...]
    """A column each, in the order in which they were asked for."""
    aspects: tuple[AspectRow, ...]
    """In the glossary's order."""
    metrics: tuple[MetricRow, ...]
    """In the glossary's order."""
    together: tuple[Together, ...]
    """What at least two of the terms do together."""
    sources: tuple[Source, ...]
    """Who is cited."""
    brief: bool
    """Whether texts are left out where there are values."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of either kind of comparison."""
        return self.terms


class ComparisonBySource(Struct, frozen=True):
    """What each source says of one term."""

    term: Head
    """The term."""
    definition: dict[str, tuple[Claim, ...]]
    """What it is, by the source's id."""
    broader: dict[str, dict[str, Citations]]
    """What it is part of, by the source's id."""
    aspects: tuple[AspectRow, ...]
    """In the glossary's order, with a cell for each source's id."""
    metrics: tuple[MetricRow, ...]
    """In the glossary's order, with a cell for each source's id."""
    together: tuple[Together, ...]
    """Empty: it takes two terms."""
    sources: tuple[Source, ...]
    """A column each, in the glossary's order."""
    brief: bool
    """Whether texts are left out where there are values."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of either kind of comparison."""
        return tuple(
            Column(source.id, heading(source), self.definition[source.id], self.broader[source.id])
            for source in self.sources
        )


def compare_terms(glossary: Glossary, names: Sequence[str], choice: Choice) -> Comparison:
    """These terms side by side. Raises CstermsError where a name means no term or several."""
    terms = [glossary.term(resolve(glossary, name, ("term",))[1]) for name in names]
    rows = _chosen(glossary, terms, [term.name for term in terms], choice, all_speak=True)
    together: tuple[Together, ...] = ()
    if not choice.aspects and not choice.differences:
        together = glossary.together({term.id for term in terms})
    if choice.brief:
        together = tuple(structs.replace(each, text=each.value or each.text) for each in together)
    sources = legend(glossary, (rows, together))
    return Comparison(rows.columns, rows.aspects, rows.metrics, together, sources, choice.brief)


def compare_sources(glossary: Glossary, name: str, choice: Choice) -> ComparisonBySource:
    """What each source says of one term. Raises CstermsError where the name means no term or several."""
    term = glossary.term(resolve(glossary, name, ("term",))[1])
    sources = legend(glossary, structs.replace(term, abbreviations=(), also_called=()))
    said = by_source(term, [source.id for source in sources])
    # A source that is silent contradicts nobody.
    rows = _chosen(glossary, said, [heading(source) for source in sources], choice, all_speak=False)
    return ComparisonBySource(
        Head(term.id, term.name),
        {column.id: column.definition for column in rows.columns},
        {column.id: column.broader for column in rows.columns},
        rows.aspects,
        rows.metrics,
        (),
        sources,
        choice.brief,
    )


def heading(source: Source) -> str:
    """What a source is called at the head of a column."""
    return source.publisher or source.title


def _chosen(
    glossary: Glossary, columns: Sequence[Term], headings: Sequence[str], choice: Choice, *, all_speak: bool
) -> Rows:
    if choice.aspects:
        wanted = {id for name in choice.aspects for id in resolve_aspects(glossary, name)}
        metrics: Mapping[str, str] = {}
    else:
        wanted = {aspect for term in columns for aspect in term.aspects}
        given = glossary.in_order("metric", {metric for term in columns for metric in term.metrics})
        metrics = {id: glossary.full_name("metric", id) for id in given}
    aspects = [glossary.aspect(id) for id in glossary.in_order("aspect", wanted)]
    rows = compare(columns, headings, aspects, metrics, all_speak=all_speak)
    if choice.aspects:
        rows = structs.replace(rows, columns=_columns(rows, definition=False, broader=False))
    if choice.differences:
        rows = _differing(rows, all_speak=all_speak)
    return _brief(rows) if choice.brief else rows


def _differing(rows: Rows, *, all_speak: bool) -> Rows:
    """The rows that differ: aspects as `differ` says, metrics that some column has and another has not."""
    measured = {id for row in rows.metrics for id in (row.cells if all_speak else row.measures)}
    broader = [set(column.broader) for column in rows.columns if column.broader or all_speak]
    return Rows(
        _columns(
            rows,
            definition=differ((column.definition for column in rows.columns), all_speak=all_speak) is True,
            broader=all(broader) and any(each != broader[0] for each in broader),
        ),
        tuple(row for row in rows.aspects if row.differs),
        tuple(row for row in rows.metrics if {*row.measures} < measured),
    )


def _columns(rows: Rows, *, definition: bool, broader: bool) -> tuple[Column, ...]:
    """The columns with their definition and what they are part of, or without."""
    return tuple(
        Column(each.id, each.name, each.definition if definition else (), each.broader if broader else {})
        for each in rows.columns
    )


def _brief(rows: Rows) -> Rows:
    return structs.replace(
        rows,
        columns=tuple(structs.replace(column, definition=brief(column.definition)) for column in rows.columns),
        aspects=tuple(
            structs.replace(
                row, cells={id: structs.replace(cell, claims=brief(cell.claims)) for id, cell in row.cells.items()}
            )
            for row in rows.aspects
        ),
    )
