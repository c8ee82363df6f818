"""The public Python API, and the one door to the glossary: the command line goes through it as well."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

from msgspec import structs

from cs_terms.errors import USAGE, CstermsError
from cs_terms.glossary import View
from cs_terms.loading.database import open_database
from cs_terms.loading.files import Layer, layer, shipped
from cs_terms.model import KINDS, Metric
from cs_terms.names import resolve

if TYPE_CHECKING:  # a command pays for its own answer alone
    from cs_terms.answers.calc import Calculation
    from cs_terms.answers.calc_data import Cases
    from cs_terms.answers.claims import Claims
    from cs_terms.answers.compare import Comparison
    from cs_terms.answers.disputes import Disputes
    from cs_terms.answers.list import Listing
    from cs_terms.answers.metrics import Metrics
    from cs_terms.answers.search import Hits
    from cs_terms.answers.show import Entries
    from cs_terms.exchange.export import Exported
    from cs_terms.page.document import Page

Entry = TypeVar("Entry")


class Glossary:
    """A glossary: the shipped definitions, one's own files over them, or one's own alone.

    Methods answer as the commands of the same names do. Names are ids, full names, abbreviations or synonyms; one that
    no entry bears raises UnknownNameError, one that several bear AmbiguousNameError, both of them LookupErrors with
    `candidates`. Whatever else is wrong raises CstermsError. A glossary may be used from several threads.
    """

    def __init__(self, *paths: str | os.PathLike[str], builtin: bool = True, sources: Iterable[str] = ()) -> None:
        """Opens the shipped definitions, unless not `builtin`, and the files and folders at `paths` as layers over them.

        Nothing else is read: neither a csterms.toml nor the environment, which the command line follows, changes what a
        program gets. With `sources`, the ids of some, the glossary says only what these say. Raises CstermsError where a
        path cannot be opened or a file in it is wrong.
        """
        given = [*([shipped()] if builtin else []), *(os.fspath(path) for path in paths)]
        self.open([layer(path) for path in given], sources)

    @classmethod
    def from_layers(cls, layers: Sequence[Layer], sources: Iterable[str] = ()) -> Self:
        """Opens these layers, the first below the others. Raises CstermsError as the class does."""
        glossary = cls.__new__(cls)
        glossary.open(layers, sources)
        return glossary

    def open(self, layers: Sequence[Layer], sources: Iterable[str]) -> None:
        """Opens the glossary on these layers. Raises CstermsError as the class does."""
        database = open_database(layers)
        self.close = weakref.finalize(self, database.close)
        """Closes the glossary; it closes itself when nobody refers to it any more."""
        everything = View(database)
        self._view = everything.listening_to([resolve(everything, id, ("source",))[1] for id in _listed(sources)])
        view = self._view
        self.terms = EntriesByName(view, "term", view.term)
        self.metrics = EntriesByName(view, "metric", self._callable_metric)
        self.aspects = EntriesByName(view, "aspect", view.aspect)
        self.sources = EntriesByName(view, "source", view.source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = (f"{len(entries)} {entries.kind}s" for entries in (self.terms, self.metrics, self.aspects))
        return f"<Glossary: {', '.join(counts)}, {len(self.sources)} sources>"

    def _callable_metric(self, id: str) -> CallableMetric:
        metric = self._view.metric(id)
        return CallableMetric(**structs.asdict(metric), view=self._view)

    def compare(
        self,
        *terms: str,
        by: Literal["source"] | None = None,
        aspects: Iterable[str] = (),
        differences: bool = False,
        full: bool = False,
        brief: bool = False,
        places: bool = False,
    ) -> Comparison:
        """Returns two terms or more side by side, or by source what each source says of one term.

        `aspects` picks rows: names of aspects, `definition`, `part-of`, `metrics` or `together`. `differences` keeps the
        rows that differ. Printed, the comparison is an answer at first sight, or all of it with `full`; `brief` keeps
        values alone, and `places` says where in its source each claim stands.
        """
        from cs_terms.answers.compare import Choice, compare_sources, compare_terms

        if by not in (None, "source"):
            raise CstermsError(USAGE, f"by={by!r}; expected 'source'")
        rows = (aspects,) if isinstance(aspects, str) else tuple(aspects)
        choice = Choice(rows, differences, full, brief, places)
        return (compare_sources if by == "source" else compare_terms)(self._view, terms, choice)

    def metrics_of(self, *terms: str) -> Metrics:
        """Returns what terms are measured by, and who says so; all terms where none is named."""
        from cs_terms.answers.metrics import find_metrics

        return find_metrics(self._view, terms)

    def show(self, *names: str, kind: str | None = None) -> Entries:
        """Returns terms, metrics, aspects or sources in full; only of one kind where an id may be that of several."""
        from cs_terms.answers.show import show

        return show(self._view, names, [kind] if kind else tuple(KINDS))

    def list(self, *kinds: str) -> Listing:
        """Returns the entries of these kinds by name: term, metric, aspect, source; all kinds where none is named."""
        from cs_terms.answers.list import list_entries

        chosen = [kind.removesuffix("s") for kind in kinds]
        if unknown := [kind for kind in chosen if kind not in KINDS]:
            raise CstermsError(USAGE, f"there is no kind {unknown[0]!r}; expected {', '.join(KINDS)}")
        return list_entries(self._view, chosen or tuple(KINDS))

    def search(self, *words: str) -> Hits:
        """Returns the entries in which all the words stand, the nearest first."""
        from cs_terms.answers.search import search

        return search(self._view, words)

    def disputes(self, *terms: str) -> Disputes:
        """Returns where sources contradict each other on these terms; on all terms where none is named."""
        from cs_terms.answers.disputes import find_disputes

        return find_disputes(self._view, terms)

    def claims(self, *terms: str) -> Claims:
        """Returns every claim on these terms as a record; on all terms where none is named."""
        from cs_terms.answers.claims import find_claims

        return find_claims(self._view, terms)

    def calc(
        self,
        metric: str,
        inputs: Sequence[str] | Mapping[str, Any],
        reading: str | None = None,
        digits: int | None = None,
    ) -> Calculation:
        """Returns a metric worked out by every reading that the inputs suffice for, or by the one that is named.

        The inputs are numbers and series by name, or NAME=VALUE words as on the command line. `digits` rounds results.
        """
        from cs_terms.answers.calc import calculate

        return calculate(self._view, metric, inputs, reading, digits)

    def page(self, *terms: str, title: str | None = None, language: str = "en") -> Page:
        """Returns the glossary as one HTML file that opens on these terms; `str` of it is the file.

        Without a title it is the names of the terms. `language` is that of the definitions.
        """
        from cs_terms.page.document import write_page

        return write_page(self._view, terms, title, language)

    def over(
        self,
        metric: str,
        rows: Any,
        columns: Sequence[str] | Mapping[str, Any] = (),
        reading: str | None = None,
        *,
        by: str | None = None,
        label: str | None = None,
        digits: int | None = None,
    ) -> Cases:
        """Returns a metric worked out for every row, by every reading whose inputs are columns, or by the one that is named.

        `rows` is a list of dicts, a dict of columns, a data frame, or the path of a CSV or TSV file, whose rows are worked
        out as the answer is read, once. `columns` says which column feeds an input that is called otherwise, or which
        number is the same in every row; by name, or as NAME=COLUMN words. With `by`, the rows with the same value in that
        column are one case; `label` is the column that names the rows.
        """
        from cs_terms.answers.calc_data import calculate_cases, keep

        if isinstance(rows, (str, os.PathLike)):
            from cs_terms.tables import open_table

            table = open_table(os.fspath(rows))
            return calculate_cases(self._view, metric, table, columns, reading, by=by, label=label, digits=digits)
        from cs_terms.frames import frame

        return keep(
            calculate_cases(self._view, metric, frame(rows), columns, reading, by=by, label=label, digits=digits)
        )

    def sql(
        self,
        metric: str,
        columns: Sequence[str] | Mapping[str, Any] = (),
        reading: str | None = None,
        *,
        table: str = "my_table",
        by: str | None = None,
        label: str | None = None,
        dialect: str | None = None,
    ) -> str:
        """Returns a metric's readings as one SELECT, for the database that holds the numbers.

        `columns` says which column feeds an input, by name, or as NAME=COLUMN words; a NAME alone is a column of that
        name. Without any, all readings are meant. `dialect` is one of sqlglot's, which has to be installed for it.
        """
        from cs_terms.answers.sql import select

        return select(self._view, metric, columns, reading, table=table, by=by, label=label, dialect=dialect)

    def export(self, format: str, *names: str, **options: str) -> Exported:
        """Returns these terms and metrics, or everything, as csv, datahub, openmetadata, skos or okf.

        `options` are those of the command: base, title, lang, definitions, owner, like. What the format has no place for
        is in `losses`.
        """
        from cs_terms.exchange.export import export

        return export(self._view, format, names, options)


def _listed(sources: Iterable[str]) -> Iterable[str]:
    return (sources,) if isinstance(sources, str) else sources


class EntriesByName(Generic[Entry]):
    """The entries of one kind, by id or any name. Iterating gives ids."""

    def __init__(self, view: View, kind: str, entry: Callable[[str], Entry]) -> None:
        self.kind = kind
        self._view = view
        self._entry = entry

    def __getitem__(self, name: str) -> Entry:
        return self._entry(resolve(self._view, name, (self.kind,))[1])

    def __iter__(self) -> Iterator[str]:
        return iter(self._view.ids_spoken_of(self.kind))

    def __len__(self) -> int:
        return len(self._view.ids_spoken_of(self.kind))

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and bool(resolve(self._view, name, (self.kind,)))
        except LookupError:
            return False

    def __repr__(self) -> str:
        ids = list(self)
        shown = ", ".join(ids[:8]) + (", ..." if len(ids) > 8 else "")
        return f"<{len(ids)} {self.kind}{'' if len(ids) == 1 else 's'}: {shown}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


class CallableMetric(Metric, frozen=True):
    """A metric that works itself out: nrr(starting_mrr=100, expansion_mrr=20, ...)."""

    view: View = None  # type: ignore[assignment]  # always given; a field after optional ones wants a default

    def __call__(self, reading: str | None = None, /, **inputs: Any) -> Calculation:
        """Returns the metric worked out by every reading that the inputs suffice for, or by the one that is named.

        An input is a number or a series of numbers. Raises CstermsError where inputs are wrong or suffice for no reading.
        """
        from cs_terms.answers.calc import calculate

        return calculate(self.view, self.id, inputs, reading)

    def over(
        self,
        rows: Any,
        reading: str | None = None,
        *,
        by: str | None = None,
        label: str | None = None,
        digits: int | None = None,
        **columns: Any,
    ) -> Cases:
        """Returns the metric for every row of a list of dicts, a dict of columns or a data frame: see Glossary.over.

        Printed, it is a table; `columns()` has a list of results for each reading, to put into a data frame.
        """
        from cs_terms.answers.calc_data import calculate_cases, keep
        from cs_terms.frames import frame

        table = frame(rows)
        return keep(calculate_cases(self.view, self.id, table, columns, reading, by=by, label=label, digits=digits))

    def __repr__(self) -> str:
        return f"<metric {self.id}: {self.name}, {len(self.readings)} readings>"
