"""Pages as HTML for notebooks: tables and lists, every text escaped, nothing that runs or loads."""

from html import escape

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
    LegendEntry,
    Line,
    Lines,
    Page,
    Row,
    Span,
    as_line,
)
from cs_terms.text import is_web_address

_TAGS = {VALUE: "strong", MARK: "mark", MUTED: "em", CODE: "code"}


def write_html(page: Page) -> str:
    """Returns a page as the HTML of one element."""
    addresses = {entry.id: entry.url for block in page if isinstance(block, Legend) for entry in block.entries}
    painter = _Painter({id: url for id, url in addresses.items() if url and is_web_address(url)})
    return f"<div>{''.join(map(painter.block, page))}</div>"


class _Painter:
    def __init__(self, addresses: dict[str, str]) -> None:
        self.addresses = addresses

    def block(self, block: Block) -> str:
        match block:
            case Heading():
                return f"<h4>{escape(block.text)}</h4>"
            case Lines():
                lines = map(self.line, block.lines)
                if block.listed:
                    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
                return "".join(f"<p>{line}</p>" for line in lines)
            case Grid():
                return self.grid(block)
            case Legend():
                return "" if block.footnotes else f"<ul>{''.join(map(self.entry, block.entries))}</ul>"

    def grid(self, grid: Grid) -> str:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in grid.columns)
        rows = "".join(self.row(row, len(grid.columns) - 1) for row in grid.rows)
        footer = f"<p>{self.line(grid.footer)}</p>" if grid.footer else ""
        styled = ' style="text-align: right"' if grid.figures else ""
        return f"<table{styled}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{footer}"

    def row(self, row: Row, columns: int) -> str:
        span = f' colspan="{columns}"' if len(row.cells) < columns else ""
        cells = "".join(f"<td{span}>{self.cell(each)}</td>" for each in row.cells)
        return f'<tr><th scope="row">{self.cell(row.label)}</th>{cells}</tr>'

    def cell(self, cell: Cell) -> str:
        return "<br>".join(self.line(as_line(part)) for part in cell)

    def line(self, line: Line) -> str:
        return "".join(map(self.span, line))

    def span(self, span: Span) -> str:
        if isinstance(span, Cited):
            each = (self.source(id) + (f": {escape(where)}" if where else "") for id, where in span.sources)
            return f"<small>[{'; '.join(each)}]</small>"
        text, role = span
        tag = _TAGS.get(role) if text.strip() else None
        return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)

    def source(self, id: str) -> str:
        if id not in self.addresses:
            return escape(id)
        return f'<a href="{escape(self.addresses[id])}" rel="noreferrer">{escape(id)}</a>'

    def entry(self, entry: LegendEntry) -> str:
        return f"<li>{self.source(entry.id)}: {escape(entry.text)}</li>"
