"""Records of text for shells and spreadsheets, and what claims and citations look like in one."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from cs_terms.model import Citations, Claim
from cs_terms.text import SIGNS, printable


def write_tsv(rows: Iterable[tuple[str, ...]], encoding: str) -> Iterator[str]:
    """Yields a record a line, without a header; an empty field is a hyphen, so that `read` keeps its columns."""
    for row in rows:
        yield "\t".join([printable(field, encoding) or "-" for field in row]) + "\n"


def write_csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], encoding: str) -> Iterator[str]:
    """Yields the lines of RFC 4180 with a header. What a spreadsheet would take for a formula gets an apostrophe in front."""
    import csv

    writer = csv.writer(_Echo())
    for row in chain([header], rows):
        yield writer.writerow([_disarm(printable(field, encoding)) for field in row])


class _Echo:
    """A file that hands back what is written to it: a line is wanted as soon as there is one."""

    def write(self, text: str) -> str:
        return text


_SIGNS = tuple(SIGNS)


def _disarm(field: str) -> str:
    formula_like = field.lstrip().startswith(_SIGNS)
    return f"'{field}" if formula_like and not re.fullmatch(r"-?\d+(\.\d+)?", field) else field


def list_sources(citations: Citations) -> str:
    """Returns the ids of who is cited, each once."""
    return ", ".join(dict.fromkeys(citation.id for citation in citations))


def write_claim(claim: Claim) -> str:
    """Returns a claim as `value: text (note: ...)`, without who makes it."""
    note = f" (note: {claim.note})" if claim.note else ""
    return ": ".join(filter(None, (claim.value, claim.text))) + note


def write_claims(claims: Iterable[Claim], *, brief: bool = False) -> str:
    """Returns claims as `value: text [sources]`, with semicolons between them; `brief` keeps values alone."""
    return "; ".join(claim.value or claim.text or "" if brief else _write_cited(claim) for claim in claims)


def _write_cited(claim: Claim) -> str:
    return f"{write_claim(claim)} {f'[{list_sources(claim.sources)}]' if claim.sources else '(no source)'}"
