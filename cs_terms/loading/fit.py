"""Says where a YAML tree departs from the schema, and takes those places out so that the rest can still be read.

msgspec converts a tree in one step and stops at the first mistake, without a position. This module is asked only then:
it walks the tree along the same types, reports every mistake where it stands, and leaves a tree that does convert.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

import msgspec
from msgspec import inspect as types

from cs_terms.loading.read import Mark
from cs_terms.loading.yaml_tree import List, Map, Node, kind
from cs_terms.spelling import did_you_mean, suggestion

Report: TypeAlias = Callable[[str, str, Mark], None]
"""Takes a rule, a message and a position."""


def fit(root: Map, schema: type[msgspec.Struct], report: Report) -> list[Map]:
    """Reports every departure of `root` from `schema` and removes it from `root`.

    Returns the mappings that went because something is missing in them: what else they say is sound.
    """
    fitting = _Fitting(report)
    fitting.fits(root, types.type_info(schema), (1, 1), "the file")
    return fitting.torn


class _Fitting:
    def __init__(self, report: Report) -> None:
        self._report = report
        self.faults = 0
        self.torn: list[Map] = []

    def _fault(self, rule: str, message: str, at: Mark) -> None:
        self.faults += 1
        self._report(rule, message, at)

    def fits(self, node: Node, wanted: types.Type, at: Mark, place: str) -> bool:
        """Whether the node can be kept, once what does not fit inside it is gone. `place` is where it stands."""
        for option, pattern in _options(wanted):
            if isinstance(node, Map) and isinstance(option, types.StructType):
                return self._struct(node, option, at, place)
            if isinstance(node, Map) and isinstance(option, types.DictType):
                return self._dict(node, option, place)
            if isinstance(node, List) and isinstance(option, types.ListType):
                return self._list(node, option, at, place)
            if isinstance(node, List) and isinstance(option, types.TupleType):
                return self._tuple(node, option, wanted, at, place)
            if not isinstance(node, (Map, List)) and _scalar_fits(node, option, pattern):
                return True
        got = "an empty text" if node == "" else kind(node)
        hint = ""
        if isinstance(node, str) and node and (choices := _choices(wanted)):
            hint = suggestion(node, choices)
        self._fault("wrong-type", f"{place}: expected {_expected(wanted)}, got {got}{hint}", at)
        return False

    def _struct(self, node: Map, wanted: types.StructType, at: Mark, place: str) -> bool:
        fields = {field.encode_name: field for field in wanted.fields}
        whole = True
        for name, field in fields.items():
            if field.required and node.get(name) is None:
                self._fault("missing-key", f"{place}: {name} is missing; it is required here", at)
                whole = False
        for key in list(node):
            if key not in fields:
                hint = did_you_mean(key, fields)
                self._fault("unknown-key", f"{place}: unknown key {key!r}; {hint}", node.keys_at[key])
                del node[key]
                continue
            field, before = fields[key], self.faults
            if not self.fits(node[key], field.type, node.values_at[key], _inside(place, key)):
                del node[key]
            if field.required and self.faults > before:  # half a formula's inputs would only lead to further messages
                whole = False
        if not whole:
            self.torn.append(node)
        return whole

    def _dict(self, node: Map, wanted: types.DictType, place: str) -> bool:
        for key in list(node):
            if key == "":
                self._fault("wrong-type", f"{place}: expected a name, got an empty key", node.keys_at[key])
                del node[key]
            elif not self.fits(node[key], wanted.value_type, node.values_at[key], _inside(place, key)):
                del node[key]
        return True

    def _list(self, node: List, wanted: types.ListType, at: Mark, place: str) -> bool:
        kept = [
            (item, item_at)
            for number, (item, item_at) in enumerate(zip(node, node.items_at, strict=True), start=1)
            if self.fits(item, wanted.item_type, item_at, f"{place}, item {number}")
        ]
        node[:] = [item for item, _ in kept]
        node.items_at[:] = [item_at for _, item_at in kept]
        if wanted.min_length is not None and len(node) < wanted.min_length:
            self._fault("wrong-type", f"{place}: expected at least {wanted.min_length}, got {len(node)}", at)
            return False
        return True

    def _tuple(self, node: List, wanted: types.TupleType, named: types.Type, at: Mark, place: str) -> bool:
        if len(node) != len(wanted.item_types):
            self._fault("wrong-type", f"{place}: expected {_expected(named)}, got a list of {len(node)}", at)
            return False
        items = zip(node, wanted.item_types, node.items_at, strict=True)
        fitting = [
            self.fits(item, item_type, item_at, f"{place}, item {number}")
            for number, (item, item_type, item_at) in enumerate(items, start=1)
        ]
        return all(fitting)


def _options(wanted: types.Type, pattern: str | None = None) -> list[tuple[types.Type, str | None]]:
    """The types of which a node may be one, each with the pattern that a text has to match."""
    if isinstance(wanted, types.Metadata):
        return _options(wanted.type, (wanted.extra_json_schema or {}).get("pattern"))
    if isinstance(wanted, types.UnionType):
        return [option for each in wanted.types for option in _options(each)]
    return [(wanted, pattern)]


def _scalar_fits(node: str | None, option: types.Type, pattern: str | None) -> bool:
    match option:
        case types.NoneType():
            return node is None
        case types.LiteralType():
            return node in option.values
        case types.StrType():
            return (
                node is not None
                and len(node) >= (option.min_length or 0)
                and (pattern is None or re.fullmatch(pattern, node) is not None)
            )
    return False


def _choices(wanted: types.Type) -> list[str]:
    """The words of a closed set, where the schema has one here."""
    return [
        str(value) for option, _ in _options(wanted) if isinstance(option, types.LiteralType) for value in option.values
    ]


def _expected(wanted: types.Type) -> str:
    """What was expected, in words: the schema's own title where it has one."""
    if isinstance(wanted, types.Metadata):
        return (wanted.extra_json_schema or {}).get("title") or _expected(wanted.type)
    if isinstance(wanted, types.UnionType):
        return " or ".join(_expected(option) for option in wanted.types if not isinstance(option, types.NoneType))
    if isinstance(wanted, types.StructType):
        return "a mapping of " + ", ".join(field.encode_name for field in wanted.fields)
    if isinstance(wanted, types.ListType):
        return f"a list of {_expected(wanted.item_type).removeprefix('a ')}s"
    return " or ".join(_choices(wanted)) or "a mapping"


def _inside(place: str, key: str) -> str:
    return key if place == "the file" else f"{place}.{key}"
