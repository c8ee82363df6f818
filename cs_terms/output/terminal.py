"""Pages in a terminal. This module alone, and `progress`, know Rich."""

import os
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Literal, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cs_terms.output.page import (
    BLANK,
    CODE,
    COUNT,
    MARK,
    MUTED,
    PLAIN,
    VALUE,
    Block,
    Cell,
    Cited,
    Grid,
    Heading,
    Items,
    Legend,
    Line,
    Lines,
    Page,
    Row,
    Span,
    as_line,
    join_items,
)
from cs_terms.text import is_web_address

NARROWEST = 14
"""Columns that are compared and have fewer characters are put under one another."""
LABEL = 18
"""The widest that a row's heading gets, in a terminal of 100 columns or less."""
LONGEST_WORD = 40
"""The longest word that a column makes room for; longer ones are broken, or the rows put under one another."""
HEADED = 20
"""The widest that a column of figures gets for its heading alone."""
INDENT = 2
"""How far sentences stand in from the value, or the heading, that they explain."""
GAP = 2
"""The space between two columns, of which the box takes one."""
CITED = "dim"
"""What those who say so look like."""
STYLES = {VALUE: "bold", MARK: "bold red", MUTED: "dim italic", CODE: "cyan", COUNT: "dim"}
"""Roles that look other than plain; on light and dark grounds alike."""


def paint(page: Page, out: TextIO) -> str:
    """Returns a page in the width of the terminal that is written to, or of $COLUMNS, in colour where it has any."""
    width, height = shutil.get_terminal_size()
    # Height too, or Rich takes a dumb terminal to be 80 columns wide.
    console = Console(file=out, width=width, height=height, highlight=False, markup=False, emoji=False)
    painter = _Painter(console)
    blocks = [block for block in page if not (isinstance(block, Legend) and block.footnotes)]
    with console.capture() as capture:
        for number, block in enumerate(blocks):
            if number and not isinstance(blocks[number - 1], Heading):
                console.print()
            painter.block(block)
    # Rich fills lines up with spaces, which nobody wants to copy.
    return "".join(line.rstrip(" ") + "\n" for line in capture.get().split("\n")[:-1])


class _Painter:
    def __init__(self, console: Console) -> None:
        self.console = console
        self.indent = min(INDENT, console.width // 10)
        self.links = console.is_terminal and _knows_links()

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.console.print(self.text(((block.text, VALUE),)))
            case Lines():
                for text in map(self.text, block.lines):
                    self.console.print(self.item(text) if block.listed else text)
            case Legend():
                self.legend(block)
            case Grid():
                self.grid(block)

    def grid(self, grid: Grid) -> None:
        """A table; row under row where its columns would be too narrow, or where text runs from right to left."""
        head = tuple((((name, VALUE),),) for name in grid.columns)
        lines = [head, *((row.label, *row.cells) for row in grid.rows if len(row.cells) == len(grid.columns) - 1)]
        widths = self.widths(list(zip(*lines, strict=True)), grid)
        if widths is None or any(map(_right_to_left, grid.rows)):
            self.stacked(grid)
            return
        whole = sum(widths) + GAP * (len(widths) - 1)
        for number, rows in enumerate(_segments(grid)):
            if number and rows[0].ruled:
                self.rule(whole)
            merged = [widths[0], whole - widths[0] - GAP] if _spans(rows[0], grid) else widths
            boxed = not number or grid.ruled
            table = Table(
                box=box.HORIZONTALS if boxed else None,
                show_header=not number and any(grid.columns),
                show_edge=False,
                show_lines=grid.ruled,
                pad_edge=False,
                padding=(0, GAP - 1 if boxed else GAP, 0, 0),
            )
            for place, (cell, width) in enumerate(zip(head, merged, strict=False)):
                side: Literal["left", "right"] = "right" if grid.figures and place else "left"
                table.add_column(self.text(cell[0]), overflow="fold", width=width, justify=side)
            for row in rows:
                cells = zip((row.label, *row.cells), merged, strict=True)
                table.add_row(*(Group(*self.cell(cell, width)) for cell, width in cells))
            self.console.print(table)
        self.footer(grid, whole)

    def footer(self, grid: Grid, width: int) -> None:
        if grid.footer:
            self.rule(width)
            self.console.print(self.text(grid.footer))

    def rule(self, width: int) -> None:
        self.console.print(("-" if self.console.options.ascii_only else "─") * width)

    def widths(self, columns: Sequence[Sequence[Cell]], grid: Grid) -> list[int] | None:
        """The width of each column: what its longest word needs, and its share of the rest; None without room for that.

        Rich would share out the room without regard to words.
        """
        lengths = [
            [
                [cell_len(word) + (INDENT if number else 0) for word in self.text(line).plain.split()]
                for cell in column
                for number, part in enumerate(cell)
                for line in (part.items if isinstance(part, Items) else (part,))
            ]
            for column in columns
        ]
        words = [max(map(max, filter(None, lines)), default=1) for lines in lengths]
        label = max(LABEL, self.console.width // 6)
        longest_word = max(LONGEST_WORD, self.console.width * 3 // 10)
        least = [
            min(words[0] + INDENT, label) if grid.ruled else min(words[0], longest_word),
            *(NARROWEST if grid.even else min(each, longest_word) for each in words[1:]),
        ]
        room = self.console.width - sum(least) - GAP * (len(least) - 1)
        if room < 0:
            return None
        longest = [max(sum(line) + len(line) - 1 for line in lines) for lines in lengths]
        if grid.even:
            wanted = label if grid.ruled else longest[0]
            least[0] += (more := max(0, min(wanted - least[0], room // 2)))
            return [least[0], *(each + (room - more) // (len(least) - 1) for each in least[1:])]
        if grid.figures:  # a heading is no reason for a wide column of narrow numbers
            longest[1:] = [min(each, max(word, HEADED)) for each, word in zip(longest[1:], words[1:], strict=True)]
        longest[0] = min(longest[0], max(LABEL, self.console.width * grid.share // 100))
        for enough in (words, [longest[0], *words[1:]], longest):  # whole words first, then the first column
            while room and (short := [each for each in range(len(least)) if least[each] < enough[each]]):
                for each in short[:room]:
                    least[each] += 1
                    room -= 1
        return least

    def stacked(self, grid: Grid) -> None:
        """The rows one under another, and in each of them the cells, below the names of their columns if they are several."""
        first, *others = grid.columns
        head = (first,) if len(others) > 1 else grid.columns
        if any(head):
            self.console.print(self.text(((", ".join(filter(None, head)), VALUE),)))
            self.console.print()
        for number, row in enumerate(grid.rows):
            if number and self.text(as_line(row.label[0])).plain:
                self.console.print()
            self.indented(Group(*self.cell(row.label, self.console.width)), 0)
            names = others if len(row.cells) == len(others) else [""]
            for name, cell in zip(names, row.cells, strict=True):
                if cell == BLANK:
                    continue
                room = self.console.width - 2 * self.indent
                if not name or len(others) == 1:
                    self.indented(Group(*self.cell(cell, room)), 1)
                elif len(cell) == 1:
                    line = cell[0] if isinstance(cell[0], tuple) else self.fit(cell[0], room - cell_len(name) - 2)
                    self.indented(self.text(((f"{name}: ", MUTED), *line)), 1)
                else:
                    self.indented(self.text(((f"{name}:", MUTED),)), 1)
                    self.indented(Group(*self.cell(cell, room)), 2)
        self.footer(grid, self.console.width)

    def legend(self, legend: Legend) -> None:
        """A line for each source: a link where the terminal makes one, else with its address to copy."""
        self.console.print(self.text((("Sources", VALUE),)))
        for entry in legend.entries:
            linked = self.links and entry.url is not None and is_web_address(entry.url)
            text = self.text(((entry.id, VALUE), (f": {entry.text}", PLAIN)))
            if linked:
                text.stylize(Style(link=entry.url))
            elif entry.url:
                text = self.text(((entry.id, VALUE), (f": {entry.publisher}, ", PLAIN), (entry.url, MUTED)))
            self.console.print(text, soft_wrap=True)

    def indented(self, what: RenderableType, steps: int) -> None:
        self.console.print(Padding(what, (0, 0, 0, steps * self.indent)))

    def cell(self, cell: Cell, width: int) -> Iterator[RenderableType]:
        """The lines of a cell, so set off that they can be told apart without colour.

        Sentences are indented below the value that they explain; where there is none, several get a dash each.
        """
        lines = [self.fit(part, width) if isinstance(part, Items) else part for part in cell]
        roles = [None if isinstance(line[0], Cited) else line[0][1] for line in lines]
        for line, role in zip(lines, roles, strict=True):
            text = self.text(_break_words(line, width))
            if VALUE in roles and role not in (VALUE, MARK):
                yield Padding(text, (0, 0, 0, self.indent))
            elif len(cell) > 1 and role == PLAIN:
                yield self.item(text)
            else:
                yield text

    def fit(self, items: Items, width: int) -> Line:
        """As many items as fit, the first at least, with commas between them, and how many more there are."""
        shown = join_items(items.items, items.more)
        if items.lines is not None:
            most = max(
                (n for n in range(1, len(items.items) + 1) if self.fits(_shorten(items, n), items.lines, width)),
                default=1,
            )
            shown = _shorten(items, most)
        return shown

    def fits(self, line: Line, lines: int, width: int) -> bool:
        return len(self.text(line).wrap(self.console, width)) <= lines

    def item(self, text: Text) -> RenderableType:
        """A text behind a dash, its further lines below its first where there is room for that."""
        if self.console.width < 20:
            return Text("- ").append_text(text)
        item = Table.grid()
        item.add_column(width=INDENT)
        item.add_column(overflow="fold")
        item.add_row("- ", text)
        return item

    def text(self, line: Line) -> Text:
        text = Text(overflow="fold")
        for span in line:
            text.append(*_styled(span))
        return text


def _styled(span: Span) -> tuple[str, str | None]:
    """The words of a span and their style; those who say so in brackets: [a, b], or [a: where; b: where]."""
    if isinstance(span, Cited):
        between = "; " if any(where for _, where in span.sources) else ", "
        return f"[{between.join(f'{id}: {where}' if where else id for id, where in span.sources)}]", CITED
    words, role = span
    return words, STYLES.get(role)


def _break_words(line: Line, width: int) -> Line:
    """The line with a break after a hyphen of each word that is longer than a line."""
    if not any(isinstance(span, tuple) and "-" in span[0] for span in line):
        return line

    def broken(words: str) -> str:
        return " ".join(
            word.replace("-", "-\n", 1) if cell_len(word) > width and "/" not in word else word
            for word in words.split(" ")
        )

    return tuple((broken(span[0]), span[1]) if isinstance(span, tuple) else span for span in line)


def _shorten(items: Items, count: int) -> Line:
    return join_items(items.items[:count], items.more + len(items.items) - count)


def _segments(grid: Grid) -> list[list[Row]]:
    """The rows in runs: a new one begins at a rule, and where cells begin or end to span all columns."""
    segments: list[list[Row]] = [[]]
    for row in grid.rows:
        before = segments[-1]
        if before and (row.ruled or _spans(row, grid) != _spans(before[0], grid)):
            segments.append([])
        segments[-1].append(row)
    return segments


def _spans(row: Row, grid: Grid) -> bool:
    """Whether the one cell of a row spans several columns."""
    return len(row.cells) < len(grid.columns) - 1


def _right_to_left(row: Row) -> bool:
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL")
        for cell in (row.label, *row.cells)
        for part in cell
        for line in (part.items if isinstance(part, Items) else (part,))
        for span in line
        if isinstance(span, tuple) and not span[0].isascii()
        for letter in span[0]
    )


def _knows_links() -> bool:
    """Whether the terminal is one that is known to make hyperlinks of OSC 8 sequences."""
    if os.environ.get("TERM") in (None, "dumb") or "CI" in os.environ:
        return False
    vte = os.environ.get("VTE_VERSION", "")
    return (
        os.environ.get("TERM_PROGRAM") in ("iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "Tabby")
        or "WT_SESSION" in os.environ
        or "KONSOLE_VERSION" in os.environ
        or os.environ.get("TERM", "").startswith(("xterm-kitty", "foot", "alacritty"))
        or (vte.isdigit() and int(vte) >= 5000)
    )
