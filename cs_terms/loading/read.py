"""A file as the bytes of a text, whatever lies at its path: within bounds, unchanging, and UTF-8."""

import os
import stat
from pathlib import Path
from typing import TypeAlias

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


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file that did not change while it was read.

    Raises UnreadableError where there is no such file, it is no regular file (a pipe is never waited for), it is larger
    than MAX_BYTES, or it keeps changing.
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


def utf8(data: bytes) -> bytes:
    """The bytes without a byte-order mark, once they are known to be UTF-8 text. Raises UnreadableError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("not-utf-8", "UTF-16 text; save the file as UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in data:
        mark = mark_of(data, data.index(b"\x00"))
        raise UnreadableError("not-utf-8", "a NUL byte; expected UTF-8 text, and this looks like a binary file", mark)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableError("not-utf-8", message, mark_of(data, error.start)) from error
    return data


def mark_of(data: bytes, offset: int) -> Mark:
    """Line and column of a byte."""
    before = data[:offset]
    return before.count(b"\n") + 1, len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
