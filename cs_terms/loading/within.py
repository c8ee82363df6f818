"""The rules that one file is held to by itself."""

import contextlib
import keyword
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias, cast

from cs_terms.formula import Formula, FormulaError, NoResultError, evaluate, exact, outside, parse, rounded
from cs_terms.loading.files import START, Mark
from cs_terms.loading.rules import ERROR, WARNING, FileContent, add_rule
from cs_terms.loading.yaml_tree import List, Map, Node, Report
from cs_terms.model import Aspect, Example, Metric, Range, Reading, Source
from cs_terms.spelling import did_you_mean, fold
from cs_terms.text import SIGNS, is_web_address, obeyed

Check: TypeAlias = Callable[[FileContent], Iterator[tuple[str, Mark]]]
"""Finds what breaks a rule: messages, and where they belong."""
_CHECKS: dict[str, Check] = {}


def check_file(file: FileContent, report: Report) -> None:
    """Reports whatever in a file breaks a rule."""
    for name, check in _CHECKS.items():
        for message, at in check(file):
            file.marks.add(at)
            report(name, message, at)


def _rule(name: str, meaning: str, mending: str, severity: str = ERROR) -> Callable[[Check], Check]:
    """Puts a rule into the table, with the function that finds what breaks it."""

    def register(check: Check) -> Check:
        add_rule(name, meaning, mending, severity)
        _CHECKS[name] = check
        return check

    return register


@_rule("empty-claim", "A claim has neither a value nor a text.", "Give it one of the two.")
def _find_empty_claims(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for group in file.claims:
        for claim, at in group.items:
            # Where a key was taken out, what was wrong with it has been reported.
            if not isinstance(claim, Map) or len(claim) < len(claim.keys_at):
                continue
            if claim.get("value") is None and claim.get("text") is None:
                yield "a claim with neither value nor text; give it one of the two", at


@_rule("uncited-claim", "Nobody is cited for a claim beside claims that are cited.", "Add its sources.", WARNING)
def _find_uncited_claims(file: FileContent) -> Iterator[tuple[str, Mark]]:
    if file.root.get("source"):
        return
    for group in file.claims:
        claims = group.items
        uncited = [at for claim, at in claims if not (isinstance(claim, Map) and claim.get("sources"))]
        if len(uncited) < len(claims):
            for at in uncited:
                yield "nobody is cited for this claim, beside claims that are cited; add sources", at


@_rule("says-nothing", "An empty list or a null is given, which takes nothing away.", "Remove it, or write without.")
def _find_empty_claim_lists(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for id, term in cast("dict[str, Map]", file.root.get("terms") or {}).items():
        for field in ("definition", "aspects", "metrics", "broader"):
            node = term.get(field)
            if isinstance(node, Map):
                for key, value in node.items():
                    line, column = node.values_at[key]
                    is_null = value is None and re.match("null|~", file.line(line)[column - 1 :], re.IGNORECASE)
                    if value == [] or is_null:
                        row = key if field == "aspects" else f"{field}: {{{key}: all}}"
                        yield _write_nothing(id, f"{row}: all" if field == "aspects" else row), node.values_at[key]
            elif node == []:
                yield _write_nothing(id, f"{field}: all"), term.values_at[field]


def _write_nothing(term: str, row: str) -> str:
    return (
        "this takes nothing away from what earlier layers say; remove the line,"
        f" or leave out what they say here with without: {{claims: {{{term}: {{{row}}}}}}}"
    )


@_rule("reserved-name", "An aspect has the name of a row of our own.", "Give it another id or name.")
def _find_reserved_names(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for fragment in file.fragments:
        if isinstance(aspect := fragment.entry, Aspect):
            places = ((aspect.id, fragment.at), (aspect.name, fragment.keys.get("name", fragment.at)))
            taken = [(name, at) for name, at in places if fold(name) in RESERVED]
            if taken:
                rows = ", ".join(OWN_ROWS)
                yield (
                    f"{taken[0][0]!r} is a row that every comparison has ({rows}); choose another id or name",
                    taken[0][1],
                )


OWN_ROWS = ("definition", "part-of", "metrics", "together")
"""The rows of a comparison that are no aspects, by the names that `-a` takes."""
RESERVED = {*map(fold, OWN_ROWS), fold("broader")}


@_rule("repeated-value", "An aspect's closed values have one twice.", "Keep one of the two.")
def _find_repeated_values(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for node in cast("dict[str, Map]", file.root.get("aspects") or {}).values():
        values = cast("List", node.get("values") or List())
        seen: dict[str, str] = {}
        for value, at in zip(cast("list[str]", values), values.items_at, strict=True):
            if (before := seen.get(fold(value))) is not None:
                yield f"{value!r} is listed already, as {before!r}; keep one of the two", at
            seen[fold(value)] = value


@_rule("repeated-term", "What terms do together names a term twice.", "Name each term once.")
def _find_repeated_terms(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for point in cast("list[Map]", file.root.get("together") or []):
        terms = cast("List", point["terms"])
        seen: set[Node] = set()
        for term, at in zip(terms, terms.items_at, strict=True):
            if term in seen:
                yield f"{term!r} is named twice; name each term once", at
                break  # one is enough to look at the list
            seen.add(term)


@_rule("part-of-itself", "A term is given as part of itself.", "Name the terms that it is part of.")
def _find_parts_of_themselves(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for id, term in cast("dict[str, Map]", file.root.get("terms") or {}).items():
        broader = term.get("broader")
        if isinstance(broader, Map) and id in broader:
            yield f"{id!r} is said to be part of itself; name the terms that it is part of", broader.keys_at[id]


@_rule("range", "A range ends below its start.", "Write it as [low, high].")
def _find_reversed_ranges(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for fragment in file.fragments:
        if isinstance(metric := fragment.entry, Metric) and _is_reversed(metric.range):
            yield f"the range of {metric.id!r} ends below its start; expected [low, high]", fragment.keys["range"]
    for _, reading, keys in file.readings():
        if _is_reversed(reading.range):
            yield f"the range of {reading.name!r} ends below its start; expected [low, high]", keys["range"]


def _is_reversed(bounds: Range | None) -> bool:
    low, high = bounds or (None, None)
    return low is not None and high is not None and low > high


@_rule("repeated-reading", "A metric has two readings of one name.", "Give each its own name.")
def _find_repeated_readings(file: FileContent) -> Iterator[tuple[str, Mark]]:
    seen: set[tuple[str, str]] = set()
    for metric, reading, keys in file.readings():
        if (metric.id, reading.name) in seen:
            message = f"the metric {metric.id!r} has two readings called {reading.name!r}; give each its own name"
            yield message, keys["name"]
        seen.add((metric.id, reading.name))


@_rule(
    "input-name",
    "An input's name cannot stand in a formula.",
    "Use letters, digits and underscores, no digit first, and no word of Python's own.",
)
def _find_wrong_input_names(file: FileContent) -> Iterator[tuple[str, Mark]]:
    expected = "expected letters, digits and underscores, no digit first, and no word of Python's own"
    for _, reading, keys in file.readings():
        for name in reading.inputs:
            if not _can_be_input(name):
                yield f"{name!r} cannot stand in a formula; {expected}", keys["inputs"]


def _can_be_input(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


@_rule(
    "formula", "A formula cannot be read.", "Use + - * / **, parentheses, numbers, inputs, and the functions listed."
)
def _find_wrong_formulas(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for _, reading, keys in file.readings():
        if isinstance(error := _formula_of(reading), FormulaError):
            at = keys["formula"] if error.at is None else _place_in(file, keys["formula"], reading.formula, error.at)
            yield f"the formula of {reading.name!r} cannot be read: {error}", at


def _place_in(file: FileContent, at: Mark, text: str, offset: int) -> Mark:
    """Where a character of a text stands, if the text stands on one line as it is; else where the text begins."""
    line = file.line(at[0])
    start = line.find(text, at[1] - 1)
    return (at[0], start + offset + 1) if start in (at[1] - 1, at[1]) else at


def _formula_of(reading: Reading) -> Formula | FormulaError | None:
    """The formula, or why it cannot be read; None where the name of an input is wrong, which has been reported."""
    return _parse(reading.formula) if all(map(_can_be_input, reading.inputs)) else None


@lru_cache(maxsize=1024)  # several rules look at the same formulas
def _parse(text: str) -> Formula | FormulaError:
    try:
        return parse(text)
    except FormulaError as error:
        return error


@_rule("undeclared-input", "A formula names an input that the reading does not have.", "Add it to the inputs.")
def _find_undeclared_inputs(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for _, reading, keys in file.readings():
        if isinstance(formula := _formula_of(reading), Formula):
            for name in sorted(formula.names - reading.inputs.keys()):
                hint = did_you_mean(name, reading.inputs)
                message = f"the formula of {reading.name!r} names {name!r}, which is not an input; {hint}"
                yield message, keys["formula"]


@_rule("unused-input", "A formula does not use an input of its reading.", "Use it in the formula, or remove it.")
def _find_unused_inputs(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for _, reading, keys in file.readings():
        if isinstance(formula := _formula_of(reading), Formula):
            for name in sorted(reading.inputs.keys() - formula.names):
                yield f"the formula of {reading.name!r} does not use the input {name!r}", keys["inputs"]


@_rule("example", "A worked example does not come out.", "Correct its inputs or its result, or the formula.")
def _find_wrong_examples(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for metric, reading, keys in file.readings():
        formula = _formula_of(reading)
        if reading.example and isinstance(formula, Formula) and formula.names == reading.inputs.keys():
            fault = _fault_of_example(formula, reading.example, reading.range or metric.range)
            if fault is not None:
                yield f"the example of {reading.name!r} {fault}", keys["example"]


def _fault_of_example(formula: Formula, example: Example, bounds: Range | None) -> str | None:
    given = example.inputs
    missing, extra = formula.names - given.keys(), given.keys() - formula.names
    if missing or extra:
        faults = [f"leaves out {', '.join(sorted(missing))}"] if missing else []
        faults += [f"gives {', '.join(sorted(extra))}, which is not an input"] if extra else []
        return " and ".join(faults)
    for name, value in given.items():
        if name in formula.numbers and isinstance(value, tuple):
            return f"gives a series for {name}, which is one number"
    try:
        result = evaluate(formula, {name: exact(value) for name, value in given.items()})
    except NoResultError as error:
        return f"has no result: {error}"
    if not _agrees(result, example.result):
        return f"comes to {rounded(result):f}, not {example.result:f}"
    beyond = outside(result, bounds)
    return None if beyond is None else f"comes to {rounded(result):f}, which is {beyond}"


def _agrees(result: Fraction, printed: Decimal) -> bool:
    """Whether a result is the printed one, to the digits it is printed with."""
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(result - Fraction(printed)) <= Fraction(1, 2) * Fraction(10) ** min(exponent, 0)


@_rule("url", "A source's url is not an address on the web.", "Write it with http:// or https:// and without blanks.")
def _find_wrong_addresses(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for fragment in file.fragments:
        if isinstance(source := fragment.entry, Source) and source.url is not None and not is_web_address(source.url):
            mended = f"https://{source.url}"
            is_bare = ":" not in source.url and "." in source.url and is_web_address(mended)
            hint = (
                f"write {mended}"
                if is_bare
                else "write one that begins with https:// and has no blanks, or leave it out"
            )
            yield f"{source.url!r} is not a web address; {hint}", fragment.keys["url"]


@_rule("date", "A source's date is not a year, a month or a day.", "Write 2023, 2023-04 or 2023-04-20.")
def _find_wrong_dates(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for fragment in file.fragments:
        if isinstance(source := fragment.entry, Source) and source.date is not None and not _is_date(source.date):
            mended = _as_iso(source.date)
            hint = f"write {mended}" if mended else "write a year, a month or a day: 2023, 2023-04 or 2023-04-20"
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", source.date):
                hint = "there is no such day in the calendar"
            yield f"{source.date!r} is not a date; {hint}", fragment.keys["date"]


def _as_iso(text: str) -> str | None:
    """A date in words or in another order as ISO 8601 writes it; None where it is not plain which day is meant."""
    for form, written in _DATES.items():
        with contextlib.suppress(ValueError):
            return datetime.strptime(text.strip(), form).strftime(written)  # noqa: DTZ007  # a day has no time zone
    return None


_DATES = {
    **dict.fromkeys(
        ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%d. %B %Y", "%Y/%m/%d", "%d.%m.%Y"), "%Y-%m-%d"
    ),
    **dict.fromkeys(("%B %Y", "%b %Y", "%Y/%m", "%m/%Y"), "%Y-%m"),
}
"""Ways to write a date, and how much of it they say. 4/5/2023 is not among them: it may be in April or in May."""


def _is_date(text: str) -> bool:
    """Whether a text is a year, a month or a day of the calendar, as ISO 8601 writes them."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


@_rule("id", "An id has characters that an id cannot have.", "Write it in a-z, 0-9 and hyphens.")
def _find_wrong_ids(file: FileContent) -> Iterator[tuple[str, Mark]]:
    expected = "an id has no control characters, no blanks at its ends and no sign in front"
    for fragment in file.fragments:
        if not _can_be_id(fragment.entry.id):
            yield (
                f"{fragment.entry.id!r} is not a valid id: {expected}; expected one such as net-retention",
                fragment.at,
            )


def _can_be_id(id: str) -> bool:
    return not obeyed(id) and id == id.strip() and id[0] not in SIGNS


@_rule("id-style", "An id is not in kebab-case.", "Write it in a-z, 0-9 and hyphens.", WARNING)
def _find_unusual_ids(file: FileContent) -> Iterator[tuple[str, Mark]]:
    for fragment in file.fragments:
        id = fragment.entry.id
        if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", id) and _can_be_id(id):
            mended = "-".join(re.findall("[a-z0-9]+", id.lower())) or "net-retention"
            yield f"{id!r} is not in lower case with hyphens; write {mended}", fragment.at


@_rule("control-character", "A text has a character that a terminal would obey.", "Remove the character.", WARNING)
def _find_control_characters(file: FileContent) -> Iterator[tuple[str, Mark]]:
    if _may_have_control_characters(file.data):
        for at, text in _texts(file.root):
            if at not in file.marks and (found := obeyed(text)):
                yield f"a control character, {found}, which is printed as an escape; take it out", at


def _may_have_control_characters(data: bytes) -> bool:
    """Whether there may be one in a file, as it is or as an escape of YAML's. Nearly all files end here."""
    return b"\\" in data or not data.translate(None, b"\t\r\n").decode(errors="replace").isprintable()


def _texts(node: Node, at: Mark = START) -> Iterator[tuple[Mark, str]]:
    """Every key and every text below a node, and where it stands."""
    if isinstance(node, str):
        yield at, node
    elif isinstance(node, Map):
        for key, value in node.items():
            yield node.keys_at[key], key
            yield from _texts(value, node.values_at[key])
    elif isinstance(node, List):
        for value, value_at in zip(node, node.items_at, strict=True):
            yield from _texts(value, value_at)
