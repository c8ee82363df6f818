"""What merging, leaving out and narrowing mean: fragments to an entry, and to what some sources say of it. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from msgspec import UNSET, Struct, structs

from cs_terms.model import (
    Aspect,
    Citation,
    Citations,
    Claim,
    Entry,
    Metric,
    Name,
    Omission,
    Reading,
    Source,
    Term,
    Together,
)

Value = TypeVar("Value")
Part = TypeVar("Part")

SCALARS: dict[type[Entry], tuple[str, ...]] = {
    Source: ("title", "publisher", "url", "date", "note"),
    Aspect: ("name", "question", "key", "note"),
    Term: ("name", "note"),
    Metric: ("name", "unit", "range", "better", "pitfalls", "unverified", "note"),
}
"""The keys that hold one thing: a later layer's wins, and two in one layer contradict each other."""


def merge(layers: Sequence[Sequence[Entry]]) -> Entry:
    """One entry from what each layer says of it, in the order of the layers; all fragments are of one kind.

    Scalars: the last layer's that gives one. Claims, names and citations: all, a later layer's before an earlier one's,
    those alike as one. Readings: likewise, and a later one replaces that of the same name. A closed set of values keeps its
    order, and later layers add to its end. Bare claims stay as they are (see `settle`).
    """
    fragments = [fragment for layer in reversed(layers) for fragment in layer]
    first = fragments[0]
    if len(fragments) == 1:
        return first
    united: dict[str, Any] = {
        scalar: next(
            (value for each in fragments if (value := getattr(each, scalar)) not in (None, "")),
            getattr(first, scalar),
        )
        for scalar in SCALARS[type(first)]
    }
    if isinstance(first, Source):
        return structs.replace(first, **united)

    def each_of(field: str) -> Iterable[Any]:
        return (getattr(each, field) for each in fragments)

    def all_of(field: str) -> Iterable[Any]:
        return (item for items in each_of(field) for item in items)

    united["also_called"] = _unite_names(all_of("also_called"))
    if isinstance(first, Aspect):
        in_order = (fragment for layer in layers for fragment in cast("Sequence[Aspect]", layer))
        united["values"] = tuple(dict.fromkeys(value for fragment in in_order for value in fragment.values))
        return structs.replace(first, **united)
    united["abbreviations"] = _unite_names(all_of("abbreviations"))
    united["definition"] = unite_claims(all_of("definition"))
    if isinstance(first, Term):
        united["broader"] = _unite_keys(each_of("broader"), _unite_citations)
        united["aspects"] = _unite_keys(each_of("aspects"), unite_claims)
        united["metrics"] = _unite_keys(each_of("metrics"), _unite_citations)
        return structs.replace(first, **united)
    readings: dict[str, Reading] = {}
    for reading in all_of("readings"):
        readings.setdefault(reading.name, reading)
    united["readings"] = tuple(readings.values())
    return structs.replace(first, **united)


def settle(term: Term, values_of: Callable[[str], Sequence[str]]) -> Term:
    """The term with each bare claim as a value where its aspect's set of values is closed, as a text elsewhere."""
    return structs.replace(
        term,
        definition=unite_claims(map(_as_text, term.definition)),
        aspects={
            aspect: unite_claims(map(_as_value if values_of(aspect) else _as_text, claims))
            if any(claim.bare is True for claim in claims)
            else claims
            for aspect, claims in term.aspects.items()
        },
    )


def _as_value(claim: Claim) -> Claim:
    return structs.replace(claim, value=claim.text, text=None, bare=UNSET) if claim.bare is True else claim


def _as_text(claim: Claim) -> Claim:
    return structs.replace(claim, bare=UNSET) if claim.bare is True else claim


def unite_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims alike in value and text become one with the citations of both; the rest stay side by side."""
    united: dict[tuple[object, ...], Claim] = {}
    for claim in claims:
        alike = united.get(key := (claim.value, claim.text, claim.bare))
        united[key] = claim if alike is None else _join(alike, claim)
    return tuple(united.values())


def unite_together(said: Iterable[Together]) -> tuple[Together, ...]:
    """What files say that the same terms do together, in the same words, becomes one with the citations of all."""
    united: dict[tuple[object, ...], Together] = {}
    for each in said:
        key = (frozenset(each.terms), each.value, each.text)
        alike = united.get(key, each)
        united[key] = structs.replace(alike, sources=_unite_citations(alike.sources + each.sources))
    return tuple(united.values())


def _join(one: Claim, other: Claim) -> Claim:
    notes = " ".join(dict.fromkeys(filter(None, (one.note, other.note))))
    return structs.replace(one, sources=_unite_citations(one.sources + other.sources), note=notes or None)


def _unite_names(names: Iterable[Name]) -> tuple[Name, ...]:
    united: dict[str, Name] = {}
    for name in names:
        alike = united.get(name.label)
        sources = name.sources if alike is None else _unite_citations(alike.sources + name.sources)
        united[name.label] = Name(name.label, sources)
    return tuple(united.values())


def _unite_citations(citations: Citations) -> Citations:
    return tuple(dict.fromkeys(citations))


def _unite_keys(
    mappings: Iterable[dict[str, tuple[Value, ...]]], unite: Callable[[tuple[Value, ...]], tuple[Value, ...]]
) -> dict[str, tuple[Value, ...]]:
    united: dict[str, tuple[Value, ...]] = {}
    for mapping in mappings:
        for key, values in mapping.items():
            united[key] = unite(united[key] + values) if key in united else values
    return united


def narrow(part: Part, sources: Collection[str]) -> Part:
    """Returns what is left of an entry, or of a part of one, when only these sources are listened to.

    Their citations stay, and whatever still has one; a name that is nobody's in particular stays as well.
    """
    return _keep(part, sources.__contains__, uncited=False)


def leave_out(kind: str, entry: Entry, omission: Omission) -> Entry | None:
    """Returns what a layer adopts of an entry that does not adopt this; None where it is the entry itself."""
    if (kind, entry.id, "") == (omission.kind, omission.id, omission.field):
        return None
    if omission.kind == "source":
        return _silence(entry, omission.id)
    if not isinstance(entry, Term):
        return entry
    if not omission.field:
        field = {"term": "broader", "aspect": "aspects", "metric": "metrics"}[omission.kind]
        left = {id: said for id, said in getattr(entry, field).items() if id != omission.id}
    elif entry.id == omission.id:
        field = omission.field
        left = _leave_out_words(getattr(entry, field), omission)
    else:
        return entry
    return entry if left == getattr(entry, field) else structs.replace(entry, **{field: left})


def _leave_out_words(said: Any, omission: Omission) -> Any:
    """What is left of a field of a term."""
    if not omission.key:
        return _silence(said, *omission.sources) if omission.sources else type(said)()
    if omission.key not in said:
        return said
    left = _silence({omission.key: said[omission.key]}, *omission.sources) if omission.sources else {}
    return {key: left.get(key, words) for key, words in said.items() if key != omission.key or key in left}


def leave_out_together(point: Together, omission: Omission) -> Together | None:
    """Returns what a layer adopts of a point that does not adopt this; None where that is nothing."""
    if omission.kind == "term" and not omission.field and omission.id in point.terms:
        return None
    return next(iter(_silence((point,), omission.id)), None) if omission.kind == "source" else point


def _silence(part: Part, *sources: str) -> Part:
    """What is left without these sources: what others say, and what nobody is cited for."""
    return _keep(part, lambda id: id not in sources, uncited=True)


def _keep(part: Part, heard: Callable[[str], bool], *, uncited: bool) -> Part:
    """What is left with the citations that are heard; `uncited` says whether what has none anyway stays."""
    found: Any = part
    if isinstance(part, dict):
        left = {key: _keep(value, heard, uncited=uncited) for key, value in part.items()}
        found = {key: value for key, value in left.items() if value or (uncited and not part[key])}
    elif isinstance(part, tuple):
        found = tuple(left for item in part for left in _keep_item(item, heard, uncited=uncited))
    elif isinstance(part, Struct):
        fields = ((field, getattr(part, field)) for field in part.__struct_fields__)
        kept = {
            field: _keep(value, heard, uncited=uncited) for field, value in fields if isinstance(value, (dict, tuple))
        }
        found = structs.replace(part, **kept)
    return cast(Part, found)


def _keep_item(item: Any, heard: Callable[[str], bool], *, uncited: bool) -> Iterator[Any]:
    """Yields what is left of an item, or nothing."""
    if isinstance(item, Citation):
        if heard(item.id):
            yield item
    elif isinstance(item, (Claim, Name, Reading, Together)):
        left = _keep(item.sources, heard, uncited=uncited)
        nobody_in_particular = not item.sources and (uncited or isinstance(item, Name))
        if left or nobody_in_particular:
            yield structs.replace(item, sources=left)
    else:
        yield item
