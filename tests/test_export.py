"""Export and import at the command line: what is written where, what is refused, and what is said about it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from conftest import Run

from cs_terms import CstermsError, Glossary

STRESS = f"--no-builtin -D {Path(__file__).parent / 'exchange' / 'stress.yaml'}"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_names_bring_what_measures_them_and_leave_the_rest_out(run: Run) -> None:
    rows = table(run("export csv support").out)
    kinds = {(row["kind"], row["id"]) for row in rows}
    assert ("term", "support") in kinds
    assert ("metric", "net-promoter-score") in kinds
    assert ("term", "success") not in kinds
    lost = json.loads(run("export skos support --base https://e.x/ --losses -f json").out)["losses"]
    outside = {(each["id"], each["value"]) for each in lost if each["field"] == "term.broader"}
    assert outside == {("support", "service"), ("support", "experience")}


def test_only_what_a_source_says_is_exported(run: Run) -> None:
    rows = table(run("export csv -s veemo").out)
    assert {row["source_id"] for row in rows} <= {"", "veemo"}
    assert {row["id"] for row in rows} >= {"success", "service"}


def test_no_cell_is_a_formula_and_the_mark_says_utf_8(run: Run) -> None:
    for system in ("csv", "openmetadata"):
        out = run(f"export {system} {STRESS}").out
        assert out.startswith("\ufeff") == (system == "csv")
        for row in csv.reader(io.StringIO(out.removeprefix("\ufeff"))):
            assert not any(cell.lstrip().startswith(tuple("=+-@")) for cell in row), row


def test_datahub_gets_no_variable_of_ours_to_expand(run: Run) -> None:
    out = run(f"export datahub {STRESS}").out
    assert re.search(r"\\\\\$\{HOME\}", out)
    assert not re.search(r"(?<!\\)\$\{", out)


def test_an_import_is_never_written_over_a_file(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    new.write_text("mine")
    run(f"export csv {STRESS} -o {tmp_path / 'x.csv'}")
    ran = run(f"import csv {tmp_path / 'x.csv'} -o {new}")
    assert ran.code == 2
    assert "is there already" in ran.err
    assert new.read_text() == "mine"
    assert run(f"import csv {tmp_path / 'x.csv'} -o {tmp_path / 'x.txt'}").code == 2
    assert run(f"import csv {tmp_path / 'x.csv'} -o {tmp_path / 'no' / 'x.yaml'}").code == 5


def test_okf_writes_into_its_own_folder_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "okf"
    assert run(f"export okf -o {folder}").code == 0
    assert (folder / "terms" / "success.md").is_file()
    assert run(f"export okf {STRESS} -o {folder}").code == 0
    assert not (folder / "terms" / "success.md").exists()
    (folder / "mine.md").write_text("mine")
    ran = run(f"export okf -o {folder}")
    assert ran.code == 2
    assert "mine.md" in ran.err
    assert (folder / "terms" / "3d-view.md").exists()


def test_openmetadata_keeps_what_is_there(run: Run, tmp_path: Path) -> None:
    like = tmp_path / "like.csv"
    like.write_text(
        "parent,name*,displayName,description,synonyms,references,tags,owner,new\n,success,Old,Old,,,PII.None,ann,x\n"
    )
    out = run(f"export openmetadata --like {like}").out
    rows = {row["name*"]: row for row in table(out)}
    assert list(rows["success"]) == [
        "parent",
        "name*",
        "displayName",
        "description",
        "synonyms",
        "references",
        "tags",
        "owner",
        "new",
    ]
    assert (rows["success"]["tags"], rows["success"]["owner"], rows["success"]["new"]) == ("PII.None", "ann", "x")
    assert rows["success"]["displayName"] == "Customer Success"
    assert rows["service"]["tags"] == ""
    like.write_text("parent,title\n,x\n")
    ran = run(f"export openmetadata --like {like}")
    assert (ran.code, ran.out) == (1, "")
    assert "name*" in ran.err
    like.write_text('"parent","name*","displayName","description","synonyms","references"\n')
    assert run(f"export openmetadata --like {like}").code == 0
    like.write_text(like.read_text() + "1,2,3,4,5,6,7\n")
    ran = run(f"export openmetadata --like {like}")
    assert (ran.code, ran.out) == (1, "")
    assert "row 2: expected 6 cells" in ran.err


def test_a_parent_comes_before_what_is_part_of_it(run: Run) -> None:
    seen: set[str] = set()
    for row in table(run("export openmetadata --glossary 'My. terms'").out):
        assert not row["parent"] or row["parent"] in seen
        seen.add(f"{row['parent'] or chr(34) + 'My. terms' + chr(34)}.{row['name*']}")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("export skos", 2, "--base"),
        ("export skos --base nowhere", 2, "https://example.org/glossary/"),
        ("export skos --base https://e.x/ --definitions-as all", 2, "each, one, nodes"),
        ("export csv --base https://e.x/", 2, "csv has no use for 'base'"),
        ("export xml", 2, "csv, datahub, openmetadata, skos, okf"),
        ("export okf", 2, "folder"),
        ("export csv -f json", 2, "--losses"),
        ("export csv nosuch", 1, "nosuch"),
        ("export csv CS", 4, "means 3 things"),
        ("export csv --strict -o /dev/null", 1, "left out"),
        ("import csv nosuch.csv", 1, "cannot be read"),
        ("import okf x", 2, "csv, datahub, skos"),
        ("import datahub x --column name=y", 2, "csv"),
        ("import csv x --column name", 2, "KEY=HEADER"),
    ],
)
def test_wrong_usage_is_said_with_what_was_expected(line: str, code: int, words: str, run: Run) -> None:
    ran = run(line)
    assert ran.code == code, ran.err
    assert words in ran.err


def test_a_column_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "x.csv"
    sheet.write_text("Begriff,Sinn\nA,b\n")
    ran = run(f"import csv {sheet} --column name=Begrif")
    assert ran.code == 1
    assert "did you mean 'Begriff'" in ran.err
    assert "definition" in run(f"import csv {sheet} --column defintion=Sinn").err
    assert "text: b" in run(f"import csv {sheet} --column name=Begriff --column definition=Sinn").out


def test_nodes_come_back_as_well(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("rdflib")
    for way in ("each", "nodes"):
        run(f"export skos --base https://e.x/ --definitions-as {way} -o {tmp_path / way}.ttl")
    each, nodes = (run(f"import skos {tmp_path / way}.ttl").out for way in ("each", "nodes"))
    assert each == nodes
    assert each.startswith("sources:\n  uprighte:\n")


def test_reading_skos_without_rdflib_says_what_to_install(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    (tmp_path / "x.ttl").write_text("")
    ran = run(f"import skos {tmp_path / 'x.ttl'}")
    assert ran.code == 2
    assert "csterms[rdf]" in ran.err


def test_python_exports_and_knows_the_losses() -> None:
    with Glossary() as glossary:
        exported = glossary.export("csv", "success")
        assert exported.text.startswith("\ufeffkind,id,name")
        assert {"kind": "term", "id": "success"}.items() <= exported.losses.records()[0].items()
        with pytest.raises(CstermsError, match="format"):
            glossary.export("xml")


def test_more_than_a_file_holds_becomes_several(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("cs_terms.exchange.definitions.MOST", 900)
    run(f"export csv -o {tmp_path / 'x.csv'}")
    ran = run(f"import csv {tmp_path / 'x.csv'} -o {tmp_path / 'new.yaml'}")
    assert "wrote" in ran.err
    files = sorted(each.name for each in tmp_path.glob("new*.yaml"))
    assert len(files) > 2
    line = " ".join(f"-D {tmp_path / name}" for name in files)
    assert run(f"list terms --no-builtin {line}").out.count("\n") == 4
    assert run(f"import csv {tmp_path / 'x.csv'}").code == 2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("x.rdf", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        ("x.jsonld", '{"@context": [{"a": "b"}, "https://example.invalid/c"], "@id": "x"}', "nothing is fetched"),
        ("x.json", '{"a": {"@context": {"@import": "https://example.invalid/c"}}}', "nothing is fetched"),
        ("x.nt", "no triples", "cannot be read as nt"),
    ],
)
def test_a_thesaurus_that_wants_more_than_itself_is_refused(
    name: str, text: str, words: str, run: Run, tmp_path: Path
) -> None:
    pytest.importorskip("rdflib")
    (tmp_path / name).write_text(text)
    ran = run(f"import skos {tmp_path / name}")
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err


def test_losses_are_a_table_to_read(run: Run) -> None:
    ran = run("export skos nps --base https://e.x/ --losses -f table")
    assert "worked examples" not in ran.out
    assert "readings.example" in ran.out
    assert run("export csv --losses -f tsv").out.startswith("term\t")


def test_a_sheet_may_come_from_standard_input(shell) -> None:
    ran = shell("printf 'Term,Definition\\nA,b\\n' | csterms import csv - | grep text")
    assert ran.out == "      - {text: b}\n"
