"""The page in a real browser: it says what the command says, and harms nobody."""

import base64
import gzip
import hashlib
import itertools
import json
import re
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from browser import NODE_MODULES, Browser, judge, launch
from conftest import Run

from cs_terms import CstermsError, Glossary
from cs_terms.output.page import Cited, Grid, Items
from cs_terms.page import document

TERMS = ("experience", "service", "success", "support")
SOURCES = ("uprighte", "askhandle", "veemo", "b2bdaily", "happyfox")
TOLD = [*itertools.combinations(TERMS, 1), *itertools.combinations(TERMS, 2), *itertools.combinations(TERMS, 3), TERMS]
HEARD = [(), *((source,) for source in SOURCES), ("veemo", "happyfox")]


@pytest.fixture(scope="module")
def gl() -> Iterator[Glossary]:
    with Glossary() as glossary:
        yield glossary


@pytest.fixture(scope="module")
def html(gl: Glossary) -> str:
    return str(gl.page("success", "support"))


@pytest.fixture(scope="module")
def path(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("page") / "glossary.html"
    written.write_text(html, encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launch() as running:
        yield running


# The file


def test_the_file_is_small(html: str) -> None:
    assert len(html.encode()) < 700_000
    assert len(gzip.compress(html.encode())) < 100_000


def test_nothing_but_its_own_script_and_style_is_allowed(html: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', html)
    assert "default-src &#x27;none&#x27;" in policy
    assert "require-trusted-types-for &#x27;script&#x27;; trusted-types &#x27;none&#x27;" in policy
    assert "unsafe" not in policy
    for part in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy
    assert not re.findall(r"<[^>]+ (?:on\w+|style|src)=", re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL))


def test_the_command_writes_what_the_api_returns(html: str, run: Run, tmp_path: Path) -> None:
    written = tmp_path / "g.html"
    ran = run(f"page success support -o {written}")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"wrote {written}: 4 terms, 34 metrics, 28 aspects, 152 sources\n"
    assert written.read_text(encoding="utf-8") == html
    assert run("page success support").out == html
    assert run("page nobody").code == 1
    assert run("page cs").code == 4


def test_a_title_and_a_language(gl: Glossary) -> None:
    page = str(gl.page(title="Words & numbers", language="de"))
    assert '<html lang="de">' in page
    assert "<title>Words &amp; numbers</title>" in page
    assert "<h1>Words &amp; numbers</h1>" in page
    assert "<title>Glossary</title>" in str(gl.page())


def test_linked_data(html: str, gl: Glossary) -> None:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    data = json.loads(text)
    assert data["@type"] == "DefinedTermSet"
    assert [term["termCode"] for term in data["hasDefinedTerm"]] == list(gl.terms)
    assert data["hasDefinedTerm"][2]["description"] == gl.terms["success"].definition[0].text
    assert len(data["citation"]) == len(gl.sources)


def test_only_what_some_sources_say() -> None:
    with Glossary(sources=["veemo"]) as gl:
        page = str(gl.page())
        assert set(re.findall(r'data-s="(.*?)"', page)) == {"veemo"}
        assert "https://blog.happyfox.com" not in page


# The same as the command


def said_at_first_sight(answer: Any) -> list[list[str]]:
    """Each row of the command's short form: its name, then the items of each cell."""
    rows: list[list[str]] = []
    for block in answer.page():
        for row in block.rows if isinstance(block, Grid) else ():
            name = row.label[0][0][0].strip()
            # What a term is part of is compared in full, below.
            rows.append([name, *("" if name == "Part of" else " | ".join(texts_of(cell)) for cell in row.cells)])
    return rows


def texts_of(cell: Any) -> Iterator[str]:
    for part in cell:
        lines = part.items if isinstance(part, Items) else [part]
        for line in lines:
            texts = [",".join(id for id, _ in span.sources) if isinstance(span, Cited) else span[0] for span in line]
            text = "".join(texts).removeprefix("contested: ").strip()
            if text:
                yield text


SHOWN_AT_FIRST = """() => [...document.querySelectorAll("#compare tbody tr")].map((row) => {
  const [head, ...cells] = row.children;
  return [head.firstChild?.textContent ?? "", ...cells.map((cell) => {
    const first = cell.querySelector(":scope > .c");
    if (head.textContent === "Part of") return "";
    if (first) {
      const text = first.querySelector(".t")?.textContent ?? first.querySelector("b").textContent;
      const cited = [...first.querySelectorAll(".cite")].map((cite) => cite.dataset.s).join(",");
      const more = cell.querySelectorAll(".more > .c").length;
      return [text, BY_SOURCE ? "" : cited, more ? `+${more}` : ""].filter(Boolean).join(" ");
    }
    const facts = cell.querySelector(":scope > .facts");
    const items = [...cell.querySelectorAll("details:not(.more) > summary, .m")].map((each) => each.textContent);
    return (facts ? facts.textContent + " " : "") + items.join(" | ");
  })];
})"""


def address(terms: tuple[str, ...], heard: tuple[str, ...], show: str = "") -> str:
    return f"#compare={','.join(terms)}&source={','.join(heard)}&show={show}"


@pytest.mark.parametrize("differences", [False, True])
@pytest.mark.parametrize("heard", HEARD, ids="+".join)
def test_comparisons_at_first_sight(browser: Browser, path: Path, heard: tuple[str, ...], differences: bool) -> None:
    with Glossary(sources=heard) as gl, browser.open(path) as page:
        for terms in TOLD:
            by = "source" if len(terms) == 1 else None
            answer = gl.compare(*terms, by=by, differences=differences)
            browser.go(page, address(terms, heard, "differences" if differences else ""))
            shown = page.evaluate(SHOWN_AT_FIRST.replace("BY_SOURCE", json.dumps(by is not None)))
            assert shown == said_at_first_sight(answer), terms
            marked = page.locator("#compare td.contested").count() + page.locator("#compare th .mark").count()
            keys = [row for row in answer.aspects if row.key] or answer.aspects
            if by is None:
                assert marked == sum(
                    cell.contested for row in (answer.aspects if differences else keys) for cell in row.cells.values()
                )


SHOWN_IN_FULL = """() => Object.fromEntries([...document.querySelectorAll("#compare tbody tr")].map((row) => {
  const [head, ...cells] = row.children;
  const cited = (claim) => [...claim.querySelectorAll(".cite")].map((cite) =>
    [cite.dataset.s, cite.nextElementSibling?.matches("small") ? cite.nextElementSibling.textContent.trim() : ""]);
  return [head.firstChild.textContent, cells.map((cell) => [...cell.querySelectorAll(".c, [data-m]")].map((claim) =>
    [claim.dataset.v ?? null, claim.querySelector(".t")?.textContent ?? null, cited(claim)]))];
}))"""


def claims_of(claims: Any) -> list[Any]:
    return sorted(([each.value, each.text, cites_of(each.sources)] for each in claims), key=repr)


def cites_of(citations: Any) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for each in citations:
        places = found.setdefault(each.id, [])
        places += [
            place for place in (each.at, f'as "{each.as_}"' if each.as_ else None) if place and place not in places
        ]
    return [[id, ", ".join(places)] for id, places in found.items()]


@pytest.mark.parametrize("heard", HEARD, ids="+".join)
def test_comparisons_in_full(browser: Browser, path: Path, heard: tuple[str, ...]) -> None:
    with Glossary(sources=heard) as gl, browser.open(path) as page:
        for terms in TOLD:
            answer = gl.compare(*terms, by="source" if len(terms) == 1 else None, full=True)
            browser.go(page, address(terms, heard, "full"))
            shown = page.evaluate(SHOWN_IN_FULL)
            columns = [column.id for column in answer.columns]
            expected = {row.name: [claims_of(row.cells[id].claims) for id in columns] for row in answer.aspects}
            for row in answer.metrics:
                expected[row.name] = [
                    [[None, None, cites_of(row.cells[id])]] if id in row.measures else [] for id in columns
                ]
            if any(column.definition for column in answer.columns):
                expected["Definition"] = [claims_of(column.definition) for column in answer.columns]
            named = {name: [sorted(cell, key=repr) for cell in cells] for name, cells in shown.items()}
            for name, cells in expected.items():
                assert named[name] == cells, (terms, name)
            assert set(named) - set(expected) <= {"Part of", "Together", ""}
            said = [claim for name in ("Together", "") for cell in shown.get(name, []) for claim in cell]
            assert len(said) == len(answer.together) or "" in shown


def test_chosen_rows_depths_and_order(browser: Browser, path: Path, gl: Glossary) -> None:
    heads = '() => [...document.querySelectorAll("#compare tbody th")].map((head) => head.firstChild?.textContent)'
    with browser.open(path, "#compare=success,support&rows=revenue,approach,definition") as page:
        assert page.evaluate(heads) == ["Revenue", "Approach", "Definition"]
        assert page.locator("#compare details:not(.more)[open] .c").count() > 2
        browser.go(page, "#compare=success,support&show=values")
        first = [row.name for row in gl.compare("success", "support").aspects if row.key]
        assert page.evaluate(heads)[: len(first) + 1] == ["Definition", *first]
        assert not page.locator("#compare td details[open]").count()
        browser.go(page, "#compare=success,support&show=differences-first,full")
        differ = {row.name: row.differs for row in gl.compare("success", "support").aspects}
        ranks = [{True: 0, None: 1, False: 2}[differ[name]] for name in page.evaluate(heads) if name in differ]
        assert ranks == sorted(ranks)
        assert len(ranks) == len(differ)


def test_choices_go_into_the_address_and_back(browser: Browser, path: Path) -> None:
    with browser.open(path) as page:
        page.get_by_label("Customer Service").check()
        page.get_by_label("Everything").check()
        page.get_by_label("Places in the sources").check()
        page.get_by_text("Sources: all").click()
        page.get_by_label("HappyFox").check()
        assert page.evaluate("location.hash") == "#compare=success,support,service&show=full,places&source=happyfox"
        assert page.locator("#compare .cite:visible").count() > 10
        assert {cite.get_attribute("data-s") for cite in page.locator("#compare table .cite").all()} == {"happyfox"}
        page.go_back()
        assert page.evaluate("location.hash") == "#compare=success,support,service&show=full,places"


def test_the_opening_without_scripts_is_the_one_with_them(browser: Browser, gl: Glossary, tmp_path: Path) -> None:
    alone = tmp_path / "alone.html"
    for names in (["success", "support"], ["service", "support"], ["service"], list(TERMS)):
        alone.write_text(str(gl.page(*names)), encoding="utf-8")
        with browser.open(alone) as page:
            expected = page.locator("#compare table").text_content().replace(" ", "")
        with browser.open(alone, java_script_enabled=False, wait=False) as page:
            assert page.locator("#compare table").text_content().replace(" ", "") == expected
            for id in ("#term-experience", "#metric-net-promoter-score", "#source-veemo", "#aspect-approach"):
                assert page.locator(id).is_visible()
            assert page.locator(".cites small").first.is_visible()


# The calculator


RESULTS = """() => [...document.querySelectorAll("#metrics .here .results li")].map((li) => [
  li.firstChild.textContent, li.querySelector("data")?.getAttribute("value") ?? null, li.lastChild.textContent])"""


def calculated(gl: Glossary, metric: str, inputs: dict[str, Any]) -> tuple[dict[str, str], str | None]:
    try:
        answer = gl.calc(metric, inputs)
    except CstermsError:
        return {}, None
    spread = next((line for line in str(answer).splitlines() if line.startswith("Spread: ")), "")
    return {each.reading: f"{each.value:f}" for each in answer.results}, spread


def number(chance: Random) -> str:
    return chance.choice(
        ["0", "7", "-3.5", "1e3", "0.1", f"{chance.uniform(0, 500):.4f}", str(chance.randrange(10**6))]
    )


def cases(gl: Glossary) -> Iterator[tuple[str, dict[str, Any]]]:
    chance = Random(7)
    for id in gl.metrics:
        readings = gl.metrics[id].readings
        series = {
            name
            for each in readings
            for name in each.inputs
            if each.example and isinstance(each.example.inputs[name], tuple)
        }
        names = list(dict.fromkeys(name for each in readings for name in each.inputs))
        for each in readings:
            if each.example:
                yield (
                    id,
                    {
                        name: str(value) if not isinstance(value, tuple) else list(map(str, value))
                        for name, value in each.example.inputs.items()
                    },
                )
        for _ in range(6 if names else 0):
            given = names if chance.random() < 0.7 else chance.sample(names, chance.randint(1, len(names)))
            yield (
                id,
                {
                    name: [number(chance) for _ in range(chance.randint(2, 6))] if name in series else number(chance)
                    for name in given
                },
            )


def test_every_calculation_is_that_of_the_command(browser: Browser, path: Path, gl: Glossary) -> None:
    count = 0
    with browser.open(path) as page:
        for metric, inputs in cases(gl):
            given = "&".join(
                f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in inputs.items()
            )
            browser.go(page, f"#calc={metric}&{given}")
            shown = page.evaluate(RESULTS)
            results, spread = calculated(gl, metric, inputs)
            assert {name: value for name, value, _ in shown if value is not None} == results, given
            if spread is not None:
                assert page.locator("#metrics .here .spread").text_content() == spread, given
            count += 1
    assert count > 250


@pytest.mark.parametrize("formula", ["-a ** 2", "a ** b ** 0.5", "a - b - c", "a / (b - c)", "2 ** -a * +b", "(a ** 1.5 - 1) * 100", "mean(s) + count(s) * median(s)", "max(s) - min(s) / sum(s)", "1_000 * a + .5 - 1e-3"])  # fmt: skip
def test_any_formula_is_worked_out_as_the_command_does(
    browser: Browser, glossary_of: Any, tmp_path: Path, formula: str
) -> None:
    names = sorted(set(re.findall(r"\b[abcs]\b", formula)))
    reading = {"name": "One", "formula": formula, "inputs": dict.fromkeys(names, "A number")}
    folder = glossary_of({"metrics": {"m": {"name": "M", "readings": [reading]}}})
    chance = Random(formula)
    with Glossary(folder, builtin=False) as gl:
        (tmp_path / "m.html").write_text(str(gl.page()), encoding="utf-8")
        with browser.open(tmp_path / "m.html") as page:
            for _ in range(15):
                numbers = {
                    name: str(round(chance.uniform(-9, 99), chance.randint(0, 5))) for name in names if name != "s"
                }
                inputs = numbers | (
                    {"s": [str(chance.randrange(99)) for _ in range(chance.randint(2, 7))]} if "s" in names else {}
                )
                given = "&".join(
                    f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in inputs.items()
                )
                browser.go(page, f"#calc=m&{given}")
                shown = {name: value for name, value, _ in page.evaluate(RESULTS) if value is not None}
                expected, _ = calculated(gl, "m", inputs)
                assert {key: Fraction(value) for key, value in shown.items()} == {
                    key: Fraction(value) for key, value in expected.items()
                }, given


def test_a_calculation_by_hand(browser: Browser, path: Path) -> None:
    with browser.open(path, "#metric-net-promoter-score") as page:
        page.get_by_label("promoters", exact=True).fill("120")
        page.get_by_label("detractors").fill("30")
        assert "needs responses" in page.locator(".here .results").text_content()
        page.get_by_label("responses").fill("two")
        assert "Expected a number" in page.locator(".here .fields").text_content()
        page.get_by_label("responses").fill("200")
        assert page.evaluate(RESULTS)[0][1:] == ["45", "45 points"]
        assert page.evaluate("location.hash") == "#calc=net-promoter-score&promoters=120&detractors=30&responses=200"
        page.get_by_label("responses").fill("-1")
        assert "It is a number of things, and -1 is below 0." in page.locator(".here .fields").text_content()
        page.get_by_label("responses").fill("0")
        assert "no result: it divides by zero" in page.locator(".here .results").text_content()
        page.get_by_role("button", name="Use the published example").click()
        assert page.evaluate(RESULTS)[0][1] == "45"


# Search and links


WORDS = ["wait", "nps", "CS", "customer success", "upsell rate", "proactive", "churn revenue", "ticket", "happyfox", "long", "reactve", "satisfacton score", "zzzz", "measure", "net promoter", "2023", "response tim", "é", "the", "a"]  # fmt: skip


def test_search_finds_what_the_command_finds(browser: Browser, path: Path, gl: Glossary) -> None:
    chance = Random(3)
    words = re.findall(
        r"[a-z]{3,}", " ".join(claim.text or "" for term in gl.terms for claim in gl.terms[term].definition)
    )
    asked = [*WORDS, *(" ".join(chance.sample(words, chance.randint(1, 2))) for _ in range(30))]
    hits = '() => [...document.querySelectorAll("#search li > a")].map((a) => a.getAttribute("href").slice(1))'
    with browser.open(path) as page:
        for text in asked:
            try:
                expected = [f"{hit.kind}-{hit.id}" for hit in gl.search(text).entries]
            except CstermsError:
                expected = []
            browser.go(page, f"#search={text}")
            assert page.evaluate(hits) == expected[:100], text


def test_search_as_one_types(browser: Browser, path: Path) -> None:
    with browser.open(path) as page:
        page.get_by_label("Search").press_sequentially("wait")
        assert page.evaluate("location.hash") == "#search=wait"
        page.locator("#search li a").first.click()
        page.evaluate("() => 0")
        assert page.locator(".entry.here").is_visible()
        page.go_back()
        assert page.locator("#search li").count() > 0


def test_every_link_leads_somewhere(browser: Browser, path: Path) -> None:
    with browser.open(path) as page:
        inner = page.evaluate(
            '() => [...document.querySelectorAll("a[href^=\'#\']")].map((a) => a.getAttribute("href"))'
        )
        for target in {each[1:] for each in inner if "=" not in each}:
            assert page.evaluate("(id) => Boolean(document.getElementById(id))", target), target
        outer = page.evaluate("() => [...document.querySelectorAll(\"a:not([href^='#'])\")].map((a) => a.href)")
        assert all(each.startswith(("https://", "http://")) for each in outer)
        for strange in (
            "#%E0%A4%A",
            "#nothing",
            "#compare=nobody",
            "#calc=nothing&a=1",
            "#source=%",
            "#compare=success&by=source",
            "#=&=&",
        ):
            browser.go(page, strange)
            assert page.locator("main > section.here").count() == 1


def test_who_says_so_is_one_key_away(browser: Browser, path: Path) -> None:
    with browser.open(path) as page:
        cite = page.locator("#compare .cite:visible").first
        cite.focus()
        page.keyboard.press("Enter")
        who = page.locator("#who")
        assert who.is_visible()
        assert "Where: 1 Focus" in who.text_content()
        assert who.locator("a[href='https://veemo.io/?p=9223']").is_visible()
        page.keyboard.press("Escape")
        assert not who.is_visible()
        assert cite.evaluate("(node) => node === document.activeElement")


# For everybody


VIEWS = ["", "#compare=service,support&show=full,places", "#compare=service", "#terms", "#term-service", "#metrics", "#calc=net-promoter-score&promoters=120", "#disputes", "#aspects", "#source-veemo", "#sources", "#search=wait"]  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_accessibility(browser: Browser, path: Path, scheme: str, width: int) -> None:
    with browser.open(path, width=width, color_scheme=scheme) as page:
        for view in VIEWS:
            browser.go(page, view)
            assert judge(page) == [], view


def test_accessibility_without_scripts(browser: Browser, html: str, tmp_path: Path) -> None:
    bare = tmp_path / "bare.html"  # axe is a script: the page's own are taken out, as if they did not run
    bare.write_text(re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL), encoding="utf-8")
    with browser.open(bare, wait=False) as page:
        assert judge(page) == []


def test_no_width_is_too_small(browser: Browser, path: Path) -> None:
    for width in (320, 390, 768):
        with browser.open(path, width=width) as page:
            for view in [*VIEWS, "#compare=success,support,service,experience&show=full"]:
                browser.go(page, view)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, view


@pytest.mark.parametrize("view", ["", "#compare=success,support&show=full", "#compare=service,experience&show=full"])
def test_a_comparison_on_paper(browser: Browser, path: Path, gl: Glossary, view: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    with browser.open(path, view) as page:
        printed = path.with_suffix(".pdf")
        page.pdf(path=printed, format="A4")
        reader = pypdf.PdfReader(printed)
        assert len(reader.pages) <= (8 if view else 2)
        text = " ".join(each.extract_text() for each in reader.pages)
        cited = {source.url for source in gl.compare("success", "support").sources}
        assert "https://happyfox.com" not in text
        urls = {url for id in gl.sources if (url := gl.sources[id].url) and url in text.replace("\n", "")}
        assert urls <= cited


def test_the_html_is_valid(html: str, gl: Glossary, tmp_path: Path) -> None:
    jar = NODE_MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        pytest.skip("HTML is judged by vnu-jar: npm install --prefix tests")
    files = [tmp_path / "a.html", tmp_path / "b.html"]
    files[0].write_text(html, encoding="utf-8")
    files[1].write_text(str(gl.page("service")), encoding="utf-8")
    done = subprocess.run(["java", "-jar", jar, "--errors-only", *files], capture_output=True, text=True, check=False)
    assert done.stderr == ""


# Safety


PAYLOADS = ["<script>window.harm = 1</script>", "</script><script>window.harm = 1</script>", "<img src=x onerror='window.harm = 1'>", "\" onmouseover='window.harm = 1' x=\"", "javascript:window.harm = 1", "]]><svg onload='window.harm = 1'>", "<!-- <script> -->", "&lt;b&gt; {{7*7}} ${window.harm = 1}", "\u2028\u202e\u0000".replace("\u0000", "\u0007"), "</style><style>* { display: none }</style>", "data:text/html,<script>alert(1)</script>"]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_in_a_definition_becomes_markup(
    browser: Browser, glossary_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, payload: str
) -> None:
    claim = {"value": payload, "text": payload, "sources": {"s": payload}, "note": payload}
    reading = {
        "name": payload,
        "formula": "a",
        "inputs": {"a": payload},
        "example": {"inputs": {"a": 1}, "result": 1},
        "sources": {"s": payload},
        "note": payload,
    }
    term = {
        "abbreviations": {payload: {"s": payload}},
        "also_called": [payload],
        "definition": [claim],
        "aspects": {"q": [claim]},
        "metrics": {"m": {"s": {"at": payload, "as": payload}}},
        "note": payload,
    }
    content = {
        "sources": {"s": {"title": payload, "publisher": payload, "note": payload}},
        "aspects": {"q": {"name": payload, "question": payload, "also_called": [payload], "values": [payload, "x"], "note": payload}},
        "terms": {"one": {"name": f"One {payload}", **term}, "two": {"name": f"Two {payload}", **term}},
        "metrics": {"m": {"name": payload, "definition": payload, "unit": payload, "pitfalls": payload, "note": payload, "readings": [reading]}},
        "together": [{"terms": ["one", "two"], "value": payload, "text": payload, "sources": ["s"]}],
    }  # fmt: skip
    with Glossary(glossary_of(content), builtin=False) as gl:
        for most in (document.MOST_WHOLE, 0):
            monkeypatch.setattr(document, "MOST_WHOLE", most)
            file = tmp_path / "h.html"
            file.write_text(str(gl.page("one", "two", title=payload)), encoding="utf-8")
            with browser.open(file) as page:
                for view in (
                    "",
                    "#compare=one,two&show=full",
                    "#compare=one",
                    "#term-one",
                    "#calc=m&a=1",
                    "#search=one",
                    "#sources",
                    "#disputes",
                ):
                    browser.go(page, view)
                    page.wait_for_timeout(20)
                    for cite in page.locator(".cite:visible").all()[:1]:
                        cite.click()
                assert page.evaluate("window.harm") is None
                assert (
                    page.locator(
                        "img, svg, iframe, object, [onerror], [onmouseover], main script, [style*=none]"
                    ).count()
                    == 0
                )
                assert page.locator("body").is_visible()
                hrefs = page.evaluate('() => [...document.querySelectorAll("a")].map((a) => a.getAttribute("href"))')
                assert all(href.startswith(("#", "http://", "https://")) for href in hrefs)


def test_a_file_that_was_tampered_with_runs_nothing(browser: Browser, html: str, tmp_path: Path) -> None:
    file = tmp_path / "t.html"
    harm = "<script>window.harm = 1</script><img src=x onerror='window.harm = 1'><img src='https://e.com/x'></body>"
    file.write_text(html.replace("</body>", harm), encoding="utf-8")
    with browser.open(file) as page:
        assert page.evaluate("window.harm") is None
        assert page.said
        assert not [each for each in page.said if each.startswith("dialog")]
        page.said.clear()


# Very many terms


def test_packed_terms_are_the_same_terms(
    browser: Browser, gl: Glossary, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "MOST_WHOLE", 0)
    packed = tmp_path / "packed.html"
    packed.write_text(str(gl.page("success", "support")), encoding="utf-8")
    assert packed.read_text(encoding="utf-8").count('<article id="term-') == 0
    views = [address(terms, heard, show) for terms in TOLD for heard in ((), ("veemo",)) for show in ("", "full")]
    table = "() => document.querySelector('#compare .comparison').textContent"
    with browser.open(packed) as page, browser.open(path) as whole:
        for view in views:
            for each in (page, whole):
                browser.go(each, view)
            page.wait_for_function("() => true")
            page.wait_for_timeout(10)
            assert page.evaluate(table) == whole.evaluate(table), view
        for each in (page, whole):
            browser.go(each, "#term-experience")
        page.locator("#term-experience").wait_for()
        assert page.locator("#term-experience").text_content() == whole.locator("#term-experience").text_content()
        for words in ("wait", "proactive", "nps"):
            browser.go(page, f"#search={words}")
            browser.go(whole, f"#search={words}")
            page.wait_for_timeout(60)
            assert page.locator("#search ol").text_content() == whole.locator("#search ol").text_content()
