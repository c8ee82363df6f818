"""One definition file to what it says: fragments of entries in the model's types, with short forms written out."""

import re
from collections.abc import Iterator
from datetime import date
from typing import cast

import msgspec
from msgspec import Struct, structs

from cs_terms import model
from cs_terms.errors import Problem
from cs_terms.loading import build, schema
from cs_terms.loading.fit import fit
from cs_terms.loading.mentions import Mentions, mentions
from cs_terms.loading.read import START, Mark, UnreadableError
from cs_terms.loading.readings import faults, reversed_range
from cs_terms.loading.yaml_tree import List, Map, Node, parse
from cs_terms.text import SIGNS, is_web_address, obeyed, obeyed_in


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

    fragments: tuple[Fragment, ...]
    """In the order of the file."""
    together: tuple[model.Together, ...]
    """In the order of the file."""
    mentions: Mentions
    """Which ids and values it names, and where, for checking them against the other files."""
    problems: tuple[Problem, ...]
    """Errors and warnings, in no order."""
    whole: bool
    """Whether it was read to its end; what it does not seem to say may stand in the rest."""


def refused(shown: str, error: UnreadableError) -> Document:
    """The document of a file that could not be read."""
    problem = Problem(shown, *error.mark, error.rule, "error", error.message)
    return Document((), (), Mentions(), (problem,), whole=False)


def decode(data: bytes, shown: str) -> Document:
    """Decodes the bytes of one file. Never raises for what is in them."""
    parsed = parse(shown, data)
    root, problems = parsed.root, parsed.problems
    if root is None:
        return Document((), (), Mentions(), tuple(problems), parsed.whole)

    def report(rule: str, message: str, at: Mark, severity: str = "error") -> None:
        if parsed.whole:  # what is half there would only lead to further messages
            problems.append(Problem(shown, *at, rule, severity, message))

    torn: list[Map] = []
    try:
        fragments, together = _built(root)
    except (msgspec.ValidationError, build.NotANumberError):
        torn = fit(root, schema.DefinitionFile, report)
        fragments, together = _built(root)
    if not parsed.whole:
        # Its entries are known, so that other files may refer to them; what it says of them is not judged.
        return Document(tuple(map(_unjudged, fragments)), (), Mentions(), tuple(problems), whole=False)
    mentioned = mentions(root, torn)
    for rule, severity, message, at in _remarks(root, mentioned, fragments):
        report(rule, message, at, severity)
    if obeyed_in(data):
        told = {(problem.line, problem.column) for problem in problems}
        for at, text in _texts(root):
            if at not in told and (found := obeyed(text)):
                message = f"a control character, {found}, which is printed as an escape; take it out"
                report("control-character", message, at, "warning")
    return Document(tuple(fragments), tuple(together), mentioned, tuple(dict.fromkeys(problems)), whole=True)


def _remarks(root: Map, mentioned: Mentions, fragments: list[Fragment]) -> Iterator[tuple[str, str, str, Mark]]:
    """What is wrong with the file though it fits the schema: rule, severity, message and place."""
    for at in mentioned.empty:
        yield "empty-claim", "error", "a claim with neither value nor text; give it one of the two", at
    for at in [] if root.get("source") else mentioned.uncited:
        yield (
            "uncited-claim",
            "warning",
            "nobody is cited for this claim, beside claims that are cited; add sources",
            at,
        )
    yield from _repetitions(root)
    for fragment in fragments:
        if isinstance(fragment.entry, model.Metric):
            for rule, message, at in _metric_faults(fragment, fragment.entry, root):
                yield rule, "error", message, at
        if isinstance(fragment.entry, model.Source):
            yield from _source_faults(fragment, fragment.entry)
        id = fragment.entry.id
        if obeyed(id) or id != id.strip() or id[0] in SIGNS:
            message = "an id has no control characters, no blanks at its ends and no sign in front"
            yield "id", "error", f"{id!r} is no id: {message}; expected one such as net-retention", fragment.at
        elif not _KEBAB_CASE.fullmatch(id):
            message = f"{id!r} is no kebab-case id; expected a-z, 0-9 and hyphens, such as net-retention"
            yield "id-style", "warning", message, fragment.at


def _repetitions(root: Map) -> Iterator[tuple[str, str, str, Mark]]:
    """Terms that are named as their own companions, or as parts of themselves."""
    for point in cast("list[Map]", root.get("together") or ()):
        terms = cast("List", point["terms"])
        seen: set[Node] = set()
        for term, at in zip(terms, terms.items_at, strict=True):
            if term in seen:
                yield "repeated-term", "error", f"{term!r} is named twice; name each term once", at
                break  # one is enough to look at the list
            seen.add(term)
    for id, term in cast("dict[str, Map]", root.get("terms") or {}).items():
        broader = term.get("broader")
        if isinstance(broader, Map) and id in broader:
            message = f"{id!r} is said to be part of itself; name the terms that it is part of"
            yield "part-of-itself", "error", message, broader.keys_at[id]


def _texts(node: Node, at: Mark = START) -> Iterator[tuple[Mark, str]]:
    """Every key and every text below a node, and where it stands; ids, which have a rule of their own, among them."""
    if isinstance(node, str):
        yield at, node
    elif isinstance(node, Map):
        for key, value in node.items():
            yield node.keys_at[key], key
            yield from _texts(value, node.values_at[key])
    elif isinstance(node, List):
        for value, value_at in zip(node, node.items_at, strict=True):
            yield from _texts(value, value_at)


def _source_faults(fragment: Fragment, source: model.Source) -> Iterator[tuple[str, str, str, Mark]]:
    """What is wrong with a source's address and date."""
    if source.url is not None and not is_web_address(source.url):
        message = f"{source.url!r} is no address; expected one that begins with http:// or https:// and has no blanks"
        yield "url", "error", message, fragment.keys["url"]
    if source.date is not None and not _is_date(source.date):
        message = f"{source.date!r} is no date; expected a year, a month or a day, such as 2023, 2023-04 or 2023-04-20"
        yield "date", "error", message, fragment.keys["date"]


def _is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day of the calendar, as ISO 8601 writes them."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


_KEBAB_CASE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def _metric_faults(fragment: Fragment, metric: model.Metric, root: Map) -> Iterator[tuple[str, str, Mark]]:
    """What is wrong with a metric's range and readings, and where: rule, message and place."""
    if reversed_range(metric.range):
        message = f"the range of {metric.id!r} ends below its start; expected [low, high]"
        yield "range", message, fragment.keys["range"]
    node = cast("Map", cast("Map", root["metrics"])[metric.id])
    items = cast("list[Map]", node.get("readings") or ())
    names: set[str] = set()
    for reading, item in zip(metric.readings, items, strict=True):
        if reading.name in names:
            message = f"the metric {metric.id!r} has two readings called {reading.name!r}; give each its own name"
            yield "repeated-reading", message, item.values_at["name"]
        names.add(reading.name)
        for rule, key, message in faults(reading, metric.range):
            yield rule, message, item.values_at[key]


def _unjudged(fragment: Fragment) -> Fragment:
    return structs.replace(fragment, keys={"name": fragment.at, "title": fragment.at})


def _built(root: Map) -> tuple[list[Fragment], list[model.Together]]:
    """Raises ValidationError or NotANumberError where the tree does not fit the schema."""
    said = msgspec.convert(root, schema.DefinitionFile)
    file_cites = (model.Citation(said.source),) if said.source else ()
    sections = (
        ("source", "sources", {id: build.source(id, entry) for id, entry in (said.sources or {}).items()}),
        ("aspect", "aspects", {id: build.aspect(id, entry, file_cites) for id, entry in (said.aspects or {}).items()}),
        ("term", "terms", {id: build.term(id, entry, file_cites) for id, entry in (said.terms or {}).items()}),
        ("metric", "metrics", {id: build.metric(id, entry, file_cites) for id, entry in (said.metrics or {}).items()}),
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
    return fragments, [build.together(each, file_cites) for each in said.together or ()]
