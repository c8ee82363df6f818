"""How what a file says of an entry is kept: as compact bytes, with a sum by which harm to them shows."""

import zlib
from functools import cache

import msgspec

from cs_terms.model import KINDS, Entry


def encode_entry(entry: Entry) -> bytes:
    """A fragment as it is kept."""
    return msgspec.msgpack.encode(entry)


def decode_entry(kind: str, body: bytes) -> Entry:
    """A fragment as it was kept."""
    return _decoder(kind).decode(body)


def checksum(name: str, body: bytes) -> int:
    """The sum that is kept beside an entry's name and fragment."""
    return zlib.crc32(body, zlib.crc32(name.encode()))


@cache
def _decoder(kind: str) -> msgspec.msgpack.Decoder[Entry]:
    return msgspec.msgpack.Decoder(KINDS[kind])
