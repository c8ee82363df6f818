"""Any spreadsheet to rows of text: CSV in the delimiters and encodings that there are, and .xlsx."""

import csv
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from typing import TypeAlias

from cs_terms.exchange.draft import BadFileError

Numbered: TypeAlias = tuple[int, list[str]]
"""A row and its number in the file, counted from 1."""
MAX_UNPACKED = 64 * 1024 * 1024
"""How many bytes one part of an .xlsx file may unpack to."""
MAX_CELLS = 5_000_000
"""How many cells a sheet may have."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_rows(data: bytes, shown: str) -> list[Numbered]:
    """Returns the rows of a spreadsheet that have anything in them. Raises BadFileError."""
    if data.startswith(b"PK\x03\x04"):
        return _within_bounds(_read_xlsx(data, shown), shown)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")):
        raise BadFileError(f"{shown}: this is neither a CSV nor an .xlsx file", "save it as CSV or .xlsx")
    return _within_bounds(_read_csv(_decode(data, shown), shown), shown)


def _within_bounds(rows: Iterator[Numbered], shown: str) -> list[Numbered]:
    kept, cells = [], 0
    for number, row in rows:
        cells += len(row)
        if cells > MAX_CELLS:
            raise BadFileError(f"{shown}: row {number}: more than {MAX_CELLS:,} cells", "split it into several files")
        if any(cell.strip() for cell in row):
            kept.append((number, row))
    if not kept:
        raise BadFileError(
            f"{shown}: nothing in it; expected a row of column names, and rows below it", "name another file"
        )
    return kept


def _decode(data: bytes, shown: str) -> str:
    """A file's text: its mark decides, else UTF-16 is known by its zeros, else it is UTF-8, else Windows' own."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[1:2] == b"\0" and data[:1] != b"\0":
        encoding = "utf-16-le"
    elif data[:1] == b"\0" and data[1:2] != b"\0":
        encoding = "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8-sig" and b"\0" not in data:
            return data.decode("cp1252", "replace")
        raise BadFileError(
            f"{shown}: this is not text: {error.reason}", "save it as CSV in UTF-8, or as .xlsx"
        ) from error


def _read_csv(text: str, shown: str) -> Iterator[Numbered]:
    first = text.lstrip("\r\n").partition("\n")[0]
    if found := re.fullmatch("sep=(.)\r?", first):  # what Excel writes for itself
        delimiter = found[1]
        text = text.partition("\n")[2]
    else:
        # What stands between quotes delimits nothing.
        outside = re.sub('"[^"]*"', "", first)
        delimiter = max(",;\t|", key=outside.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, row
    except csv.Error as error:
        message = f"{shown}: row {number + 1}, line {reader.line_num}: cannot be read: {error}"
        raise BadFileError(message, "look for a quotation mark that is not closed, there or above") from error


class _Refusing(ET.TreeBuilder):
    """Builds a tree of a document that declares nothing of its own: a DOCTYPE can make a small file a huge one."""

    def doctype(self, *_: object) -> None:
        raise ET.ParseError("it has a DOCTYPE")


def _read_xlsx(data: bytes, shown: str) -> Iterator[Numbered]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield from _read_sheet(package)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        ET.ParseError,
        KeyError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        zlib_error(),
    ) as error:
        why = str(error).strip("'\"") or type(error).__name__
        message = f"{shown}: this .xlsx file cannot be read: {why}"
        raise BadFileError(message, "open it in a spreadsheet and save it again, or save it as CSV") from error


def zlib_error() -> type[Exception]:
    """Returns the error of data that cannot be unpacked."""
    import zlib

    return zlib.error


def _read_sheet(package: zipfile.ZipFile) -> Iterator[Numbered]:
    shared = (
        [_text_of(item) for item in _parse(package, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]
        if "xl/sharedStrings.xml" in package.namelist()
        else []
    )
    for row in _parse(package, _first_sheet(package)).iter(f"{_MAIN}row"):
        cells: list[str] = []
        for cell in row.iter(f"{_MAIN}c"):
            column = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            if column > 1000:
                raise ValueError(f"row {row.get('r')} has more than 1,000 columns")
            cells += [""] * (column + 1 - len(cells))
            cells[column] = _cell(cell, shared)
        yield int(row.get("r") or 0), cells


def _cell(cell: ET.Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v") or ""
    if kind == "s":
        place = int(value)
        if not 0 <= place < len(shared):
            raise ValueError(f"cell {cell.get('r')} refers to a text that is not there")
        return shared[place]
    if kind == "inlineStr":
        return _text_of(cell)
    return "" if kind == "e" else value


def _text_of(item: ET.Element) -> str:
    """The text of an item, without how it is pronounced."""
    pronounced = {text for each in item.iter(f"{_MAIN}rPh") for text in each.iter(f"{_MAIN}t")}
    return "".join(each.text or "" for each in item.iter(f"{_MAIN}t") if each not in pronounced)


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub("[^A-Z]", "", reference.upper())[:4]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _first_sheet(package: zipfile.ZipFile) -> str:
    """The path of the sheet that comes first in the workbook."""
    sheet = next(_parse(package, "xl/workbook.xml").iter(f"{_MAIN}sheet"), None)
    wanted = None if sheet is None else sheet.get(_RELATION)
    for each in _parse(package, "xl/_rels/workbook.xml.rels"):
        if each.get("Id") == wanted:
            target = each.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise KeyError("it has no sheet")


def _parse(package: zipfile.ZipFile, name: str) -> ET.Element:
    with package.open(name) as member:
        data = member.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise ValueError(f"{name} unpacks to more than {MAX_UNPACKED:,} bytes")
    parser = ET.XMLParser(target=_Refusing())  # noqa: S314  # bounded, and without a DOCTYPE
    parser.feed(data)
    root: ET.Element = parser.close()
    return root
