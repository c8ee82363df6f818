"""YAML that a person is glad to edit: texts without quotes where they need none, short lists on one line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Node: TypeAlias = "str | bool | list[Node] | Mapping[str, Node] | None"
WIDTH = 110
"""How long a line with a list or mapping on it may become."""
# A letter, then nothing that YAML has a use for; words that some reader takes for something else than text are quoted.
_PLAIN = re.compile(r"""[^\W\d_](?:[\w ().;/'"&+%!?$*=<>|^~@\\-]|,(?= )|:(?=[\w/]))*""")
_OTHER = re.compile(r"(?i:true|false|yes|no|on|off|y|n|null|nan|inf)|.*[ ]|.*:")


def write_yaml(node: Mapping[str, Node]) -> str:
    """Returns a mapping as a YAML document."""
    return "".join(f"{line}\n" for line in _block(node, 0))


def write_front_matter(node: Mapping[str, Node]) -> str:
    """Returns a mapping as YAML with each key on one line, however long."""
    return "".join(f"{key}: {_flow(value, 0, most=9)}\n" for key, value in node.items())


def quote(text: str) -> str:
    """Returns a text between double quotes, with every character escaped that YAML would not take as it is."""
    return "".join(each if each.isprintable() else _escape(each) for each in json.dumps(text, ensure_ascii=False))


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


def _scalar(value: str | bool | None, *, inside: bool = False) -> str:
    """A scalar; `inside` brackets, where a comma ends it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    plain = _PLAIN.fullmatch(value) and not _OTHER.fullmatch(value) and not (inside and re.search("[,:?]", value))
    return value if plain and value.isprintable() else quote(value)


def _flow(node: Node, depth: int, most: int = 1) -> str | None:
    """A node on one line, or None where it belongs on several."""
    if node is None or isinstance(node, (str, bool)):
        return _scalar(node, inside=depth > 0)
    if depth > most:
        return None
    if isinstance(node, list):
        nested = any(isinstance(item, (list, Mapping)) for item in node)
        return None if nested and most == 1 else f"[{', '.join(_flow(item, depth + 1, most) or '' for item in node)}]"
    pairs = [(_scalar(key, inside=True), _flow(value, depth + 1, most)) for key, value in node.items()]
    return None if any(value is None for _, value in pairs) else f"{{{', '.join(f'{k}: {v}' for k, v in pairs)}}}"


def _block(node: Mapping[str, Node], indent: int) -> Iterator[str]:
    for key, value in node.items():
        head = f"{' ' * indent}{_scalar(key)}:"
        line = _flow(value, 0) if not isinstance(value, Mapping) or indent > 2 or not value else None
        if line is not None and (isinstance(value, (str, bool)) or value is None or len(head) + len(line) < WIDTH):
            yield f"{head} {line}"
        elif isinstance(value, Mapping):
            yield head
            yield from _block(value, indent + 2)
        elif isinstance(value, list):
            yield head
            for item in value:
                yield from _item(item, indent + 2)


def _item(item: Node, indent: int) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield f"{' ' * indent}- {_flow(item, 0)}"
        return
    line = _flow(item, 0)
    if line is not None and indent + len(line) < WIDTH - 2:
        yield f"{' ' * indent}- {line}"
        return
    first, *rest = _block(item, indent + 2)
    yield f"{' ' * indent}- {first.lstrip()}"
    yield from rest
