"""CSV for spreadsheets, and any spreadsheet back: one row is one definition, or one formula, by one source."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from cs_terms.exchange.content import Content, by_id
from cs_terms.exchange.draft import BadFileError, Draft, EntryDraft, Imported
from cs_terms.exchange.sheet import read_rows
from cs_terms.model import Citation, Citations, Claim, Metric, Name, Term
from cs_terms.spelling import did_you_mean, suggestion
from cs_terms.text import SIGNS

ALIASES = {
    "kind": ("type", "entrytype"),
    "id": ("identifier", "key", "code"),
    "name": ("term", "title", "displayname", "termname", "businessterm", "kpi", "metric", "word", "concept", "kpiname", "metricname", "preflabel", "preferredlabel"),
    "abbreviations": ("abbreviation", "abbr", "acronym", "acronyms", "shortname"),
    "also_called": ("alsocalled", "synonyms", "synonym", "alias", "aliases", "aka", "nickname", "alsoknownas", "altlabel", "alternativenames"),
    "part_of": ("partof", "parent", "broader", "parentterm", "parenttermname", "belongsto"),
    "definition": ("description", "meaning", "definitions", "explanation", "businessdefinition"),
    "source": ("sources", "reference", "references", "citation", "resources"),
    "place": ("page", "chapter", "section"),
    "source_url": ("sourceurl", "url", "link"),
    "source_publisher": ("sourcepublisher", "publisher"),
    "source_date": ("sourcedate", "date", "published"),
    "note": ("notes", "comment", "comments", "remark", "remarks", "usage"),
    "unit": ("uom", "units", "unitofmeasure"),
    "better": ("direction",),
    "formula_name": ("formulaname",),
    "formula": ("calculation", "howitiscalculated"),
    "value": (),
    "source_id": ("sourceid",),
    "source_note": ("sourcenote",),
}  # fmt: skip
"""The columns, in their order, and what else they are called, in letters and digits alone."""
COLUMNS = tuple(ALIASES)
LISTS = ("abbreviations", "also_called")
_BETTER = {
    "up": "higher",
    "higherisbetter": "higher",
    "increase": "higher",
    "down": "lower",
    "lowerisbetter": "lower",
    "decrease": "lower",
}


def write(content: Content) -> str:
    """Returns a glossary as CSV with a byte order mark, which spreadsheets know UTF-8 by. No cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for row in _rows(content):
        writer.writerow([_disarm(row.get(column) or "") for column in COLUMNS])
    return f"\ufeff{text.getvalue()}"


def _rows(content: Content) -> Iterator[Mapping[str, str | None]]:
    sources = by_id(content.sources)
    written: set[str] = set()

    def cited(citation: Citation) -> dict[str, str | None]:
        source = sources[citation.id]
        written.add(source.id)
        return {
            "source": source.title, "place": citation.at, "source_url": source.url, "source_id": source.id,
            "source_publisher": source.publisher, "source_date": source.date, "source_note": source.note,
        }  # fmt: skip

    for kind, entry in content.entries():
        if not isinstance(entry, (Term, Metric)):
            continue
        said = [words | cite for words, cites in _said(entry) for cite in (list(map(cited, cites)) if cites else [{}])]
        once: dict[str, str | None] = {
            "abbreviations": _join(entry.abbreviations),
            "also_called": _join(entry.also_called),
            "note": entry.note,
        }
        if isinstance(entry, Term):
            once["part_of"] = join_list(entry.broader)
        else:
            once |= {"unit": entry.unit, "better": entry.better}
        for number, words in enumerate(said or [{}]):
            yield {"kind": kind, "id": entry.id, "name": entry.name} | (once if number == 0 else {}) | words
    for source in content.sources:
        if source.id not in written:
            yield {"kind": "source", "name": source.title} | cited(Citation(source.id))


def _said(entry: Term | Metric) -> Iterator[tuple[dict[str, str | None], Citations]]:
    """What an entry's definitions and formulas are, and who says each of them."""
    for claim in entry.definition:
        yield {"definition": claim.text, "value": claim.value}, claim.sources
    for reading in entry.readings if isinstance(entry, Metric) else ():
        yield {"formula_name": reading.name, "formula": reading.formula}, reading.sources


def _join(names: Sequence[Name]) -> str:
    return join_list(name.label for name in names)


def join_list(items: object) -> str:
    r"""Returns texts as one, with semicolons between them; a semicolon in one of them becomes `\;`."""
    assert hasattr(items, "__iter__")
    return "; ".join(re.sub(r"[\\;,|\n\r]|^\s|\s$", r"\\\g<0>", item) for item in items)


def split_list(text: str) -> list[str]:
    r"""Returns the items of a list in one cell: at semicolons, bars and line breaks, or at commas where there is none."""
    parts = re.findall(r"(?:\\.|[^\\;|\n\r,]|\\$)+|[;|\n\r,]", text, re.DOTALL)
    ends = ";|\n\r" if any(part in (";", "|", "\n", "\r") for part in parts) else ","
    items = [""]
    for part in parts:
        if len(part) == 1 and part in ends:
            items.append("")
        else:
            items[-1] += part
    return [unescaped for item in items if (unescaped := _unescape(item))]


def _unescape(item: str) -> str:
    item = item.lstrip()
    bare = item.rstrip()
    if bare.endswith("\\") and len(bare) < len(item):  # an escaped blank at the end
        bare += item[len(bare)]
    return re.sub(r"\\([\\;,|\s])", r"\1", bare)


def _disarm(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
    return f"'{cell}" if re.match(rf"\s*'*\s*[{re.escape(SIGNS)}]", cell) and not number else cell


def _restore(cell: str) -> str:
    return cell[1:] if re.match(rf"'\s*'*\s*[{re.escape(SIGNS)}]", cell) else cell


class Columns(Struct, frozen=True):
    """Which columns of a sheet are read for what."""

    headers: tuple[str, ...]
    """As the sheet has them."""
    keys: Mapping[int, str]
    """What each column is read for, by its number."""
    ours: bool
    """Whether csterms wrote the sheet, so that every blank in it counts."""


def read(data: bytes, shown: str, columns: Mapping[str, str], source: str = "") -> Imported:
    """Reads a spreadsheet. `columns` names the headers of some columns; `source` is cited where a row cites nobody.

    Raises BadFileError.
    """
    rows = read_rows(data, shown)
    (head, header), *rest = rows
    known = _match(header, columns, f"{shown}: row {head}")
    draft = Draft()
    parents: list[tuple[EntryDraft, str, str]] = []
    for number, row in rest:
        if known.ours and len(row) != len(header):
            raise BadFileError(
                f"{shown}: row {number}: {len(row)} cells; expected {len(header)}",
                "look for a quotation mark or a comma too many",
            )
        _read_row(_cells(row, known), f"row {number}", known, draft, parents, source)
    for entry, parent, where in parents:
        found = draft.find(entry.kind, parent) or draft.find(entry.kind, parent.rpartition(".")[2].strip('"'))
        if found is None or found == entry.id or entry.kind != "term":
            why = "only terms are part of others" if entry.kind != "term" else f"no other term is called {parent!r}"
            draft.left_out.append(f"{where}: what it is part of: {why}")
        else:
            entry.broader[found] = ()
    used = tuple(
        header if key == header else f"{header} as {key}"
        for at, key in known.keys.items()
        for header in [known.headers[at]]
    )
    unused = tuple(header for at, header in enumerate(known.headers) if at not in known.keys and header)
    return Imported(draft.content(), used, unused, tuple(draft.left_out))


def _match(header: Sequence[str], columns: Mapping[str, str], where: str) -> Columns:
    headers = tuple(cell.strip() for cell in header)
    bare = [re.sub(r"[\W_]", "", each.casefold()) for each in headers]
    keys: dict[int, str] = {}
    for key, name in columns.items():
        if key not in ALIASES:
            raise BadFileError(
                f"--column {key}={name}: there is no {key!r}; {did_you_mean(key, ALIASES)}",
                "write --column KEY=HEADER, such as --column name=Begriff",
            )
        at = [number for number, each in enumerate(headers) if each.casefold() == name.casefold()]
        if not at:
            raise BadFileError(
                f"{where}: no column is called {name!r}{suggestion(name, headers)}",
                f"the columns are {', '.join(filter(None, headers))}",
            )
        keys[at[0]] = key
    taken = set(keys.values())
    for number, each in enumerate(bare):
        for key, aliases in ALIASES.items():
            plain = key.replace("_", "")
            if number in keys or each not in (plain, *aliases):
                continue
            if each == "name" and "displayname" in bare and not columns.get("name"):
                key = "id"  # noqa: PLW2901  # `name*` is what a catalogue knows it by
            if key in LISTS or key not in taken:
                keys[number] = key
                taken.add(key)
    if "name" not in taken:
        got = ", ".join(filter(None, headers[:12])) or "nothing"
        raise BadFileError(f"{where}: no column holds the names; got {got}", "say which does with --column name=HEADER")
    return Columns(headers, dict(sorted(keys.items())), headers == COLUMNS)


def _cells(row: Sequence[str], known: Columns) -> dict[str, str]:
    cells: dict[str, str] = {}
    for at, key in known.keys.items():
        cell = _restore(row[at]) if at < len(row) else ""
        cell = cell if known.ours else cell.strip()
        if cell:
            cells[key] = f"{cells[key]}\n{cell}" if key in cells else cell
    return cells


def _read_row(
    cells: Mapping[str, str], where: str, known: Columns, draft: Draft, parents: list[tuple[EntryDraft, str, str]], source: str
) -> None:  # fmt: skip
    kind, name = _kind_of(cells, known), cells.get("name", "")
    if kind == "source":
        _cite(cells, where, draft, "")
        return
    if not name and not cells.get("id"):
        draft.left_out.append(f"{where}: it has no name")
        return
    entry = draft.entry(kind, name, cells.get("id", ""), where)
    entry.abbreviations += split_list(cells.get("abbreviations", ""))
    entry.also_called += split_list(cells.get("also_called", ""))
    parents += [(entry, parent, where) for parent in split_list(cells.get("part_of", ""))]
    if note := cells.get("note"):
        entry.note = note if entry.note in (None, note) else f"{entry.note} {note}"
    cites = _cite(cells, where, draft, source)
    if "definition" in cells or "value" in cells:
        entry.definition.append(Claim(cells.get("value"), cells.get("definition"), cites))
    if kind == "metric":
        entry.unit = entry.unit or cells.get("unit")
        _read_better(entry, cells.get("better", ""), where, draft)
        if "formula" in cells:
            draft.add_reading(
                entry,
                cells.get("formula_name", ""),
                cells["formula"] if known.ours else cells["formula"].removeprefix("="),
                cites,
                where,
            )


def _kind_of(cells: Mapping[str, str], known: Columns) -> str:
    kind = cells.get("kind", "").strip().casefold()
    if kind == "source" and known.ours:
        return "source"
    named = next(known.headers[at] for at, key in known.keys.items() if key == "name")
    measures = kind in ("metric", "kpi", "measure", "indicator") or (
        not kind and ("formula" in cells or re.match("kpi|metric", named.casefold()))
    )
    return "metric" if measures else "term"


def _read_better(entry: EntryDraft, better: str, where: str, draft: Draft) -> None:
    word = re.sub(r"\W", "", better.casefold())
    word = _BETTER.get(word, word)
    if word in ("higher", "lower", "depends"):
        entry.better = entry.better or word
    elif word:
        draft.left_out.append(f"{where}: which way is better: expected higher, lower or depends, got {better!r}")


def _cite(cells: Mapping[str, str], where: str, draft: Draft, otherwise: str) -> Citations:
    """Who a row cites: its source, or the source that is cited otherwise, or nobody."""
    title, url = cells.get("source", ""), cells.get("source_url", "")
    if not cells.get("source_id"):
        if found := re.fullmatch(r"(.*?)[;:,\s]*\b(https?://[^\s;]+)[;\s]*", title, re.DOTALL):
            title, url = found[1] or found[2], url or found[2]
        title = title or url or otherwise
    if not title:
        return ()
    id = draft.source(
        title, id=cells.get("source_id", ""), publisher=cells.get("source_publisher", ""), url=url,
        date=cells.get("source_date", ""), note=cells.get("source_note", ""), where=where,
    )  # fmt: skip
    return (Citation(id, cells.get("place")),)
