"""What the page opens on: the answer at first sight for the terms named, whole without a script."""

from collections.abc import Iterable, Iterator, Sequence

from cs_terms.answers.compare import Comparison
from cs_terms.answers.first_sight import group_together, key_rows, rank_metrics, rank_values, shortest_name
from cs_terms.compare import AspectRow, Column, contested
from cs_terms.model import Claim
from cs_terms.output.elements import Markup, element, join
from cs_terms.page.cells import Cells, contested_mark, link


def write_opening(comparison: Comparison, cells: Cells) -> Markup:
    """Returns a table of the rows and counts that the command prints, each value opening to its sentences."""
    opening = _Opening(comparison, cells)
    heads = (element("th", _head(column, comparison), scope="col") for column in comparison.columns)
    caption = (
        f"{comparison.term.name}, as each source describes it"
        if comparison.term
        else " and ".join(column.name for column in comparison.columns)
    )
    table = element(
        "table",
        element("caption", caption, class_="told" if comparison.term else None),
        element("thead", element("tr", element("td"), *heads)),
        element("tbody", *opening.rows()),
        class_="side first",
    )
    return element("div", table, class_="scroll", tabindex="0", role="region", aria_label="Comparison")


def _head(column: Column, comparison: Comparison) -> Markup:
    return link("source" if comparison.term else "term", column.id, column.name)


class _Opening:
    def __init__(self, comparison: Comparison, cells: Cells) -> None:
        self.comparison = comparison
        self.columns = comparison.columns
        self.by_source = comparison.term is not None
        self.cells = cells

    def rows(self) -> Iterator[Markup]:
        if any(column.definition for column in self.columns):
            yield _row("In short", None, [self._definition(column.definition) for column in self.columns])
        for row in key_rows(self.comparison.aspects):
            yield self._aspect(row)
        if self.comparison.metrics:
            yield _row("Measured by", None, [self._metrics(column) for column in self.columns])
        for number, (terms, points) in enumerate(group_together(self.columns, self.comparison.together).items()):
            values = [
                self._value(value, [Claim(each.value, each.text, each.sources) for each in said], 0)
                for value, said in points.items()
            ]
            said = join(element("p", f"{terms}:", class_="facts") if terms else "", fold(values, 3))
            yield _row("" if number else "Together", None, [said], span=len(self.columns))

    def _definition(self, claims: Sequence[Claim]) -> Markup:
        if not claims:
            return Markup()
        first, *others = claims
        return join(self.cells.claim(first), fold([self.cells.claim(each) for each in others], 0))

    def _aspect(self, row: AspectRow) -> Markup:
        disputed = self.by_source and contested(
            row.values, (claim for cell in row.cells.values() for claim in cell.claims)
        )
        parts = []
        for column in self.columns:
            cell = row.cells[column.id]
            ranked = rank_values(cell.claims)
            values = [
                self._value(value, _give(cell.claims, value), 0 if self.by_source else len(cited))
                for value, cited in ranked.items()
            ]
            head = contested_mark(len(values)) if cell.contested else ""
            parts.append(join(head, fold(values, len(values) if row.values else 3)))
        alike = row.differs is False and all(cell.claims for cell in row.cells.values())
        mark = (
            element("span", "contested", class_="mark")
            if disputed
            else element("span", "alike", class_="alike")
            if alike
            else ""
        )
        marked = [row.cells[column.id].contested for column in self.columns]
        return _row(row.name, row.question, parts, mark=mark, contested=marked, class_="same" if alike else None)

    def _value(self, value: str, claims: Iterable[Claim], count: int) -> Markup:
        counted = join(" ", element("span", f"({count})", class_="n")) if count else ""
        said = (self.cells.claim(claim, headed=False) for claim in claims)
        return element("details", element("summary", element("b", value), counted), *said)

    def _metrics(self, column: Column) -> Markup:
        given = [
            element(
                "span",
                element("a", shortest_name(metric), href=f"#metric-{metric.id}", title=metric.name),
                f" ({givers})" if givers and not self.by_source else "",
                class_="m",
            )
            for metric, givers in rank_metrics(self.comparison.metrics, column.id)
        ]
        return fold(given, 6)


def _give(claims: Iterable[Claim], value: str) -> list[Claim]:
    return [claim for claim in claims if (claim.value or claim.text or "") == value]


def fold(items: Sequence[Markup], shown: int) -> Markup:
    """Returns the first items, and the others where there is more than one of them too many behind a count."""
    rest = items[shown:]
    more = element("details", element("summary", f"{len(rest)} more"), *rest, class_="more") if rest else ""
    return join(*items[:shown], more)


def _row(
    name: str,
    question: str | None,
    parts: Sequence[Markup],
    *,
    span: int = 1,
    mark: str = "",
    contested: Sequence[bool] = (),
    class_: str | None = None,
) -> Markup:
    head = element(
        "th",
        name,
        element("small", question) if question else "",
        mark,
        scope="row",
    )
    marks = contested or [False] * len(parts)
    cells = (
        element(
            "td",
            part,
            colspan=str(span) if span > 1 else None,
            class_="contested" if marked else None,
        )
        for part, marked in zip(parts, marks, strict=True)
    )
    return element("tr", head, *cells, class_=class_)
