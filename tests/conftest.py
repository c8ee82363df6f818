"""What tests call csterms with: the same road that a user takes, from arguments to exit code and two streams."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from cs_terms.cli import main

ROOT = Path(__file__).parent.parent


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the machine's reaches a test."""
    for name in list(os.environ):
        if re.match("CSTERMS_|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|TTY_|TERM|CI$|GITHUB_|XDG_|VTE_|WT_|KONSOLE_", name):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs csterms with a command line, given as one string or as words."""

    def call(*words: str) -> Ran:
        arguments = shlex.split(words[0]) if len(words) == 1 else list(words)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return call


@pytest.fixture
def glossary(tmp_path: Path) -> Callable[..., Path]:
    """Writes definition files, named by keyword, into a folder."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write
