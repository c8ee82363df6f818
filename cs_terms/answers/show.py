"""The answers of `show` and `list`: entries in full, and entries by name. Their fields are the public JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from cs_terms.answers.compare import contested
from cs_terms.glossary import Glossary
from cs_terms.legend import cited, legend
from cs_terms.loading.database import Origin
from cs_terms.model import Citations, Entry, Metric, Name, Source, Term, abbreviations, also_called
from cs_terms.resolve import resolve


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
    contested: tuple[str, ...]
    """For a term: the ids of the aspects on which its sources contradict each other."""
    published_by: tuple[str, ...]
    """For a metric without readings: who publishes some, and is not listened to."""
    full_names: dict[tuple[str, str], str]
    """The full names of the entries that it refers to, by kind and id."""


class Entries(Struct, frozen=True):
    """Entries in full."""

    entries: tuple[Shown, ...]
    """In the order in which they were asked for."""
    sources: tuple[Source, ...]
    """Who is cited."""

    def contract(self) -> dict[str, Any]:
        """The public JSON: each entry with its kind and every key of the files, short forms written out."""
        return {"entries": [_contract(shown) for shown in self.entries], "sources": self.sources}


class Listed(Struct, frozen=True):
    """An entry by name."""

    kind: str
    """term, metric, aspect or source."""
    id: str
    """Its id."""
    name: str
    """Its full name."""
    abbreviations: tuple[str, ...]
    """Its abbreviations."""
    also_called: tuple[str, ...]
    """Its synonyms."""


class Listing(Struct, frozen=True):
    """Entries by name."""

    entries: tuple[Listed, ...]
    """Kind by kind, in the glossary's order."""


def show(glossary: Glossary, names: Sequence[str]) -> Entries:
    """These entries in full. Raises CstermsError where a name means no entry or several."""
    shown = []
    for kind, id in (resolve(glossary, name) for name in names):
        entry = glossary.entry(kind, id)
        measures = glossary.measured_by(id) if kind == "metric" else {}
        disputed: tuple[str, ...] = ()
        if isinstance(entry, Term):
            entry = _in_order(glossary, entry)
            disputed = tuple(each for each in entry.aspects if _contested(glossary, entry, each))
        referred = {(kind, id): glossary.full_name(kind, id) for kind, id in _referred(entry, measures)}
        shown.append(
            Shown(kind, entry, measures, glossary.origins(kind, id), disputed, _published_by(glossary, entry), referred)
        )
    return Entries(tuple(shown), legend(glossary, tuple(shown)))


def _in_order(glossary: Glossary, term: Term) -> Term:
    """The term with its aspects and metrics in the glossary's order."""
    return structs.replace(
        term,
        aspects={id: term.aspects[id] for id in glossary.in_order("aspect", term.aspects)},
        metrics={id: term.metrics[id] for id in glossary.in_order("metric", term.metrics)},
    )


def _published_by(glossary: Glossary, entry: Entry) -> tuple[str, ...]:
    if not isinstance(entry, Metric) or entry.readings:
        return ()
    return tuple(source.id for source in legend(glossary, glossary.whole.metric(entry.id).readings))


def _contested(glossary: Glossary, term: Term, aspect: str) -> bool:
    return contested(glossary.aspect(aspect).values, term.aspects[aspect])


def _referred(entry: Entry, measures: Iterable[str]) -> Iterator[tuple[str, str]]:
    if isinstance(entry, Term):
        yield from (("aspect", id) for id in entry.aspects)
        yield from (("metric", id) for id in entry.metrics)
        yield from (("term", id) for id in entry.broader)
    yield from (("term", id) for id in measures)


def listing(glossary: Glossary, kinds: Sequence[str]) -> Listing:
    """All entries of these kinds; where only some sources are listened to, those of which they say anything."""
    spoken_of = _spoken_of(glossary) if glossary.only else None
    return Listing(
        tuple(
            Listed(kind, id, entry.name, _labels(abbreviations(entry)), _labels(also_called(entry)))
            for kind in kinds
            for id in glossary.ids(kind)
            if spoken_of is None or (kind, id) in spoken_of
            for entry in [glossary.entry(kind, id)]
        )
    )


def _spoken_of(glossary: Glossary) -> set[tuple[str, str]]:
    """The entries of which the sources that are listened to say anything."""
    found = {("source", id) for id in glossary.only}
    for term in map(glossary.term, glossary.ids("term")):
        found |= {("aspect", id) for id in term.aspects} | {("metric", id) for id in term.metrics}
        found |= {("term", term.id)} if any(cited(term)) else set()
    return found | {("metric", id) for id in glossary.ids("metric") if any(cited(glossary.metric(id)))}


def _labels(names: Sequence[Name]) -> tuple[str, ...]:
    return tuple(name.label for name in names)


def _contract(shown: Shown) -> dict[str, Any]:
    entry = shown.entry
    contract: dict[str, Any] = {"kind": shown.kind, "id": entry.id, "name": entry.name, **structs.asdict(entry)}
    if not isinstance(entry, Source):
        contract["also_called"] = _labels(entry.also_called)
        contract["names"] = [name for name in abbreviations(entry) + entry.also_called if name.sources]
    if isinstance(entry, (Term, Metric)):
        contract["abbreviations"] = _labels(entry.abbreviations)
    if isinstance(entry, Metric):
        contract["measures"] = shown.measures
    return {**contract, "origins": shown.origins}
