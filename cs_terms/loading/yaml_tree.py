"""A YAML file as a tree of text with positions: the only module that knows YAML.

PyYAML's events are read, never its constructors: nothing that a file says is built into an object, every scalar stays
the text that was written, and depth and size are bounded.
"""

import re
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import yaml
from yaml import events

from cs_terms.loading.files import Mark, UnreadableError

QUOTE = "put the text in quotation marks"
"""What to do with most texts that YAML reads as something else."""
MAX_DEPTH = 32
"""Mappings and lists within one another; the format itself needs ten."""
MAX_VALUES = 200_000
"""Values in one file, each alias counted as all that it stands for."""

Node: TypeAlias = "str | Map | List | None"
"""Text, a mapping, a list, or None for what YAML has no value for: nothing at all, null or ~, without quotes."""
Report: TypeAlias = Callable[[str, str, Mark], None]
"""Takes the name of a rule, a message and a position."""

_COLLECTIONS: dict[type, str] = {events.MappingStartEvent: "what is in {}", events.SequenceStartEvent: "what is in []"}
_NULLS = {"", "~", "null", "Null", "NULL"}
_Loader = cast("type[yaml.BaseLoader]", getattr(yaml, "CBaseLoader", yaml.BaseLoader))


class Map(dict[str, Node]):
    """A mapping with the positions of its keys and values."""

    __slots__ = ("cut", "keys_at", "values_at")

    def __init__(self) -> None:
        self.cut: set[str] = set()
        """Keys without a colon, in braces and after a text: a comma may have cut that text."""
        self.keys_at: dict[str, Mark] = {}
        self.values_at: dict[str, Mark] = {}


class List(list[Node]):
    """A list with the positions of its items."""

    __slots__ = ("items_at",)

    def __init__(self) -> None:
        self.items_at: list[Mark] = []


def parse(data: bytes, report: Report) -> Node:
    """The tree of one file's bytes; tags and repeated keys are reported and passed over.

    Raises UnreadableError where nothing more can be read.
    """
    data = _decode(data)
    try:
        return _Reader(data, report).read_document()
    except yaml.reader.ReaderError as error:  # it knows an offset, not a line
        message = "a control character that no text may have; delete it"
        raise UnreadableError("syntax", message, _mark_of(data, error.position)) from error
    except yaml.YAMLError as error:
        from cs_terms.loading.mistakes import explain

        raise explain(error, data.decode()) from error


def describe(node: Node) -> str:
    """What a node is, in the words of an error message."""
    if isinstance(node, Map):
        keys = ", ".join(map(repr, [*node][:3]))
        return f"keys ({keys}{', ...' if len(node) > 3 else ''})" if node else "empty braces"
    if isinstance(node, List):
        return "a list"
    return "nothing" if node is None else f"the text {node[:40]!r}"


def _decode(data: bytes) -> bytes:
    """The bytes without a byte-order mark, once they are known to be UTF-8 text. Raises UnreadableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("not-utf-8", "UTF-16 text; save the file as UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        mark = _mark_of(data, data.index(b"\x00"))
        raise UnreadableError("not-utf-8", "a NUL byte; expected UTF-8 text, and this looks like a binary file", mark)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableError("not-utf-8", message, _mark_of(data, error.start)) from error
    return data


def _mark_of(data: bytes, offset: int) -> Mark:
    before = data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1


class _Reader:
    """Builds a tree from PyYAML's events. MAX_DEPTH bounds the recursion."""

    def __init__(self, data: bytes, report: Report) -> None:
        self.next_event: Callable[[], Any] = _Loader(data).get_event
        self.report = report
        self.anchors: dict[str, Node] = {}
        self.labels: dict[str, tuple[str, Mark]] = {}
        """The anchors of texts that no alias has named yet."""
        self.values = 0
        self.lines = re.split("\r\n|\r|\n", data.decode()) if b"#" in data else []
        """For comments that may be text; empty where there are none."""

    def read_document(self) -> Node:
        """The root of the one document. Raises UnreadableError where there is a second."""
        root: Node = None
        documents = 0
        while (event := self.next_event()).__class__ is not events.StreamEndEvent:
            if event.__class__ is events.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "--- begins a second document; remove the line, or move what follows to a file of its own"
                    raise UnreadableError("several-documents", message, _mark(event))
            elif event.__class__ not in (events.StreamStartEvent, events.DocumentEndEvent):
                root = self.read_node(event, _mark(event), 0)
        for label, (text, at) in self.labels.items():
            message = f"the text is read as {text!r}: &{label} in front of it is lost; put all of it in quotation marks"
            self.report("lost-text", message, at)
        return root

    def read_node(self, event: Any, at: Mark, depth: int, into: Map | None = None) -> Node:
        """The node that an event begins, inside `depth` others; a mapping is read into `into` if that is given."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise UnreadableError("too-large", _TOO_MANY, at)
        if event.__class__ is events.AliasEvent:
            if event.anchor not in self.anchors:
                message = f'a text cannot begin with *; put it in quotation marks: "*{event.anchor}"'
                raise UnreadableError("unknown-anchor", message, at)
            self.labels.pop(event.anchor, None)
            return self.copy(self.anchors[event.anchor], at, depth)
        if event.tag is not None:
            self.refuse_tag(event.tag, at)
        node: Node
        if event.__class__ is events.ScalarEvent:
            node = None if event.value in _NULLS and not event.style else event.value
            self.look_for_lost_text(event, node)
        elif depth >= MAX_DEPTH:
            raise UnreadableError("too-deep", _TOO_DEEP, at)
        elif event.__class__ is events.MappingStartEvent:
            node = self.read_map(depth + 1, into)
        else:
            node = self.read_list(depth + 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
            if isinstance(node, str):
                self.labels[event.anchor] = node, at
        return node

    def refuse_tag(self, tag: str, at: Mark) -> None:
        """Reports a tag, which is passed over."""
        tag = tag.replace("tag:yaml.org,2002:", "!!")
        message = f"a text cannot begin with !, or YAML takes {tag} for a type; {QUOTE}, or remove {tag}"
        self.report("tag", message, at)

    def look_for_lost_text(self, event: Any, node: Node) -> None:
        """Reports a comment behind a text without quotation marks that is probably the rest of that text."""
        mark = event.end_mark
        rest = self.lines[mark.line][mark.column :] if mark.line < len(self.lines) and not event.style else ""
        found = re.match(r"\s*(?<=\s)#(.*)", rest)
        if found and (node is None or re.match(r"\w|\s*(of|in|on|per)\b|\s*\d", found[1])):
            lost = found[0].strip()[:40]
            message = f"all from # on is a comment, so that {lost!r} is lost; {QUOTE} if it is part of it"
            self.report("comment", message, (mark.line + 1, mark.column + found.start(1)))

    def find_cut(self, node: Map, key: Any, value: Any, before: Any) -> bool:
        """Whether a comma in braces has cut a text, so that its end stands as a key without a colon."""
        marks = key.end_mark, value.start_mark
        if value.__class__ is not events.ScalarEvent or value.value or (marks[0].index != marks[1].index):
            return False
        if before.__class__ is not events.ScalarEvent or before.style or before.value in _NULLS:
            return False
        node.cut.add(key.value)
        if re.fullmatch("[a-zA-Z][a-zA-Z0-9_-]*", key.value):  # may be an id, as in {handbook: page 1, wiki}
            return False
        whole = f"{before.value}, {key.value}".replace('"', "'")
        message = (
            f"within {{...}} a comma ends a text, so that {key.value!r} stands alone; put all of it in quotation marks"
        )
        self.report("cut-text", f'{message}: "{whole}"', _mark(key))
        return True

    def read_map(self, depth: int, into: Map | None) -> Map:
        """A mapping up to its end. What is already in `into` stays; its keys have been reported as repeated."""
        node = Map() if into is None else into
        before: Any = None
        while (event := self.next_event()).__class__ is not events.MappingEndEvent:
            key_at = _mark(event)
            if event.__class__ in _COLLECTIONS:
                raise UnreadableError("syntax", f"{_COLLECTIONS[event.__class__]} cannot be a key; {QUOTE}", key_at)
            key_event, key = event, self.read_node(event, key_at, depth)
            if event.__class__ is events.ScalarEvent:
                key = event.value  # also null: every key is text
            if not isinstance(key, str):
                raise UnreadableError("syntax", f"{describe(key)} cannot be a key; {QUOTE}", key_at)
            event = self.next_event()
            at = _mark(event)
            if key_event.__class__ is events.ScalarEvent and self.find_cut(node, key_event, event, before):
                continue
            before = event
            if key in node:
                if into is None:
                    message = f"{key!r} was given before, on line {node.keys_at[key][0]}; keep one of the two"
                    self.report("repeated-key", message, key_at)
                first = node[key]
                # A second mapping is read into the first, so that what it says is checked too.
                self.read_node(event, at, depth, first if isinstance(first, Map) else None)
            else:
                node[key] = self.read_node(event, at, depth)
                node.keys_at[key] = key_at
                node.values_at[key] = at
        return node

    def read_list(self, depth: int) -> List:
        """A list up to its end."""
        node = List()
        while (event := self.next_event()).__class__ is not events.SequenceEndEvent:
            at = _mark(event)
            node.append(self.read_node(event, at, depth))
            node.items_at.append(at)
        return node

    def copy(self, node: Node, at: Mark, depth: int) -> Node:
        """What an alias stands for, as a tree of its own: `shape` may take parts out of it. Raises UnreadableError."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise UnreadableError("too-large", _TOO_MANY, at)
        if isinstance(node, (Map, List)) and depth >= MAX_DEPTH:
            raise UnreadableError("too-deep", _TOO_DEEP, at)
        if isinstance(node, Map):
            mapping = Map()
            mapping.cut, mapping.keys_at, mapping.values_at = node.cut, dict(node.keys_at), dict(node.values_at)
            for key, value in node.items():
                mapping[key] = self.copy(value, at, depth + 1)
            return mapping
        if isinstance(node, List):
            items = List()
            items.items_at = list(node.items_at)
            for item in node:
                items.append(self.copy(item, at, depth + 1))
            return items
        return node


def _mark(event: Any) -> Mark:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


_TOO_DEEP = f"nested more than {MAX_DEPTH} deep (an alias counts as what it stands for); the format needs ten"
_TOO_MANY = f"more than {MAX_VALUES:,} values (an alias counts as what it stands for): split the file"
