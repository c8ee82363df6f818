"""The Python API: the same answers as the command's, by id or any name, from a script, a notebook or threads."""

import doctest
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import typed_script
from conftest import ROOT, Run

import cs_terms
from cs_terms import AmbiguousNameError, CstermsError, Glossary, UnknownNameError

BOOK = {"starting_mrr": 100, "expansion_mrr": 20, "contraction_mrr": 5, "churned_mrr": 10}


@pytest.fixture(scope="module")
def gl():
    with Glossary() as glossary:
        yield glossary


def plain(answer: Any) -> Any:
    """An answer's dict as the command's JSON has it, numbers as numbers."""
    return json.loads(json.dumps(answer.to_dict(), default=float))


ANSWERS = {
    "compare success support": lambda gl: gl.compare("success", "support"),
    "compare success support -a approach --brief": lambda gl: gl.compare(
        "success", "support", aspects=["approach"], brief=True
    ),
    "compare service success --differences": lambda gl: gl.compare("service", "success", differences=True),
    "compare service --by source": lambda gl: gl.compare("service", by="source"),
    "metrics": lambda gl: gl.metrics_of(),
    "metrics cx": lambda gl: gl.metrics_of("cx"),
    "show nps approach success happyfox": lambda gl: gl.show("nps", "approach", "success", "happyfox"),
    "list": lambda gl: gl.list(),
    "list terms": lambda gl: gl.list("term"),
    "search wait queue": lambda gl: gl.search("wait", "queue"),
    "disputes service": lambda gl: gl.disputes("service"),
    "calc nrr starting_mrr=100 expansion_mrr=20 contraction_mrr=5 churned_mrr=10": lambda gl: gl.metrics["NRR"](**BOOK),
}


@pytest.mark.parametrize("line", ANSWERS)
@pytest.mark.parametrize("source", ["", "happyfox"])
def test_answers_are_those_of_the_command(line: str, source: str, run: Run) -> None:
    with Glossary(sources=[source] if source else ()) as gl:
        ran = run(f"{line} -f json {f'-s {source}' if source else ''}")
        if ran.code:
            with pytest.raises(CstermsError) as raised:
                ANSWERS[line](gl)
            assert raised.value.code == ran.code
            assert raised.value.message in ran.err
        else:
            answer = ANSWERS[line](gl)
            assert plain(answer) == json.loads(ran.out)
            assert repr(answer) == str(answer)
            assert str(answer) + "\n" == run(f"{line} -f table {f'-s {source}' if source else ''}").out


def test_entries_by_id_or_any_name(gl: Glossary) -> None:
    assert list(gl.terms) == ["experience", "service", "success", "support"]
    assert repr(gl.terms) == "<4 terms: experience, service, success, support>"
    assert gl.terms["Customer Success"] == gl.terms["success"]
    assert gl.metrics["NPS"].id == gl.metrics["net promoter score"].id == "net-promoter-score"
    assert len(gl.metrics) == 34
    assert "nps" in gl.metrics
    assert "cs" not in gl.terms
    assert 3 not in gl.terms
    assert gl.aspects["approach"].values == ("reactive", "both", "proactive")
    assert gl.sources["veemo"].publisher == "Veemo"
    assert "success" in gl.terms._ipython_key_completions_()
    assert repr(gl).startswith("<Glossary: 4 terms, 34 metrics, ")


def test_names_that_mean_none_or_several_raise_with_the_candidates(gl: Glossary) -> None:
    with pytest.raises(AmbiguousNameError, match="'CS' means 3 things") as several:
        gl.terms["CS"]
    assert {each.id for each in several.value.candidates} == {"success", "support", "service"}
    with pytest.raises(UnknownNameError, match="did you mean success") as unknown:
        gl.compare("sucess", "support")
    assert [each.id for each in unknown.value.candidates] == ["success"]
    assert isinstance(unknown.value, LookupError)
    for wrong in (lambda: gl.compare("success"), lambda: gl.compare("success", "support", by="source")):
        with pytest.raises(CstermsError, match="takes"):
            wrong()


def test_one_text_does_for_a_list_of_one(gl: Glossary) -> None:
    assert (
        gl.compare("success", "service", aspects="approach").to_dict()
        == gl.compare("success", "service", aspects=["approach"]).to_dict()
    )
    with Glossary(sources="veemo") as some:
        assert list(some.sources) == ["veemo"]
    assert gl.list("metrics").to_dict() == gl.list("metric").to_dict()


def test_wrong_arguments_raise(gl: Glossary) -> None:
    with pytest.raises(CstermsError, match="there is no kind 'foo'"):
        gl.list("foo")
    with pytest.raises(CstermsError, match="by='foo'; expected 'source'"):
        gl.compare("success", by="foo")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a name is a text, got int"):
        gl.terms[0]  # type: ignore[index]
    closed = Glossary()
    closed.close()
    with pytest.raises(ValueError, match="the glossary is closed"):
        closed.show("nps")


def test_a_comparison_by_cell(gl: Glossary) -> None:
    compared = gl.compare("success", "service", aspects=["approach", "revenue"])
    assert compared["approach", "service"] == ["reactive", "both"]
    assert compared.contested == [("approach", "service")]
    assert compared["Approach", "Customer Service"] == ["reactive", "both"]
    with pytest.raises(KeyError, match="the columns success, service"):
        compared["approach", "nosuch"]
    by_source = gl.compare("service", by="source", aspects=["approach"])
    assert by_source["approach", "happyfox"] == ["both"]


def test_records_have_one_claim_and_source_each(gl: Glossary) -> None:
    records = gl.compare("success", "service", aspects=["approach"]).records()
    assert list(records[0]) == ["term", "row", "value", "text", "source", "at", "as", "note"]
    said = {(each["term"], each["value"], each["source"]) for each in records}
    assert ("service", "both", "happyfox") in said
    assert {term for term, _, _ in said} == {"success", "service"}
    everything = gl.claims("success", "service").records()
    assert all(record in everything for record in gl.compare("success", "service").records())
    assert len(everything) == len(gl.compare("success", "service").records())
    rows = {each["row"] for each in everything}
    assert {"definition", "part-of", "approach", "together", "metric:customer-retention-rate"} <= rows


def test_by_source_has_the_same_records_as_side_by_side(gl: Glossary) -> None:
    def key(record: dict[str, Any]) -> str:
        return json.dumps(record, sort_keys=True)

    by_source = gl.compare("service", by="source").records()
    mine = [each for each in gl.claims("service").records() if each["row"] != "together"]
    assert sorted(by_source, key=key) == sorted(mine, key=key)


def test_other_answers_have_records_as_the_shell_has_them(gl: Glossary, run: Run) -> None:
    records = gl.metrics_of("cx").records()
    assert [record["id"] for record in records] == [line.split("\t")[1] for line in run("metrics cx").out.splitlines()]
    assert gl.search("nps").records()[0]["kind"] == "metric"


def test_metrics_are_worked_out(gl: Glossary) -> None:
    nrr = gl.metrics["NRR"]
    answer = nrr(**BOOK)
    assert answer.spread
    assert (answer.spread.lowest, answer.spread.highest) == (Decimal(105), Decimal(110))
    assert nrr("Plain", **BOOK).results[0].value == 105
    assert repr(nrr).startswith("<metric net-revenue-retention: Net revenue retention, ")
    for series in ([12, 30], (12.0, Decimal(30)), iter([Fraction(12), "30"])):
        assert gl.metrics["frt"](first_response_minutes=series).results[0].value == 21
    tenth = gl.metrics["csat"](satisfied_responses=0.1, responses=Decimal("0.3")).results[0].value
    assert tenth == Decimal("33.3333333333")
    assert gl.calc("nps", {"promoters": 1, "detractors": 0, "responses": 2}).results[0].value == 50
    for wrong in ({"starting": 1}, {"starting_mrr": "x"}, {"starting_mrr": True}, {"starting_mrr": float("nan")}):
        with pytest.raises(CstermsError) as raised:
            nrr(**wrong)
        assert raised.value.code == 2


def test_one_s_own_files_stand_over_the_shipped_or_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {lake: {name: Lake}, success: {name: Happiness}}")
    with Glossary(tmp_path) as over, Glossary(str(tmp_path), builtin=False) as alone:
        assert over.terms["success"].name == alone.terms["lake"].name.replace("Lake", "Happiness")
        assert len(over.terms) == 5
        assert len(alone.terms) == 2
    (tmp_path / "a.yaml").write_text("terms: {lake: {nmae: Lake}}")
    with pytest.raises(CstermsError, match="unknown key 'nmae'") as raised:
        Glossary(tmp_path, builtin=False)
    assert {problem.rule for problem in raised.value.problems} == {"unknown-key"}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name == "href"}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_answers_show_themselves_in_notebooks(gl: Glossary) -> None:
    for line, answer in ANSWERS.items():
        bundle = answer(gl)._repr_mimebundle_()
        assert set(bundle) == {"text/plain", "text/markdown", "text/html"}, line
        assert Tags(bundle["text/html"]).tags & {"table", "ul"}, line
    compared = Tags(gl.compare("success", "service")._repr_mimebundle_()["text/html"])
    assert "https://veemo.io/?p=9223" in compared.links
    assert "contested" in compared.text


def test_what_a_notebook_shows_is_escaped(tmp_path: Path) -> None:
    text = '<script>alert(1)</script> & "x" <img src=x onerror=y>'
    (tmp_path / "a.yaml").write_text(
        json.dumps(
            {
                "sources": {"s": {"title": text, "publisher": text, "url": "https://e.com/?a='\"<b>"}},
                "aspects": {"q": {"name": text, "question": text}},
                "terms": {
                    id: {"name": f"{id}{text}", "definition": text, "aspects": {"q": {"value": text, "sources": ["s"]}}}
                    for id in "ab"
                },
            }
        )
    )
    with Glossary(tmp_path, builtin=False) as gl:
        for answer in (gl.compare("a", "b"), gl.show("a", "s"), gl.list(), gl.search("alert")):
            html = Tags(answer._repr_mimebundle_()["text/html"])
            assert not html.tags & {"script", "img", "b"}
            assert "<script>alert(1)</script>" in html.text
            assert html.links <= {"https://e.com/?a='\"<b>"}


def test_from_several_threads(gl: Glossary) -> None:
    expected = [plain(answer(gl)) for answer in ANSWERS.values()]
    with ThreadPoolExecutor(8) as pool, Glossary() as fresh:
        found = list(pool.map(lambda answer: plain(answer(fresh)), [*ANSWERS.values()] * 8))
    assert found == expected * 8


def test_import_loads_nothing_that_is_not_needed_yet() -> None:
    told = (
        "import sys; before = set(sys.modules); import cs_terms; alone = set(sys.modules) - before;"
        "gl = cs_terms.Glossary(); gl.compare('success', 'support').to_dict(); gl.metrics['nps'];"
        "heavy = {'msgspec', 'typer', 'rich', 'yaml', 'sqlite3'};"
        "print(sorted(heavy & alone), sorted(heavy & set(sys.modules)))"
    )
    Glossary().close()  # so that nothing has to be read
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[] ['msgspec', 'sqlite3']\n"


def test_what_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        cs_terms.nosuch  # noqa: B018
    assert set(cs_terms.__all__) <= set(dir(cs_terms))


def test_the_session_in_the_guide() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_a_typed_script_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    typed_script.main()
    assert capsys.readouterr().out.splitlines() == [
        "{('approach', 'service'): ['reactive', 'both'], ('relationship', 'service'): ['transactional', 'both']}",
        "['success']",
        "True True",
        "(Decimal('105'), Decimal('110'))",
        "['Customer Experience', 'Customer Service', 'Customer Success', 'Customer Support']",
        "3",
    ]
