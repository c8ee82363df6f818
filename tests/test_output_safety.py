"""What a definition file says is printed as text, in every format: nothing in it is obeyed, run, or read as markup.

Every text of a glossary is one dangerous text between two marks, so that a text that was split or lost shows.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
import yaml
from cmarkgfm.cmark import Options
from conftest import Ran, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cs_terms.model import Source
from cs_terms.output.html import write_html
from cs_terms.output.markdown import write_markdown
from cs_terms.output.page import clean, legend
from cs_terms.output.terminal import paint

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
TEXTS = [
    "\x1b]0;pwn\x07 \x9b31m \x7f",
    "\u202egnp.exe\u2066 \u2028line\u2029 \ufeff",
    "a\tb\r\nc\x0bd\x0ce\x85f",
    "a|b \\| c\\",
    "`a` `` | ``` \\`",
    "<b>&amp; &#124; <!-- <br> --> <script>",
    "[^s] [^1]: [x](y) ![i](u) ~~a~~ **b** __c__ $d$",
    "# - + 1. > | --- | :tada: @here",
]
IDS = ["x", "a|b", "a`b", "a\\", "a<b>", "a*b_c", "a]b[^c", "a&#124;b"]


def glossary(dangers: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A glossary that says each of these texts under every key of the format, with the ids beside them."""
    whole: dict[str, Any] = {"sources": {}, "aspects": {}, "terms": {}, "metrics": {}, "together": []}
    for number, (danger, id) in enumerate(dangers):
        text = f"QQ{danger}ZZ{number}"
        s, t, u, a, m = ids_of(number, id)
        cite = {s: {"at": text, "as": text}}
        claims = [
            {"value": text, "text": text, "sources": cite, "note": text},
            {"value": f"{text}2", "sources": [f"{s}2"]},
        ]
        named = {"name": text, "abbreviations": {f"{text}a": cite}, "also_called": {f"{text}b": cite}, "note": text}
        term = {**named, "definition": claims, "aspects": {a: claims}, "metrics": {m: cite}}
        reading = {
            "name": text,
            "formula": "x * 2",
            "inputs": {"x": {"meaning": text, "unit": text}},
            "unit": text,
            "example": {"inputs": {"x": 1}, "result": 2},
            "sources": cite,
            "note": text,
        }
        whole["sources"] |= {id: {"title": text, "publisher": text, "note": text} for id in (s, f"{s}2")}
        whole["aspects"][a] = {
            "name": text,
            "question": text,
            "also_called": {text: cite},
            "values": [text, f"{text}2"],
        }
        whole["terms"] |= {t: term, u: {**term, "name": f"{text}u", "broader": {t: cite}}}
        whole["metrics"][m] = {**named, "definition": claims, "unit": text, "pitfalls": text, "readings": [reading]}
        whole["together"].append({"terms": [t, u], "value": text, "text": text, "sources": cite})
    return whole


def ids_of(number: int, id: str) -> list[str]:
    return [f"q{kind}{number}{id}z" for kind in "stuam"]


def commands(ids: Sequence[str]) -> dict[str, list[str]]:
    """A command for every answer there is."""
    everything = [ids_of(number, id) for number, id in enumerate(ids)]
    terms = [term for _, t, u, _, _ in everything for term in (t, u)]
    first = everything[0]
    return {
        "compare": ["compare", *terms],
        "compare --full": ["compare", *terms, "--full"],
        "compare --brief": ["compare", *terms, "--brief"],
        "metrics": ["metrics", *terms],
        "matrix": ["metrics"],
        "show": ["show", *(id for ids in everything for id in ids)],
        "list": ["list"],
        "search": ["search", "QQ"],
        "disputes": ["disputes"],
        "compare --by source": ["compare", first[1], "--by", "source"],
        "calc": ["calc", first[4], "x=1"],
    }


FORMATS = ["table", "markdown", "tsv", "csv", "json"]


class Cells(HTMLParser):
    """The text of each table cell and paragraph of a rendered page, and every tag that it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag in ("td", "th", "p", "li", "h1", "h2", "h3"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data


def rendered(markdown: str) -> Cells:
    """Markdown as GitHub's own renderer has it."""
    options = Options.CMARK_OPT_FOOTNOTES | Options.CMARK_OPT_UNSAFE
    return Cells(cmarkgfm.github_flavored_markdown_to_html(markdown, options))


def printed(run: Run, folder: Path, dangers: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Ran]:
    """What every command prints in every format of a glossary of those texts and ids."""
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text(yaml.safe_dump(glossary(dangers)), encoding="utf-8")
    given = ["--no-builtin", "-D", str(folder)]
    lines = commands([id for _, id in dangers])
    return {(name, form): run(*words, *given, "-f", form) for name, words in lines.items() for form in FORMATS}


def judge(pages: dict[tuple[str, str], Ran], harmless: dict[tuple[str, str], Ran]) -> None:
    """Fails where a page of a dangerous glossary is made otherwise than that of a harmless one."""
    for (name, form), page in pages.items():
        assert (page.code, page.err) == (0, ""), (name, form, page.err)
        out = page.out.replace("\r\n", "\n") if form == "csv" else page.out
        assert not OBEYED.search(out), (name, form)
        assert form == "tsv" or "\t" not in out, (name, form)
        expected = harmless[name, form].out
        if form in ("tsv", "csv", "markdown") and name != "list":  # of a definition, `list` has the first sentence
            assert out.count("QQ") == expected.count("QQ"), (name, form)
            assert out.count("ZZ") == expected.count("ZZ"), (name, form)
        if form == "tsv":
            assert [line.count("\t") for line in out.splitlines()] == [
                line.count("\t") for line in expected.splitlines()
            ]
        elif form == "csv":
            rows = list(csv.reader(io.StringIO(page.out)))
            assert [len(row) for row in rows] == [len(row) for row in csv.reader(io.StringIO(expected))]
        elif form == "markdown":
            now, before = rendered(out), rendered(expected)
            assert [tag for tag in now.tags if tag != "code"] == [tag for tag in before.tags if tag != "code"], name
            assert [each.count("QQ") for each in now.cells] == [each.count("QQ") for each in before.cells], name
            if name != "list":
                assert [each.count("ZZ") for each in now.cells] == [each.count("ZZ") for each in before.cells], name


def test_dangerous_texts(run: Run, tmp_path: Path) -> None:
    pages = printed(run, tmp_path / "dangerous", list(zip(TEXTS, IDS, strict=True)))
    judge(pages, printed(run, tmp_path / "harmless", [("x", "x")] * len(TEXTS)))


LETTERS = st.sampled_from([*"\x00\x07\x1b\x7f\x85\x9b\u2028\u202e\u2066|\\`<>&[]^*_~#-+=@!:$'\" \t\na1"])


@given(st.lists(st.text(LETTERS, max_size=8), min_size=4, max_size=4))
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text(run: Run, tmp_path: Path, texts: list[str]) -> None:
    pages = printed(run, tmp_path / "dangerous", [(text, "x") for text in texts])
    if "pages" not in HARMLESS:
        HARMLESS["pages"] = printed(run, tmp_path / "harmless", [("x", "x")] * len(texts))
    judge(pages, HARMLESS["pages"])


HARMLESS: dict[str, dict[tuple[str, str], Ran]] = {}
"""What is printed of a harmless glossary, once for all examples."""


@pytest.mark.parametrize("id", ["=c", "+c", "-c", "@c", "\uff1dc", "\uff0bc", " c", "c ", "c\x1b[2J", "\tc", "c\u202e"])
def test_what_is_no_id_is_refused(id: str, run: Run, glossary_of: Callable[[object], Path]) -> None:
    folder = glossary_of({"terms": {id: {"name": "C"}}})
    ran = run("check", "--no-builtin", str(folder))
    assert ran.code == 1
    assert "error[id]" in ran.out
    assert not OBEYED.search(ran.out)


@pytest.mark.parametrize(
    "text", ["=1+1", " =x", "\t=x", "+1 a", "-2+3", "@x", "\uff1d1+1", "\uff0b1 a", "\uff0d2", "\uff20x"]
)
def test_no_cell_of_csv_is_a_formula(text: str, run: Run, glossary_of: Callable[[object], Path]) -> None:
    term = {"name": text, "definition": text, "note": text, "abbreviations": [text], "aspects": {"a": text}}
    metric = {"name": text + "m", "unit": text, "readings": [{"name": text, "formula": "x", "inputs": {"x": text}}]}
    folder = glossary_of(
        {"aspects": {"a": {"name": text}}, "terms": {"t": term, "u": {**term, "name": "U"}}, "metrics": {"m": metric}}
    )
    for line in (["compare", "t", "u"], ["show", "t", "m"], ["list"], ["calc", "m", "x=-5"], ["search", "u"]):
        rows = list(csv.reader(io.StringIO(run(*line, "--no-builtin", "-D", str(folder), "-f", "csv").out)))
        assert rows
        for field in (field for row in rows for field in row if field != "-5"):
            assert field.lstrip()[:1] not in [*"=+-@\uff1d\uff0b\uff0d\uff20"] or not field, (line, field)


@pytest.mark.parametrize(
    "url", ["\x1b]0;pwn\x07", "javascript:alert(1)", "http://a b", "https://a\x1b[2J", "ftp://a", "//a", "http:///a"]
)
def test_an_address_that_is_none_is_refused(url: str, run: Run, glossary_of: Callable[[object], Path]) -> None:
    folder = glossary_of({"sources": {"s": {"title": "S", "url": url}}})
    ran = run("check", "--no-builtin", str(folder))
    assert (ran.code, "error[url]" in ran.out, OBEYED.search(ran.out)) == (1, True, None)


def test_the_note_of_a_claim_without_text_is_shown(run: Run, glossary_of: Callable[[object], Path]) -> None:
    claim = {"value": "v", "sources": ["s"], "note": "our own remark"}
    term = {"name": "A", "definition": [claim], "aspects": {"q": [claim]}}
    terms = {"a": term, "b": {"name": "B", "aspects": {"q": "w"}}}
    folder = glossary_of({"sources": {"s": {"title": "S"}}, "aspects": {"q": {"name": "Q"}}, "terms": terms})
    given = f"--no-builtin -D {folder}"
    for form in ("table", "markdown", "tsv", "csv", "json"):
        for line in ("compare a b --full", "compare a --by source --full", "show a"):
            assert run(f"{line} {given} -f {form}").out.count("our own remark") == 2, (line, form)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "\x1b]8;;http://e\x07", "http://a b"])
def test_a_painter_makes_a_link_of_web_addresses_alone(url: str) -> None:
    page = clean((*legend([Source("s", "Title", "Publisher", url)]),), "utf-8")
    assert "href" not in write_html(page)
    assert f"<{url}>" not in write_markdown(page)
    for text in (write_html(page), write_markdown(page), paint(page, io.StringIO())):
        assert not OBEYED.search(text)
