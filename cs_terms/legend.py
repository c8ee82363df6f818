"""The sources that an answer cites."""

from collections.abc import Iterator

from msgspec import Struct

from cs_terms.glossary import Glossary
from cs_terms.model import Citation, Source


def legend(glossary: Glossary, answer: object) -> tuple[Source, ...]:
    """Every source that is cited anywhere in an answer, in the glossary's order."""
    return tuple(glossary.source(id) for id in glossary.in_order("source", set(cited(answer))))


def cited(answer: object) -> Iterator[str]:
    """The id of every citation anywhere in an answer or an entry."""
    waiting = [answer]
    while waiting:
        said = waiting.pop()
        kind = type(said)
        if kind is Citation:
            yield said.id  # type: ignore[attr-defined]  # mypy does not follow `type`, which is the fast way to ask
        elif kind is tuple:
            waiting.extend(said)  # type: ignore[arg-type]
        elif kind is dict:
            waiting.extend(said.values())  # type: ignore[attr-defined]
        elif isinstance(said, Struct):
            waiting.extend(getattr(said, field) for field in said.__struct_fields__)
