"""The rules that all files together are held to: SQL over the database into which `compiling` has put them."""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple, TypeAlias

import msgspec

from cs_terms.errors import Problem
from cs_terms.loading.database import decode_entry
from cs_terms.loading.files import Mark
from cs_terms.loading.rules import ERROR, INFO, RULES, WARNING, add_rule
from cs_terms.merge import SCALARS
from cs_terms.model import KINDS, Aspect, Metric, Omission, Term, abbreviations
from cs_terms.spelling import did_you_mean, fold, nearest, suggestion

SUGGESTED = 100
"""How many unknown ids of a kind get a suggestion: looking for one among thousands takes long."""

Finding: TypeAlias = tuple[str, Mark, str]
"""A file, as messages show it, a position in it, and a message."""
Find: TypeAlias = Callable[[sqlite3.Connection], Iterator[Finding]]
"""Finds what breaks a rule."""


class Check(NamedTuple):
    """How a rule is checked."""

    find: Find
    needs_all: bool
    """Whether a file that could not be read may hold what seems to be missing."""


_CHECKS: dict[str, Check] = {}
_decode_marks = msgspec.msgpack.Decoder(list[Mark]).decode
_decode_keys = msgspec.msgpack.Decoder(dict[str, Mark]).decode


def check_all(database: sqlite3.Connection, severities: tuple[str, ...]) -> Iterator[Problem]:
    """Whatever breaks a rule of these severities."""
    all_read = database.execute("SELECT 1 FROM file WHERE NOT whole LIMIT 1").fetchone() is None
    for name, check in _CHECKS.items():
        severity = RULES[name].severity
        if severity in severities and (all_read or not check.needs_all):
            for shown, mark, message in check.find(database):
                yield Problem(shown, *mark, name, severity, message)


def _rule(
    name: str, meaning: str, mending: str, severity: str = ERROR, *, needs_all: bool = True
) -> Callable[[Find], Find]:
    """Puts a rule into the table, with the function that finds what breaks it."""

    def register(find: Find) -> Find:
        add_rule(name, meaning, mending, severity)
        _CHECKS[name] = Check(find, needs_all)
        return find

    return register


def _find_unknown_entries(kind: str, database: sqlite3.Connection) -> Iterator[Finding]:
    rows = database.execute(
        "SELECT shown, reference.id, marks FROM reference JOIN file ON file.id = file WHERE reference.kind = ?"
        " AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.kind = reference.kind AND entry.id = reference.id)",
        (kind,),
    ).fetchall()
    known = [id for (id,) in database.execute("SELECT DISTINCT id FROM entry WHERE kind = ?", (kind,))] if rows else []
    for number, (shown, id, marks) in enumerate(rows):
        message = f"unknown {kind} {id!r}"
        if left_out := _find_left_out(database, kind, id):
            message += f"; {left_out} leaves it out of this glossary: remove that line, or what refers to it"
        elif len(parts := re.split(r"[,\s]+", id.strip())) > 1 and {*parts} <= {*known}:
            message += f"; for several, write a list with commas: [{', '.join(parts)}]"
        elif number < SUGGESTED:
            message += f"; {_suggest_by_name(database, kind, id) or did_you_mean(id, known)}"
        for mark in _decode_marks(marks):
            yield shown, mark, message


def _find_left_out(database: sqlite3.Connection, kind: str, id: str) -> str:
    """The file and line that leaves an entry out, if there is one."""
    row = database.execute(
        "SELECT shown, line FROM left_out JOIN file ON file.path = left_out.path"
        " WHERE kind = ? AND left_out.id = ? AND what = ''",
        (kind, id),
    ).fetchone()
    return f"{row[0]}:{row[1]}" if row else ""


def _suggest_by_name(database: sqlite3.Connection, kind: str, name: str) -> str:
    """The ids of the entries that bear a name which was given in place of an id."""
    named = database.execute("SELECT DISTINCT id FROM name WHERE folded = ? AND kind = ?", (fold(name), kind))
    ids = [repr(id) for (id,) in named]
    return f"did you mean {' or '.join(ids)}?" if ids else ""


for _kind in KINDS:
    _rule(
        f"unknown-{_kind}",
        f"The id of a {_kind} is used, and no file defines it.".replace("a aspect", "an aspect"),
        f"Correct its spelling, or define the {_kind}.",
    )(partial(_find_unknown_entries, _kind))


@_rule("unknown-omission", "What is left out is in no earlier layer.", "Correct the spelling, or remove the line.")
def _find_unknown_omissions(database: sqlite3.Connection) -> Iterator[Finding]:
    earlier = (
        "SELECT entry.id FROM entry JOIN file ON file.id = file WHERE kind = :kind AND layer < :layer UNION"
        " SELECT left_out.id FROM left_out JOIN file ON file.id = file WHERE kind = :kind AND layer < :layer AND what = ''"
    )
    for shown, kind, id, line, column, layer in database.execute(
        "SELECT shown, kind, omitted.id, line, column, layer FROM omitted JOIN file ON file.id = file"
    ).fetchall():
        known = {found for (found,) in database.execute(earlier, {"kind": kind, "layer": layer})}
        if id not in known:
            hint = did_you_mean(id, known) if known else "there is no layer before this one that has any"
            yield (
                shown,
                (line, column),
                f"no earlier layer has a {kind} {id!r} to leave out; {hint}".replace("a aspect", "an aspect"),
            )


@_rule("empty-omission", "What is left out was not said.", "Remove the line; it changes nothing.", WARNING)
def _find_empty_omissions(database: sqlite3.Connection) -> Iterator[Finding]:
    misnamed = {shown for shown, *_ in _find_unknown_omissions(database)}  # that is the reason there, as a rule
    for shown, line, column, body in database.execute(
        "SELECT shown, line, column, body FROM omission JOIN file ON file.id = file WHERE NOT EXISTS"
        " (SELECT 1 FROM left_out WHERE left_out.path = file.path AND left_out.line = omission.line"
        " AND left_out.column = omission.column)"
    ):
        omission = msgspec.msgpack.decode(body, type=Omission)
        if omission.field and shown not in misnamed:
            whose = f" by {' or '.join(omission.sources)}" if omission.sources else ""
            message = f"nothing is said here{whose} in an earlier layer, so that nothing is left out; remove the line"
            yield shown, (line, column), message


@_rule("unknown-value", "A claim's value is not among its aspect's values.", "Use one of them, or write a text.")
def _find_unknown_values(database: sqlite3.Connection) -> Iterator[Finding]:
    closed: defaultdict[str, list[str]] = defaultdict(list)
    for (body,) in database.execute(
        "SELECT body FROM entry JOIN file ON file.id = file WHERE kind = 'aspect' ORDER BY ordinal"
    ):
        aspect = decode_entry("aspect", body)
        if isinstance(aspect, Aspect) and aspect.values:
            closed[aspect.id].extend(aspect.values)
    for shown, aspect_id, value, bare, marks in database.execute(
        "SELECT shown, aspect, value, bare, marks FROM aspect_value JOIN file ON file.id = file"
    ):
        values = closed.get(aspect_id)
        if not values or value in values:
            continue
        message = f"{value!r} is not a value of {aspect_id}: expected {', '.join(dict.fromkeys(values))}"
        message += suggestion(value, values) or ("; write a sentence as {text: ...}" if bare else "")
        for mark in _decode_marks(marks):
            yield shown, mark, message


@_rule("contradiction", "Two files of one layer say different things.", "Keep one of the two.", needs_all=False)
def _find_contradictions(database: sqlite3.Connection) -> Iterator[Finding]:
    """Two files of one layer that give one key of one entry different scalars, or one reading twice."""
    twice = database.execute(
        "SELECT layer, kind, entry.id FROM entry JOIN file ON file.id = file GROUP BY 1, 2, 3 HAVING COUNT(*) > 1"
    ).fetchall()
    for layer, kind, id in twice:
        first: dict[str, tuple[object, str, int]] = {}
        for shown, keys, body in database.execute(
            "SELECT shown, keys, body FROM entry JOIN file ON file.id = file"
            " WHERE layer = ? AND kind = ? AND entry.id = ? ORDER BY ordinal",
            (layer, kind, id),
        ):
            entry = decode_entry(kind, body)
            marks = _decode_keys(keys)
            given: dict[str, object] = {key: getattr(entry, key) for key in SCALARS[KINDS[kind]]}
            if isinstance(entry, Metric):
                given |= {f"reading {reading.name!r}": reading for reading in entry.readings}
            for key, value in given.items():
                mark = marks.get(key) or marks.get("readings")
                if value in (None, "") or mark is None:
                    continue
                before, where, line = first.setdefault(key, (value, shown, mark[0]))
                if before != value:
                    message = (
                        f"{key} of the {kind} {id!r} is different in {where}:{line}, a file of the same layer;"
                        " keep one of the two"
                    )
                    yield shown, mark, message


def _suggest_named(database: sqlite3.Connection, kind: str, id: str) -> str:
    """The id of an entry with a name that is nearest to one without, among those that are about as long."""
    alike = database.execute(
        "SELECT DISTINCT id FROM entry WHERE kind = ? AND name != '' AND LENGTH(id) BETWEEN ? AND ?",
        (kind, len(id) - 2, len(id) + 2),
    )
    known = [known_id for (known_id,) in alike.fetchmany(SUGGESTED * 10)]
    return suggestion(id, known)


@_rule("missing-name", "An entry has no name in any file.", "Give it a name, or a source its title.")
def _find_missing_names(database: sqlite3.Connection) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for kind, id, shown, line, column, keys in database.execute(
        "SELECT kind, entry.id, shown, line, column, keys FROM entry JOIN file ON file.id = file WHERE NOT EXISTS"
        " (SELECT 1 FROM entry AS other WHERE other.kind = entry.kind AND other.id = entry.id AND other.name != '')"
        " ORDER BY ordinal"
    ):
        key = "title" if kind == "source" else "name"
        # Where the key is there, and wrong or misspelled, that has been reported.
        given = _decode_keys(keys).keys()
        misspelled = nearest(key, given - set(KINDS[kind].__struct_fields__))
        if (kind, id) not in seen and key not in given and not misspelled:
            near = _suggest_named(database, kind, id) if len(seen) < SUGGESTED else ""
            message = f"the {kind} {id!r} has no {key}"
            yield shown, (line, column), f"{message}{near or ';'}{' if it is new,' if near else ''} give it one"
        seen.add((kind, id))


@_rule("same-name", "Two entries of one kind have the same full name.", "Rename one of the two.")
def _find_same_names(database: sqlite3.Connection) -> Iterator[Finding]:
    """Full names that two entries of one kind bear, once later layers have renamed what they rename."""
    named: dict[tuple[str, str], tuple[str, str, Mark]] = {}
    for kind, id, name, shown, line, column, keys in database.execute(
        "SELECT kind, entry.id, name, shown, line, column, keys FROM entry JOIN file ON file.id = file"
        " WHERE name != '' AND kind != 'source' ORDER BY ordinal, number"
    ):
        named.pop((kind, id), None)  # so that the last to be named comes last
        named[kind, id] = name, shown, _decode_keys(keys).get("name", (line, column))
    bearers: defaultdict[tuple[str, str], dict[str, tuple[str, Mark, str]]] = defaultdict(dict)
    for (kind, id), (name, shown, mark) in named.items():
        bearers[kind, fold(name)][id] = shown, mark, name
    for (kind, _), ids in bearers.items():
        # The last to be named has taken a name that was taken.
        (first, (first_shown, first_mark, _)), *others = ids.items()
        for id, (shown, mark, name) in others:
            before = f"{first_shown}:{first_mark[0]}"
            yield shown, mark, f"{name!r} is the full name of the {kind} {first!r} too ({before}); rename {id!r}"


@_rule(
    "part-of-each-other",
    "Terms are part of each other.",
    "Keep the direction that is meant, or leave it where sources do disagree.",
    WARNING,
    needs_all=False,
)
def _find_circles(database: sqlite3.Connection) -> Iterator[Finding]:
    """Terms that are part of themselves by way of others; each circle once, at the last of its terms to be read."""
    parts: defaultdict[str, set[str]] = defaultdict(set)
    marks: dict[str, tuple[str, Mark]] = {}
    for id, shown, line, column, keys, body in database.execute(
        "SELECT entry.id, shown, line, column, keys, body FROM entry JOIN file ON file.id = file"
        " WHERE kind = 'term' ORDER BY ordinal, number"
    ):
        term = decode_entry("term", body)
        if isinstance(term, Term) and term.broader:
            parts[id] |= term.broader.keys() - {id}
            marks[id] = shown, _decode_keys(keys).get("broader", (line, column))
    settled: set[str] = set()
    for start in marks:
        path: list[str] = []
        waiting = [(start, 0)]
        while waiting:
            id, depth = waiting.pop()
            del path[depth:]
            if id in path:
                circle = path[path.index(id) :]
                said = " is part of ".join(map(repr, [*circle, id]))
                yield *marks[circle[-1]], f"{said}; take out the one that is wrong"
            elif id not in settled:
                settled.add(id)
                path.append(id)
                waiting += ((each, depth + 1) for each in sorted(parts.get(id, ())))


def _find_unused(kind: str, message: str, database: sqlite3.Connection) -> Iterator[Finding]:
    for id, shown, line, column in database.execute(
        "SELECT entry.id, shown, line, column FROM entry JOIN file ON file.id = file WHERE kind = ? AND NOT EXISTS"
        " (SELECT 1 FROM reference WHERE reference.kind = entry.kind AND reference.id = entry.id)",
        (kind,),
    ):
        yield shown, (line, column), f"{message} {id!r}"


_rule("unused-source", "Nothing cites a source.", "Cite it, or remove it.", WARNING)(
    partial(_find_unused, "source", "nothing cites the source")
)
_rule("unused-aspect", "No term says anything under an aspect.", "Say something there, or remove it.", WARNING)(
    partial(_find_unused, "aspect", "no term says anything under the aspect")
)


@_rule(
    "shared-abbreviation",
    "Two entries have the same abbreviation, so that it names neither.",
    "Leave it where people do share it.",
    INFO,
    needs_all=False,
)
def _find_shared_abbreviations(database: sqlite3.Connection) -> Iterator[Finding]:
    bearers: defaultdict[str, dict[tuple[str, str], tuple[str, Mark, str]]] = defaultdict(dict)
    for kind, shown, line, column, keys, body in database.execute(
        "SELECT kind, shown, line, column, keys, body FROM entry JOIN file ON file.id = file"
        " WHERE kind IN ('term', 'metric') ORDER BY ordinal, number"
    ):
        mark = _decode_keys(keys).get("abbreviations", (line, column))
        entry = decode_entry(kind, body)
        for name in abbreviations(entry):
            bearers[fold(name.label)][kind, entry.id] = shown, mark, name.label
    for sharing in bearers.values():
        for bearer, (shown, mark, label) in sharing.items():
            others = " and ".join(f"the {kind} {id!r}" for kind, id in sharing if (kind, id) != bearer)
            if others:
                yield shown, mark, f"{label!r} abbreviates {others} too, so that it alone names none of them"
