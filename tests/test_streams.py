"""What scripts rely on: exit codes, the two streams, pipes, and what happens when they break."""

import functools
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, Run

CODES = [
    ("csterms compare success support", 0),
    ("csterms disputes service --source happyfox -s veemo", 0),
    ("csterms show nosuch", 1),
    ("csterms search zzz", 1),
    ("csterms calc top-agents", 1),
    ("csterms check tests/bad_definitions/syntax.yaml", 1),
    ("csterms", 2),
    ("csterms compare success", 2),
    ("csterms calc nps promoters=x", 2),
    ("csterms list -D tests/bad_definitions/syntax.yaml", 3),
    ("csterms check README.md/absent", 3),
    ("csterms show CS", 4),
    ("csterms list > /dev/full", 5),
    ("csterms --help > /dev/full", 5),
    ("csterms list >&-", 5),
]


@pytest.mark.parametrize(("line", "code"), CODES, ids=[line for line, _ in CODES])
def test_exit_codes(line: str, code: int, shell) -> None:
    ran = shell(line)
    assert ran.code == code
    assert "Traceback" not in ran.err
    if code not in (0, 1) or not line.startswith("csterms check"):
        assert bool(ran.out) is (code == 0)
        assert bool(ran.err) is (code != 0)


@pytest.mark.parametrize(
    "line",
    [
        "csterms compare success support service experience | head -1",
        "csterms claims | head -1",
        "csterms compare success support -f table | head -1",
        "csterms show nps csat ces -f json | head -1",
        "csterms --help | head -1",
        "csterms compare --help | true",
        "csterms check tests/bad_definitions/departures-from-the-schema.yaml | head -1",
    ],
)
def test_a_reader_that_closes_early_is_no_error(line: str, shell) -> None:
    ran = shell(line)
    # What `check` has to say about the files, its exit code says even when nobody reads on.
    assert (ran.code, ran.err) == (1 if "csterms check" in line else 0, "")


def test_words_about_the_data_never_mix_with_it(shell) -> None:
    ran = shell(
        "csterms calc csat satisfied_responses=8 responses=10 good=0 bad=0 -f json 2>/dev/null | python3 -m json.tool"
    )
    assert ran.code == 0
    ran = shell("csterms show nosuch -f json 2>&1 >/dev/null | python3 -m json.tool")
    assert '"code": 1' in ran.out


def test_nothing_is_lost_where_standard_error_is_closed_or_full(shell) -> None:
    assert shell("csterms show nosuch 2>&-").code == 1
    assert shell("csterms show nosuch 2>/dev/full").code == 1


def test_control_c_ends_with_130() -> None:
    line = [sys.executable, "-m", "cs_terms", "calc", "frt", "first_response_minutes=@-"]
    # A shell starts what it runs in the background with SIGINT ignored, and what that starts inherits it.
    heard = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(line, cwd=ROOT, preexec_fn=heard, **pipes) as running:  # noqa: PLW1509
        waiting = Path(f"/proc/{running.pid}/wchan")
        for _ in range(100):
            time.sleep(0.05)
            if waiting.exists() and "pipe" in waiting.read_text():
                break
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, b"")
    assert b"Traceback" not in err


def test_a_bug_is_one_line_and_a_traceback_in_a_file(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("cs_terms.api.Glossary.compare", lambda *_, **__: {}["what was not thought of"])
    ran = run("compare success support")
    assert (ran.code, ran.out) == (70, "")
    assert ran.err.startswith("csterms: a bug in csterms: KeyError: 'what was not thought of'\nthe traceback is in ")
    (kept,) = tmp_path.glob("csterms-*.txt")
    assert str(kept) in ran.err
    assert "Traceback (most recent call last)" in kept.read_text()
    assert json.loads(run("compare success support -f json").err)["error"]["code"] == 70


def test_every_command_works_without_a_terminal_or_a_home(shell) -> None:
    ran = shell("csterms compare success support < /dev/null", HOME=None, XDG_CACHE_HOME=None, TERM=None, COLUMNS=None)
    assert (ran.code, ran.err) == (0, "")
    ran = shell("csterms compare success support", HOME="/dev/null", XDG_CACHE_HOME=None)
    assert (ran.code, ran.err) == (0, "")


def test_arguments_that_are_no_text_are_answered(shell) -> None:
    for line in (
        r"csterms show $'\xff'",
        r"csterms show $'\xff' -f json",
        r"csterms search $'\xff'",
        r"csterms list -D $'\xff'",
        r"csterms init $'\xff'/$(printf 'a%.0s' {1..300})",
    ):
        ran = shell(line)
        assert ran.code in (1, 2, 3, 5), line
        assert "Traceback" not in ran.err
        assert "bug" not in ran.err
