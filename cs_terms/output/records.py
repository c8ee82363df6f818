"""Records of text for shells and spreadsheets, and what claims and citations look like in one."""

import io
import re
from collections.abc import Iterable

from cs_terms.model import Citations, Claim
from cs_terms.text import SIGNS, printable


def write_tsv(rows: Iterable[tuple[str, ...]], encoding: str) -> str:
    """Returns a record a line, without a header; an empty field is a hyphen, so that `read` keeps its columns."""
    return "".join("\t".join(printable(field, encoding) or "-" for field in row) + "\n" for row in rows)


def write_csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], encoding: str) -> str:
    """Returns RFC 4180 with a header. What a spreadsheet would take for a formula gets an apostrophe in front."""
    import csv

    text = io.StringIO(newline="")
    csv.writer(text).writerows([_disarm(printable(field, encoding)) for field in row] for row in (header, *rows))
    return text.getvalue()


def _disarm(field: str) -> str:
    formula_like = field.lstrip().startswith(tuple(SIGNS))
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
