"""The sources that an answer cites."""

from collections.abc import Iterator

from msgspec import Struct

from cs_terms.glossary import Glossary
from cs_terms.model import Citation, Source


def legend(glossary: Glossary, answer: object) -> tuple[Source, ...]:
    """Every source that is cited anywhere in an answer, in the glossary's order."""
    return tuple(glossary.source(id) for id in glossary.in_order("source", set(cited(answer))))


def cited(said: object) -> Iterator[str]:
    """The id of every citation anywhere in an answer or an entry."""
    if isinstance(said, Citation):
        yield said.id
    elif isinstance(said, Struct):
        for field in said.__struct_fields__:
            yield from cited(getattr(said, field))
    elif isinstance(said, dict):
        for each in said.values():
            yield from cited(each)
    elif isinstance(said, tuple):
        for each in said:
            yield from cited(each)
