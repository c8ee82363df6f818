"""Entries to a definition file: the short forms of the format, as a person would write them."""

from collections.abc import Iterable, Mapping

from cs_terms.exchange.content import Content
from cs_terms.exchange.yaml_text import Node, write_yaml
from cs_terms.model import Aspect, Citations, Claim, Entry, Metric, Name, Reading, Source, Term

MOST = 190_000
"""How many keys and values a definition file is given: fewer than a file may have."""


def write_definitions(content: Content) -> list[str]:
    """Returns what an import found as definition files: one, unless it is too much for one."""
    files: list[dict[str, dict[str, Node]]] = [{}]
    size = 0
    for kind in ("source", "aspect", "term", "metric"):
        for entry in (entry for each, entry in content.entries() if each == kind):
            written = _entry(entry)
            size += 1 + _count(written)
            if size > MOST:
                files.append({})
                size = 1 + _count(written)
            files[-1].setdefault(f"{kind}s", {})[entry.id] = written
    return [write_yaml(each) for each in files]


def _count(node: Node) -> int:
    """How many keys and values a node has, itself among them."""
    if isinstance(node, Mapping):
        return 1 + sum(1 + _count(value) for value in node.values())
    return 1 + sum(map(_count, node)) if isinstance(node, list) else 1


def _present(keys: Mapping[str, Node]) -> dict[str, Node]:
    return {key: value for key, value in keys.items() if value not in (None, "", [], {})}


def _entry(entry: Entry) -> Node:
    if isinstance(entry, Source):
        return _present(
            {
                "title": entry.title,
                "publisher": entry.publisher,
                "url": entry.url,
                "date": entry.date,
                "note": entry.note,
            }
        )
    if isinstance(entry, Aspect):
        return _present({
            "name": entry.name, "question": entry.question, "also_called": _names(entry.also_called),
            "values": list(entry.values), "note": entry.note,
        })  # fmt: skip
    said: dict[str, Node] = {
        "name": entry.name,
        "abbreviations": _names(entry.abbreviations),
        "also_called": _names(entry.also_called),
        "definition": _claims(entry.definition),
    }
    if isinstance(entry, Term):
        said["broader"] = {id: _citations(cites) or {} for id, cites in entry.broader.items()}
        said["aspects"] = {id: _claims(claims) for id, claims in entry.aspects.items()}
        cited = any(entry.metrics.values())
        said["metrics"] = (
            {id: _citations(cites) or {} for id, cites in entry.metrics.items()} if cited else list(entry.metrics)
        )
    else:
        said |= _metric(entry)
    return _present({**said, "note": entry.note})


def _metric(metric: Metric) -> dict[str, Node]:
    return {
        "unit": metric.unit,
        "better": metric.better,
        "pitfalls": metric.pitfalls,
        "readings": [_reading(each) for each in metric.readings],
    }


def _reading(reading: Reading) -> Node:
    return _present({
        "name": reading.name,
        "formula": reading.formula,
        "inputs": {name: of.meaning for name, of in reading.inputs.items()},
        "sources": _citations(reading.sources),
        "note": reading.note,
    }) | ({} if reading.inputs else {"inputs": {}})  # fmt: skip


def _names(names: Iterable[Name]) -> Node:
    return [name.label for name in names]


def _claims(claims: Iterable[Claim]) -> Node:
    return [
        _present({"value": claim.value, "text": claim.text, "sources": _citations(claim.sources), "note": claim.note})
        for claim in claims
    ]


def _citations(citations: Citations) -> Node:
    """A list where no place is known, else a mapping."""
    if not any(each.at or each.as_ for each in citations):
        return [each.id for each in citations]
    return {
        each.id: {"at": each.at, "as": each.as_} if each.at and each.as_ else {"as": each.as_} if each.as_ else each.at
        for each in citations
    }
