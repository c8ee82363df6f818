"""One definition file to what it says: fragments of entries in the model's types, with short forms written out."""

import re
from decimal import Decimal
from pathlib import Path

import msgspec
from msgspec import UNSET, Struct, structs

from cs_terms import model, schema
from cs_terms.errors import Problem
from cs_terms.fit import fit
from cs_terms.mentions import Mentions, mentions
from cs_terms.merge import unite_claims
from cs_terms.yaml_tree import Map, Mark, UnreadableError, parse, read_bytes


class Fragment(Struct, frozen=True):
    """What one file says of one entry."""

    kind: str
    """term, metric, aspect or source."""
    entry: model.Entry
    """What it says; what it does not say is empty."""
    at: Mark
    """Where its id stands."""
    keys: dict[str, Mark]
    """Where the value of each of its keys stands."""


class Document(Struct, frozen=True):
    """What one file says, and what is wrong with it by itself."""

    path: str
    """As the user can open it."""
    fragments: tuple[Fragment, ...]
    """In the order of the file."""
    together: tuple[model.Together, ...]
    """In the order of the file."""
    mentions: Mentions
    """Which ids and values it names, and where, for checking them against the other files."""
    problems: tuple[Problem, ...]
    """Errors and warnings, in no order."""


def load(path: Path, shown: str) -> Document:
    """Reads and decodes one file, called `shown` in its problems. Never raises for what is in the file."""
    try:
        return decode(read_bytes(path), shown)
    except UnreadableError as error:
        problem = Problem(shown, *error.mark, error.rule, "error", error.message)
        return Document(shown, (), (), Mentions(), (problem,))


def decode(data: bytes, shown: str) -> Document:
    """Decodes the bytes of one file. Never raises for what is in them."""
    parsed = parse(shown, data)
    root, problems = parsed.root, parsed.problems
    if root is None:
        return Document(shown, (), (), Mentions(), tuple(problems))

    def report(rule: str, message: str, at: Mark, severity: str = "error") -> None:
        if parsed.whole:  # what is half there would only lead to further messages
            problems.append(Problem(shown, *at, rule, severity, message))

    try:
        fragments, together = _build(root)
    except (msgspec.ValidationError, _NotANumberError):
        fit(root, schema.DefinitionFile, report)
        fragments, together = _build(root)
    if not parsed.whole:
        # Its entries are known, so that other files may refer to them; what it says of them is not judged.
        return Document(shown, tuple(map(_unjudged, fragments)), (), Mentions(), tuple(problems))
    mentioned = mentions(root)
    for at in mentioned.empty:
        report("empty-claim", "a claim with neither value nor text; give it one of the two", at)
    for at in [] if root.get("source") else mentioned.uncited:
        report(
            "uncited-claim", "nobody is cited for this claim, beside claims that are cited; add sources", at, "warning"
        )
    for fragment in fragments:
        if not _KEBAB_CASE.fullmatch(fragment.entry.id):
            message = f"{fragment.entry.id!r} is no kebab-case id; expected a-z, 0-9 and hyphens, such as net-retention"
            report("id-style", message, fragment.at, "warning")
    return Document(shown, tuple(fragments), tuple(together), mentioned, tuple(dict.fromkeys(problems)))


def _unjudged(fragment: Fragment) -> Fragment:
    return structs.replace(fragment, keys={"name": fragment.at, "title": fragment.at})


_KEBAB_CASE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class _NotANumberError(ValueError):
    """A text that stands where the schema asks for a number."""


def _build(root: Map) -> tuple[list[Fragment], list[model.Together]]:
    """Raises ValidationError or _NotANumberError where the tree does not fit the schema."""
    said = msgspec.convert(root, schema.DefinitionFile, strict=False)
    file_cites = (model.Citation(said.source),) if said.source else ()
    sections = (
        ("source", "sources", {id: _source(id, entry) for id, entry in (said.sources or {}).items()}),
        ("aspect", "aspects", {id: _aspect(id, entry, file_cites) for id, entry in (said.aspects or {}).items()}),
        ("term", "terms", {id: _term(id, entry, file_cites) for id, entry in (said.terms or {}).items()}),
        ("metric", "metrics", {id: _metric(id, entry, file_cites) for id, entry in (said.metrics or {}).items()}),
    )
    fragments = []
    for kind, key, entries in sections:
        tree = root.get(key)
        for id, entry in entries.items():
            assert isinstance(tree, Map)
            node = tree[id]
            assert isinstance(node, Map)
            # Keys that were wrong, and are gone, count as said; those without a value do not.
            keys = {key: at for key, at in node.values_at.items() if node.get(key, "") is not None}
            fragments.append(Fragment(kind, entry, tree.keys_at[id], keys))
    return fragments, [_together(each, file_cites) for each in said.together or ()]


def _source(id: str, said: schema.Source) -> model.Source:
    return model.Source(id, said.title or "", said.publisher, said.url, said.date, said.note)


def _aspect(id: str, said: schema.Aspect, file_cites: model.Citations) -> model.Aspect:
    return model.Aspect(
        id,
        said.name or "",
        said.question,
        _names(said.also_called, file_cites),
        tuple(dict.fromkeys(said.values or ())),
        said.note,
    )


def _term(id: str, said: schema.Term, file_cites: model.Citations) -> model.Term:
    metrics = said.metrics or {}
    if isinstance(metrics, list):
        metrics = dict.fromkeys(metrics)
    return model.Term(
        id,
        said.name or "",
        _names(said.abbreviations, file_cites),
        _names(said.also_called, file_cites),
        _claims(said.definition, file_cites),
        {term: _citations(cites, file_cites) for term, cites in (said.broader or {}).items()},
        {aspect: _claims(claims, file_cites, bare=True) for aspect, claims in (said.aspects or {}).items()},
        {metric: _citations(cites, file_cites) for metric, cites in metrics.items()},
        said.note,
    )


def _metric(id: str, said: schema.Metric, file_cites: model.Citations) -> model.Metric:
    return model.Metric(
        id,
        said.name or "",
        _names(said.abbreviations, file_cites),
        _names(said.also_called, file_cites),
        _claims(said.definition, file_cites),
        said.unit,
        _range(said.range),
        said.better,
        said.pitfalls,
        tuple(_reading(reading, file_cites) for reading in said.readings or ()),
        said.unverified,
        said.note,
    )


def _reading(said: schema.Reading, file_cites: model.Citations) -> model.Reading:
    return model.Reading(
        said.name,
        said.formula,
        {
            name: model.Input(means) if isinstance(means, str) else model.Input(means.meaning, means.unit)
            for name, means in said.inputs.items()
        },
        said.unit,
        _range(said.range),
        _example(said.example) if said.example else None,
        _citations(said.sources, file_cites),
        said.unverified,
        said.note,
    )


def _example(said: schema.Example) -> model.Example:
    return model.Example(
        {
            name: tuple(map(_number, value)) if isinstance(value, list) else _number(value)
            for name, value in said.inputs.items()
        },
        _number(said.result),
    )


def _together(said: schema.Together, file_cites: model.Citations) -> model.Together:
    return model.Together(tuple(dict.fromkeys(said.terms)), said.text, said.value, _citations(said.sources, file_cites))


def _claims(
    said: str | schema.Claim | list[str | schema.Claim] | None, file_cites: model.Citations, *, bare: bool = False
) -> tuple[model.Claim, ...]:
    """The claims. With `bare`, a bare string is marked as one, for `merge` to decide whether it is a value."""
    if said is None:
        return ()
    return unite_claims(
        model.Claim(None, each, file_cites, None, bare or UNSET)
        if isinstance(each, str)
        else model.Claim(each.value, each.text, _citations(each.sources, file_cites), each.note)
        for each in (said if isinstance(said, list) else [said])
    )


def _names(
    said: list[str] | dict[str, schema.Citations | None] | None, file_cites: model.Citations
) -> tuple[model.Name, ...]:
    """The names. Those of a plain list are nobody's in particular, the file's own source included."""
    if isinstance(said, dict):
        return tuple(model.Name(label, _citations(cites, file_cites)) for label, cites in said.items())
    return tuple(model.Name(label) for label in dict.fromkeys(said or ()))


def _citations(said: schema.Citations | None, file_cites: model.Citations) -> model.Citations:
    """The citations, or the file's own source where there are none."""
    if not said:
        return file_cites
    if isinstance(said, list):
        return tuple(model.Citation(id) for id in dict.fromkeys(said))
    return tuple(
        model.Citation(id, place.at, place.as_) if isinstance(place, schema.Place) else model.Citation(id, place)
        for id, place in said.items()
    )


def _range(said: tuple[str, str] | None) -> model.Range | None:
    if said is None:
        return None
    low, high = (None if bound in ("null", "~") else _number(bound) for bound in said)
    return low, high


def _number(text: str) -> Decimal:
    """Raises _NotANumberError for what `schema.NUMBER` does not take, infinities and the enormous among it."""
    if not re.fullmatch(schema.NUMBER, text):
        raise _NotANumberError(text)
    return Decimal(text)
