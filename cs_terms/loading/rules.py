"""The rules that definition files are held to, within a file and between files. SQL over the compiled glossary."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from cs_terms.errors import Problem
from cs_terms.loading.codec import decode_entry
from cs_terms.loading.read import Mark
from cs_terms.merge import SCALARS
from cs_terms.model import KINDS, Aspect, Metric, abbreviations
from cs_terms.spelling import did_you_mean, fold, nearest, suggestion

SUGGESTED = 100
"""How many unknown ids get a suggestion: looking for one among thousands takes its time."""

_decode_marks = msgspec.msgpack.Decoder(list[Mark]).decode
_decode_keys = msgspec.msgpack.Decoder(dict[str, Mark]).decode


def errors(database: sqlite3.Connection) -> list[Problem]:
    """Every error in the files, by place. A glossary with any is not used."""
    found = [
        *(problem for problem in _of_files(database) if problem.severity == "error"),
        *_unknown_entries(database),
        *_unknown_values(database),
        *_contradictions(database),
        *_missing_names(database),
        *_same_names(database),
    ]
    return sorted(dict.fromkeys(found), key=_place)  # what an alias repeats is said once


def warnings(database: sqlite3.Connection) -> list[Problem]:
    """Every warning, by place."""
    found = [
        *(problem for problem in _of_files(database) if problem.severity == "warning"),
        *_unused(database),
        *_shared_abbreviations(database),
    ]
    return sorted(dict.fromkeys(found), key=_place)


def _place(problem: Problem) -> tuple[str, int, int, str]:
    return problem.path, problem.line, problem.column, problem.message


def _of_files(database: sqlite3.Connection) -> Iterator[Problem]:
    decode = msgspec.msgpack.Decoder(Problem).decode
    for (body,) in database.execute("SELECT body FROM problem"):
        yield decode(body)


def _error(shown: str, mark: Mark, rule: str, message: str) -> Problem:
    return Problem(shown, *mark, rule, "error", message)


def _all_whole(database: sqlite3.Connection) -> bool:
    """Whether every file was read to its end: else what is missing may stand where nobody has read."""
    return database.execute("SELECT 1 FROM file WHERE NOT whole LIMIT 1").fetchone() is None


def _unknown_entries(database: sqlite3.Connection) -> Iterator[Problem]:
    if not _all_whole(database):
        return
    rows = database.execute(
        "SELECT shown, reference.kind, reference.id, marks FROM reference JOIN file ON file.id = file"
        " WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.kind = reference.kind AND entry.id = reference.id)"
    ).fetchall()
    known = {kind: _ids(database, kind) for kind in {row[1] for row in rows}}
    for number, (shown, kind, id, marks) in enumerate(rows):
        message = f"unknown {kind} {id!r}"
        if number < SUGGESTED:
            message += f"; {_meant(database, kind, id) or did_you_mean(id, known[kind])}"
        for mark in _decode_marks(marks):
            yield _error(shown, mark, f"unknown-{kind}", message)


def _meant(database: sqlite3.Connection, kind: str, name: str) -> str:
    """The ids of the entries that bear a name which was given in place of an id."""
    named = database.execute("SELECT DISTINCT id FROM name WHERE folded = ? AND kind = ?", (fold(name), kind))
    ids = [repr(id) for (id,) in named]
    return f"did you mean {' or '.join(ids)}?" if ids else ""


def _ids(database: sqlite3.Connection, kind: str) -> list[str]:
    return [id for (id,) in database.execute("SELECT DISTINCT id FROM entry WHERE kind = ?", (kind,))]


def _unknown_values(database: sqlite3.Connection) -> Iterator[Problem]:
    closed: defaultdict[str, list[str]] = defaultdict(list)
    for (body,) in database.execute(
        "SELECT body FROM entry JOIN file ON file.id = file WHERE kind = 'aspect' ORDER BY place"
    ):
        aspect = decode_entry("aspect", body)
        if isinstance(aspect, Aspect) and aspect.values:
            closed[aspect.id].extend(aspect.values)
    for shown, aspect_id, value, bare, marks in database.execute(
        "SELECT shown, aspect, value, bare, marks FROM said JOIN file ON file.id = file"
    ):
        values = closed.get(aspect_id)
        if not values or value in values:
            continue
        message = f"{value!r} is not a value of {aspect_id}: expected {', '.join(dict.fromkeys(values))}"
        message += suggestion(value, values) or ("; write a sentence as {text: ...}" if bare else "")
        for mark in _decode_marks(marks):
            yield _error(shown, mark, "unknown-value", message)


def _contradictions(database: sqlite3.Connection) -> Iterator[Problem]:
    """Two files of one layer that give one key of one entry different scalars, or one reading twice."""
    twice = database.execute(
        "SELECT layer, kind, entry.id FROM entry JOIN file ON file.id = file GROUP BY 1, 2, 3 HAVING COUNT(*) > 1"
    ).fetchall()
    for layer, kind, id in twice:
        first_said: dict[str, tuple[object, str, int]] = {}
        for shown, keys, body in database.execute(
            "SELECT shown, keys, body FROM entry JOIN file ON file.id = file"
            " WHERE layer = ? AND kind = ? AND entry.id = ? ORDER BY place",
            (layer, kind, id),
        ):
            entry = decode_entry(kind, body)
            marks = _decode_keys(keys)
            said: dict[str, object] = {key: getattr(entry, key) for key in SCALARS[KINDS[kind]]}
            if isinstance(entry, Metric):
                said |= {f"reading {reading.name!r}": reading for reading in entry.readings}
            for key, value in said.items():
                mark = marks.get(key) or marks.get("readings")
                if value in (None, "") or mark is None:
                    continue
                before, where, line = first_said.setdefault(key, (value, shown, mark[0]))
                if before != value:
                    yield _error(
                        shown,
                        mark,
                        "contradiction",
                        f"{key} of the {kind} {id!r} is said otherwise in {where}:{line}, a file of the same layer;"
                        " keep one of the two",
                    )


def _missing_names(database: sqlite3.Connection) -> Iterator[Problem]:
    said: set[tuple[str, str]] = set()
    for kind, id, shown, line, column, keys in database.execute(
        "SELECT kind, entry.id, shown, line, column, keys FROM entry JOIN file ON file.id = file WHERE NOT EXISTS"
        " (SELECT 1 FROM entry AS other WHERE other.kind = entry.kind AND other.id = entry.id AND other.name != '')"
        " ORDER BY place"
    ):
        key = "title" if kind == "source" else "name"
        # Where the key is there, and wrong or misspelled, that has been said.
        given = _decode_keys(keys).keys()
        misspelled = nearest(key, given - set(KINDS[kind].__struct_fields__))
        if (kind, id) not in said and key not in given and not misspelled:
            yield _error(shown, (line, column), "missing-name", f"the {kind} {id!r} has no {key}; give it one")
        said.add((kind, id))


def _same_names(database: sqlite3.Connection) -> Iterator[Problem]:
    """Full names that two entries of one kind bear, once every layer has had its say."""
    bearers: defaultdict[tuple[str, str], dict[str, tuple[str, Mark, str]]] = defaultdict(dict)
    named: dict[tuple[str, str], tuple[str, str, Mark]] = {}
    for kind, id, name, shown, line, column, keys in database.execute(
        "SELECT kind, entry.id, name, shown, line, column, keys FROM entry JOIN file ON file.id = file"
        " WHERE name != '' AND kind != 'source' ORDER BY place, number"
    ):
        named.pop((kind, id), None)  # so that the last to be named comes last
        named[kind, id] = name, shown, _decode_keys(keys).get("name", (line, column))
    for (kind, id), (name, shown, mark) in named.items():
        bearers[kind, fold(name)][id] = shown, mark, name
    for (kind, _), ids in bearers.items():
        # Whoever was named so last has taken a name that was taken.
        (first, (first_shown, first_mark, _)), *others = ids.items()
        for id, (shown, mark, name) in others:
            message = (
                f"{name!r} is the full name of the {kind} {first!r} too ({first_shown}:{first_mark[0]}); rename {id!r}"
            )
            yield _error(shown, mark, "same-name", message)


def _unused(database: sqlite3.Connection) -> Iterator[Problem]:
    if not _all_whole(database):
        return
    for kind, id, shown, line, column in database.execute(
        "SELECT kind, entry.id, shown, line, column FROM entry JOIN file ON file.id = file"
        " WHERE kind IN ('source', 'aspect') AND NOT EXISTS"
        " (SELECT 1 FROM reference WHERE reference.kind = entry.kind AND reference.id = entry.id)"
    ):
        what = "nothing cites the source" if kind == "source" else "no term says anything under the aspect"
        yield Problem(shown, line, column, f"unused-{kind}", "warning", f"{what} {id!r}")


def _shared_abbreviations(database: sqlite3.Connection) -> Iterator[Problem]:
    bearers: defaultdict[str, dict[tuple[str, str], tuple[str, Mark, str]]] = defaultdict(dict)
    for kind, shown, line, column, keys, body in database.execute(
        "SELECT kind, shown, line, column, keys, body FROM entry JOIN file ON file.id = file"
        " WHERE kind IN ('term', 'metric') ORDER BY place, number"
    ):
        mark = _decode_keys(keys).get("abbreviations", (line, column))
        entry = decode_entry(kind, body)
        for name in abbreviations(entry):
            bearers[fold(name.label)][kind, entry.id] = shown, mark, name.label
    for sharing in bearers.values():
        for (kind, id), (shown, mark, label) in sharing.items():
            others = [other for other in sharing if other != (kind, id)]
            if others:
                message = f"{label!r} abbreviates {_listed(others)} too, so that it alone names none of them"
                yield Problem(shown, *mark, "shared-abbreviation", "warning", message)


def _listed(entries: Iterable[tuple[str, str]]) -> str:
    return " and ".join(f"the {kind} {id!r}" for kind, id in entries)
