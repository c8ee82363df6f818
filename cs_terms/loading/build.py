"""One definition file's bytes to what it says in the model's types, with short forms written out."""

import unicodedata
from decimal import Decimal
from typing import cast

import msgspec
from msgspec import UNSET, Struct

from cs_terms import model
from cs_terms.errors import Problem
from cs_terms.loading import schema
from cs_terms.loading.files import START, Mark, UnreadableError
from cs_terms.loading.omissions import Omissions, read_omissions
from cs_terms.loading.rules import RULES, FileContent, Fragment
from cs_terms.loading.shape import Claims, check_shape
from cs_terms.loading.within import check_file
from cs_terms.loading.yaml_tree import Map, describe, parse
from cs_terms.merge import unite_claims


class Document(Struct, frozen=True):
    """What one file says, and what is wrong with it by itself. A file that cannot be read to its end says nothing."""

    fragments: tuple[Fragment, ...] = ()
    """In the order of the file."""
    together: tuple[model.Together, ...] = ()
    """In the order of the file."""
    references: dict[tuple[str, str], list[Mark]] = {}
    """The kinds and ids of the entries it refers to, and where."""
    values: dict[tuple[str, str, bool], list[Mark]] = {}
    """What it says under each aspect, whether that is a bare text (a value only if the aspect's set is closed), and
    where."""
    omissions: Omissions = Omissions([], [])
    """What it does not adopt of earlier layers."""
    problems: tuple[Problem, ...] = ()
    """Errors and warnings, in no order."""
    whole: bool = True
    """Whether it was read to its end."""


def read_document(data: bytes, shown: str) -> Document:
    """Reads the bytes of one file, which error messages call `shown`. Never raises for what is in them."""
    problems: list[Problem] = []

    def report(rule: str, message: str, at: Mark) -> None:
        problems.append(Problem(shown, *at, rule, RULES[rule].severity, message))

    try:
        root = parse(data, report)
    except UnreadableError as error:
        problems = [each for each in problems if (each.line, each.column) != error.mark]
        report(error.rule, error.message, error.mark)
        return Document(problems=tuple(problems), whole=False)
    if root is None:
        return Document(problems=tuple(problems))
    if not isinstance(root, Map):
        expected = "expected sources:, aspects:, terms:, metrics:, together: or without:, with entries below"
        report("wrong-type", f"{expected}, got {describe(root)}", START)
        return Document(problems=tuple(problems))
    walk = check_shape(root, report)
    file = msgspec.convert(root, schema.DefinitionFile)
    cited = (model.Citation(file.source),) if file.source else ()
    fragments = _build_fragments(root, file, cited)
    told = {(problem.line, problem.column) for problem in problems}
    check_file(FileContent(data, root, fragments, walk.claims, told), report)
    omissions = read_omissions(root, report)
    references: dict[tuple[str, str], list[Mark]] = {}
    for kind, id, at in walk.references:
        references.setdefault((kind, id), []).append(at)
    together = tuple(_build_together(each, cited) for each in file.together or ())
    unlike = tuple(dict.fromkeys(problems))
    return Document(tuple(fragments), together, references, _values_of(walk.claims), omissions, unlike, whole=True)


def refuse_document(shown: str, error: UnreadableError) -> Document:
    """The document of a file that cannot be opened."""
    problem = Problem(shown, *error.mark, error.rule, RULES[error.rule].severity, error.message)
    return Document(problems=(problem,), whole=False)


def _build_fragments(root: Map, file: schema.DefinitionFile, cited: model.Citations) -> list[Fragment]:
    """Every entry of the file; `cited` is the file's own source."""
    entries: list[tuple[str, model.Entry]] = [
        *(("source", _build_source(id, entry)) for id, entry in (file.sources or {}).items()),
        *(("aspect", _build_aspect(id, entry, cited)) for id, entry in (file.aspects or {}).items()),
        *(("term", _build_term(id, entry, cited)) for id, entry in (file.terms or {}).items()),
        *(("metric", _build_metric(id, entry, cited)) for id, entry in (file.metrics or {}).items()),
    ]
    fragments = []
    for kind, entry in entries:
        section = cast("Map", root[f"{kind}s"])
        node = cast("Map", section[entry.id])
        # Keys that `shape` has taken out count as given; those without a value do not.
        keys = {key: at for key, at in node.values_at.items() if node.get(key, "") is not None}
        fragments.append(Fragment(kind, entry, section.keys_at[entry.id], keys))
    return fragments


def _values_of(claims: list[Claims]) -> dict[tuple[str, str, bool], list[Mark]]:
    """What is said under aspects; see Document.values."""
    values: dict[tuple[str, str, bool], list[Mark]] = {}
    for group in claims:
        if group.aspect is None:
            continue
        for claim, at in group.items:
            if isinstance(claim, str):
                values.setdefault((group.aspect, claim, True), []).append(at)
            elif isinstance(claim, Map) and isinstance(value := claim.get("value"), str):
                values.setdefault((group.aspect, value, False), []).append(claim.values_at["value"])
    return values


def _build_source(id: str, given: schema.Source) -> model.Source:
    return model.Source(id, given.title or "", given.publisher, given.url, given.date, given.note)


def _build_aspect(id: str, given: schema.Aspect, cited: model.Citations) -> model.Aspect:
    return model.Aspect(
        id,
        given.name or "",
        given.question,
        _build_names(given.also_called, cited),
        tuple(dict.fromkeys(given.values or ())),
        _build_flag(given.key),
        given.note,
    )


def _build_term(id: str, given: schema.Term, cited: model.Citations) -> model.Term:
    metrics = given.metrics or {}
    if not isinstance(metrics, dict):
        metrics = dict.fromkeys(_as_list(metrics))
    return model.Term(
        id,
        given.name or "",
        _build_names(given.abbreviations, cited),
        _build_names(given.also_called, cited),
        _build_claims(given.definition, cited),
        {term: _build_citations(citations, cited) for term, citations in (given.broader or {}).items()},
        {aspect: _build_claims(claims, cited, bare=True) for aspect, claims in (given.aspects or {}).items()},
        {metric: _build_citations(citations, cited) for metric, citations in metrics.items()},
        given.note,
    )


def _build_metric(id: str, given: schema.Metric, cited: model.Citations) -> model.Metric:
    return model.Metric(
        id,
        given.name or "",
        _build_names(given.abbreviations, cited),
        _build_names(given.also_called, cited),
        _build_claims(given.definition, cited),
        given.unit,
        _build_range(given.range),
        given.better,
        given.pitfalls,
        tuple(_build_reading(reading, cited) for reading in given.readings or ()),
        _build_flag(given.unverified),
        given.note,
    )


def _build_reading(given: schema.Reading, cited: model.Citations) -> model.Reading:
    return model.Reading(
        given.name,
        given.formula,
        {
            _build_input(name): model.Input(means) if isinstance(means, str) else model.Input(means.meaning, means.unit)
            for name, means in given.inputs.items()
        },
        given.unit,
        _build_range(given.range),
        given.better,
        _build_example(given.example) if given.example else None,
        _build_citations(given.sources, cited),
        _build_flag(given.unverified),
        _build_flag(given.interpretation),
        given.note,
    )


def _build_example(given: schema.Example) -> model.Example:
    inputs = {
        _build_input(name): tuple(map(Decimal, value)) if isinstance(value, list) else Decimal(value)
        for name, value in given.inputs.items()
    }
    return model.Example(inputs, Decimal(given.result))


def _build_input(name: str) -> str:
    """An input's name as formulas have it: Python's parser normalizes the names that it reads in the same way."""
    return unicodedata.normalize("NFKC", name)


def _build_together(given: schema.Together, cited: model.Citations) -> model.Together:
    terms = tuple(dict.fromkeys(given.terms))
    return model.Together(terms, given.text, given.value, _build_citations(given.sources, cited))


def _build_claims(
    given: str | schema.Claim | list[str | schema.Claim] | None, cited: model.Citations, *, bare: bool = False
) -> tuple[model.Claim, ...]:
    """The claims. With `bare`, a bare text is marked as one: other files decide whether it is a value."""
    if given is None:
        return ()
    return unite_claims(
        model.Claim(None, claim, cited, None, bare or UNSET)
        if isinstance(claim, str)
        else model.Claim(claim.value, claim.text, _build_citations(claim.sources, cited), claim.note)
        for claim in (given if isinstance(given, list) else [given])
    )


def _build_names(
    given: list[str] | dict[str, schema.Citations | None] | None, cited: model.Citations
) -> tuple[model.Name, ...]:
    """The names. Those of a plain list are cited to nobody, not to the file's own source either."""
    if isinstance(given, dict):
        return tuple(model.Name(label, _build_citations(citations, cited)) for label, citations in given.items())
    return tuple(model.Name(label) for label in dict.fromkeys(given or ()))


def _build_citations(given: schema.Citations | None, cited: model.Citations) -> model.Citations:
    """The citations, or the file's own source where there are none."""
    if not given:
        return cited
    if not isinstance(given, dict):
        return tuple(model.Citation(id) for id in dict.fromkeys(_as_list(given)))
    return tuple(
        model.Citation(id, place.at, place.as_) if isinstance(place, schema.Place) else model.Citation(id, place)
        for id, place in given.items()
    )


def _as_list(given: str | list[str] | None) -> list[str]:
    """One id as a list of it."""
    return [given] if isinstance(given, str) else given or []


def _build_range(given: tuple[str | None, str | None] | None) -> model.Range | None:
    if given is None:
        return None
    low, high = (None if bound is None else Decimal(bound) for bound in given)
    return low, high


def _build_flag(given: str | None) -> bool | None:
    return None if given is None else given.lower() == "true"
