"""What tests call csterms with: the same road that a user takes, from arguments to exit code and two streams."""

import contextlib
import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import settings

from cs_terms.cli import main

ROOT = Path(__file__).parent.parent

settings.register_profile("csterms", deadline=None)  # how long a test takes depends on the machine
settings.load_profile("csterms")


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
def command(tmp_path: Path) -> Path:
    """A folder with an executable `csterms` in it, to be put on the PATH of a shell."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "csterms"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m cs_terms "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture
def shell(command: Path) -> Callable[..., Ran]:
    """Runs a line of shell in which csterms is a command, with further settings of the environment."""

    def run_line(line: str, **settings: str | None) -> Ran:
        environment = {**os.environ, "PATH": f"{command}:{os.environ['PATH']}", **settings}
        kept = {name: value for name, value in environment.items() if value is not None}
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=ROOT,
            env=kept,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_line


@pytest.fixture
def terminal(command: Path) -> Callable[..., str]:
    """Runs csterms at a terminal of its own and returns what it shows, control sequences and all."""

    def show(*arguments: str, columns: int = 80, **settings: str) -> str:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"} | settings
        with subprocess.Popen(
            [command / "csterms", *arguments], cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
        ):
            os.close(theirs)
            shown = b""
            with contextlib.suppress(OSError):  # how a terminal says that it is over
                while part := os.read(ours, 65536):
                    shown += part
        os.close(ours)
        return shown.decode().replace("\r\n", "\n")

    return show


@pytest.fixture
def glossary(tmp_path: Path) -> Callable[..., Path]:
    """Writes definition files, named by keyword, into a folder."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def glossary_of(tmp_path: Path) -> Callable[[object], Path]:
    """Writes a glossary, given as data, into a folder, whatever characters are in it."""

    def write(content: object) -> Path:
        (tmp_path / "a.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        return tmp_path

    return write
