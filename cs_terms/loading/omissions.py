"""What layers do not adopt of the layers before them: read from `without`, and taken out of what those layers say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import structs

from cs_terms.loading.files import Mark
from cs_terms.loading.rules import Fragment
from cs_terms.loading.yaml_tree import List, Map, Node, Report
from cs_terms.merge import leave_out, leave_out_together
from cs_terms.model import Entry, Omission, Together

FIELDS = {"definition": "", "metrics": "metric", "broader": "term"}
"""What can be left out of a term beside aspects, and the kind of entry whose ids are the keys there."""


class Omissions(NamedTuple):
    """What a file does not adopt."""

    omissions: list[tuple[Omission, Mark]]
    """Each with the place where it is said."""
    named: list[tuple[str, str, Mark]]
    """The kinds and ids that an earlier layer has to have, and where they are named."""


class Cause(NamedTuple):
    """An omission, and where it is said."""

    path: bytes
    """The file, absolute."""
    line: int
    column: int
    omission: Omission


class Loss(NamedTuple):
    """What an omission has taken out of what a file says of one entry."""

    kind: str
    id: str
    what: str
    """The key that lost something: `definition`, `aspects.revenue`; empty for the whole entry."""
    cause: Cause


def read_omissions(root: Map, report: Report) -> Omissions:
    """What a file, whose shape has been checked, does not adopt of the layers before it."""
    found = Omissions([], [])
    given = root.get("without")
    if not isinstance(given, Map):
        return found
    for section, node in given.items():
        if section != "claims":
            kind = section.removesuffix("s")
            for id, at in _list_ids(node, given.values_at[section]):
                found.omissions.append((Omission(kind, id), at))
                found.named.append((kind, id, at))
        elif isinstance(node, Map):
            for term, rows in node.items():
                found.named.append(("term", term, node.keys_at[term]))
                if isinstance(rows, Map):
                    _read_rows(term, rows, found, report)
    return found


def _read_rows(term: str, rows: Map, found: Omissions, report: Report) -> None:
    for row, node in rows.items():
        at, value_at = rows.keys_at[row], rows.values_at[row]
        if row not in FIELDS:
            found.named.append(("aspect", row, at))
            _read_words(Omission("term", term, "aspects", row), (node, at, value_at), found, report)
        elif isinstance(node, Map) and FIELDS[row]:
            for id, words in node.items():
                found.named.append((FIELDS[row], id, node.keys_at[id]))
                place = (words, node.keys_at[id], node.values_at[id])
                _read_words(Omission("term", term, row, id), place, found, report)
        else:
            _read_words(Omission("term", term, row), (node, at, value_at), found, report)


def _read_words(omission: Omission, place: tuple[Node, Mark, Mark], found: Omissions, report: Report) -> None:
    """Notes an omission of what some sources say, or `all`: a node, where its key stands, and where it stands itself."""
    node, at, value_at = place
    if isinstance(node, Map):
        message = f"expected all, or a list of the sources whose words on {omission.key or omission.field} are left out"
        report("wrong-type", f"{message}, such as [{next(iter(node), 'handbook')}]", value_at)
        return
    sources = [] if node == "all" else list(_list_ids(node, value_at))
    found.named.extend(("source", id, source_at) for id, source_at in sources)
    found.omissions.append((structs.replace(omission, sources=tuple(id for id, _ in sources)), at))


def _list_ids(node: Node, at: Mark) -> Iterator[tuple[str, Mark]]:
    if isinstance(node, str):
        yield node, at
    elif isinstance(node, List):
        yield from ((id, id_at) for id, id_at in zip(node, node.items_at, strict=True) if isinstance(id, str))


def leave_out_of(fragments: Iterable[Fragment], causes: Sequence[Cause]) -> tuple[list[Fragment], list[Loss]]:
    """What is left of what a file says of entries, and what these omissions took out of it."""
    kept: list[Fragment] = []
    losses: list[Loss] = []
    for fragment in fragments:
        left: Entry | None = fragment.entry
        for cause in causes:
            assert left is not None
            before, left = left, leave_out(fragment.kind, left, cause.omission)
            losses += (Loss(fragment.kind, before.id, what, cause) for what in _list_changes(before, left))
            if left is None:
                break
        if left is not None:
            kept.append(structs.replace(fragment, entry=left))
    return kept, losses


def leave_out_of_together(points: Iterable[Together], causes: Sequence[Cause]) -> list[Together]:
    """What is left of what a file says that terms do together."""
    kept = []
    for point in points:
        left: Together | None = point
        for cause in causes:
            left = left and leave_out_together(left, cause.omission)
        if left is not None:
            kept.append(left)
    return kept


def _list_changes(before: Entry, after: Entry | None) -> Iterator[str]:
    """The keys that lost something; an empty one for the whole entry."""
    if after is None:
        yield ""
    elif after is not before:
        for field in before.__struct_fields__:
            was, now = getattr(before, field), getattr(after, field)
            if isinstance(was, dict):
                yield from (f"{field}.{key}" for key in was if was[key] != now.get(key))
            elif was != now:
                yield field
