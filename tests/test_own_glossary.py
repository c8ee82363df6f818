"""A glossary of one's own: what init writes, what the schema says, and what the guide teaches."""

import json
import re

import jsonschema
import pytest
import yaml
from conftest import ROOT, Run

from cs_terms.loading.schema import json_schema

GUIDE = ROOT / "definitions" / "README.md"
VALIDATOR = jsonschema.Draft7Validator(json_schema())


def as_an_editor_reads(text: str):
    """YAML with its own guesses, dates apart, as the schemas of editors see it."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def test_what_init_writes_passes_check_and_can_be_compared_at_once(run: Run, tmp_path) -> None:
    folder = tmp_path / "new" / "glossary"
    ran = run(f"init {folder}")
    assert (ran.code, ran.out) == (0, "")
    assert f"csterms compare oltp olap --no-builtin -D {folder}" in ran.err
    for over in ("", " --no-builtin"):
        assert run(f"check {folder}{over}").out == "1 file checked: no problems\n"
    compared = run(f"compare oltp olap --no-builtin -D {folder} -f table").out
    assert "contested" in compared
    assert run(f"calc tps transactions=90 seconds=60 -D {folder} --no-builtin").out.startswith("Over a period\t1.5\t")


def test_a_blank_glossary_is_its_skeleton_and_works_when_it_is_filled_in(run: Run, tmp_path) -> None:
    ran = run(f"init --blank {tmp_path}")
    assert ran.code == 0
    assert f"next: csterms check --no-builtin {tmp_path}" in ran.err
    file = tmp_path / "glossary.yaml"
    assert run(f"check --no-builtin {tmp_path}").out == "1 file checked: no problems\n"
    assert run(f"list --no-builtin -D {tmp_path}").out == ""
    file.write_text(re.sub("^#  ", "  ", file.read_text(), flags=re.MULTILINE))
    assert run(f"check --no-builtin {tmp_path}").out == "1 file checked: no problems\n"
    assert "on-premises" in run(f"list --no-builtin -D {tmp_path}").out


def test_init_never_writes_over_a_file(run: Run, tmp_path) -> None:
    (tmp_path / "csterms.schema.json").write_text("mine")
    ran = run(f"init {tmp_path}")
    assert (ran.code, ran.out) == (2, "")
    assert "csterms.schema.json is there already" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["csterms.schema.json"]
    assert (tmp_path / "csterms.schema.json").read_text() == "mine"
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "glossary.yaml").symlink_to("nowhere")
    assert run(f"init {tmp_path / 'dangling'}").code == 2
    assert run(f"init {tmp_path / 'csterms.schema.json' / 'x'}").code == 5


def test_init_does_not_take_no_name_for_this_folder(run: Run, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "").code == 2
    assert list(tmp_path.iterdir()) == []


def test_the_modeline_names_the_schema_that_is_written(run: Run, tmp_path) -> None:
    run(f"init {tmp_path}")
    first = (tmp_path / "glossary.yaml").read_text().splitlines()[0]
    name = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", first)[1]  # type: ignore[index]
    assert json.loads((tmp_path / name).read_text()) == json.loads(run("schema").out) == json_schema()


def test_the_schema_is_one_of_draft_07_with_a_sentence_for_each_key() -> None:
    jsonschema.Draft7Validator.check_schema(json_schema())
    structs = [json_schema(), *json_schema()["definitions"].values()]
    assert len(structs) == 12
    for struct in structs:
        assert struct["additionalProperties"] is False
        assert all(key.get("description") for key in struct["properties"].values())


@pytest.mark.parametrize("path", sorted(ROOT.glob("definitions/*.yaml")), ids=lambda path: path.name)
def test_the_shipped_definitions_are_valid_by_the_schema(path) -> None:
    VALIDATOR.validate(as_an_editor_reads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "wrong",
    [
        "term: {}",
        "terms: {a: {nmae: A}}",
        "terms: {a: {name: [A]}}",
        "terms: {a: {name: ''}}",
        "terms: {a: {aspects: {b: [[x]]}}}",
        "terms: {a: {aspects: {b: {vlaue: x}}}}",
        "metrics: {m: {better: more}}",
        "metrics: {m: {range: [0, x]}}",
        "metrics: {m: {range: [0]}}",
        "metrics: {m: {readings: [{name: r, formula: x}]}}",
        "metrics: {m: {readings: [{name: r, formula: x, inputs: {x: y}, example: {inputs: {x: y}, result: 1}}]}}",
        "together: [{terms: [a], text: x}]",
        "sources: [a]",
    ],
)
def test_what_check_refuses_the_schema_flags(wrong: str, run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text(wrong)
    assert run(f"check --no-builtin {tmp_path}").code == 1
    assert not VALIDATOR.is_valid(as_an_editor_reads(wrong))


def test_the_guide_s_blocks_make_a_glossary_without_a_problem(run: Run, tmp_path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 4
    for number, block in enumerate(blocks):
        VALIDATOR.validate(as_an_editor_reads(block))
        (tmp_path / f"{number}.yaml").write_text(block, encoding="utf-8")
        assert run(f"check --no-builtin {tmp_path}").out.endswith("checked: no problems\n"), block
    for command in re.findall(r"`csterms ((?:compare|calc|disputes)[^`]*)`", GUIDE.read_text(encoding="utf-8")):
        line = command.replace("-D glossary", "").replace("--no-builtin", "")
        ran = run(f"{line} --no-builtin -D {tmp_path}")
        assert (ran.code, ran.err) == (0, ""), command
        assert ran.out


def test_the_guide_s_table_has_every_key() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    schema = json_schema()["definitions"]
    names = {"`sources`": "Source", "`aspects`": "Aspect", "`terms`": "Term", "claim": "Claim"}
    names |= {"`metrics`": "Metric", "reading": "Reading", "`together`": "Together"}
    for entry, name in names.items():
        text = next(keys for row, keys in rows if row == entry)
        said = {
            re.split(r"[ (]", key.strip(" *"))[0]
            for key in re.sub(r"\([^)]*\)|`[^`]*`", "", text).replace(" and ", ", ").split(",")
        }
        assert said - {""} == set(schema[name]["properties"]), entry


def test_the_pre_commit_hook_is_one() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert hook["entry"] == "csterms check"
    assert hook["pass_filenames"] is False
    assert f"id: {hook['id']}" in GUIDE.read_text(encoding="utf-8")


def test_check_sees_the_same_on_every_machine(run: Run, tmp_path, monkeypatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.yaml").write_text("terms: {elsewhere: {name: Elsewhere}}\nsources: {s: {title: S}}")
    (tmp_path / "b.yaml").write_text("terms: {b: {name: B, broader: {elsewhere: , success: }}}")
    monkeypatch.setenv("CSTERMS_DEFINITIONS", str(tmp_path / "elsewhere"))
    ran = run(f"check {tmp_path / 'b.yaml'}")
    assert ran.code == 1
    assert "unknown term 'elsewhere'" in ran.out
    assert "unknown term 'success'" not in ran.out
    assert "unknown term 'success'" in run(f"check --no-builtin {tmp_path / 'b.yaml'}").out
    assert run(f"check {tmp_path}").code == 0


def test_a_bad_layer_stops_every_command_with_the_lines_of_check(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: {nope: A}}")
    lines = run(f"check {tmp_path}").out.splitlines()[:-1]
    for command in ("compare success support", "list", "show nps", "calc nps", "disputes", "metrics", "search x"):
        ran = run(f"{command} -D {tmp_path}")
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.splitlines()[: len(lines)] == lines
    failure = json.loads(run(f"list -D {tmp_path} -f json").err)["error"]
    assert {problem["rule"] for problem in failure["problems"]} == {"unknown-key", "missing-name"}


def test_whoever_takes_a_name_that_was_taken_is_told(run: Run, tmp_path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("terms:\n  success: {name: customer-support}\n")
    support = ROOT / "definitions" / "support.yaml"
    assert run(f"check {file}").out.splitlines()[0] == (
        f"{file}:2:19: error[same-name]: 'customer-support' is the full name of the term 'support' too ({support}:3);"
        " rename 'success'"
    )


def test_annotations_for_github(run: Run, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "a,b"
    folder.mkdir()
    (folder / "a.yaml").write_text("terms:\n  a: {name: A, note: 100%, nmae: x}\n")
    monkeypatch.chdir(tmp_path)
    ran = run("check --no-builtin a,b -f github")
    assert ran.code == 1
    assert ran.out.splitlines()[0] == (
        "::error file=a%2Cb/a.yaml,line=2,col=28,title=unknown-key::terms.a: unknown key 'nmae'; did you mean 'name'?"
    )
    assert ran.out.splitlines()[-1] == "1 file checked: 1 error, 0 warnings"


def test_what_check_prints_is_fit_for_any_terminal(run: Run, shell, tmp_path) -> None:
    (tmp_path / "é.yaml").write_text('terms:\n  a: {name: A, é: x, "c\\e[2J": x}\n', encoding="utf-8")
    for form in ("text", "github"):
        ran = run(f"check --no-builtin {tmp_path} -f {form}")
        assert (ran.code, len(ran.out.splitlines())) == (1, 7 if form == "text" else 3)
        assert "\x1b" not in ran.out
        ran = shell(f"csterms check --no-builtin {tmp_path} -f {form}", PYTHONIOENCODING="ascii")
        assert (ran.code, ran.err) == (1, "")
        assert "\\xe9.yaml" in ran.out


def test_a_path_that_is_given_twice_counts_once(run: Run, tmp_path, monkeypatch) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a.yaml").write_text(
        "terms: {a: {name: A}, b: {name: B}}\ntogether: [{terms: [a, b], text: x}]\n"
    )
    monkeypatch.chdir(tmp_path)
    for paths in ("x x/", "x ./x", "x x/a.yaml", "x/a.yaml x", ". x"):
        assert run(f"check --no-builtin {paths}").out == "1 file checked: no problems\n"
        layers = " ".join(f"-D {path}" for path in paths.split())
        assert run(f"compare a b --no-builtin {layers}").out == "together\tx (no source)\tx (no source)\n"


def test_files_of_one_folder_that_are_named_one_by_one_are_one_layer(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: {name: A}}")
    (tmp_path / "b.yaml").write_text("terms: {a: {name: B}}")
    for paths in (f"{tmp_path}", f"{tmp_path}/a.yaml {tmp_path}/b.yaml"):
        assert "name of the term 'a' is different" in run(f"check --no-builtin {paths}").out
    assert run(f"list --no-builtin -D {tmp_path}/a.yaml -D {tmp_path}/b.yaml").out == "term\ta\tB\t-\n"


def test_files_named_in_any_order_are_read_in_that_of_their_paths(run: Run, glossary) -> None:
    folder = glossary(a="terms: {x: {name: Alpha}}", b="terms: {x: &x {name: Beta, definition: {sources: [s]}}, y: *x}")
    expected = run(f"check --no-builtin {folder}").out.splitlines()
    problems = [line for line in expected if line.startswith(str(folder))]
    assert len(problems) == len(set(problems))  # what an alias repeats is said once
    assert run(f"check --no-builtin {folder}/b.yaml {folder}/a.yaml").out.splitlines() == expected
    assert expected[0].startswith(f"{folder}/b.yaml")


def test_show_says_what_a_result_can_be(run: Run, glossary) -> None:
    reading = "name: {}, formula: x, inputs: {{x: a number}}"
    readings = [reading.format("a") + ", range: [null, null]", reading.format("b") + ", unit: days"]
    folder = glossary(a=f"metrics: {{m: {{name: M, readings: [{{{readings[0]}}}, {{{readings[1]}}}]}}}}")
    page = run(f"show m --no-builtin -D {folder} -f table").out
    assert "Range: any number\n" in page
    assert "Unit: days\n" in page


def test_show_says_where_each_word_comes_from(run: Run, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("metrics:\n  net-promoter-score: {unit: percent}\n")
    records = [line.split("\t") for line in run(f"show nps -D {tmp_path}").out.splitlines()]
    origins = [record[3] for record in records if record[2] == "origin"]
    assert origins[0].startswith(str(ROOT / "definitions" / "metrics-perception.yaml"))
    assert origins[1:] == [f"{tmp_path}/a.yaml:2"]


def test_a_misspelled_term_of_an_earlier_layer_is_suggested(run: Run, glossary) -> None:
    folder = glossary(a="terms: {succes: {note: as we say}}")
    said = "error[missing-name]: the term 'succes' has no name; did you mean 'success'? if it is new, give it one"
    assert said in run(f"check {folder}").out


def test_one_id_may_stand_for_a_list_of_one(run: Run, glossary) -> None:
    folder = glossary(
        a="sources: {s: {title: S}}\nmetrics: {m: {name: M}}\n"
        "terms: {a: {name: A, metrics: m, definition: {text: x, sources: s}, abbreviations: {X: s}}}"
    )
    assert run(f"check --no-builtin {folder}").out == "1 file checked: no problems\n"
    assert run(f"claims a --no-builtin -D {folder}").out.splitlines()[0].split("\t")[3:5] == ["x", "s"]
