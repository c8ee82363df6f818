r"""DataHub's business glossary as YAML, and back.

DataHub expands `${X}` in any text, and `$X` at its beginning, from the environment of whoever imports the file. What it
would expand is escaped here, so that nothing is ever expanded in a text of ours.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from cs_terms.exchange.content import Content, by_id
from cs_terms.exchange.draft import BadFileError, Draft, EntryDraft, Imported
from cs_terms.exchange.losses import LOST, Loss
from cs_terms.exchange.spreadsheet import join_list, split_list
from cs_terms.exchange.words import describe
from cs_terms.exchange.yaml_text import Node, write_yaml
from cs_terms.model import Citation, Citations, Claim, Metric, Source, Term

_FORMULA = "Formula: "
_SECTION = "\n\n**"
"""What begins a section of a description, after the definition."""
MAX_VALUES = 2_000_000
"""How many values a file may have."""
MAX_DEPTH = 60
"""How deeply nodes may be nested."""


class DataHub(Struct, frozen=True):
    """How a glossary is to be written for DataHub."""

    root: str = "Glossary"
    owner: str = "datahub"


def write(content: Content, how: DataHub) -> tuple[str, list[Loss]]:
    """Returns a glossary as DataHub's YAML, and what it could not refer to: DataHub refers by name."""
    groups: tuple[tuple[str, str, str, Sequence[Term | Metric]], ...] = (
        ("term", "Terms", "What the terms mean.", content.terms),
        ("metric", "Metrics", "What the terms are measured by.", content.metrics),
    )
    paths = {
        (kind, entry.id): ".".join(_as_read(name) for name in (how.root, title, entry.name))
        for kind, title, _, entries in groups
        for entry in entries
    }
    unsure = {path for path, count in Counter(paths.values()).items() if count > 1}
    known = {key: path for key, path in paths.items() if path not in unsure}
    sources, aspects = by_id(content.sources), {each.id: each.name for each in content.aspects}
    lost: list[Loss] = []
    nodes: list[Node] = []
    for kind, title, meaning, entries in groups:
        if entries:
            terms: list[Node] = [_entry(kind, entry, known, sources, aspects, lost) for entry in entries]
            nodes.append({"id": f"csterms.{kind}s", "name": title, "description": meaning, "terms": terms})
    root: Node = {"id": "csterms", "name": escape(how.root), "description": "Exported by csterms.", "nodes": nodes}
    owners: Node = {"users": [escape(how.owner)]}
    return write_yaml({"version": "1", "source": "csterms", "owners": owners, "nodes": [root]}), lost


def _entry(
    kind: str,
    entry: Term | Metric,
    paths: Mapping[tuple[str, str], str],
    sources: dict[str, Source],
    aspects: Mapping[str, str],
    lost: list[Loss],
) -> Node:
    said: dict[str, Node] = {"id": f"csterms.{kind}.{entry.id}" if kind == "metric" else f"csterms.{entry.id}"}
    said |= {"name": escape(entry.name), "description": escape(describe(entry, sources, aspects))}
    if isinstance(entry, Term):
        for key, targets, field, other in (
            ("inherits", entry.broader, "term.broader", "term"),
            ("related_terms", entry.metrics, "term.metrics", "metric"),
        ):
            if found := [escape(paths[other, id]) for id in targets if (other, id) in paths]:
                said[key] = list(found)
            lost += [Loss(kind, entry.id, field, LOST, id) for id in targets if (other, id) not in paths]
    properties = {
        "csterms_id": entry.id,
        "csterms_kind": kind,
        "Abbreviations": join_list(name.label for name in entry.abbreviations),
        "Also called": join_list(name.label for name in entry.also_called),
    }
    if isinstance(entry, Metric):
        properties |= {"Unit": entry.unit or "", "Better": entry.better or ""}
        properties |= {f"{_FORMULA}{reading.name}": reading.formula for reading in entry.readings}
    said["custom_properties"] = {key: escape(value) for key, value in properties.items() if value}
    links: list[Node] = [
        {"label": escape(source.title), "url": escape(source.url)} for source in _linked(entry, sources) if source.url
    ]
    return said | ({"knowledge_links": links} if links else {})


def _linked(entry: Term | Metric, sources: dict[str, Source]) -> list[Source]:
    """The sources that a description cites."""
    claims = [
        *entry.definition,
        *((c for claims in entry.aspects.values() for c in claims) if isinstance(entry, Term) else ()),
    ]
    cites = [cite for claim in claims for cite in claim.sources]
    if isinstance(entry, Metric):
        cites += [cite for reading in entry.readings for cite in reading.sources]
    return [sources[id] for id in dict.fromkeys(cite.id for cite in cites)]


def escape(text: str) -> str:
    r"""Returns a text that DataHub's resolver of variables makes the same text of, or that with a blank in front."""
    if re.search(r"\$\{.+\}", text):
        return text.replace("\\", "\\\\").replace("$", "\\$")
    return f" {text}" if re.match(r" *\$", text) else text


def unescape(text: str) -> str:
    """Returns what `escape` made of a text as the text."""
    if re.search(r"\$\{.+\}", text):
        return re.sub(r"\\([\\$])", r"\1", text)
    return text[1:] if re.match(r" +\$", text) else text


def _as_read(name: str) -> str:
    """A name as DataHub has it after reading it."""
    escaped = escape(name)
    return name if re.search(r"\$\{.+\}", name) else escaped


_KEYS = {
    "name": "name", "id": "id", "description": "definition", "inherits": "broader", "related_terms": "metrics",
    "custom_properties": "abbreviations, also_called, unit, better, formulas", "source_ref": "source",
    "source_url": "source", "term_source": "source",
}  # fmt: skip
"""What is read of a term, and what for."""


def read(data: bytes, shown: str) -> Imported:
    """Reads DataHub's business glossary. Raises BadFileError."""
    root = _load(data, shown)
    draft = Draft()
    links: list[tuple[EntryDraft, str, str, str]] = []
    by_path: dict[str, EntryDraft] = {}
    seen: dict[str, None] = {}
    ours = root.get("source") == "csterms"
    for path, term, where in _terms(root, (), "", shown):
        entry = _read_term(path, term, where, draft, links, ours=ours)
        by_path.setdefault(".".join(map(_as_read, path)), entry)
        seen |= dict.fromkeys(term)
    for entry, key, target, where in links:
        other = by_path.get(target) or next((e for e in draft.entries.values() if e.id == target), None)
        if other is None or other is entry:
            draft.left_out.append(f"{where}: {key}: no other term has the path {target!r}")
        elif key == "inherits" and (entry.kind, other.kind) == ("term", "term"):
            entry.broader[other.id] = ()
        elif key == "related_terms" and (entry.kind, other.kind) == ("term", "metric"):
            entry.metrics[other.id] = ()
        else:
            draft.left_out.append(f"{where}: {key}: only terms are part of terms and measured by metrics")
    used = tuple(key if _KEYS[key] == key else f"{key} as {_KEYS[key]}" for key in seen if key in _KEYS)
    return Imported(draft.content(), used, tuple(key for key in seen if key not in _KEYS), tuple(draft.left_out))


class _Located(dict[str, Any]):
    """A mapping of the file, and the line on which it begins."""

    line = 0


def _load(data: bytes, shown: str) -> Mapping[str, Any]:
    import yaml

    hint = "expected DataHub's business glossary as YAML"
    try:
        node = yaml.compose(data, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
        raise BadFileError(f"{where}: this is not YAML: {getattr(error, 'problem', None) or error}", hint) from error
    root = _plain(node, iter(range(MAX_VALUES)), 0, shown)
    if not isinstance(root, dict) or "version" not in root or not (root.get("nodes") or root.get("terms")):
        raise BadFileError(
            f"{shown}: this is not a DataHub business glossary; expected version, and nodes or terms", hint
        )
    return root


def _plain(node: Any, left: Iterator[int], depth: int, shown: str) -> Any:
    """A node of YAML as plain data. An alias counts as what it stands for, so that a small file cannot be a huge one."""
    if node is None:
        return ""
    if next(left, None) is None or depth > MAX_DEPTH:
        message = f"{shown}:{node.start_mark.line + 1}: too many values, or too deeply nested"
        raise BadFileError(message, "split the file, and write out what its aliases stand for")
    if isinstance(node.value, str):
        return "" if node.style is None and node.value in ("null", "~") else node.value
    if node.id == "sequence":
        return [_plain(item, left, depth + 1, shown) for item in node.value]
    mapping = _Located((str(key.value), _plain(value, left, depth + 1, shown)) for key, value in node.value)
    mapping.line = node.start_mark.line + 1
    return mapping


def _terms(
    node: Mapping[str, Any], path: tuple[str, ...], where: str, shown: str
) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any], str]]:
    """Yields each term below a node: the path of names to it, what is said of it, and where."""
    for key in ("terms", "nodes"):
        items = node.get(key) or []
        if not isinstance(items, list):
            raise BadFileError(f"{shown}: {where}{key}: expected a list", "see DataHub's page on the business glossary")
        for number, item in enumerate(items):
            line = item.line if isinstance(item, _Located) else number + 1
            here = f"line {line}"
            if not isinstance(item, Mapping) or not isinstance(item.get("name"), str):
                raise BadFileError(
                    f"{shown}:{line}: an item of {key} without a name", "give every term and node a name"
                )
            names = (*path, unescape(item["name"]))
            if key == "terms":
                yield names, item, here
            else:
                yield from _terms(item, names, f"{here}: ", shown)


def _texts(value: object) -> list[str]:
    return [unescape(each) for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _read_term(
    path: Sequence[str],
    term: Mapping[str, Any],
    where: str,
    draft: Draft,
    links: list[tuple[EntryDraft, str, str, str]],
    *,
    ours: bool,
) -> EntryDraft:
    custom = term.get("custom_properties")
    properties = (
        {key: unescape(value) for key, value in custom.items() if isinstance(value, str)}
        if isinstance(custom, Mapping)
        else {}
    )
    kind = "metric" if properties.get("csterms_kind") == "metric" else "term"
    id = properties.get("csterms_id") or ""
    if id and (kind, id) in draft.entries:
        raise BadFileError(f"{where}: the id {id!r} is there twice", "give each term an id of its own")
    if id:
        entry = draft.entry(kind, path[-1], id, where)
    else:
        entry = draft.another(kind, path[-1], path[-2] if len(path) > 1 else "2", where)
    entry.abbreviations += split_list(properties.get("Abbreviations", ""))
    entry.also_called += split_list(properties.get("Also called", ""))
    if kind == "metric":
        entry.unit = properties.get("Unit")
        better = properties.get("Better")
        entry.better = better if better in ("higher", "lower", "depends") else None
        for key, value in properties.items():
            if key.startswith(_FORMULA):
                draft.add_reading(entry, key.removeprefix(_FORMULA), value, (), where)
    _read_description(entry, term, where, draft, ours=ours)
    for key in ("inherits", "related_terms"):
        links += [(entry, key, target, where) for target in _texts(term.get(key))]
    return entry


def _read_description(entry: EntryDraft, term: Mapping[str, Any], where: str, draft: Draft, *, ours: bool) -> None:
    """The definition. Of ours, the sections below it were there for readers alone."""
    description = unescape(term["description"]) if isinstance(term.get("description"), str) else ""
    text = description.partition(_SECTION)[0] if ours else description.strip()
    reference, url = (unescape(str(term.get(key) or "")) for key in ("source_ref", "source_url"))
    cites: Citations = ()
    if not ours and (reference or url):
        cites = (Citation(draft.source(reference or url, url=url, where=where)),)
    if text and not (ours and text == entry.name):
        entry.definition.append(Claim(None, text, cites))
