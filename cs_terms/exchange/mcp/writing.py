"""Answers and errors as an assistant reads them: Markdown of a bounded size that names the tools of the server."""

import re
import shlex
from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import accumulate
from json import dumps
from typing import Any, TypeAlias

from msgspec import Struct, structs

from cs_terms.errors import CstermsError
from cs_terms.output.answer import Answer
from cs_terms.output.markdown import write_markdown
from cs_terms.output.page import (
    BLANK,
    MUTED,
    NOTHING,
    PLAIN,
    SILENCE,
    Block,
    Cell,
    Cited,
    Grid,
    Heading,
    Legend,
    Lines,
    Page,
    as_line,
    clean,
)

LIMIT = 12_000
"""The most characters of an answer."""
ROOM = 900
"""How many of them are kept for the lines that say what is left out and how to ask for it."""


def write_answer(answer: Answer, *, silence: str, less: str) -> str:
    """Returns an answer as Markdown of at most LIMIT characters.

    Cells in which nothing is said hold `silence`. Where the answer is too long, `less` says how to ask for a part of it.
    """
    page = clean(answer.page() or SILENCE, "utf-8")
    page = tuple(_speak_of_tools(block, silence) for block in page)
    remarks = "".join(f"\n{remark}\n" for remark in answer.remarks())
    return _fit(page, remarks, less)


def write_error(error: CstermsError) -> str:
    """Returns what was wrong, what was expected, the next step, and the entries that may have been meant."""
    lines = [*map(str, error.problems[:20]), speak_of_tools(error.message), speak_of_tools(error.hint)]
    if len(error.problems) > 20:
        lines.insert(20, f"and {len(error.problems) - 20} more problems")
    said = "\n".join(filter(None, lines))
    unsaid = [each for each in error.candidates if f"  {each.id} " not in said]
    if unsaid:
        said += "\nCandidates: " + "; ".join(f"{each.id} ({each.kind}, {each.name})" for each in unsaid)
    return cut(said)


def cut(text: str) -> str:
    """Returns a text of at most LIMIT characters, cut at the end of a line where it is longer."""
    if len(text) <= LIMIT:
        return text
    kept = text[: LIMIT - 100]
    return f"{kept[: kept.rfind(chr(10)) + 1] or kept}\nCut: this is the beginning of {len(text):,} characters."


# Commands and options become calls of tools


def speak_of_tools(text: str) -> str:
    """Returns a hint or a footer of the command line with tools and arguments in place of commands and options."""
    for pattern, said in _SAID:
        text = re.sub(pattern, said, text)
    return text


def _say_call(match: re.Match[str]) -> str:
    """A command as the tool that does the same: csterms show nps as show with names ["nps"]."""
    tool, rest = match["command"], match["rest"] or ""
    argument = {"compare": "terms", "metrics": "terms", "show": "names", "list": "kind", "calc": "metric"}[tool]
    try:
        words = [word for word in shlex.split(rest) if "=" not in word]
    except ValueError:
        words = rest.split()
    if words[1:] == ["--by", "source"]:
        return f"compare_sources with term {dumps(words[0], ensure_ascii=False)}"
    given: Any = words if argument in ("terms", "names") else " ".join(words)
    return f"{tool} with {argument} {dumps(given, ensure_ascii=False)}" if words else tool


_COMMAND = r"csterms (?P<command>compare|metrics|show|list|calc)\b(?P<rest>(?: (?!says |prints )[^;]+?)?)(?=$|;| says | prints )"
_SAID: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"^-s may be ", "sources may be "),
    (r"^leave -s out: .*", "leave sources out"),
    (
        r"^\(n\) of (\d+ sources?).* Who: csterms metrics TERM",
        r"(n): how many of \1 say so. Who they are: metrics with terms.",
    ),
    (r"^\(n\) of (\d+ sources?) says? so(; blank: none does)?\.", r"(n): how many of \1 say so; +n: so many more."),
    (r"All rows: --full$", "All rows: differences false."),
    (r"Empty: the source does not say\. ", ""),
    (r": --full$", ': detail "full", or aspects with the rows that matter.'),
    (_COMMAND, _say_call),
)
"""What the command line says, and what a model is told instead."""


_EMPTY: tuple[Cell, ...] = (NOTHING, BLANK, ((("-", PLAIN),),))
"""Cells in which nothing is said."""


def _speak_of_tools(block: Block, silence: str) -> Block:
    """A block whose footer speaks of tools and whose empty cells say that nothing is said."""
    if not isinstance(block, Grid):
        return block
    said: Cell = (((silence, MUTED),),)
    rows = tuple(
        structs.replace(row, cells=tuple(said if cell in _EMPTY else cell for cell in row.cells)) for row in block.rows
    )
    footer = tuple((speak_of_tools(span[0]), span[1]) if isinstance(span, tuple) else span for span in block.footer)
    return structs.replace(block, rows=rows, footer=footer)


# Long pages


Place: TypeAlias = tuple[int, int]
"""A block of a page, and a row or a line in it."""


def _fit(page: Page, remarks: str, less: str) -> str:
    """A page as Markdown. Where it is too long its last rows are left out, and a line says which and what to do."""
    places = list(_places(page))
    lengths = list(accumulate(_measure(page[block], within) for block, within in places))  # Markdown is never shorter
    if not places or lengths[-1] <= LIMIT:
        whole = write_markdown(page) + remarks
        if len(whole) <= LIMIT:
            return whole
    room = LIMIT - ROOM - len(remarks)
    kept, beyond = 0, min(bisect(lengths, room) + 1, len(places))
    while beyond - kept > 1:
        middle = (kept + beyond) // 2
        if len(write_markdown(_begin(page, places[:middle]))) <= room:
            kept = middle
        else:
            beyond = middle
    text = write_markdown(_begin(page, places[: max(kept, 1)]))
    if not kept:
        text = cut(text)[: room - 100]
    return f"{text}{remarks}\n{_say_left_out(page, places[max(kept, 1) :])} {less}\n"


def _places(page: Page) -> Iterator[Place]:
    for number, block in enumerate(page):
        match block:
            case Grid():
                yield from ((number, row) for row in range(len(block.rows)))
            case Lines():
                yield from ((number, line) for line in range(len(block.lines)))
            case Heading():
                yield (number, 0)


def _measure(block: Block, within: int) -> int:
    """How many characters of text are in a row or a line, without its marks and sources."""
    match block:
        case Grid():
            row = block.rows[within]
            lines = [as_line(part) for cell in (row.label, *row.cells) for part in cell]
        case Lines():
            lines = [block.lines[within]]
        case _:
            return 0
    return sum(len(span[0]) for line in lines for span in line if isinstance(span, tuple))


def _begin(page: Page, places: list[Place]) -> Page:
    """The page up to the last of these places, with the sources that are cited there."""
    last, within = places[-1]
    blocks: list[Block] = []
    for number, block in enumerate(page[: last + 1]):
        if number == last and isinstance(block, Grid):
            blocks.append(structs.replace(block, rows=block.rows[: within + 1]))
        elif number == last and isinstance(block, Lines):
            blocks.append(structs.replace(block, lines=block.lines[: within + 1]))
        else:
            blocks.append(block)
    cited = set(_cited(tuple(blocks)))
    legends = (block for block in page if isinstance(block, Legend))
    said = (
        structs.replace(each, entries=tuple(entry for entry in each.entries if entry.id in cited)) for each in legends
    )
    return (*blocks, *said)


def _cited(part: Any) -> Iterator[str]:
    if isinstance(part, Cited):
        yield from (id for id, _ in part.sources)
    elif isinstance(part, tuple):
        for each in part:
            yield from _cited(each)
    elif isinstance(part, Struct):
        for field in part.__struct_fields__:
            yield from _cited(getattr(part, field))


def _say_left_out(page: Page, places: list[Place]) -> str:
    """How much is left out, and by name as much of it as a line holds."""
    names = [_name(page[block], within) for block, within in places]
    named = list(dict.fromkeys(filter(None, names)))
    shown: list[str] = []
    while named and sum(map(len, shown)) + len(named[0]) + 2 * len(shown) < ROOM // 2:
        shown.append(named.pop(0))
    listed = f": {', '.join(shown)}{', and others' if named or not all(names) else ''}" if shown else ""
    count = len(places)
    return f"Cut at {LIMIT:,} characters; {count} row{'' if count == 1 else 's'} left out{listed}." if count else "Cut."


def _name(block: Block, within: int) -> str:
    """The heading of a row; nothing for lines, which have none."""
    if isinstance(block, Grid):
        spans = as_line(block.rows[within].label[0]) if block.rows[within].label else ()
        return "".join(span[0] for span in spans if isinstance(span, tuple)).strip()
    return ""
