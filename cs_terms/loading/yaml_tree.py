"""A YAML file as a tree of text with positions: the only module that knows YAML.

PyYAML's events are walked, never its constructors, so that nothing a file says is ever built into an object, every
scalar stays the text that was written, and depth and size are bounded before anything recurses.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias, cast

import yaml
from yaml import events

from cs_terms.errors import Problem
from cs_terms.loading.read import START, Mark, UnreadableError, mark_of, utf8

MAX_DEPTH = 32
"""Mappings and lists within one another; the format itself needs ten."""
MAX_VALUES = 200_000
"""Values in one file, each alias counted as all that it stands for."""

Node: TypeAlias = "str | Map | List | None"
"""Text, a mapping, a list, or None for what YAML has no value for: nothing at all, null or ~, without quotes."""

_NULLS = {"", "~", "null", "Null", "NULL"}
_Loader = cast("type[yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader))


class Map(dict[str, Node]):
    """A mapping that knows where its keys and values stand."""

    __slots__ = ("keys_at", "values_at")

    def __init__(self) -> None:
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}


class List(list[Node]):
    """A list that knows where its items stand."""

    __slots__ = ("items_at",)

    def __init__(self) -> None:
        self.items_at: list[Mark] = []


class Parsed(NamedTuple):
    """What one file holds."""

    root: Map | None
    """The mapping at its top; None where there is none."""
    problems: list[Problem]
    """What is wrong with its YAML."""
    whole: bool
    """Whether it could be read to its end; else `root` holds what stood before, the last parts of it unfinished."""


def parse(path: str, data: bytes) -> Parsed:
    """Parses the bytes of one file. Never raises for what is in them."""
    found: list[Problem] = []
    whole = False

    def report(rule: str, message: str, mark: Mark) -> None:
        found.append(Problem(path, *mark, rule, "error", message))

    walk = _Walk(report)
    try:
        walk.run(_Loader(utf8(data)))
        whole = True
    except UnreadableError as error:
        report(error.rule, error.message, error.mark)
    except yaml.MarkedYAMLError as error:
        place = error.problem_mark or error.context_mark
        mark = (place.line + 1, place.column + 1) if place else START
        report("syntax", f"not YAML: {error.problem or error.context}", mark)
    except yaml.reader.ReaderError as error:  # it knows an offset, not a line
        report("syntax", f"not YAML: {error.reason}", mark_of(data, error.position))
    root = walk.root
    if root is None or isinstance(root, Map):
        return Parsed(root, found, whole)
    if whole:
        expected = "expected a mapping of sources, aspects, terms, metrics or together"
        report("wrong-type", f"{expected}, got {kind(root)}", START)
    return Parsed(None, found, whole)


def kind(node: Node) -> str:
    """What a node is, in the words of an error message."""
    if isinstance(node, Map):
        return "a mapping"
    if isinstance(node, List):
        return "a list"
    return "nothing" if node is None else f"the text {node[:40]!r}"


class _Walk:
    """Builds the tree from PyYAML's events, with a stack of its own instead of recursion."""

    def __init__(self, report: Callable[[str, str, Mark], None]) -> None:
        self.root: Node = None
        self.report = report
        self.anchors: dict[str, tuple[Node, int, int]] = {}
        self.values = 0
        self.given_twice: set[int] = set()

    def run(self, parser: yaml.BaseLoader) -> None:  # noqa: C901, PLR0912, PLR0915  # one loop, for speed
        """Builds `root`, as far as the file can be read. Raises UnreadableError at the place where it no longer can.

        Nine events in ten are scalars, so their case comes first and stands in line.
        """
        stack: list[tuple[Map | List | None, str | None, Mark, str | None, int, int]] = []
        parent: Map | List | None = None
        key: str | None = None
        key_at = START
        documents = 0
        height = 0  # how deep what is in `parent` goes
        while True:
            event = parser.get_event()  # type: ignore[no-untyped-call]  # in the stubs, not in the library
            start = event.start_mark
            at = (start.line + 1, start.column + 1)
            kind_of = event.__class__
            node: Node
            if kind_of is events.ScalarEvent:
                node = None if event.value in _NULLS and not event.style else event.value
            elif kind_of is events.MappingStartEvent:
                node = Map()
            elif kind_of is events.SequenceStartEvent:
                node = List()
            elif kind_of is events.AliasEvent:
                node, deep = self._alias(event.anchor, MAX_DEPTH - len(stack), at)
                height = max(height, deep)
            elif kind_of is events.MappingEndEvent or kind_of is events.SequenceEndEvent:
                done = parent
                parent, key, key_at, anchor, before, beside = stack.pop()
                if anchor is not None:
                    self.anchors[anchor] = done, self.values - before, height + 1
                height = max(beside, height + 1)
                continue
            elif kind_of is events.StreamEndEvent:
                return
            else:
                documents += kind_of is events.DocumentStartEvent
                if documents > 1:
                    raise UnreadableError("several-documents", "a second document; give each a file of its own", at)
                continue

            self.values += 1
            if self.values > MAX_VALUES:
                raise UnreadableError("too-large", _TOO_MANY, at)
            if parent is None:
                self.root = node
            elif isinstance(parent, List):
                parent.append(node)
                parent.items_at.append(at)
            elif key is None:
                key, key_at = event.value if kind_of is events.ScalarEvent else _key(node, at), at
            elif key in parent:
                line = parent.keys_at[key][0]
                if id(parent) not in self.given_twice:
                    message = f"{key!r} was given before, on line {line}; keep one of the two"
                    self.report("repeated-key", message, key_at)
                first = parent[key]
                if isinstance(first, Map) and kind_of is events.MappingStartEvent:
                    node = first  # so that what the second says is looked at too
                    self.given_twice.add(id(first))
                key = None
            else:
                parent[key] = node
                parent.keys_at[key] = key_at
                parent.values_at[key] = at
                key = None
            if kind_of is events.AliasEvent:
                continue
            if event.tag is not None:
                self.report("tag", f"the tag {event.tag} is refused: every value is taken as text; remove it", at)
            if kind_of is events.ScalarEvent:
                if event.anchor is not None:
                    self.anchors[event.anchor] = node, 1, 0
                continue
            if len(stack) >= MAX_DEPTH:
                raise UnreadableError("too-deep", _TOO_DEEP, at)
            stack.append((parent, key, key_at, event.anchor, self.values, height))
            parent, key, height = cast("Map | List", node), None, 0

    def _alias(self, anchor: str, room: int, at: Mark) -> tuple[Node, int]:
        """What an alias stands for, as a tree of its own, and how deep that goes, which is `room` at most."""
        if anchor not in self.anchors:
            raise UnreadableError("unknown-anchor", f"*{anchor} names no anchor that is complete here", at)
        node, size, deep = self.anchors[anchor]
        self.values += size
        if self.values > MAX_VALUES:
            raise UnreadableError("too-large", _TOO_MANY, at)
        if deep > room:
            raise UnreadableError("too-deep", _TOO_DEEP, at)
        return _copied(node), deep


def _copied(node: Node) -> Node:
    """A tree that `fit` can take parts out of without their being missed elsewhere."""
    if isinstance(node, Map):
        mapping = Map()
        mapping.update((key, _copied(value)) for key, value in node.items())
        mapping.keys_at, mapping.values_at = dict(node.keys_at), dict(node.values_at)
        return mapping
    if isinstance(node, List):
        items = List()
        items.extend(map(_copied, node))
        items.items_at = list(node.items_at)
        return items
    return node


_TOO_DEEP = f"nested more than {MAX_DEPTH} deep (an alias counts as what it stands for); the format needs ten"
_TOO_MANY = f"more than {MAX_VALUES:,} values (an alias counts as what it stands for): split the file"


def _key(node: Node, at: Mark) -> str:
    if isinstance(node, str):
        return node
    raise UnreadableError("wrong-type", f"expected a key, got {kind(node)}", at)
