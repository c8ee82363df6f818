"""The document: every entry once, the answer first, and a policy that lets it load nothing and run nothing else."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from msgspec import Struct

from cs_terms.answers.compare import Choice, compare_sources, compare_terms
from cs_terms.answers.disputes import find_disputes
from cs_terms.answers.show import Shown, show_entry
from cs_terms.glossary import View
from cs_terms.model import Aspect, Metric, Source, Term
from cs_terms.names import resolve_term
from cs_terms.output.elements import Markup, element, join
from cs_terms.page.cells import Cells
from cs_terms.page.entries import write_aspect, write_metric, write_source, write_term
from cs_terms.page.inert import MOST_WHOLE, describe_terms, pack_terms
from cs_terms.page.opening import write_opening
from cs_terms.page.overviews import write_disputes, write_index, write_matrix, write_together

FEW = 4
"""How many terms the page opens on where none is named; with more it opens on the list of them."""
SCRIPTS = ("dom", "read", "compare", "draw", "choose", "number", "calculate", "words", "search", "views")
"""The files of the script, in their order."""
POLICY = (
    "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Nothing is loaded or sent, and nothing runs but what was there when the page was written."""
EARLY = 'document.documentElement.classList.add("js")'
"""Runs before anything is painted, so that no part of the document is shown only to be hidden."""


class Page(Struct, frozen=True):
    """A glossary as one HTML file."""

    html: str
    """The file."""
    summary: str
    """What is in it, in a few words."""

    def __str__(self) -> str:
        return self.html


class _Contents(Struct, frozen=True):
    """What the page holds."""

    terms: tuple[Shown, ...]
    metrics: tuple[Shown, ...]
    aspects: tuple[Aspect, ...]
    sources: tuple[Source, ...]

    def count(self) -> str:
        counts = (
            (len(each), kind)
            for each, kind in (
                *((self.terms, "term"), (self.metrics, "metric")),
                *((self.aspects, "aspect"), (self.sources, "source")),
            )
        )
        return ", ".join(f"{count:,} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count)


def write_page(view: View, names: Sequence[str], title: str | None = None, language: str = "en") -> Page:
    """Returns the glossary as one HTML file that opens on these terms; on all of them where they are few.

    Raises CstermsError where a name means no term or several.
    """
    contents = _Contents(
        tuple(show_entry(view, "term", id) for id in view.ids_spoken_of("term")),
        tuple(show_entry(view, "metric", id) for id in view.ids_spoken_of("metric")),
        tuple(map(view.aspect, view.ids_spoken_of("aspect"))),
        tuple(map(view.source, view.ids_spoken_of("source"))),
    )
    terms = [shown.entry for shown in contents.terms if isinstance(shown.entry, Term)]
    ids = [resolve_term(view, name) for name in names]
    opened = ids or [term.id for term in terms if len(terms) <= FEW]
    title = title or (" and ".join(view.full_name("term", id) for id in ids) or "Glossary")
    writer = _Writer(view, contents, terms, opened)
    content = writer.write(title)
    data = "" if writer.large else describe_terms(title, language, terms, contents.sources)
    html = _write_document(title, language, content, data)
    return Page(html, contents.count())


def _write_document(title: str, language: str, content: Markup, data: str) -> str:
    style, script = read_style(), read_script()
    policy = POLICY.format(f"{_hash(EARLY)} {_hash(script)}", _hash(style))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href="data:,"),
        element("style", Markup(style)),
        element("script", Markup(EARLY)),
        data,
    )
    body = element("body", content, element("script", Markup(script)))
    return f"<!doctype html>\n{element('html', head, body, lang=language)}\n"


class _Writer:
    def __init__(self, view: View, contents: _Contents, terms: Sequence[Term], opened: Sequence[str]) -> None:
        self.view, self.contents, self.terms, self.opened = view, contents, terms, opened
        self.cells = Cells(contents.sources)
        self.names = {term.id: term.name for term in terms}
        self.articles = [write_term(shown, term, self.cells) for shown, term in zip(contents.terms, terms, strict=True)]
        self.large = sum(map(len, self.articles)) > MOST_WHOLE

    def write(self, title: str) -> Markup:
        disputes = find_disputes(self.view, ())
        metrics = [
            write_metric(shown, shown.entry, self.cells)
            for shown in self.contents.metrics
            if isinstance(shown.entry, Metric)
        ]
        matrix = write_matrix(self.contents.metrics, self.names, self.cells)
        sections = {
            "compare": ("Compare", self._write_opening()),
            "terms": ("Terms", self._write_all_terms()),
            "metrics": ("Metrics", join(matrix, *metrics) if metrics else ""),
            "disputes": ("Disputes", write_disputes(disputes, self.cells)),
            "aspects": ("Aspects", join(*(write_aspect(each, self.cells) for each in self.contents.aspects))),
            "sources": ("Sources", join(*map(write_source, self.contents.sources))),
        }
        there = {id: part for id, part in sections.items() if part[1]}
        first = next((id for id in ("compare" if self.opened else "terms", "metrics") if id in there), "disputes")
        links = (element("a", name, href=f"#{id}") for id, (name, _) in there.items())
        count = len(disputes.aspects)
        contested = element("a", f"{count}\N{NO-BREAK SPACE}contested", href="#disputes") if count else "none contested"
        header = element(
            "header",
            element("a", "Skip to the content", href="#main", class_="skip"),
            element("h1", title),
            element("p", f"{self.contents.count()}, ", contested, class_="facts"),
            element("nav", *links, aria_label="Sections"),
        )
        parts = (
            element("section", element("h2", name), part, id=id, class_="here" if id == first else None)
            for id, (name, part) in there.items()
        )
        main = element("main", *parts, id="main", tabindex="-1", data_first=first, data_open=" ".join(self.opened))
        return join(header, element("noscript", element("p", self._say_what_needs_scripts())), main, self._packed())

    def _write_opening(self) -> Markup | str:
        if not self.opened:
            return (
                element("p", "Choose two terms to compare, or one to see what each source says of it.")
                if self.terms
                else ""
            )
        compare = compare_terms if len(self.opened) > 1 else compare_sources
        comparison = compare(self.view, self.opened, Choice())
        note = (
            "Blank: the source does not say." if comparison.term else "(n): how many sources say so. Blank: none does."
        )
        return join(write_opening(comparison, self.cells), element("p", note, class_="facts"))

    def _write_all_terms(self) -> Markup | str:
        together = self.view.together(set(self.names))
        after = write_together(together, self.names, self.cells)
        articles = [] if self.large else self.articles
        return join(write_index(self.terms), *articles, after) if self.terms else ""

    def _say_what_needs_scripts(self) -> str:
        if self.large:
            return (
                "Without JavaScript this page lists the terms; what is said of each needs it, to keep the file small."
            )
        return "Without JavaScript this page holds every entry; to choose, search and calculate, it needs it."

    def _packed(self) -> Markup | str:
        return pack_terms(self.terms, self.articles) if self.large else ""


@cache
def _read(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def read_style() -> str:
    """Returns the page's style sheet, without its comments and indents."""
    return re.sub(r"/\*.*?\*/|^ +|(?<=\n)\n", "", _read("style.css"), flags=re.MULTILINE)


@cache
def read_script() -> str:
    """Returns the page's script, without its comments and indents: a fifth of it."""
    lines = (line.strip() for name in SCRIPTS for line in _read(f"{name}.js").splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith(("//", "/**")))
    return f'(() => {{\n"use strict";\n{code}\n}})();\n'


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
