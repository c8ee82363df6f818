"""Pages as HTML for notebooks: tables and lists, every text escaped, nothing that runs or loads."""

from collections.abc import Iterable, Mapping

from cs_terms.model import Source
from cs_terms.output.elements import Markup, element, join
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
    painter = Painter(entry for block in page if isinstance(block, Legend) for entry in block.entries)
    return element("div", *map(painter.block, page))


class Painter:
    """Paints the parts of a page as elements, each citation as a link to its source."""

    def __init__(self, sources: Iterable[Source | LegendEntry]) -> None:
        """The sources are those that become links, where their urls are web addresses."""
        self.addresses: Mapping[str, str] = {
            each.id: each.url for each in sources if each.url and is_web_address(each.url)
        }

    def block(self, block: Block) -> Markup:
        """Returns a block of a page."""
        match block:
            case Heading():
                return element("h4", block.text)
            case Lines():
                lines = map(self.line, block.lines)
                if block.listed:
                    return element("ul", *(element("li", line) for line in lines))
                return join(*(element("p", line) for line in lines))
            case Grid():
                return self._grid(block)
            case Legend():
                entries = () if block.footnotes else block.entries
                return element("ul", *map(self._entry, entries)) if entries else Markup()

    def _grid(self, grid: Grid) -> Markup:
        head = element("tr", *(element("th", name, scope="col") for name in grid.columns))
        rows = (self._row(row, len(grid.columns) - 1) for row in grid.rows)
        styled = "text-align: right" if grid.figures else None
        table = element("table", element("thead", head), element("tbody", *rows), style=styled)
        return join(table, element("p", self.line(grid.footer)) if grid.footer else "")

    def _row(self, row: Row, columns: int) -> Markup:
        span = str(columns) if len(row.cells) < columns else None
        cells = (element("td", self.cell(each), colspan=span) for each in row.cells)
        return element("tr", element("th", self.cell(row.label), scope="row"), *cells)

    def cell(self, cell: Cell) -> Markup:
        """Returns the lines of a cell under one another."""
        return Markup("<br>".join(self.line(as_line(part)) for part in cell))

    def line(self, line: Line) -> Markup:
        """Returns the spans of a line."""
        return join(*map(self._span, line))

    def _span(self, span: Span) -> str:
        if isinstance(span, Cited):
            return self.cited(span)
        text, role = span
        tag = _TAGS.get(role) if text.strip() else None
        return element(tag, text) if tag else text

    def cited(self, cited: Cited) -> Markup:
        """Returns who says so, and where."""
        each = [join(self._source(id), f": {where}" if where else "") for id, where in cited.sources]
        return element("small", "[", Markup("; ".join(each)), "]")

    def _source(self, id: str) -> str:
        return element("a", id, href=self.addresses[id], rel="noreferrer") if id in self.addresses else id

    def _entry(self, entry: LegendEntry) -> Markup:
        return element("li", self._source(entry.id), f": {entry.text}")
