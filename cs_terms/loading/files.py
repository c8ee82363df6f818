"""Which definition files make up which layer of the glossary, and the bytes of one of them, within bounds."""

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from cs_terms.errors import BAD_DEFINITIONS, CstermsError

SUFFIXES = (".yaml", ".yml")
MAX_BYTES = 8 * 1024 * 1024
"""A larger file is refused unread."""
STANDARD_INPUT = "-"
"""The path that means standard input."""
PROJECT = "csterms.toml"
"""The file that says which definitions a project has; see `project`."""
SHIPPED = "shipped"
"""The origin of the layer that csterms brings along."""

Mark: TypeAlias = tuple[int, int]
"""Line and column, both counted from 1."""
START: Mark = (1, 1)


class UnreadableError(Exception):
    """A file that cannot be opened, or of which nothing more can be read."""

    def __init__(self, rule: str, message: str, mark: Mark = START) -> None:
        super().__init__(message)
        self.rule, self.message, self.mark = rule, message, mark


class File(Struct, frozen=True):
    """One definition file and what tells whether it has changed."""

    path: str
    """As the user can open it: below the path that was given."""
    stamp: tuple[int, ...]
    """Size, times of change in nanoseconds and inode; empty where the system does not tell them."""
    data: bytes | None = None
    """What standard input held, which can be read only once; None for a file on disk."""

    @property
    def shown(self) -> str:
        """The path to print: bytes that are not UTF-8 are escaped."""
        if self.data is not None:
            return "<stdin>"
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")


class Layer(Struct, frozen=True):
    """The files that count as one document."""

    path: str
    """As it was given."""
    files: tuple[File, ...]
    """In the order of their paths."""
    origin: str = ""
    """What names the path: `shipped`, the path of a csterms.toml, $CSTERMS_DEFINITIONS or -D; empty where Python does."""


def shipped() -> str:
    """The folder of the shipped definitions: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "definitions"
    return str(inside if inside.is_dir() else package.parent / "definitions")


def chosen(given: Iterable[str], *, no_builtin: bool) -> list[Layer]:
    """The layers of a reading command; a later one overrides an earlier one.

    Raises CstermsError (BAD_DEFINITIONS) where a path cannot be opened or holds no definition file.
    """
    return [layer(path, origin) for path, origin in choose_paths(given, no_builtin=no_builtin)]


def choose_paths(given: Iterable[str] = (), *, no_builtin: bool = False) -> list[tuple[str, str]]:
    """The paths of the layers in force, in order, each with what names it.

    First the shipped definitions, then the project's, then those of $CSTERMS_DEFINITIONS, then the given ones. A path that
    is named twice counts where it stands last. Raises CstermsError (BAD_DEFINITIONS) for a wrong csterms.toml.
    """
    builtin, paths = project_paths()
    if builtin and not no_builtin and os.environ.get("CSTERMS_NO_BUILTIN", "") in ("", "0"):
        paths.insert(0, (shipped(), SHIPPED))
    from_environment = filter(None, os.environ.get("CSTERMS_DEFINITIONS", "").split(os.pathsep))
    paths += [(path, "$CSTERMS_DEFINITIONS") for path in from_environment]
    paths += [(path, "-D") for path in given]
    last = {os.path.abspath(path): number for number, (path, _) in enumerate(paths)}
    return [each for number, each in enumerate(paths) if last[os.path.abspath(each[0])] == number]


def project_paths() -> tuple[bool, list[tuple[str, str]]]:
    """Whether the project builds on the shipped definitions, and the paths that its csterms.toml names.

    Where there is no such file, no paths and the shipped definitions. Raises CstermsError (BAD_DEFINITIONS) where it is
    wrong.
    """
    file = find_project()
    if file is None:
        return True, []
    from cs_terms.loading.project import read_project

    project = read_project(file)
    return project.builtin, [(os.path.join(os.path.dirname(file), path), file) for path in project.definitions]


def find_project() -> str | None:
    """The path of the nearest csterms.toml, from the working folder upward, or None."""
    try:
        here = os.getcwd()
    except OSError:  # the folder was deleted
        return None
    up = ""
    while not os.path.isfile(file := os.path.join(up, PROJECT)):
        if os.path.dirname(here) == here:
            return None
        here, up = os.path.dirname(here), os.path.join(up, os.pardir)
    return file


def layer(path: str, origin: str = "") -> Layer:
    """The layer of one file or folder, or of standard input for `-`; `origin` is what names the path.

    Raises CstermsError (BAD_DEFINITIONS) as `chosen` does.
    """
    if path == STANDARD_INPUT:
        return Layer(path, (File(path, (), _read_standard_input()),), origin)
    where = f" (named in {origin})" if origin and origin not in (SHIPPED, "-D") else ""
    try:
        os.stat(path)
        found = (
            sorted(_walk(path), key=lambda file: file.path)
            if os.path.isdir(path)
            else [File(path, _stamp(lambda: os.stat(path)))]
        )
    except OSError as error:
        raise CstermsError(
            BAD_DEFINITIONS,
            f"{error.filename or repr(path)}: cannot be opened: {error.strerror}{where}",
            hint=f"name a YAML file or a folder that you may read, with -D, in CSTERMS_DEFINITIONS or in {PROJECT}",
        ) from error
    if not found:
        from shlex import quote

        raise CstermsError(
            BAD_DEFINITIONS,
            f"{path}: no definition file in this folder; expected names that end in .yaml or .yml{where}",
            hint=f"csterms init {quote(path)} writes one to start from",
        )
    return Layer(path, tuple(found), origin)


def _read_standard_input() -> bytes:
    """What standard input holds, up to one byte more than a file may have."""
    try:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    except (OSError, ValueError, AttributeError) as error:
        raise CstermsError(
            BAD_DEFINITIONS, "standard input is closed", hint="pipe definitions into it, as in csterms check - < FILE"
        ) from error


def _walk(folder: str) -> Iterator[File]:
    """The definition files in and below a folder, without hidden ones; links may lead back to a folder already read."""
    seen: set[tuple[int, int]] = set()
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    waiting.append(entry.path)
                elif entry.name.endswith(SUFFIXES):
                    yield File(entry.path, _stamp(entry.stat))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself, for instance; reading the file reports it
        return False


def _stamp(stat: Callable[[], os.stat_result]) -> tuple[int, ...]:
    try:
        status = stat()
    except OSError:  # a dangling link, for instance; reading the file reports it
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def read_bytes(source: File) -> bytes:
    """The bytes of standard input, or of a regular file that did not change while it was read.

    Raises UnreadableError where there is no such file, it is not a regular file (a pipe would be waited for), it is
    larger than MAX_BYTES, or it keeps changing.
    """
    if source.data is not None:
        if len(source.data) > MAX_BYTES:
            raise UnreadableError("too-large", f"more than {MAX_BYTES:,} bytes, the most that is read; split the text")
        return source.data
    try:
        for _ in range(3):
            # O_NONBLOCK: opening a named pipe without a writer would wait for ever.
            descriptor = os.open(source.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with open(descriptor, "rb") as file:
                before = os.fstat(descriptor)
                if not stat.S_ISREG(before.st_mode):
                    raise UnreadableError("unreadable", "not a regular file; give a YAML file or a folder of them")
                if before.st_size > MAX_BYTES:
                    raise UnreadableError(
                        "too-large", f"{before.st_size:,} bytes; a file may have {MAX_BYTES:,}: split it into several"
                    )
                data = file.read(MAX_BYTES + 1)
                after = os.fstat(descriptor)
            if len(data) == before.st_size and after.st_mtime_ns == before.st_mtime_ns:
                return data
    except OSError as error:
        raise UnreadableError("unreadable", f"cannot be read: {error.strerror or error}") from error
    raise UnreadableError("unreadable", "changed while it was read; run the command again when nothing writes to it")
