"""The cells of the page: what is said, and who says so, each citation a link with its place behind it."""

from collections.abc import Iterable, Mapping, Sequence

from cs_terms.model import Citations, Claim, Name, Source
from cs_terms.output.elements import Markup, element, join
from cs_terms.output.html import Painter
from cs_terms.output.page import Cited, cite


class Cells(Painter):
    """Paints citations by the name of the publisher, and knows how the page writes claims."""

    def __init__(self, sources: Iterable[Source]) -> None:
        listed = list(sources)
        super().__init__(listed)
        self.publishers = {each.id: each.publisher or each.title for each in listed}

    def cited(self, cited: Cited) -> Markup:
        """Returns a link to each source, with the places behind it."""
        return element("span", *(self.source(id, where) for id, where in cited.sources), class_="cites")

    def source(self, id: str, where: str = "") -> Markup:
        """Returns a link to a source, with a place behind it."""
        link = element(
            "a",
            self.publishers[id],
            class_="cite",
            data_s=id,
            href=self.addresses.get(id, f"#source-{id}"),
            rel="noreferrer" if id in self.addresses else None,
        )
        return join(" ", link, element("small", f" {where}") if where else "")

    def who(self, citations: Citations) -> Markup:
        """Returns who says so, with the places."""
        return self.line(cite(citations, places=True))

    def claims(self, claims: Sequence[Claim], *, contested: bool = False) -> Markup:
        """Returns claims by value, each a paragraph; `data-i` is its place among the claims where that is another."""
        values = list(dict.fromkeys(claim.value for claim in claims))
        order = sorted(range(len(claims)), key=lambda number: values.index(claims[number].value))
        moved = order != list(range(len(claims)))
        marked = len({claim.value for claim in claims if claim.value is not None}) if contested else 0
        said: set[str] = set()
        parts = []
        for number in order:
            claim = claims[number]
            parts.append(self.claim(claim, headed=claim.value not in said, place=str(number) if moved else None))
            said.add(claim.value or "")
        return join(contested_mark(marked) if marked else "", *parts)

    def claim(self, claim: Claim, *, headed: bool = True, place: str | None = None, terms: str | None = None) -> Markup:
        """Returns one claim: its value if `headed`, its sentence, who says so, and the glossary's remark."""
        return element(
            "p",
            join(element("b", claim.value), " ") if claim.value and headed else "",
            join(element("span", claim.text, class_="t"), " ") if claim.text else "",
            self.who(claim.sources),
            join(" ", note(claim.note)) if claim.note else "",
            class_="c",
            data_v=claim.value,
            data_i=place,
            data_terms=terms,
        )

    def names(self, names: Sequence[Name], kind: str) -> Markup:
        """Returns abbreviations or synonyms, with who uses them so."""
        each = (join(element("span", name.label, class_=kind), self._users(name)) for name in names)
        return Markup(", ".join(each))

    def _users(self, name: Name) -> Markup:
        return join(" ", self.who(name.sources)) if name.sources else Markup()

    def related(self, kind: str, cited: Mapping[str, Citations], names: Mapping[str, str]) -> Markup:
        """Returns links to other entries of a kind, each with who says so."""
        return join(
            *(element("p", link(kind, id, names[id]), " ", self.who(citations)) for id, citations in cited.items())
        )


def contested_mark(positions: int) -> Markup:
    """Returns the words above the positions of sources that contradict each other."""
    return element("p", f"contested, {positions} positions", class_="mark")


def note(text: str) -> Markup:
    """Returns a remark of the glossary's own."""
    return element("em", f"Note: {text}", class_="note")


def link(kind: str, id: str, text: str) -> Markup:
    """Returns a link to an entry."""
    return element("a", text, href=f"#{kind}-{id}")


def listing(*rows: tuple[str, str, str | None]) -> Markup:
    """Returns a list of headings and what stands under each, with the id of the row; empty ones are left out."""
    return element(
        "dl",
        *(
            element("div", element("dt", heading), element("dd", said), data_row=row)
            for heading, said, row in rows
            if said
        ),
    )
