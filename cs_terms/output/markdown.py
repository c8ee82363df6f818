"""Pages in Markdown, as GitHub reads it: tables, with the sources as footnotes."""

import re
from collections.abc import Mapping
from itertools import count

from cs_terms.output.page import (
    CODE,
    MARK,
    MUTED,
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
                head = " | ".join(self.text(name) for name in block.columns)
                rule = " | ".join("---" for _ in block.columns)
                rows = (" | ".join(self.cell(cell) for cell in (row.label, *row.cells)) for row in block.rows)
                return "\n".join(f"| {row} |" for row in (head, rule, *rows))
            case Legend():
                return "\n".join(
                    f"[^{self.notes[each.id]}]: {self.text(each.text)}{f' {_link(each.url)}' if each.url else ''}"
                    for each in block.entries
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
    """Text as code. Where a character could end the code or the cell, the code is HTML with all such escaped."""
    if not re.search(r"[`|\\]", text):
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
