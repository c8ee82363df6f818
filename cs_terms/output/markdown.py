"""Pages in Markdown, as GitHub reads it: tables, with the sources as footnotes."""

import re
from collections.abc import Iterator, Mapping
from itertools import count

from cs_terms.output.page import (
    CODE,
    MARK,
    MUTED,
    NOTHING,
    PLAIN,
    VALUE,
    Block,
    Cell,
    Cited,
    Grid,
    Heading,
    Legend,
    Line,
    Lines,
    Page,
    Span,
    as_line,
)
from cs_terms.text import is_web_address

LONG = 6
"""How many lines a cell may have; rows with more become lists below the table."""
_ACTIVE = re.compile(r"[\\`*_\[\]<>|~$]|(?<![\w/]):(?=[\w+-]+:)|&(?=#?\w+;)|(?<!\w)@(?=\w)")
"""What would be markup; colons where they would make an emoji, ampersands where they would make an entity."""


def write_markdown(page: Page) -> str:
    """Returns a page that can be pasted into a GitHub page as it is."""
    painter = _Painter(page)
    return "\n\n".join(filter(None, map(painter.block, page))) + "\n"


class _Painter:
    def __init__(self, page: Page) -> None:
        self.notes = _footnotes(page)

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return f"### {self.text(block.text)}"
            case Lines():
                bullet = "- " if block.listed else ""
                return ("\n" if block.listed else "  \n").join(
                    bullet + _not_a_list(self.line(line)) for line in block.lines
                )
            case Grid():
                return "\n\n".join(self.grid(block))
            case Legend():
                return "\n".join(
                    f"[^{self.notes[each.id]}]: {self.text(each.text)}{f' {_link(each.url)}' if each.url else ''}"
                    for each in block.entries
                )

    def grid(self, grid: Grid) -> Iterator[str]:
        """A table with what belongs to it: a title above, and below it the rows that would make it hard to read."""
        if grid.title:
            yield f"### {self.text(grid.title)}"
        spans = [row for row in grid.rows if len(row.cells) < len(grid.columns) - 1]
        long = [row for row in grid.rows if any(len(cell) > LONG for cell in row.cells)]
        rows = [row for row in grid.rows if row not in spans and row not in long]
        if rows:
            head = " | ".join(self.text(name) for name in grid.columns)
            rule = " | ".join("---:" if grid.figures and place else "---" for place in range(len(grid.columns)))
            lines = (" | ".join((self.label(row.label), *map(self.cell, row.cells))) for row in rows)
            yield "\n".join(f"| {line} |" for line in (head, rule, *lines))
        for row in long:
            yield f"#### {self.label(row.label[:1])}"
            yield from (self.line(as_line(part)) for part in row.label[1:])
            for name, cell in zip(grid.columns[1:], row.cells, strict=True):
                if cell != NOTHING:
                    yield f"{self.text(name)}:"
                    yield "\n".join(self.items(cell))
        for row in spans:
            name = self.label(row.label)
            yield (f"{name}: " if name else "") + self.cell(row.cells[0])
        if grid.footer:
            yield self.line(grid.footer)

    def items(self, cell: Cell) -> Iterator[str]:
        """A cell as a list, in which sentences stand below the value that they explain."""
        lines = [as_line(part) for part in cell]
        values = [isinstance(line[0], tuple) and line[0][1] in (VALUE, MARK) for line in lines]
        for line, value in zip(lines, values, strict=True):
            yield ("" if value or not any(values) else "  ") + f"- {_not_a_list(self.line(line))}"

    def label(self, label: Cell) -> str:
        """The heading of a row, which is not bold: its column says what it is."""
        lines = [[span for span in as_line(part) if isinstance(span, tuple)] for part in label]
        return self.cell(
            tuple(tuple((text, PLAIN if role == VALUE else role) for text, role in line) for line in lines)
        )

    def cell(self, cell: Cell) -> str:
        return "<br>".join(self.line(as_line(part)) for part in cell)

    def line(self, line: Line) -> str:
        return "".join(map(self.span, line)).rstrip(" ")

    def span(self, span: Span) -> str:
        if isinstance(span, Cited):
            return "".join(
                f"[^{self.notes.get(id, id)}]" + (f" (*{self.text(where)}*) " if where else "")
                for id, where in span.sources
            )
        text, role = span
        if role == CODE:
            return _code(text)
        stars = {MARK: "***", VALUE: "**", MUTED: "*"}.get(role, "") if text.strip(" -") else ""
        said = self.text(text)
        bare = said.strip()
        return said.replace(bare, f"{stars}{bare}{stars}", 1) if bare else said

    def text(self, text: str) -> str:
        """Running text in which nothing is markup."""
        return _ACTIVE.sub(lambda match: "\\" + match.group(), text)


def _footnotes(page: Page) -> Mapping[str, str]:
    """The label of each source's footnote: its id, or a number where that would be no label."""
    ids = [entry.id for block in page if isinstance(block, Legend) for entry in block.entries]
    free = (label for label in map("source-{}".format, count(1)) if label not in ids)
    return {id: id if re.fullmatch(r"[\w-]+", id, re.ASCII) else next(free) for id in ids}


def _code(text: str) -> str:
    """Text as code. Where a character could end the code, the code is HTML with all such escaped."""
    if "`" not in text:
        return f"`{text}`"
    escaped = re.sub(r"[^\w\s]|_", lambda match: f"&#{ord(match.group())};", text)
    return f"<code>{escaped}</code>"


def _link(url: str) -> str:
    address = url.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{address}>" if is_web_address(url) else _code(url)


def _not_a_list(line: str) -> str:
    """A line that does not become a list, a quotation or a heading by its first character."""
    return re.sub(
        r"^(\d+)([.)])|^([#+=-])",
        lambda match: f"{match[1]}\\{match[2]}" if match[1] else f"\\{match[3]}",
        line.lstrip(" "),
    )
