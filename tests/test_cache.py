"""What is kept between runs is a cache: whatever becomes of it, the answer is right, and nobody waits for a lock."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT, Ran, Run

from benchmarks import glossaries
from cs_terms.loading.compiling import compile_in_memory
from cs_terms.loading.database import Database, open_database
from cs_terms.loading.files import chosen
from cs_terms.model import KINDS

Shell = Callable[..., Ran]

LINES = ["compare success support -a approach", "show nps", "metrics cx -f json", "search upsell", "show nosuch"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, and as yet none of csterms in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "csterms"


def kept(cache: Path) -> list[Path]:
    return sorted(cache.iterdir()) if cache.is_dir() else []


def answers(run: Run) -> list[Ran]:
    return [run(line) for line in LINES]


def with_its_time_kept(damage: Callable[[Path], None], path: Path) -> None:
    """Damages a file as a failing disk does: its time does not change."""
    before = path.stat()
    damage(path)
    if path.is_file():
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scribbled(path: Path) -> None:
    path.write_bytes(b"not a database " * 1000)


def foreign(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE entry (id TEXT)")
        database.commit()


def of_another_version(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript("UPDATE meta SET value = 'x' WHERE key = 'made_by'; DELETE FROM name")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nowhere"))


DAMAGE = [emptied, halved, scribbled, foreign, of_another_version, a_folder, a_dangling_link]


@pytest.mark.parametrize("noticed", [True, False], ids=["", "with its time kept"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_as_a_whole(damage: Callable[[Path], None], noticed: bool, run: Run, cache: Path) -> None:
    right = answers(run)
    (path,) = kept(cache)
    if noticed:
        damage(path)
    else:
        with_its_time_kept(damage, path)
    assert answers(run) == right
    assert answers(run) == right


def test_a_change_by_somebody_else_is_noticed(run: Run, cache: Path) -> None:
    right = answers(run)
    (path,) = kept(cache)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.executescript("DELETE FROM entry; DELETE FROM name")
    assert answers(run) == right


PARTS = 8


def overwrite(path: Path, part: int) -> None:
    """Overwrites one of eight parts of a file, but not its first page, by which it opens."""
    size = path.stat().st_size
    start, end = max(4096, size * part // PARTS), size * (part + 1) // PARTS
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xff" * (end - start))


@pytest.mark.parametrize("part", range(PARTS))
def test_a_part_that_is_damaged_unnoticed_costs_no_answer(part: int, shell: Shell, cache: Path) -> None:
    line = r"printf '5\n7\n12\n' | csterms calc frt first_response_minutes=@- -f json"
    right = shell(line)
    assert (right.code, right.err) == (0, "")
    (path,) = kept(cache)
    with_its_time_kept(lambda path: overwrite(path, part), path)
    assert shell(line) == right
    assert shell(line) == right


def test_damage_that_shows_in_the_middle_of_an_answer(cache: Path) -> None:
    layers = chosen([], no_builtin=False)
    with contextlib.closing(open_database(layers)) as database:
        right = [database.fragments("metric", id) for id in database.ids("metric")]
    (path,) = kept(cache)
    with contextlib.closing(open_database(layers)) as database:
        with_its_time_kept(lambda path: [overwrite(path, part) for part in range(PARTS)], path)
        assert [database.fragments("metric", id) for id in database.ids("metric")] == right
        assert kept(cache) == []  # it was forgotten, and the answer came out of memory
        assert database.has("term", "success")


def test_one_database_serves_several_threads_whatever_becomes_of_it(cache: Path) -> None:
    with contextlib.closing(open_database(chosen([], no_builtin=False))) as database:
        ids = database.ids("metric")
        right = [database.fragments("metric", id) for id in ids]
    with contextlib.closing(open_database(chosen([], no_builtin=False))) as database:
        (path,) = kept(cache)
        for part in range(PARTS):
            overwrite(path, part)
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(lambda id: database.fragments("metric", id), ids)) == right


def test_errors_are_never_kept(run: Run, cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    written(path, "[]")
    assert [run(f"list -D {path}").code for _ in range(2)] == [3, 3]
    assert kept(cache) == []


def test_deleted(run: Run, cache: Path) -> None:
    right = answers(run)
    shutil.rmtree(cache)
    assert answers(run) == right
    assert len(kept(cache)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"XDG_CACHE_HOME": "/dev/null/cache"},
        {"XDG_CACHE_HOME": "/proc/cache"},
        {"XDG_CACHE_HOME": "relative"},
        {"XDG_CACHE_HOME": None, "HOME": None},
        {"XDG_CACHE_HOME": None, "HOME": "/dev/null/home"},
        {"XDG_CACHE_HOME": None, "HOME": "/proc"},
        {"XDG_CACHE_HOME": None, "HOME": "relative"},
        {"XDG_CACHE_HOME": None, "HOME": ""},
    ],
    ids=str,
)
def test_no_place_to_keep_it(settings: dict[str, str | None], shell: Shell, run: Run, tmp_path: Path) -> None:
    settings = {"HOME": str(tmp_path)} | settings
    right = run("show nps -f json")
    assert [shell("csterms show nps -f json", **settings) for _ in range(2)] == [right, right]
    assert not (ROOT / "relative").exists()


def test_a_file_where_its_folder_should_be(run: Run, cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("mine")
    assert run("show nps").code == 0
    assert cache.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(run: Run, cache: Path) -> None:
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    assert run("show nps").code == 0


@pytest.mark.parametrize("blocks", [0, 8, 64, 300])
def test_a_full_disk(blocks: int, shell: Shell, run: Run, cache: Path) -> None:
    right = run("show nps -f json")
    shutil.rmtree(cache)
    assert shell(f"ulimit -f {blocks}; csterms show nps -f json") == right
    assert kept(cache) == []


def start(command: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [command / "csterms", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background of a shell has had Ctrl-C turned off.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )


def test_first_runs_at_once(command: Path, run: Run, cache: Path) -> None:
    right = run("show nps -f json")
    shutil.rmtree(cache)
    runs = [start(command, "show", "nps", "-f", "json") for _ in range(6)]
    assert [(*each.communicate(timeout=60), each.returncode) for each in runs] == [(right.out, "", 0)] * 6
    assert len(kept(cache)) == 1


@pytest.fixture
def half_way(command: Path, cache: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A first run of a large glossary, stopped once it has begun its database."""
    large = tmp_path / "large"
    glossaries.write(large, 4000)
    with start(command, "show", "nps", "-f", "json", "-D", str(large)) as begun:
        while not kept(cache):
            assert begun.poll() is None
            time.sleep(0.001)
        begun.send_signal(signal.SIGSTOP)
        yield begun
        begun.kill()


def test_killed_half_way(half_way: subprocess.Popen[str], run: Run, cache: Path) -> None:
    half_way.send_signal(signal.SIGKILL)
    half_way.communicate()
    (left,) = kept(cache)
    right = run("show nps -f json")
    assert right.code == 0
    assert left.exists()  # for all that is known, another run is at work on it
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    for path in kept(cache):
        if path != left:
            path.unlink()
    assert run("show nps -f json") == right
    assert [path.suffix for path in kept(cache)] == [".db"]


def test_interrupted(half_way: subprocess.Popen[str], cache: Path) -> None:
    half_way.send_signal(signal.SIGINT)
    half_way.send_signal(signal.SIGCONT)
    half_way.communicate()
    assert half_way.returncode == 130
    assert kept(cache) == []


def name_of_zebra(run: Run, path: Path) -> str:
    return run(f"list terms --no-builtin -D {path}").out.split("\t")[2]


def written(path: Path, name: str) -> None:
    path.write_text(f"terms: {{zebra: {{name: {name}}}}}\n")


@pytest.mark.usefixtures("cache")
def test_replaced_by_one_of_the_same_size_within_the_same_moment(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for number in range(20):
        written(path, f"Zebra{number:02}")
        assert name_of_zebra(run, path) == f"Zebra{number:02}"


@pytest.mark.usefixtures("cache")
def test_a_file_system_that_keeps_times_to_two_seconds(run: Run, tmp_path: Path, monkeypatch) -> None:
    def coarse_stat(path, **options) -> os.stat_result:
        status = stat(path, **options)
        times = {
            name: getattr(status, name) // 2_000_000_000 * 2_000_000_000 for name in ("st_mtime_ns", "st_ctime_ns")
        }
        return os.stat_result(tuple(status), times)

    stat = os.stat
    monkeypatch.setattr(os, "stat", coarse_stat)
    path = tmp_path / "a.yaml"
    for number in range(20):
        written(path, f"Zebra{number:02}")
        assert name_of_zebra(run, path) == f"Zebra{number:02}"


@pytest.mark.usefixtures("cache")
def test_a_file_that_has_long_been_read_is_edited(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("cs_terms.loading.compiling.YOUNG", -(10**9))  # every file counts as old
    path = tmp_path / "a.yaml"
    for name in ("Zebra", "Horse", "Mule"):
        written(path, name)
        assert name_of_zebra(run, path) == name


@pytest.mark.usefixtures("cache")
def test_changed_with_its_time_put_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    written(path, "Zebra")
    for name, seconds in (
        ("Horse", 1_000_000_000),
        ("Mouse", 1_000_000_000),
        ("Camel", 500_000_000),
        ("Otter", 4_000_000_000),
    ):
        written(path, name)
        os.utime(path, (seconds, seconds))
        assert name_of_zebra(run, path) == name


def test_a_file_from_the_future_is_kept_like_any_other(run: Run, cache: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("cs_terms.loading.compiling.YOUNG", 0)
    path = tmp_path / "a.yaml"
    written(path, "Zebra")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    run(f"list -D {path}")
    before = kept(cache)
    assert run(f"list -D {path}").code == 0
    assert kept(cache) == before != []


@pytest.mark.usefixtures("cache")
def test_replaced_by_an_older_file(run: Run, tmp_path: Path) -> None:
    for name in ("Zebra", "Horse"):
        written(tmp_path / f"{name}.txt", name)
        os.utime(tmp_path / f"{name}.txt", (1_000_000_000, 1_000_000_000))
    path = tmp_path / "a.yaml"
    for name in ("Zebra", "Horse"):
        (tmp_path / f"{name}.txt").rename(path)
        assert name_of_zebra(run, path) == name


def test_files_that_come_and_go(run: Run, cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "glossary"
    folder.mkdir()
    line = f"list terms --no-builtin -D {folder}"
    written(folder / "a.yaml", "Zebra")
    assert run(line).out == "term\tzebra\tZebra\t-\n"
    (folder / "b.yaml").write_text("terms: {yak: {name: Yak}}")
    assert run(line).out == "term\tzebra\tZebra\t-\nterm\tyak\tYak\t-\n"
    (folder / "b.yaml").rename(folder / "0.yaml")
    assert run(line).out == "term\tyak\tYak\t-\nterm\tzebra\tZebra\t-\n"
    (folder / "a.yaml").unlink()
    assert run(line).out == "term\tyak\tYak\t-\n"
    (folder / "0.yaml").write_text("terms: {yak: {name: ")
    assert run(line).code == 3
    (folder / "0.yaml").write_text("terms: {yak: {name: Ox}}")
    assert run(line).out == "term\tyak\tOx\t-\n"
    assert len(kept(cache)) == 1


@pytest.mark.usefixtures("cache")
def test_what_was_removed_is_found_no_more(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    written(path, "Zebra")
    assert run(f"search zebra -D {path}").code == 0
    path.write_text("terms: {horse: {name: Horse}}")
    assert run(f"search zebra -D {path}").code == 1
    assert run(f"show horse -D {path}").code == 0


FULL = """\
terms: {a: {name: A, metrics: [m], aspects: {q: v}}, b: {name: B}}
metrics: {m: {name: M, also_called: [Yak]}, n: {name: Zebra}}
aspects: {q: {name: Q, values: [v, w]}}
together: [{terms: [a, b], text: share, sources: [s]}]
sources: {s: {title: S}}
"""
OTHER = """\
terms: {a: {name: A, metrics: [n]}, c: {name: C}}
metrics: {n: {name: N}}
aspects: {q: {name: Q, values: [w]}}
together: [{terms: [a, c], text: share}]
"""
# In one file, whose number is given again, so that whatever was left of it would be found.
EDITS = [
    {"a": "terms: {a: {name: A}}"},
    {"a": FULL},
    {"a": OTHER},
    {"a": FULL},
    {"a": "terms: {b: {name: B}}"},
    {"a": OTHER, "c": "terms: {a: {also_called: [Yak]}}"},
]


def everything(database: Database) -> list[object]:
    names = ["a", "b", "c", "m", "n", "q", "s", "share", "Yak", "Zebra"]
    ids = {kind: database.ids(kind) for kind in KINDS}
    return [
        ids,
        [database.fragments(kind, id) for kind in KINDS for id in ids[kind]],
        [(database.named(name), database.names_like(name), database.with_words([name])) for name in names],
        [database.terms_measured_by(metric) for metric in ("m", "n")],
        [database.together(terms) for terms in ("ab", "ac", "abc")],
    ]


def test_after_each_edit_it_is_as_if_compiled_anew(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "glossary"
    folder.mkdir()
    states = set()
    for edit in EDITS:
        for name, text in edit.items():
            (folder / f"{name}.yaml").write_text(text)
        layers = chosen([str(folder)], no_builtin=True)
        with (
            contextlib.closing(open_database(layers)) as database,
            contextlib.closing(Database(layers, compile_in_memory(layers), is_kept=False)) as anew,
        ):
            assert everything(database) == everything(anew)
        (path,) = kept(cache)
        states.add(path.read_bytes())
    assert len(states) == len(EDITS)  # each state is kept, none had to be answered out of memory


def opened(*arguments: str) -> list[str]:
    """The definition files that a run opens."""
    watched = (
        "import sys\n"
        "def note(event, given):\n"
        "    if event == 'open' and str(given[0]).endswith('.yaml'): print(given[0], file=sys.stderr)\n"
        "sys.addaudithook(note)\n"
        "from cs_terms.cli import main; main(sys.argv[1:])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    return [Path(line).name for line in done.stderr.splitlines()]


def test_a_folder_whose_path_begins_with_two_slashes(run: Run, cache: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", f"/{cache.parent}")
    run("show nps")
    before = kept(cache)
    assert run("show nps").code == 0
    assert before == kept(cache) != []


@pytest.mark.usefixtures("cache")
def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    shipped = sorted(path.name for path in (ROOT / "definitions").glob("*.yaml"))
    path = tmp_path / "mine.yaml"
    written(path, "Zebra")
    assert sorted(opened("list", "terms", "-D", str(path))) == sorted([*shipped, "mine.yaml"])
    written(path, "Horse")
    assert opened("list", "terms", "-D", str(path)) == ["mine.yaml"]
    assert sorted(opened("list", "terms")) == shipped
    assert opened("list", "terms") == []


UNNEEDED = [
    (
        "compare success support -f json",
        {"yaml", "rich", "csv", "cs_terms.loading.compiling", "cs_terms.formula", "cs_terms.loading.schema"},
    ),
    (
        "compare success support -f tsv",
        {"yaml", "rich", "csv", "cs_terms.loading.compiling", "cs_terms.formula", "cs_terms.words"},
    ),
    (
        "compare success support -f table",
        {"yaml", "csv", "cs_terms.loading.compiling", "cs_terms.formula", "cs_terms.loading.schema"},
    ),
    ("compare success support -f markdown", {"yaml", "rich", "cs_terms.loading.compiling"}),
    (
        "metrics cx -f json",
        {"yaml", "rich", "cs_terms.loading.compiling", "cs_terms.formula", "cs_terms.answers.compare"},
    ),
    ("search upsell -f tsv", {"yaml", "rich", "cs_terms.loading.compiling"}),
    ("calc nps promoters=1 detractors=2 responses=3 -f json", {"yaml", "rich", "cs_terms.loading.compiling"}),
    ("check definitions", {"rich"}),
    ("--version", {"yaml", "rich", "cs_terms.loading.compiling", "cs_terms.output.records"}),
    ("compare --help", {"yaml", "rich", "cs_terms.loading.compiling"}),
]


@pytest.mark.parametrize(("line", "unneeded"), UNNEEDED, ids=[line for line, _ in UNNEEDED])
def test_what_a_command_does_not_need_is_not_imported(line: str, unneeded: set[str], run: Run) -> None:
    run(line)  # so that it is warm
    told = "import atexit, sys; from cs_terms.__main__ import run; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); run()"
    done = subprocess.run(
        [sys.executable, "-c", told, *line.split()], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    imported = set(done.stderr.split())
    assert "cs_terms.cli" in imported
    assert unneeded & imported == set()


def test_a_tab_needs_neither_rich_nor_yaml(shell: Shell, run: Run) -> None:
    run("list")
    line = {"_CSTERMS_COMPLETE": "complete_bash", "COMP_WORDS": "csterms compare su", "COMP_CWORD": "2"}
    told = "-X importtime -c 'from cs_terms.__main__ import run; run()'"
    ran = shell(f"PYTHONPATH=. {sys.executable} {told}", **line)
    assert ran.out.split() == ["success", "support"]
    imported = {each.rpartition("|")[2].strip() for each in ran.err.splitlines()}
    assert {"yaml", "rich", "cs_terms.loading.compiling"} & imported == set()


@pytest.fixture
def impatient(command: Path) -> None:
    """A csterms that shows its progress at once, so that a fast machine shows it too."""
    told = "import cs_terms.progress as p; p.PATIENCE = 0; from cs_terms.cli import main; main()"
    (command / "csterms").write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{told}" "$@"\n')


@pytest.mark.usefixtures("impatient")
def test_long_work_shows_itself_at_a_terminal_alone(terminal, shell: Shell, cache: Path) -> None:
    assert "reading definitions" in terminal("list", "terms", TERM="xterm")
    assert "reading definitions" not in terminal("list", "terms", TERM="xterm")
    shutil.rmtree(cache)
    assert shell("csterms list terms").err == ""
    shutil.rmtree(cache)
    tab = {"_CSTERMS_COMPLETE": "complete_bash", "COMP_WORDS": "csterms compare su", "COMP_CWORD": "2"}
    assert terminal(TERM="xterm", **tab).split() == ["success", "support"]
    assert "reading definitions" in terminal("check", "definitions", TERM="xterm")
