"""Which definition files make up which layer of the glossary, and the bytes of one of them, within bounds."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct

from cs_terms.errors import BAD_DEFINITIONS, CstermsError

SUFFIXES = (".yaml", ".yml")
MAX_BYTES = 8 * 1024 * 1024
"""A larger file is refused unread."""

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

    @property
    def shown(self) -> str:
        """The path to print: bytes that are not UTF-8 are escaped."""
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")


class Layer(Struct, frozen=True):
    """The files that count as one document."""

    path: str
    """As it was given."""
    files: tuple[File, ...]
    """In the order of their paths."""


def shipped() -> str:
    """The folder of the shipped definitions: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "definitions"
    return str(inside if inside.is_dir() else package.parent / "definitions")


def chosen(given: Iterable[str], *, no_builtin: bool) -> list[Layer]:
    """The layers of a reading command; a later one overrides an earlier one.

    Raises CstermsError (BAD_DEFINITIONS) where a path cannot be opened or holds no definition file.
    """
    no_builtin = no_builtin or os.environ.get("CSTERMS_NO_BUILTIN", "") not in ("", "0")
    from_environment = os.environ.get("CSTERMS_DEFINITIONS", "").split(os.pathsep)
    paths = [*([] if no_builtin else [shipped()]), *filter(None, from_environment), *given]
    # A path that is given twice counts where it stands last.
    last = {os.path.abspath(path): number for number, path in enumerate(paths)}
    return [layer(path) for number, path in enumerate(paths) if last[os.path.abspath(path)] == number]


def layer(path: str) -> Layer:
    """The layer of one file or folder. Raises CstermsError (BAD_DEFINITIONS) as `chosen` does."""
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
            f"{error.filename or repr(path)}: cannot be opened: {error.strerror}",
            hint="give a YAML file or a folder of them, with leave to read it, with -D or in CSTERMS_DEFINITIONS",
        ) from error
    if not found:
        from shlex import quote

        raise CstermsError(
            BAD_DEFINITIONS,
            f"{path}: no definition file in this folder; expected names that end in .yaml or .yml",
            hint=f"csterms init {quote(path)} writes one to start from",
        )
    return Layer(path, tuple(found))


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


def read_bytes(path: str) -> bytes:
    """The bytes of a regular file that did not change while it was read.

    Raises UnreadableError where there is no such file, it is not a regular file (a pipe would be waited for), it is
    larger than MAX_BYTES, or it keeps changing.
    """
    try:
        for _ in range(3):
            # O_NONBLOCK: opening a named pipe without a writer would wait for ever.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
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
