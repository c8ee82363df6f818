"""Which ids and values a file names, and where: what has to be checked against the other files of the glossary."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from cs_terms.loading.read import Mark
from cs_terms.loading.yaml_tree import List, Map, Node

Reference: TypeAlias = tuple[str, str]
"""The kind and id of an entry that is referred to."""
Said: TypeAlias = tuple[str, str, bool]
"""An aspect's id, what is said under it, and whether it is a bare string (a value only if the aspect's set is closed)."""


class Mentions(Struct):
    """What one file names, each with all the places where it does."""

    references: dict[Reference, list[Mark]] = {}
    """Entries it refers to."""
    said: dict[Said, list[Mark]] = {}
    """Values it gives under aspects."""
    empty: list[Mark] = []
    """Claims with neither value nor text."""
    uncited: list[Mark] = []
    """Claims that nobody is cited for, beside cited ones."""


def mentions(root: Map, torn: Iterable[Map] = ()) -> Mentions:
    """All that the tree of one file mentions, and what was torn out of it by `fit`. The tree fits the schema."""
    found = Mentions()
    walk = _Walk(found)
    source = root.get("source")
    if isinstance(source, str):
        walk.refer("source", source, root.values_at["source"])
    for _, aspect in _maps(root.get("aspects")):
        walk.names(aspect.get("also_called"))
    for _, term in _maps(root.get("terms")):
        walk.names(term.get("abbreviations"))
        walk.names(term.get("also_called"))
        walk.claims(term.get("definition"), _at(term, "definition"), None)
        walk.cited("term", term.get("broader"))
        walk.cited("metric", term.get("metrics"))
        aspects = term.get("aspects")
        if isinstance(aspects, Map):
            for aspect_id, claims in aspects.items():
                walk.refer("aspect", aspect_id, aspects.keys_at[aspect_id])
                walk.claims(claims, aspects.values_at[aspect_id], aspect_id)
    for _, metric in _maps(root.get("metrics")):
        walk.names(metric.get("abbreviations"))
        walk.names(metric.get("also_called"))
        walk.claims(metric.get("definition"), _at(metric, "definition"), None)
        for reading in _items(metric.get("readings")):
            walk.citations(reading.get("sources"))
    for together in (*_items(root.get("together")), *torn):  # of what is torn out, readings too cite sources
        walk.listed("term", together.get("terms"))
        walk.citations(together.get("sources"))
    return found


class _Walk:
    def __init__(self, found: Mentions) -> None:
        self.found = found
        self.references = found.references
        self.said = found.said

    def refer(self, kind: str, id: str, at: Mark) -> None:
        self.references.setdefault((kind, id), []).append(at)

    def listed(self, kind: str, node: Node) -> None:
        """A list of ids."""
        if isinstance(node, List):
            for id, at in zip(node, node.items_at, strict=True):
                if isinstance(id, str):
                    self.refer(kind, id, at)

    def citations(self, node: Node) -> None:
        """A list of source ids, or a mapping of them."""
        self.listed("source", node)
        if isinstance(node, Map):
            for id in node:
                self.refer("source", id, node.keys_at[id])

    def cited(self, kind: str, node: Node) -> None:
        """A list of ids, or a mapping of id to citations."""
        self.listed(kind, node)
        if isinstance(node, Map):
            for id, citations in node.items():
                self.refer(kind, id, node.keys_at[id])
                self.citations(citations)

    def names(self, node: Node) -> None:
        """A list of names, or a mapping of name to citations."""
        if isinstance(node, Map):
            for citations in node.values():
                self.citations(citations)

    def claims(self, node: Node, at: Mark, aspect: str | None) -> None:
        """A claim or a list of them, under an aspect or in a definition (None)."""
        claims = list(zip(node, node.items_at, strict=True)) if isinstance(node, List) else [(node, at)]
        uncited: list[Mark] = []
        for claim, claim_at in claims:
            if isinstance(claim, str):
                uncited.append(claim_at)
                if aspect is not None:
                    self.said.setdefault((aspect, claim, True), []).append(claim_at)
            elif isinstance(claim, Map):
                value = claim.get("value")
                if aspect is not None and isinstance(value, str):
                    self.said.setdefault((aspect, value, False), []).append(claim.values_at["value"])
                # A key that was taken out, wrong as it was, has been spoken of.
                if value is None and claim.get("text") is None and len(claim) == len(claim.keys_at):
                    self.found.empty.append(claim_at)
                sources = claim.get("sources")
                if sources:
                    self.citations(sources)
                else:
                    uncited.append(claim_at)
        if len(uncited) < len(claims):
            self.found.uncited.extend(uncited)


def _maps(node: Node) -> Iterator[tuple[str, Map]]:
    if isinstance(node, Map):
        for key, value in node.items():
            if isinstance(value, Map):
                yield key, value


def _items(node: Node) -> Iterator[Map]:
    if isinstance(node, List):
        for item in node:
            if isinstance(item, Map):
                yield item


def _at(node: Map, key: str) -> Mark:
    return node.values_at.get(key, (1, 1))
