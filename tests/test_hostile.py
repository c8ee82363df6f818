"""Files that are broken or mean harm: each ends in a clear message, and takes no other file's words with it.

The limits are the system's: a run that takes more than its memory or its time fails here for good.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from conftest import ROOT, Ran, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect as types

from cs_terms.loading.build import read_document
from cs_terms.loading.files import MAX_BYTES
from cs_terms.loading.schema import DefinitionFile

MARKER = Path(tempfile.gettempdir()) / f"csterms-was-here-{os.getpid()}"
GOOD = "terms: {good: {name: Good}}\n"


def bomb() -> str:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]"
        for before, this in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    return "\n".join(lines)


FILES: dict[str, tuple[bytes, str]] = {
    "tag": (f"terms: {{a: !!python/object/apply:os.system ['touch {MARKER}']}}".encode(), "error[tag]"),
    "custom tag": (b"terms: !x {a: {name: A}}", "error[tag]: a text cannot begin with !, or YAML takes !x for a type"),
    "alias bomb": (bomb().encode(), "more than 200,000 values"),
    "alias chain": (
        "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 600))]).encode(),
        "nested more than 32 deep (an alias counts as what it stands for)",
    ),
    "alias in itself": (
        b"terms: &a {b: *a}",
        'a text cannot begin with *; put it in quotation marks: "*a"',
    ),
    "unknown alias": (b"terms: *a", 'a text cannot begin with *; put it in quotation marks: "*a"'),
    "deep flow": (b"terms: " + b"[" * 30_000, "nested more than 32 deep"),
    "deep flow mapping": (b"{a: " * 10_000, "nested more than 32 deep"),
    "deep block": (b"".join(b" " * n + b"a:\n" for n in range(1500)), "nested more than 32 deep"),
    "deep list": (b"- " * 10_000, "nested more than 32 deep"),
    "too large": (b"# " + b"x" * MAX_BYTES, "a file may have 8,388,608"),
    "many values": (b"terms: [" + b"a," * 400_000, "more than 200,000 values"),
    "many bytes of one text": (b"terms: {a: {name: '" + b"x" * (MAX_BYTES - 100) + b"'}}", ""),
    "NUL": (b"terms: {a: {name: \x00}}", "1:19: error[not-utf-8]: a NUL byte"),
    "binary": (bytes(range(1, 256)) * 50, "error[not-utf-8]"),
    "UTF-16": ("terms: {a: {name: A}}".encode("utf-16"), "UTF-16 text; save the file as UTF-8"),
    "UTF-16 without a mark": ("terms: {a: {name: A}}".encode("utf-16-le"), "a NUL byte"),
    "latin-1": ("terms:\n  a: {name: Café}".encode("latin-1"), "2:16: error[not-utf-8]: byte 0xe9 is not UTF-8"),
    "BOM": ("terms: {a: {name: A}}".encode("utf-8-sig"), ""),
    "CRLF": (b"terms:\r\n  a:\r\n    name: A\r\n", ""),
    "carriage returns": (b"terms:\r  a:\r    name: A\r", ""),
    "control character": (
        b"terms: {a: {name: \x07}}",
        "1:19: error[syntax]: a control character that no text may have; delete it",
    ),
    "escaped control character": (b'terms: {a: {name: "\\e[31m"}}', ""),
    "tab indentation": (b"terms:\n\ta: {name: A}", "2:1: error[syntax]"),
    "two documents": (b"terms: {a: {name: A}}\n---\nterms: {b: {name: B}}", "2:1: error[several-documents]"),
    "merge key": (b"x: &x {name: A}\nterms: {a: {<<: *x}}", "unknown key '<<'"),
    "complex key": (b"? [a, b]\n: c", "what is in [] cannot be a key"),
    "a list": (b"- a\n- b\n", "expected sources:, aspects:, terms:, metrics:"),
    "a text": (b"hello", "got the text 'hello'"),
    "empty": (b"", ""),
    "comments": (b"# nothing here\n", ""),
    "huge number": (b"metrics: {m: {name: M, range: [0, 1e999999999]}}", "expected a number, got"),
    "huge exponent": (
        b"metrics: {m: {name: M, readings: [{name: r, formula: 9 ** 9 ** 9 ** x, inputs: {x: y}, example: {inputs: {x: 9}, result: 1}}]}}",
        "the numbers become too large",
    ),
    "many repeated keys": (b"terms:\n" + b"  a: {name: A}\n" * 30_000, "'a' was given before"),
    "many terms together": (
        b"together: [{text: x, terms: [" + b",".join(b"t%d" % n for n in range(60_000)) + b"]}]",
        "unknown term 't0'",
    ),
    "one term together with itself": (b"together: [{text: x, terms: [" + b"t," * 60_000 + b"]}]", "'t' is named twice"),
    "many unknown ids": (
        b"terms: {a: {name: A, metrics: [" + b",".join(b"m%d" % n for n in range(30_000)) + b"]}}",
        "unknown metric 'm0'",
    ),
}


ONE_AFTER_ANOTHER = """
import contextlib, io, json, sys
from pathlib import Path
from cs_terms.cli import main
for folder in sorted(Path(sys.argv[1]).iterdir()):
    for line in (["check", "--no-builtin"], ["show", "good", "--no-builtin", "-D"]):
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([*line, str(folder)])
            except SystemExit as ended:
                code = int(ended.code or 0)
        out.seek(0)
        print(json.dumps([folder.name, line[0], code, out.read(), err.getvalue()]), file=sys.__stdout__, flush=True)
"""


@pytest.fixture(scope="module")
def ran_on_hostile_files(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Ran]:
    """What `check` and `show` make of each file beside a good one, in one process of bounded memory and time."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, (data, _) in enumerate(FILES.values()):
        (folder / f"{number:02}").mkdir()
        (folder / f"{number:02}" / "bad.yaml").write_bytes(data)
        (folder / f"{number:02}" / "good.yaml").write_text(GOOD)
    script = folder.with_suffix(".py")
    script.write_text(ONE_AFTER_ANOTHER)
    done = subprocess.run(
        ["bash", "-c", f"ulimit -v 600000; ulimit -t 60; exec {sys.executable} {script} {folder}"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder.with_suffix(".cache"))},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = map(json.loads, done.stdout.splitlines())
    names = list(FILES)
    return {(names[int(number)], command): Ran(*rest) for number, command, *rest in lines}


@pytest.mark.parametrize("name", FILES)
def test_hostile_files(name: str, ran_on_hostile_files: dict[tuple[str, str], Ran]) -> None:
    _, message = FILES[name]
    ran = ran_on_hostile_files[name, "check"]
    assert message in ran.out
    assert ("error[" in ran.out) is (ran.code == 1) is bool(message)
    assert not ran.err
    ran = ran_on_hostile_files[name, "show"]
    assert ran.code == (3 if message else 0)
    assert "Traceback" not in ran.err
    if not message:
        assert "Good" in ran.out


def test_a_tag_runs_nothing(ran_on_hostile_files: dict[tuple[str, str], Ran]) -> None:
    assert ran_on_hostile_files["tag", "check"].code == 1
    assert not MARKER.exists()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize("make", [a_pipe, a_dangling_link, a_link_to_itself, a_socket])
def test_what_is_no_file(make: Callable[[Path], None], tmp_path: Path, run: Run, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "d"
    folder.mkdir()
    make(folder / "bad.yaml")
    (folder / "good.yaml").write_text(GOOD)
    ran = run(f"check --no-builtin {folder}")
    assert ran.code == 1
    assert re.search(r"bad.yaml:1:1: error\[unreadable\]: (not a regular file|cannot be read)", ran.out)
    assert run(f"list --no-builtin -D {folder}").code == 3


def test_links_that_lead_round_are_followed_once(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "good.yaml").write_text(GOOD)
    assert run(f"list --no-builtin -D {tmp_path}").out == "term\tgood\tGood\t-\n"


def test_folders_may_be_nested_as_deeply_as_paths_can_be(shell, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("terms: {a: {name: A}}")
    nested = "/".join("a" * 1500)
    try:
        ran = shell(
            f"cd {tmp_path} && mkdir -p {nested} && cp a.yaml {nested} && csterms list --no-builtin -D {tmp_path}"
        )
    finally:
        shell(f"rm -r {tmp_path}/a")  # what Python would do by recursion
    assert (ran.code, ran.out, ran.err) == (0, "term\ta\tA\t-\n", "")


def test_hidden_files_and_other_names_are_passed_over(tmp_path: Path, run: Run) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.yaml", ".a.yaml", "a.json", "a.yaml~", "README.md"):
        (tmp_path / name).write_text("not: a glossary")
    (tmp_path / "good.yml").write_text(GOOD)
    assert run(f"check --no-builtin {tmp_path}").out == "1 file checked: no problems\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path, run: Run) -> None:
    (tmp_path / "bad.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").chmod(0)
    assert "cannot be read: Permission denied" in run(f"check --no-builtin {tmp_path}").out
    (tmp_path / "d").mkdir(mode=0)
    ran = run(f"list -D {tmp_path / 'd'}")
    assert (ran.code, "Permission denied" in ran.err) == (3, True)


def test_a_folder_that_may_not_be_read_is_said(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("cs_terms.loading.files.os.scandir", refuse)
    ran = run(f"list --no-builtin -D {tmp_path}")
    assert (ran.code, f"{tmp_path}: cannot be opened: Permission denied" in ran.err) == (3, True)


def test_a_folder_without_definitions_is_said(tmp_path: Path, run: Run) -> None:
    ran = run(f"list -D {tmp_path}")
    assert (ran.code, ran.out) == (3, "")
    assert "no definition file in this folder; expected names that end in .yaml or .yml" in ran.err


def test_a_file_that_keeps_changing_is_said(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    real = os.fstat
    times = iter(range(1, 100))

    def changing(descriptor: int) -> os.stat_result:
        os.utime(tmp_path / "a.yaml", ns=(0, next(times) * 10**9))
        return real(descriptor)

    monkeypatch.setattr("cs_terms.loading.files.os.fstat", changing)
    assert "changed while it was read" in run(f"check --no-builtin {tmp_path}").out


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_no_bytes_raise(data: bytes) -> None:
    read_document(data, "f")


SCALARS = st.sampled_from([
    "x", "a", "b-c", "null", '"null"', '"~"', '""', "1", "-0.5", '"1\\n"', "1e3",
    "true", '"yes"', "higher", '"higher "', "[]", "{}", "!t\\ty", "*a", "*sources", "*terms", "*metrics",
])  # fmt: skip


def written(wanted: types.Type) -> st.SearchStrategy[str]:
    """What the schema wants in one place, as YAML, and now and then something else."""
    match wanted:
        case types.Metadata():
            return written(wanted.type)
        case types.UnionType():
            inner = st.one_of(*map(written, wanted.types))
        case types.StructType():
            keys = {field.encode_name: written(field.type) for field in wanted.fields}
            inner = st.fixed_dictionaries({}, optional=keys).map(flow)
        case types.DictType():
            inner = st.dictionaries(st.sampled_from(["a", "b-c", "x"]), written(wanted.value_type), max_size=2).map(
                flow
            )
        case types.ListType():
            inner = st.lists(written(wanted.item_type), max_size=2).map(lambda items: f"[{', '.join(items)}]")
        case types.TupleType():
            inner = st.tuples(*map(written, wanted.item_types)).map(lambda items: f"[{', '.join(items)}]")
        case _:
            return SCALARS
    return st.one_of(inner, inner, inner, SCALARS)


def flow(mapping: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in mapping.items()) + "}"


SECTIONS = {field.encode_name: written(field.type) for field in types.type_info(DefinitionFile).fields}


@given(st.fixed_dictionaries({}, optional=SECTIONS), st.randoms())
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_looks_like_a_definition_raises(sections: dict[str, str], random: Random) -> None:
    keys = random.sample(list(sections), len(sections))
    document = read_document("".join(f"{key}: &{key} {sections[key]}\n" for key in keys).encode(), "f")
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.message


SHIPPED = sorted(Path(__file__).parent.parent.glob("definitions/*.yaml"))


@given(st.sampled_from(SHIPPED), st.data())
@settings(max_examples=40)
def test_shipped_files_with_lines_lost_or_moved_never_raise(path: Path, data: st.DataObject) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines.pop(place)
        if data.draw(st.booleans()):
            lines.insert(data.draw(st.integers(0, len(lines))), " " * data.draw(st.integers(0, 8)) + line.lstrip())
    read_document("\n".join(lines).encode(), "f")
