"""Pages in a terminal: the only module that knows Rich."""

import os
import shutil
import unicodedata
from collections.abc import Iterator
from typing import IO

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cs_terms.page import (
    CITE,
    CODE,
    MARK,
    MUTED,
    PLAIN,
    VALUE,
    Block,
    Cell,
    Grid,
    Heading,
    Legend,
    Line,
    Lines,
    Page,
    Row,
)
from cs_terms.texts import printable

THIN = 20
"""Columns of prose narrower than this are not read with pleasure: the rows are then put one under another."""
LABEL = 18
"""The widest that a row's heading gets, in a terminal of 100 columns or less."""
GAP = 2
"""The space between two columns."""
STYLES = {VALUE: "bold", CITE: "dim", MARK: "bold red", MUTED: "dim italic", CODE: "cyan"}
"""Roles that look other than plain; on light and dark grounds alike."""


def painted(page: Page, out: IO[str]) -> str:
    """A page in the width of the terminal that is written to, or of $COLUMNS, in colour where it has any."""
    width = shutil.get_terminal_size().columns
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    painter = _Painter(console)
    with console.capture() as capture:
        for number, block in enumerate(page):
            if number and not isinstance(page[number - 1], Heading):
                console.print()
            painter.block(block)
    # Rich fills lines up with spaces, which nobody wants to copy.
    return "".join(line.rstrip(" ") + "\n" for line in capture.get().split("\n")[:-1])


class _Painter:
    def __init__(self, console: Console) -> None:
        self.console = console
        self.encoding = console.encoding
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
        """A table; row under row where its columns would be too thin, or where text runs from right to left."""
        widest = max((self.widest_word(row.label) for row in grid.rows), default=LABEL)
        label_width = min(max(LABEL, self.console.width // 6), widest)
        if grid.even:
            needed = label_width + (len(grid.columns) - 1) * (THIN + GAP)
        else:
            columns = zip(*(row.cells for row in grid.rows), strict=True)
            needed = label_width + sum(min(THIN, max(map(self.widest_word, cells))) + GAP for cells in columns)
        if needed > self.console.width or any(map(_right_to_left, grid.rows)):
            self.stacked(grid)
            return
        table = Table(
            box=box.HORIZONTALS, show_edge=False, show_lines=grid.ruled, pad_edge=False, padding=(0, GAP, 0, 0)
        )
        first, *others = (Text(self.clean(name), style="bold", overflow="fold") for name in grid.columns)
        fixed = max(label_width, min(LABEL, self.console.width // 5))
        table.add_column(first, overflow="fold", width=fixed if grid.ruled else None)
        for heading in others:
            table.add_column(heading, overflow="fold", ratio=1 if grid.even else None)
        for row in grid.rows:
            table.add_row(*(Group(*self.cell(cell)) for cell in (row.label, *row.cells)))
        self.console.print(table)

    def stacked(self, grid: Grid) -> None:
        """The rows one under another, and in each of them the cells, below the names of their columns."""
        for number, row in enumerate(grid.rows):
            if number:
                self.console.print()
            self.indented(Group(*map(self.text, row.label)), 0)
            for name, cell in zip(grid.columns[1:], row.cells, strict=True):
                if len(cell) == 1:
                    self.indented(self.text(((f"{name}: ", MUTED), *cell[0])), 2)
                else:
                    self.indented(self.text(((f"{name}:", MUTED),)), 2)
                    self.indented(Group(*self.cell(cell)), 4)

    def legend(self, legend: Legend) -> None:
        """Each source with its address: a link where the terminal makes one, else in one piece, to be copied."""
        self.console.print(self.text((("Sources", VALUE),)))
        for entry in legend.entries:
            text = self.text(((entry.id, VALUE), (f": {entry.text}", PLAIN)))
            if entry.url and self.links:
                text.stylize(Style(link=self.clean(entry.url)))
            self.console.print(self.item(text))
            if entry.url and not self.links:
                self.console.print(self.text(((f"  {entry.url}", MUTED),)), soft_wrap=True)

    def indented(self, what: RenderableType, indent: int) -> None:
        self.console.print(Padding(what, (0, 0, 0, min(indent, self.console.width // 4))))

    def cell(self, cell: Cell) -> Iterator[RenderableType]:
        """The lines of a cell, so set off that they can be told apart without colour.

        Sentences are indented below the value that they explain; where there is none, several get a dash each.
        """
        has_values = any(line[0][1] == VALUE for line in cell)
        for line in cell:
            text = self.text(line)
            if has_values and line[0][1] not in (VALUE, MARK):
                yield Padding(text, (0, 0, 0, 2))
            elif len(cell) > 1 and line[0][1] == PLAIN:
                yield self.item(text)
            else:
                yield text

    def item(self, text: Text) -> RenderableType:
        """A text behind a dash, its further lines below its first."""
        item = Table.grid()
        item.add_column(width=2)
        item.add_column(overflow="fold")
        item.add_row("- ", text)
        return item

    def text(self, line: Line) -> Text:
        text = Text(overflow="fold")
        for words, role in line:
            shown = f"[{words.replace(',', ', ')}]" if role == CITE else words
            text.append(self.clean(shown), STYLES.get(role))
        return text

    def clean(self, text: str) -> str:
        return printable(text, self.encoding)

    def widest_word(self, cell: Cell) -> int:
        return max((cell_len(word) for line in cell for word in self.text(line).plain.split()), default=0)


def _right_to_left(row: Row) -> bool:
    return any(
        unicodedata.bidirectional(letter) in ("R", "AL")
        for cell in (row.label, *row.cells)
        for line in cell
        for words, _ in line
        if not words.isascii()
        for letter in words
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
