"""Holds a file's tree against the schema, in one walk: reports departures, takes them out, and collects references.

The schema's types are compiled into functions once, as every file is walked. What is left of the tree afterwards
converts to the schema's types.
"""

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from msgspec import inspect as types

from cs_terms.loading.files import START, Mark
from cs_terms.loading.schema import DefinitionFile
from cs_terms.loading.yaml_tree import List, Map, Node, Report, describe
from cs_terms.spelling import did_you_mean, suggestion

Path: TypeAlias = "tuple[()] | tuple[Path, str | int]"
"""Where in the file a node stands: the path of what it is in, and its key there or its number in a list."""


class Claims(NamedTuple):
    """The claims that stand together: those of one term under one aspect, or one definition."""

    aspect: str | None
    """None in a definition."""
    items: list[tuple[Node, Mark]]
    """Each claim, a text or a mapping, and where it stands."""


class Walk:
    """One walk over one file, and what it has found."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.faults = 0
        self.aspect: str | None = None
        """The aspect under which the walk is."""
        self.references: list[tuple[str, str, Mark]] = []
        """The kind and id of each entry that is referred to, and where."""
        self.claims: list[Claims] = []

    def fault(self, rule: str, message: str, at: Mark) -> None:
        """Reports a departure."""
        self.faults += 1
        self.report(rule, message, at)


Visit: TypeAlias = Callable[[Walk, Node, Mark, Path], bool]
"""Walks over a node; returns whether it can be kept, once what departs inside it is gone."""


def check_shape(root: Map, report: Report) -> Walk:
    """Reports every departure of a file from the schema and takes it out of the tree; returns what the walk found."""
    walk = Walk(report)
    _compile_schema()(walk, root, START, ())
    return walk


@cache
def _compile_schema() -> Visit:
    return _compile(types.type_info(DefinitionFile))


def _compile(wanted: types.Type) -> Visit:
    """The visit to a node that must be of this type: of a union, one that fits the node at most."""
    options = _options(wanted)
    visit_map = next(filter(None, map(_compile_map, options)), None)
    visit_list = next(filter(None, (_compile_items(option, wanted) for option in options)), None)
    is_text = _compile_text(wanted, options)
    refers_to = _extra(wanted, "refers_to")

    def visit(walk: Walk, node: Node, at: Mark, path: Path) -> bool:
        if isinstance(node, Map):
            if visit_map is not None:
                return visit_map(walk, node, at, path)
        elif isinstance(node, List):
            if visit_list is not None:
                return visit_list(walk, node, at, path)
        elif is_text(node):
            if refers_to is not None and node is not None:
                walk.references.append((refers_to, node, at))
            return True
        walk.fault("wrong-type", _departure(wanted, node, path), at)
        return False

    return _collect_claims(visit) if _extra(wanted, "claims") else visit


def _collect_claims(visit: Visit) -> Visit:
    def visit_claims(walk: Walk, node: Node, at: Mark, path: Path) -> bool:
        kept = visit(walk, node, at, path)
        if kept and node is not None:
            one: list[tuple[Node, Mark]] = [(node, at)]
            items = list(zip(node, node.items_at, strict=True)) if isinstance(node, List) else one
            walk.claims.append(Claims(walk.aspect, items))
        return kept

    return visit_claims


def _compile_map(option: types.Type) -> Visit | None:
    if isinstance(option, types.StructType):
        return _compile_struct(option)
    return _compile_dict(option) if isinstance(option, types.DictType) else None


def _compile_items(option: types.Type, named: types.Type) -> Visit | None:
    if isinstance(option, types.ListType):
        return _compile_list(option)
    return _compile_tuple(option, named) if isinstance(option, types.TupleType) else None


def _compile_struct(wanted: types.StructType) -> Visit:
    fields = {field.encode_name: _compile(field.type) for field in wanted.fields}
    required = [field.encode_name for field in wanted.fields if field.required]

    def visit(walk: Walk, node: Node, at: Mark, path: Path) -> bool:
        node = cast("Map", node)
        whole = True
        for name in required:
            if node.get(name) is None:
                walk.fault("missing-key", f"{_written(path)}: {name} is missing; add {name}: here", at)
                whole = False
        gone = []
        for key, value in node.items():
            if key not in fields:
                message = f"{_written(path)}: unknown key {key!r}; {_suggest_key(key, node, fields)}"
                walk.fault("unknown-key", message, node.keys_at[key])
                gone.append(key)
                continue
            before = walk.faults
            if not fields[key](walk, value, node.values_at[key], (path, key)):
                gone.append(key)
            # Half a formula's inputs, for instance, would only lead to further messages.
            if walk.faults > before and key in required:
                whole = False
        for key in gone:
            del node[key]
        return whole

    return visit


MANY = 100
"""From how many keys on in one place no suggestion looks at all of them."""


def _suggest_key(key: str, node: Map, fields: Collection[str]) -> str:
    """What may have been meant by a key that is not one of these fields."""
    if key in node.cut:
        return "within {...} a comma ends a text: put the text before it in quotation marks, up to where it ends"
    other = _OTHER_NAMES.get(key.lower())
    if other in fields:
        return f"did you mean {other!r}?"
    keys = [*node] if len(node) < MANY else [key]  # or it would be looked for again and again
    section = next((each for each in reversed(keys[: keys.index(key)]) if each in fields and node[each] is None), None)
    hint = did_you_mean(key, fields)
    if section is not None and not hint.startswith("did"):
        line = node.keys_at[section][0]
        return f"if it belongs to {section!r} (line {line}), indent it by two spaces more than that, with all below it"
    if key in ("value", "text", "sources") and "aspects" in fields:
        return f"{key} belongs to a claim: put it under definition, or under an aspect"
    return hint


_OTHER_NAMES = {
    **dict.fromkeys(("title", "label", "term", "heading"), "name"),
    **dict.fromkeys(("synonyms", "synonym", "aliases", "alias", "aka"), "also_called"),
    **dict.fromkeys(("abbreviation", "abbr", "acronym", "acronyms", "short"), "abbreviations"),
    **dict.fromkeys(("description", "desc", "meaning", "summary"), "definition"),
    **dict.fromkeys(("link", "href", "website", "web", "uri"), "url"),
    **dict.fromkeys(("author", "by", "organisation", "organization"), "publisher"),
    **dict.fromkeys(("source", "citation", "citations", "references"), "sources"),
    **dict.fromkeys(("parent", "part_of", "part-of", "parents"), "broader"),
    **dict.fromkeys(("kpi", "kpis", "measures"), "metrics"),
    **dict.fromkeys(("comment", "comments", "remark", "notes"), "note"),
    **dict.fromkeys(("name",), "title"),
}
"""What the keys are called elsewhere."""


def _compile_dict(wanted: types.DictType) -> Visit:
    visit_value = _compile(wanted.value_type)
    refers_to = _extra(wanted.key_type, "refers_to")

    def visit(walk: Walk, node: Node, _at: Mark, path: Path) -> bool:
        node = cast("Map", node)
        gone = []
        for key, value in node.items():
            if refers_to == "aspect":
                walk.aspect = key
            if key == "":
                walk.fault("wrong-type", f"{_written(path)}: expected a name, got an empty key", node.keys_at[key])
                gone.append(key)
            elif not visit_value(walk, value, node.values_at[key], (path, key)):
                gone.append(key)
            elif refers_to is not None:
                walk.references.append((refers_to, key, node.keys_at[key]))
        if refers_to == "aspect":
            walk.aspect = None
        for key in gone:
            del node[key]
        return True

    return visit


def _compile_list(wanted: types.ListType) -> Visit:
    visit_item = _compile(wanted.item_type)
    least = wanted.min_length or 0

    def visit(walk: Walk, node: Node, at: Mark, path: Path) -> bool:
        node = cast("List", node)
        before = len(walk.references)
        kept = [
            (item, item_at)
            for number, (item, item_at) in enumerate(zip(node, node.items_at, strict=True), start=1)
            if visit_item(walk, item, item_at, (path, number))
        ]
        if len(kept) < len(node):
            node[:] = [item for item, _ in kept]
            node.items_at[:] = [item_at for _, item_at in kept]
        if len(node) < least:
            walk.fault("wrong-type", f"{_written(path)}: expected at least {least}, got {len(node)}", at)
            del walk.references[before:]
            return False
        return True

    return visit


def _compile_tuple(wanted: types.TupleType, named: types.Type) -> Visit:
    visits = [_compile(item_type) for item_type in wanted.item_types]

    def visit(walk: Walk, node: Node, at: Mark, path: Path) -> bool:
        node = cast("List", node)
        if len(node) != len(visits):
            walk.fault("wrong-type", f"{_written(path)}: expected {_expected(named)}, got a list of {len(node)}", at)
            return False
        items = zip(visits, node, node.items_at, strict=True)
        kept = [
            visit_item(walk, item, item_at, (path, number))
            for number, (visit_item, item, item_at) in enumerate(items, start=1)
        ]
        return all(kept)

    return visit


def _compile_text(wanted: types.Type, options: list[types.Type]) -> Callable[[str | None], object]:
    """Whether a text, or None for no value, is of this type. An empty text never is."""
    nothing = any(isinstance(option, types.NoneType) for option in options)
    pattern = _extra(wanted, "pattern")
    if choices := _choices(options):
        return {*choices, *([None] if nothing else [])}.__contains__
    if pattern is not None:
        matches = re.compile(pattern).fullmatch
        return lambda node: nothing if node is None else matches(node)
    if any(isinstance(option, types.StrType) for option in options):
        return (lambda node: node != "") if nothing else bool
    return lambda node: node is None and nothing


def _options(wanted: types.Type) -> list[types.Type]:
    """The types of which a node may be one."""
    if isinstance(wanted, types.Metadata):
        return _options(wanted.type)
    if isinstance(wanted, types.UnionType):
        return [option for each in wanted.types for option in _options(each)]
    return [wanted]


def _extra(wanted: types.Type, key: str) -> Any:
    """What the schema notes of a type beside the type itself."""
    if isinstance(wanted, types.Metadata):
        noted = {**(wanted.extra_json_schema or {}), **(wanted.extra or {})}
        return noted[key] if key in noted else _extra(wanted.type, key)
    if isinstance(wanted, types.UnionType):
        return next((noted for each in wanted.types if (noted := _extra(each, key)) is not None), None)
    return None


def _choices(options: list[types.Type]) -> list[str]:
    """The words of a closed set, where the schema has one here."""
    return [str(value) for option in options if isinstance(option, types.LiteralType) for value in option.values]


def _expected(wanted: types.Type) -> str:
    """What was expected, in words: the schema's own title where it has one."""
    if isinstance(wanted, types.Metadata):
        return (wanted.extra_json_schema or {}).get("title") or _expected(wanted.type)
    if isinstance(wanted, types.UnionType):
        return " or ".join(_expected(option) for option in wanted.types if not isinstance(option, types.NoneType))
    if isinstance(wanted, types.StructType):
        return "keys of its own (" + ", ".join(field.encode_name for field in wanted.fields) + ")"
    if isinstance(wanted, types.ListType):
        return f"a list of {_expected(wanted.item_type).removeprefix('a ')}s"
    return " or ".join(_choices([wanted])) or "keys of its own"


def _departure(wanted: types.Type, node: Node, path: Path) -> str:
    got = "an empty text" if node == "" else describe(node)
    choices = _choices(_options(wanted))
    return f"{_written(path)}: expected {_expected(wanted)}, got {got}{_advise(wanted, node, choices)}"


def _advise(wanted: types.Type, node: Node, choices: list[str]) -> str:
    """The end of a message: what the node was probably meant to be; nothing where that is not plain."""
    options = _options(wanted)
    takes_text = any(isinstance(option, types.StrType) for option in options)
    if isinstance(node, Map) and takes_text and node and not any(map(_compile_map, options)):
        return "; if the colon is part of the text, put the text in quotation marks"
    if isinstance(node, List) and any(isinstance(option, types.DictType) for option in options):
        return "; take out the - in front of each"
    if not isinstance(node, str) or not node:
        return ""
    if choices:
        meant = _OTHER_WORDS.get(node.lower())
        return f"; write {meant}" if meant in choices else suggestion(node, choices)
    if not takes_text and (joined := re.fullmatch(r"([\w.-]+):(\S.*)", node)):
        return f"; put a space after the colon: {joined[1]}: {joined[2]}"
    if (_extra(wanted, "pattern") is not None) and (
        number := re.fullmatch(r"([-+]?\d+),(\d+)\s*%?|([-+\d.]+)\s*%", node)
    ):
        return f"; write {number[3] or f'{number[1]}.{number[2]}'}"
    if any(isinstance(option, types.TupleType) for option in options):
        ends = re.fullmatch(r"([\d.]+)\s*(?:-|\.\.|to|\u2013)\s*([\d.]+)", node)
        return f"; write [{ends[1]}, {ends[2]}]" if ends else ""
    if any(isinstance(option, types.ListType) for option in options):
        if re.match(r"-\S", node):
            return "; put a space after each -"
        least = max(option.min_length or 0 for option in options if isinstance(option, types.ListType))
        return f"; write [{node}]" if least < 2 else ""
    return ""


_OTHER_WORDS = {
    **dict.fromkeys(("yes", "on", "y", "1"), "true"),
    **dict.fromkeys(("no", "off", "n", "0"), "false"),
    **dict.fromkeys(("up", "more", "high", "increase"), "higher"),
    **dict.fromkeys(("down", "less", "low", "decrease"), "lower"),
}
"""What people write for the words of a closed set."""


def _written(path: Path) -> str:
    """A path as an error message gives it: metrics.m.readings, item 1.formula."""
    if not path:
        return "the file"
    outer, key = path
    if isinstance(key, int):
        return f"{_written(outer)}, item {key}"
    return f"{_written(outer)}.{key}" if outer else key
