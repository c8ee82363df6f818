"""Files of others: tests/imports holds some, with what comes of each beside it; tests/bad_imports what is refused.

A new file there is a new test. UPDATE_GOLDEN=1 writes what comes of them anew.
"""

import os
import shlex
from pathlib import Path

import pytest
from conftest import Run

HERE = Path(__file__).parent
GOOD = sorted(each for each in (HERE / "imports").iterdir() if each.suffix not in (".options", ".expected"))
BAD = sorted((HERE / "bad_imports").iterdir())


def system(path: Path) -> str:
    return path.suffix[1:] if path.suffix in (".skos", ".datahub") else "csv"


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    monkeypatch.chdir(HERE)
    if "skos" in request.node.name:
        pytest.importorskip("rdflib")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_what_others_write_comes_in(path: Path, run: Run) -> None:
    options = path.with_suffix(".options")
    given = shlex.split(options.read_text(encoding="utf-8")) if options.exists() else []
    ran = run("import", system(path), f"imports/{path.name}", *given)
    said = f"{ran.err}---\n{ran.out}"
    expected = path.with_name(f"{path.name}.expected")
    if "UPDATE_GOLDEN" in os.environ:
        expected.write_text(said, encoding="utf-8")
    assert ran.code == 0
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_what_cannot_be_read_is_refused_with_its_place(path: Path, run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    ran = run(f"import {system(path)} bad_imports/{path.name} -o {new}")
    assert ran.code in (1, 3), ran.err
    assert ran.out == ""
    first, *rest = ran.err.splitlines()
    assert first.startswith(f"csterms: bad_imports/{path.name}") or "row " in first or "line " in first
    assert rest
    assert not new.exists()
