"""OpenMetadata's glossary as CSV, for its bulk import, which overwrites: what `like` holds is kept."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, structs

from cs_terms.exchange.content import Content, by_id
from cs_terms.exchange.draft import BadFileError
from cs_terms.exchange.losses import LOST, TEXT, Loss
from cs_terms.exchange.words import describe
from cs_terms.model import Metric, Source, Term, also_called
from cs_terms.text import SIGNS, is_web_address

HEADER = (
    "parent", "name*", "displayName", "description", "synonyms", "relatedTerms", "references", "tags", "reviewers",
    "owner", "glossaryStatus", "color", "iconURL", "domains", "extension",
)  # fmt: skip
"""The columns since OpenMetadata 1.13."""
OURS = ("parent", "name*", "displayName", "description", "synonyms", "references")
"""The columns that an export fills; every other one is kept as it is there."""


class OpenMetadata(Struct, frozen=True):
    """How a glossary is to be written for OpenMetadata."""

    glossary: str = "Glossary"
    header: tuple[str, ...] = HEADER
    kept: Mapping[str, Mapping[str, str]] = {}
    """By name, the cells of the glossary as it is there."""


def like(how: OpenMetadata, data: bytes, shown: str) -> OpenMetadata:
    """Returns how to write a glossary so that it keeps what an export of it holds. Raises BadFileError."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadFileError(f"{shown}: cannot be read as CSV: {error}", "export the glossary again") from error
    header = tuple(reader.fieldnames or ())
    if missing := [column for column in OURS if column not in header]:
        message = f"{shown}: row 1: no column is called {missing[0]!r}; got {', '.join(filter(None, header))}"
        raise BadFileError(message, "give an export of the glossary from OpenMetadata, as it is")
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadFileError(f"{shown}: row {number}: expected {len(header)} cells", "export the glossary again")
    return structs.replace(how, header=header, kept={row["name*"]: row for row in rows})


def write(content: Content, how: OpenMetadata) -> tuple[str, list[Loss]]:
    """Returns a glossary as OpenMetadata's CSV, parents first, and what has no place in it."""
    lost: list[Loss] = []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(how.header)
    for row in _rows(content, how, lost):
        kept = {"glossaryStatus": "Draft"} | dict(how.kept.get(row["name*"], {}))
        cells = {column: _disarm(column, cell) for column, cell in row.items()}
        writer.writerow([cells.get(column, kept.get(column, "")) for column in how.header])
    return text.getvalue(), lost


def _disarm(column: str, cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and OpenMetadata not for a list."""
    if column in ("parent", "name*") or not cell.lstrip().startswith(tuple(SIGNS)):
        return cell
    return f"\\{cell}" if column == "description" else f"'{cell}"


def _rows(content: Content, how: OpenMetadata, lost: list[Loss]) -> Iterator[dict[str, str]]:
    sources, aspects = by_id(content.sources), {each.id: each.name for each in content.aspects}
    names = {(kind, entry.id): entry.name for kind, entry in content.entries()}
    parents = _parents(content, lost)
    paths = {id: ".".join(map(_quoted, (how.glossary, *_above(id, parents)))) for id in parents}
    ordered = sorted(content.terms, key=lambda term: len(_above(term.id, parents)))
    for term in ordered:
        extra = [f"Part of: {', '.join(names['term', id] for id in term.broader)}"] if len(term.broader) > 1 else []
        extra += [f"Measured by: {', '.join(names['metric', id] for id in term.metrics)}"] if term.metrics else []
        yield _row(term, paths[term.id] if parents[term.id] else "", extra, sources, aspects, lost)
    if content.metrics:
        node = "metrics"
        while node in parents:
            node += "-of-terms"
        yield {"parent": "", "name*": node, "displayName": "Metrics", "description": "What the terms are measured by."}
        for metric in content.metrics:
            extra = [f"Unit: {metric.unit}"] if metric.unit else []
            extra += [f"Better: {metric.better}"] if metric.better else []
            yield _row(metric, f"{_quoted(how.glossary)}.{_quoted(node)}", extra, sources, aspects, lost)


def _parents(content: Content, lost: list[Loss]) -> dict[str, str | None]:
    """The one parent of each term: the first that it is part of, unless that is part of the term itself."""
    parents: dict[str, str | None] = {}
    for term in content.terms:
        parents[term.id] = None
        for number, id in enumerate(term.broader):
            if parents[term.id] is None and number == 0 and term.id not in (id, *_above(id, parents)):
                parents[term.id] = id
            else:
                lost.append(Loss("term", term.id, "term.broader", TEXT if len(term.broader) > 1 else LOST, id))
    return parents


def _above(id: str, parents: Mapping[str, str | None]) -> list[str]:
    """The ids of what a term is part of, the topmost first."""
    path: list[str] = []
    above = parents.get(id)
    while above is not None:
        path.insert(0, above)
        above = parents.get(above)
    return path


def _quoted(part: str) -> str:
    """A part of a full name as OpenMetadata writes it."""
    return '"' + part.replace('"', '""') + '"' if re.search(r'[."]', part) else part


def _row(
    entry: Term | Metric,
    parent: str,
    extra: list[str],
    sources: dict[str, Source],
    aspects: Mapping[str, str],
    lost: list[Loss],
) -> dict[str, str]:
    kind = "metric" if isinstance(entry, Metric) else "term"
    names = [("abbreviations", name.label) for name in entry.abbreviations]
    names += [("also_called", name.label) for name in also_called(entry)]
    lost += [Loss(kind, entry.id, f"{kind}.{key}.label", LOST, label) for key, label in names if ";" in label]
    synonyms = dict.fromkeys(label for _, label in names if ";" not in label)
    return {
        "parent": parent,
        "name*": entry.id,
        "displayName": entry.name,
        "description": "\n\n".join([describe(entry, sources, aspects), *extra]),
        "synonyms": ";".join(synonyms),
        "references": ";".join(_references(entry, sources)),
    }


def _references(entry: Term | Metric, sources: dict[str, Source]) -> Iterator[str]:
    """A name and an address for each source of the definition that has one."""
    cites = [cite.id for claim in entry.definition for cite in claim.sources]
    if isinstance(entry, Metric):
        cites += [cite.id for reading in entry.readings for cite in reading.sources]
    for source in (sources[id] for id in dict.fromkeys(cites)):
        if source.url and is_web_address(source.url):
            title = re.sub(r"\s+", " ", source.title.replace(";", ",").replace('"', "'")).strip() or source.id
            yield f"{title};{source.url.replace(';', '%3B')}"
