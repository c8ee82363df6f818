"""Whole pages, letter by letter. A new file in golden/ is a new test: its first line is the command, the rest its output.

UPDATE_GOLDEN=1 pytest tests/test_golden.py writes them anew; read what changed before you commit it.
"""

import os
import re
from pathlib import Path

import pytest
from conftest import ROOT, Run

PAGES = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page(page: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("cs_terms.loading.files.shipped", lambda: "definitions")  # pages break where paths are long
    command, _, expected = page.read_text(encoding="utf-8").partition("\n")
    match = re.fullmatch(r"\$ ((?:[A-Z_]+=\S+ )*)csterms (.*)", command)
    assert match, f"{page.name} does not begin with a command"
    for setting in match[1].split():
        monkeypatch.setenv(*setting.split("=", 1))
    ran = run(match[2])
    printed = ran.out + ran.err + (f"exit code {ran.code}\n" if ran.code else "")
    if "UPDATE_GOLDEN" in os.environ:
        page.write_text(f"{command}\n{printed}", encoding="utf-8")
    assert printed == expected
