"""Where a team's glossary lies: csterms.toml, the environment, -D and standard input, and which of them are in force."""

import json
from pathlib import Path

import pytest
from conftest import ROOT, Run

from cs_terms import Glossary

SHIPPED = ROOT / "definitions"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose csterms.toml names a folder; tests run in a folder below it."""
    (tmp_path / "csterms.toml").write_text('definitions = ["glossary/"]\n')
    (tmp_path / "glossary").mkdir()
    (tmp_path / "glossary" / "a.yaml").write_text("terms: {a: {name: Ours}, b: {name: B}, success: {note: as we say}}")
    (tmp_path / "src" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "src" / "deep")
    return tmp_path


def test_in_a_repository_commands_just_work(project: Path, run: Run) -> None:
    assert run("list terms").out.splitlines()[-2:] == ["term\ta\tOurs\t-", "term\tb\tB\t-"]
    assert run("compare a b").code == 0
    assert "as we say" in run("show success").out
    (project / "glossary" / "b.yaml").write_text("terms: {success: {name: Success}}")
    (project / "csterms.toml").write_text('definitions = "glossary"\nbuiltin = false\ntitle = "T"\nlanguage = "en"\n')
    assert len(run("list terms").out.splitlines()) == 3


def test_the_nearest_one_upward_counts(project: Path, run: Run) -> None:
    (project / "src" / "csterms.toml").write_text("builtin = false\ndefinitions = ['b.yaml']\n")
    (project / "src" / "b.yaml").write_text("terms: {nearer: {name: Nearer}}")
    assert run("list terms").out == "term\tnearer\tNearer\t-\n"


def test_layers_in_order_and_from_where(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("environment", "given"):
        (project / f"{name}.yaml").write_text(f"terms: {{a: {{name: {name}}}}}")
    monkeypatch.setenv("CSTERMS_DEFINITIONS", str(project / "environment.yaml"))
    assert run("list terms").out.splitlines()[-2] == "term\ta\tenvironment\t-"
    assert run(f"list terms -D {project}/given.yaml").out.splitlines()[-2] == "term\ta\tgiven\t-"
    assert run("--version").out.splitlines()[1:] == [
        f"definitions: {SHIPPED} (shipped)",
        "definitions: ../../glossary/ (../../csterms.toml)",
        f"definitions: {project}/environment.yaml ($CSTERMS_DEFINITIONS)",
    ]
    monkeypatch.setenv("CSTERMS_NO_BUILTIN", "1")
    assert len(run("--version").out.splitlines()) == 3


def test_a_tab_completes_the_project_s_terms(project: Path, shell, run: Run) -> None:
    assert run("list").code == 0
    line = f"cd {project}/src && _CSTERMS_COMPLETE=complete_bash COMP_WORDS='csterms show ' COMP_CWORD=2 csterms"
    assert "a" in shell(line).out.split()
    # Standard input is the shell's: -D - is not read at a Tab.
    line = (
        f"cd {project}/src && _CSTERMS_COMPLETE=complete_bash COMP_WORDS='csterms list -D - ter' COMP_CWORD=4 csterms"
    )
    assert shell(f"{line} < /dev/null").out.split() == ["terms"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("definitons = []", "csterms.toml:1:1: unknown key 'definitons'\ndid you mean 'definitions'?"),
        ("title = 'x'\n\n  langauge = 'x'", ":3:3: unknown key 'langauge'\ndid you mean 'language'?"),
        ("[definitions]\na = 1", ":1:2: definitions takes a list of files and folders\nwrite definitions = ["),
        ("definitions = [1]", ":1:1: definitions takes a list of files and folders"),
        ("definitions = ['-']", ":1:1: definitions takes a list of files and folders"),
        ("builtin = 'no'", ":1:1: builtin takes true or false\nwrite builtin = false, without quotation marks"),
        ("title = 5", ':1:1: title takes a text\nwrite title = "..."'),
        ("x = 1\ndefinitions = [glossary]", ":2:16: the line is not TOML (Invalid value)\nexpected lines such as"),
        ("definitions = ['a'", "csterms.toml: the line is not TOML (Unclosed array)\nexpected lines such as"),
        ("\udcff", "csterms.toml: is not UTF-8 text"),
        ("definitions = ['absent']", "absent: cannot be opened: No such file or directory (named in "),
    ],
)
def test_a_wrong_csterms_toml_is_told(text: str, said: str, project: Path, run: Run) -> None:
    (project / "csterms.toml").write_bytes(text.encode(errors="surrogateescape"))
    for line in ("list", "show nps", "check"):
        ran = run(line)
        assert (ran.code, ran.out) == (3, "")
        assert said in ran.err
    assert run("--version").out.startswith("csterms ")


def test_the_python_api_keeps_to_its_arguments(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSTERMS_DEFINITIONS", str(project / "glossary"))
    with Glossary() as glossary:
        assert "a" not in glossary.terms


def test_standard_input_is_a_layer(shell) -> None:
    text = "terms: {a: {name: Piped}}"
    assert shell(f"echo '{text}' | csterms list terms --no-builtin -D -").out == "term\ta\tPiped\t-\n"
    assert shell(f"echo '{text}' | csterms check - --no-builtin").out == "1 file checked: no problems\n"
    ran = shell("echo 'terms: {a: {nmae: Piped}}' | csterms check - --no-builtin")
    assert ran.code == 1
    assert "<stdin>:1:13: error[unknown-key]: terms.a: unknown key 'nmae'; did you mean 'name'?\n" in ran.out
    assert shell("csterms check - --no-builtin <&-").code == 3
    # Nothing of it is kept: the next text is another one.
    assert shell("echo 'terms: {b: {name: B}}' | csterms list --no-builtin -D -").out == "term\tb\tB\t-\n"


def test_check_without_a_path_checks_what_is_named_or_is_wrong_usage(
    project: Path, run: Run, tmp_path_factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("check -v").err == "checked ../../glossary/a.yaml\n"
    (project / "glossary" / "b.yaml").write_text("terms: {a: {nmae: x}}")
    ran = run("check")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "2 files checked: 1 error, 0 warnings")
    (project / "csterms.toml").write_text("builtin = false")
    ran = run("check")
    assert (ran.code, ran.out) == (2, "")
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    ran = run("check")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing to check: no PATH is given, and neither csterms.toml nor $CSTERMS_DEFINITIONS names any" in ran.err
    monkeypatch.setenv("CSTERMS_DEFINITIONS", str(project / "glossary" / "b.yaml"))
    assert run("check").code == 1


def test_one_file_of_a_project_is_checked_with_the_rest_of_it(project: Path, run: Run) -> None:
    (project / "glossary" / "c.yaml").write_text("terms: {c: {name: C, broader: {a: }}}")
    ran = run("check ../../glossary/c.yaml")
    assert (ran.code, ran.out) == (0, "1 file checked: no problems\n")
    assert run("check --no-builtin ../../glossary/c.yaml").code == 1  # success has no name of its own there


def test_strict_makes_warnings_fail(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("sources: {s: {title: S}}")
    assert run(f"check --no-builtin {tmp_path}").code == 0
    assert run(f"check --no-builtin --strict {tmp_path}").code == 1


def test_check_says_that_references_were_not_judged(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: {name: A, broader: {nowhere: }}}")
    (tmp_path / "b.yaml").write_text("terms: [")
    end = "; references were not judged, as a file could not be read to its end\n"
    assert run(f"check --no-builtin {tmp_path}").out.endswith(f"1 error, 0 warnings{end}")
    assert json.loads(run(f"check --no-builtin {tmp_path} -f json").out)["references_judged"] is False
    assert f"1 error in the definition files{end}" in run(f"list --no-builtin -D {tmp_path}").err


def test_the_line_is_shown_with_a_caret_below_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text('terms:\n  a: {name: A, note: "\u6f22\u5b57\\t", nmae: x}\n', encoding="utf-8")
    shown = run(f"check --no-builtin {tmp_path}").out.splitlines()[1:3]
    assert shown == [
        '  2 |   a: {name: A, note: "\u6f22\u5b57\\t", nmae: x}',
        "    | " + " " * 31 + "^",  # each of the two letters takes two columns
    ]
    assert shown == run(f"list --no-builtin -D {tmp_path}").err.splitlines()[1:3]
