"""What is left of an entry when only some sources are listened to. Pure."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from msgspec import structs

from cs_terms.model import Aspect, Citations, Claim, Entry, Metric, Name, Source, Term, Together

Cited = TypeVar("Cited", Claim, Together)
AnyEntry = TypeVar("AnyEntry", bound=Entry)


def narrow(entry: AnyEntry, only: Collection[str]) -> AnyEntry:
    """The entry with what these sources say, and their citations alone.

    A claim that nobody is cited for goes; a name that is nobody's in particular stays.
    """
    if isinstance(entry, Source):
        return entry
    also_called = _names(entry.also_called, only)
    if isinstance(entry, Aspect):
        return structs.replace(entry, also_called=also_called)
    said = structs.replace(
        entry,
        also_called=also_called,
        abbreviations=_names(entry.abbreviations, only),
        definition=narrow_cited(entry.definition, only),
    )
    if isinstance(said, Metric):
        readings = [structs.replace(each, sources=_citations(each.sources, only)) for each in said.readings]
        return structs.replace(said, readings=tuple(each for each in readings if each.sources))
    assert isinstance(said, Term)
    return structs.replace(
        said,
        broader=_keyed(said.broader, only),
        aspects={aspect: left for aspect, claims in said.aspects.items() if (left := narrow_cited(claims, only))},
        metrics=_keyed(said.metrics, only),
    )


def narrow_cited(cited: Iterable[Cited], only: Collection[str]) -> tuple[Cited, ...]:
    """Those claims, or points on terms together, that one of these sources makes."""
    left = (structs.replace(each, sources=_citations(each.sources, only)) for each in cited)
    return tuple(each for each in left if each.sources)


def _citations(citations: Citations, only: Collection[str]) -> Citations:
    return tuple(citation for citation in citations if citation.id in only)


def _keyed(keyed: dict[str, Citations], only: Collection[str]) -> dict[str, Citations]:
    return {key: left for key, citations in keyed.items() if (left := _citations(citations, only))}


def _names(names: Iterable[Name], only: Collection[str]) -> tuple[Name, ...]:
    left = (Name(name.label, _citations(name.sources, only)) for name in names if name.sources)
    kept = {name.label: name for name in left if name.sources}
    return tuple(kept.get(name.label, name) for name in names if not name.sources or name.label in kept)
