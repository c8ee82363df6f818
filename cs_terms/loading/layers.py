"""Which definition files make up the glossary: the shipped ones, $CSTERMS_DEFINITIONS, and those that are given."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from cs_terms.errors import BAD_DEFINITIONS, CstermsError

SUFFIXES = (".yaml", ".yml")


class File(Struct, frozen=True):
    """One definition file and what tells whether it has changed."""

    path: str
    """As the user can open it: below the path that was given."""
    stamp: tuple[int, ...]
    """Size, times of change in nanoseconds and inode; empty where it cannot be looked at."""

    @property
    def shown(self) -> str:
        """Its path, to be printed: what is not UTF-8 in it is escaped."""
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
    """The layers of a reading command, the first below the others.

    Raises CstermsError (BAD_DEFINITIONS) where a path cannot be opened or holds no definition file.
    """
    no_builtin = no_builtin or os.environ.get("CSTERMS_NO_BUILTIN", "") not in ("", "0")
    from_environment = os.environ.get("CSTERMS_DEFINITIONS", "").split(os.pathsep)
    paths = [*([] if no_builtin else [shipped()]), *filter(None, from_environment), *given]
    last = {os.path.abspath(path): place for place, path in enumerate(paths)}  # given twice, it wins where it is last
    return [layer(path) for place, path in enumerate(paths) if last[os.path.abspath(path)] == place]


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
    """The definition files in and below a folder, hidden ones apart; a folder that links lead back to is read once."""
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
    except OSError:  # a link to itself, say: `compile` reports it as a problem of the file
        return False


def _stamp(stat: Callable[[], os.stat_result]) -> tuple[int, ...]:
    try:
        status = stat()
    except OSError:  # a dangling link, say: `compile` reports it as a problem of the file
        return ()
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
